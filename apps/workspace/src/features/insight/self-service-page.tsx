import type { SelfService } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { dateSpan, number, percent, span } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Segments } from '../../platform/segments.tsx'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import { Explained } from './definitions.tsx'
import { DotLine } from './dot-line.tsx'
import './features.css'
import { SelfServiceArticles } from './self-service-articles.tsx'
import { SelfServiceWays } from './self-service-ways.tsx'
import { runs } from './self-service-search.ts'

const route = getRouteApi('/inside/articles/solved')
const smallBelow = 30
const parts = ['confirmed', 'probable', 'failed'] as const

/** What customers solved alone: three figures that are never added, what is not known, and what each article did. */
export function SelfServicePage() {
  useTitle(t('insight.alone.title'))
  const { run = 30 } = route.useSearch()
  const found = useQuery({
    queryKey: ['self-service', run],
    queryFn: ({ signal }) => api.insight.selfService({ query: { days: run }, signal }),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="p-page in-alone-page">
      <div className="p-head">
        <h1>{t('insight.alone.title')}</h1>
        <Link className="button" data-tone="plain" to="/articles">
          <Icon name="left" /> {t('articles.articles')}
        </Link>
      </div>
      <Runs run={run} />
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={8} />}
      {found.data && <Figures found={found.data} />}
      {found.data && <SelfServiceWays days={run} />}
      {found.data && found.data.episodes > 0 && <SelfServiceArticles days={run} />}
    </div>
  )
}

function Runs({ run }: { run: (typeof runs)[number] }) {
  const navigate = route.useNavigate()
  return (
    <Segments
      label={t('insight.period')}
      of={runs}
      chosen={run}
      name={(days) => t('insight.alone.lastDays', { count: days })}
      onChoose={(days) => void navigate({ search: (before) => ({ ...before, run: days }), replace: true })}
    />
  )
}

function Figures({ found }: { found: SelfService }) {
  const { episodes, open } = found
  return (
    <>
      <p className="quiet">
        {dateSpan(found.from, found.to)}. {t('insight.alone.episodes', { count: episodes, shown: number(episodes) })}{' '}
        {open > 0 && t('insight.alone.open', { count: open, shown: number(open) })}
      </p>
      {episodes === 0 ? (
        <Empty icon="search" title={t('insight.alone.none')}>
          {t('insight.alone.noneWhy')}
        </Empty>
      ) : (
        <>
          {episodes < smallBelow && (
            <Banner tone="warn">
              <p>{t('insight.alone.small')}</p>
            </Banner>
          )}
          <div className="in-alone-figures">
            {parts.map((part) => (
              <Figure key={part} name={part} {...found[part]} of={episodes} />
            ))}
          </div>
          <p className="in-read">{t('insight.alone.never')}</p>
        </>
      )}
      <Known contacts={found.contacts} />
    </>
  )
}

type Share = SelfService['confirmed']['share']
type FigureProps = { name: (typeof parts)[number]; count: number; share: Share; of: number }

function Figure({ name, count, share, of }: FigureProps) {
  if (!share) return null
  const low = share.low ?? share.value
  const high = share.high ?? share.value
  return (
    <section className="chart" aria-labelledby={name}>
      <h2 id={name}>{t(`insight.alone.${name}`)}</h2>
      <div className="stat" data-size="large">
        <p className="stat-value">{percent(share.value)}</p>
        <svg className="in-line" width="100%" height="20" aria-hidden="true">
          <DotLine
            value={share.value}
            low={low}
            high={high}
            small={of < smallBelow}
            domain={[0, 1]}
            y={10}
            radius={5.5}
            height={20}
          />
        </svg>
      </div>
      <p className="quiet">
        {t('insight.alone.ofAll', { count, shown: number(count), of: number(of), interval: spanOf(low, high) })}
      </p>
      <p className="in-read">{t(`insight.alone.${name}Means`)}</p>
    </section>
  )
}

/** `12–18 %` */
function spanOf(low: number, high: number): string {
  return `${span(number(low * 100), number(high * 100))}\u00a0%`
}

/** Of how much of all contacts it is known what was tried before. */
function Known({ contacts }: { contacts: SelfService['contacts'] }) {
  const { count, carried, share } = contacts
  if (!share) return null
  return (
    <section className="in-block" aria-labelledby="known">
      <h2 id="known">{t('insight.alone.known')}</h2>
      <p>
        {t('insight.alone.knownSays', {
          count,
          carried: number(carried),
          all: number(count),
          share: percent(share.value),
          interval: spanOf(share.low ?? 0, share.high ?? 1),
        })}{' '}
        <Explained label={t('insight.alone.how')}>{t('insight.alone.howSays')}</Explained>
      </p>
    </section>
  )
}
