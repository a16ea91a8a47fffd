import type { Touchpoint } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { SelectField, TextField } from '../../platform/field.tsx'
import { Filters } from '../../platform/filters.tsx'
import { FindField } from '../../platform/find-field.tsx'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Segments } from '../../platform/segments.tsx'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { attributeName, attributeValue } from '../insight/attributes.ts'
import { More } from '../insight/more.tsx'
import '../people/features.css'
import { nameOf } from '../people/naming.ts'
import { useTitle } from '../shell/me.ts'
import { AttributeTags } from './attribute-tags.tsx'
import './features.css'
import { ReportLine } from './report-line.tsx'
import { states, tellings, type TouchpointSearch } from './touchpoint-search.ts'

const route = getRouteApi('/inside/touchpoints')
const field = 'find-touchpoints'

/** Every interaction that was reported, newest first. */
export function TouchpointsPage() {
  const { find, ...filters } = route.useSearch()
  const change = useChange()
  useTitle(t('touchpoints.touchpoints'))
  useRowKeys(field)
  const touchpoints = useInfiniteQuery({
    queryKey: ['touchpoints', 'all', find, filters],
    queryFn: ({ pageParam, signal }) =>
      api.touchpoints.list({ query: { ...filters, search: find, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = touchpoints.data?.pages.flatMap(({ items }) => items)
  const narrowed = find !== undefined || Object.keys(filters).length > 0
  return (
    <div className="pe">
      <div className="pe-head">
        <h1>{t('touchpoints.touchpoints')}</h1>
        <FindField id={field} name={t('touchpoints.find')} text={find} onFind={(text) => change({ find: text })} />
      </div>
      <Narrowing />
      {touchpoints.isError && <Failed error={touchpoints.error} retry={() => void touchpoints.refetch()} />}
      {touchpoints.isPending && <Waiting lines={6} />}
      {rows?.length === 0 && <None narrowed={narrowed} isEnd={!touchpoints.hasNextPage} />}
      <ul className="rows" aria-busy={touchpoints.isPlaceholderData}>
        {rows?.map((touchpoint) => (
          <Row key={touchpoint.id} touchpoint={touchpoint} />
        ))}
      </ul>
      <More {...touchpoints} />
    </div>
  )
}

function useChange() {
  const navigate = route.useNavigate()
  return (part: Partial<TouchpointSearch>) =>
    void navigate({ search: (search) => ({ ...search, ...part }), replace: true, resetScroll: false })
}

function Narrowing() {
  const { find: _, ...search } = route.useSearch()
  const change = useChange()
  const kinds = useQuery({
    queryKey: ['touchpoints', 'kinds'],
    queryFn: ({ signal }) => api.touchpoints.kinds({ signal }),
  })
  const told = useQuery({
    // Not anew with each touchpoint that is reported: the server counts them among thousands.
    queryKey: ['touchpoint-values'],
    queryFn: ({ signal }) => api.touchpoints.values({ signal }),
    staleTime: 60_000,
  })
  const known = [...new Set([...(kinds.data ?? []), ...(search.kind ? [search.kind] : [])])].toSorted()
  return (
    <Filters className="tp-filters" on={Object.keys(search).length}>
      <SelectField
        label={t('touchpoints.kind')}
        value={search.kind ?? ''}
        options={[
          ['', t('touchpoints.everyKind')],
          ...known.map((kind) => [kind, attributeValue('kind', kind)] as const),
        ]}
        onChange={(kind) => change({ kind: kind || undefined })}
      />
      {tellings.map((telling) => (
        <Telling
          key={telling}
          name={telling}
          chosen={search[telling]}
          values={told.data?.[telling] ?? []}
          onChange={(value) => change({ [telling]: value })}
        />
      ))}
      <TextField
        label={t('touchpoints.from')}
        type="date"
        value={search.from ?? ''}
        onChange={(from) => change({ from: from || undefined })}
      />
      <TextField
        label={t('touchpoints.to')}
        type="date"
        value={search.to ?? ''}
        onChange={(to) => change({ to: to || undefined })}
      />
      <Segments
        label={t('touchpoints.state')}
        of={[undefined, ...states]}
        chosen={search.state}
        name={(state) => (state ? t(`touchpoints.${state}`) : t('touchpoints.all'))}
        onChoose={(state) => change({ state })}
      />
    </Filters>
  )
}

function None({ narrowed, isEnd }: { narrowed: boolean; isEnd: boolean }) {
  if (!narrowed) return <NoneYet />
  return <p className="quiet">{t(isEnd ? 'touchpoints.nothingFits' : 'touchpoints.nothingFitsYet')}</p>
}

/** One thing that help desks tell; none of them where nobody told it. */
function Telling(props: {
  name: (typeof tellings)[number]
  chosen: string | undefined
  values: readonly string[]
  onChange: (value: string | undefined) => void
}) {
  const { name, chosen, values, onChange } = props
  const known = [...new Set([...values, ...(chosen === undefined ? [] : [chosen])])].toSorted()
  if (known.length === 0) return null
  return (
    <SelectField
      label={attributeName(name)}
      value={chosen ?? ''}
      options={[['', t('touchpoints.all')] as const, ...known.map((value) => [value, value] as const)]}
      onChange={(value) => onChange(value || undefined)}
    />
  )
}

function NoneYet() {
  return (
    <Empty icon="touchpoints" title={t('touchpoints.none')} action={<ReportLine />}>
      {t('touchpoints.noneWhy')}
    </Empty>
  )
}

function Row({ touchpoint }: { touchpoint: Touchpoint }) {
  const now = useNow()
  const { id, kind, externalId, customer, attributes, startedAt, endedAt, reportedAt } = touchpoint
  const at = endedAt ?? startedAt ?? reportedAt
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name="touchpoints" />
      </span>
      <span className="pe-words">
        <Link className="row-title" to="/touchpoints/$id" params={{ id }}>
          {attributeValue('kind', kind)}
          {externalId && ` ${externalId}`}
        </Link>{' '}
        {customer && <span className="row-text">{nameOf(customer)}</span>}
        <AttributeTags attributes={attributes} />
      </span>
      <span className="row-end tp-end">
        {endedAt === null && <span className="badge">{t('touchpoints.open')}</span>}
        <time dateTime={at} title={moment(at)}>
          {ago(at, now)}
        </time>
      </span>
    </li>
  )
}
