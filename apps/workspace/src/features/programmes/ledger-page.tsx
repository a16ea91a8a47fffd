import type { Funnel, Invitation } from '@lahko/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { SelectField } from '../../platform/field.tsx'
import { Filters } from '../../platform/filters.tsx'
import { dateSpan, moment, number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { attributeValue } from '../insight/attributes.ts'
import { useMay, useMe, useTitle } from '../shell/me.ts'
import '../surveys/features.css'
import './features.css'
import { fateInWords, ruleSentence, stateName } from './in-words.ts'
import { Line } from './ledger-line.tsx'
import { filtersOn, firstDay, spans, type LedgerSearch } from './ledger-search.ts'
import { programmesQuery } from './programme-data.ts'
import { More } from '../insight/more.tsx'

const here = '/inside/ledger'

/** What became of each touchpoint that ended: counted, and line by line. */
export function LedgerPage() {
  const search = useSearch({ from: here })
  const navigate = useNavigate({ from: '/ledger' })
  const { workspace } = useMe()
  const mayRead = useMay('responses.read')
  useTitle(t('programmes.ledger'))
  const { days = '30', programme, kind, customer } = search
  const query = { from: firstDay(days, workspace.timeZone, useNow()), programme, kind, customer }
  const funnel = useQuery({
    queryKey: ['invitations', 'funnel', query],
    queryFn: ({ signal }) => api.programmes.funnel({ query, signal }),
  })
  const close = () => void navigate({ search: (before) => ({ ...before, line: undefined }), resetScroll: false })
  return (
    <div className="p-page pr-ledger">
      <div className="p-head">
        <h1>{t('programmes.ledger')}</h1>
        <Narrowing search={search} />
      </div>
      <p className="quiet">{t('programmes.ledgerHint')}</p>
      {customer && (
        <p>
          {t('programmes.onlyCustomer')}{' '}
          <Link to="/ledger" search={{ ...search, customer: undefined }}>
            {t('programmes.everyCustomer')}
          </Link>
        </p>
      )}
      {funnel.isError && <Failed error={funnel.error} retry={() => void funnel.refetch()} />}
      {funnel.isPending && <Waiting lines={6} />}
      {funnel.data && <FunnelView funnel={funnel.data} search={search} />}
      {funnel.data && funnel.data.touchpoints > 0 && mayRead && <Lines funnel={funnel.data} search={search} />}
      {search.line && <Line id={search.line} onClose={close} />}
    </div>
  )
}

function Narrowing({ search }: { search: LedgerSearch }) {
  const navigate = useNavigate({ from: '/ledger' })
  const programmes = useQuery(programmesQuery)
  const kinds = useQuery({
    queryKey: ['touchpoints', 'kinds'],
    queryFn: ({ signal }) => api.touchpoints.kinds({ signal }),
    enabled: useMay('touchpoints.read'),
  })
  const known = [...new Set([...(kinds.data ?? []), ...(search.kind ? [search.kind] : [])])].toSorted()
  const listed = (programmes.data?.items ?? []).map(({ id, name }) => [id, name] as const)
  const isGone = programmes.isSuccess && search.programme && !listed.some(([id]) => id === search.programme)
  const put = (part: Partial<LedgerSearch>) => void navigate({ search: (before) => ({ ...before, ...part }) })
  return (
    <Filters className="pr-pair" on={filtersOn(search)}>
      <SelectField
        label={t('programmes.period')}
        value={search.days ?? '30'}
        options={spans.map((days) => [days, t('programmes.lastDays', { count: Number(days) })] as const)}
        onChange={(days) => put({ days })}
      />
      <SelectField
        label={t('programmes.programme')}
        value={search.programme ?? ''}
        options={[
          ['', t('programmes.allProgrammes')] as const,
          ...listed,
          ...(isGone ? [[search.programme!, t('programmes.removedOne')] as const] : []),
        ]}
        onChange={(programme) => put({ programme: programme || undefined })}
      />
      <SelectField
        label={t('touchpoints.kind')}
        value={search.kind ?? ''}
        options={[
          ['', t('touchpoints.everyKind')] as const,
          ...known.map((kind) => [kind, attributeValue('kind', kind)] as const),
        ]}
        onChange={(kind) => put({ kind: kind || undefined })}
      />
    </Filters>
  )
}

function FunnelView({ funnel, search }: { funnel: Funnel; search: LedgerSearch }) {
  if (funnel.touchpoints === 0)
    return (
      <Empty icon="ledger" title={t('programmes.nothingEnded')}>
        {t('programmes.nothingEndedWhy')}
      </Empty>
    )
  const asked = funnel.states.filter(({ state, count }) => state !== 'not_asked' && count > 0)
  const notAsked = funnel.notAsked.filter(({ count }) => count > 0)
  const unasked = funnel.states.find(({ state }) => state === 'not_asked')?.count ?? 0
  return (
    <section className="pr-funnel" aria-label={t('programmes.funnel')}>
      <p>{dateSpan(funnel.from, funnel.to)}</p>
      <ul>
        <Step
          name={t('programmes.allEnded')}
          count={funnel.touchpoints}
          all={funnel.touchpoints}
          search={search}
          to={{}}
        />
        {asked.map(({ state, count }) => (
          <Step
            key={state}
            name={stateName(state)}
            count={count}
            all={funnel.touchpoints}
            search={search}
            to={{ state }}
          />
        ))}
        {unasked > 0 && (
          <Step
            name={stateName('not_asked')}
            count={unasked}
            all={funnel.touchpoints}
            search={search}
            to={{ state: 'not_asked' }}
          />
        )}
        {notAsked.map(({ rule, count }) => (
          <Step
            key={rule}
            inner
            name={ruleSentence(rule)}
            count={count}
            all={funnel.touchpoints}
            search={search}
            to={{ rule }}
          />
        ))}
      </ul>
    </section>
  )
}

/** A number that opens its list. */
function Step(props: {
  name: string
  count: number
  all: number
  inner?: boolean
  search: LedgerSearch
  to: Pick<LedgerSearch, 'state' | 'rule'>
}) {
  const { name, count, all, inner, search, to } = props
  return (
    <li data-inner={inner || undefined}>
      <Link
        to="/ledger"
        search={{ ...search, state: undefined, rule: undefined, line: undefined, ...to }}
        resetScroll={false}
        activeOptions={{ explicitUndefined: true }}
      >
        <span>{name}</span>
        <span className="pr-count">{number(count)}</span>
        <meter className="pr-meter" min={0} max={all} value={count} aria-hidden="true" />
      </Link>
    </li>
  )
}

function Lines({ funnel, search }: { funnel: Funnel; search: LedgerSearch }) {
  const { state, rule, programme, kind, customer } = search
  const query = { from: funnel.from, to: funnel.to, state, rule, programme, kind, customer }
  const lines = useInfiniteQuery({
    queryKey: ['invitations', 'list', query],
    queryFn: ({ pageParam, signal }) => api.programmes.invitations({ query: { ...query, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = lines.data?.pages.flatMap(({ items }) => items)
  return (
    <section className="stack" data-gap="2" aria-labelledby="pr-lines">
      <h2 id="pr-lines">{rule ? ruleSentence(rule) : state ? stateName(state) : t('programmes.allEnded')}</h2>
      {lines.isError && <Failed error={lines.error} retry={() => void lines.refetch()} />}
      {lines.isPending && <Waiting lines={5} />}
      {rows?.length === 0 && <p className="quiet">{t('programmes.noLines')}</p>}
      <ul className="rows">
        {rows?.map((one) => (
          <Row key={one.id} one={one} search={search} />
        ))}
      </ul>
      <More {...lines} />
    </section>
  )
}

function Row({ one, search }: { one: Invitation; search: LedgerSearch }) {
  const { customer, programme, touchpoint } = one
  const who = customer?.name ?? customer?.email ?? t('programmes.nobody')
  return (
    <li className="row su-row">
      <span className="row-lead">
        <Icon name="ledger" />
      </span>
      <span>
        <Link className="row-title" to="/ledger" search={{ ...search, line: one.id }} resetScroll={false}>
          {attributeValue('kind', one.kind)}
          {touchpoint?.externalId && ` ${touchpoint.externalId}`}, {who}
        </Link>{' '}
        <span className="row-text">
          {fateInWords(one)}
          {programme && ` · ${programme.name}`}
        </span>
      </span>
      <span className="row-end">{moment(one.decidedAt)}</span>
    </li>
  )
}
