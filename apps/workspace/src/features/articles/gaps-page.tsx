import type { ArticleGap } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { ago, moment } from '../../platform/format.ts'
import { useNow } from '../../platform/now.ts'
import { Segments } from '../../platform/segments.tsx'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { ArticleFromTicket } from '../inbox/article-from-ticket.tsx'
import { useMay, useTitle } from '../shell/me.ts'
import { ArticleParts } from './article-parts.tsx'
import './features.css'
import { closeGap, openGap } from './gap-data.ts'
import { PickArticle } from './pick-article.tsx'
import { useWho } from './who.ts'

const parts = ['open', 'closed'] as const
type Doing = { gap: ArticleGap; what: 'write' | 'answer' }

/** What members miss in the knowledge base: written, mended, or dismissed. */
export function GapsPage() {
  useTitle(t('upkeep.gaps'))
  const [state, setState] = useState<(typeof parts)[number]>('open')
  const [doing, setDoing] = useState<Doing>()
  const gaps = useInfiniteQuery({
    queryKey: ['articles', 'gaps', state],
    queryFn: ({ pageParam, signal }) => api.articles.listGaps({ query: { state, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = gaps.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="p-page ar">
      <div className="p-head">
        <h1>{t('articles.articles')}</h1>
      </div>
      <ArticleParts />
      <Segments
        label={t('upkeep.which')}
        size="small"
        className="ar-which"
        of={parts}
        chosen={state}
        name={(one) => t(`upkeep.gapsWhich.${one}`)}
        onChoose={setState}
      />
      {gaps.isError && <Failed error={gaps.error} retry={() => void gaps.refetch()} />}
      {gaps.isPending && <Waiting lines={5} />}
      {rows?.length === 0 && (
        <Empty icon="check" title={t(`upkeep.noGaps.${state}`)}>
          {t('upkeep.noGapsWhy')}
        </Empty>
      )}
      <ul className="rows">
        {rows?.map((gap) => (
          <Row key={gap.id} gap={gap} onDo={(what) => setDoing({ gap, what })} />
        ))}
      </ul>
      <More {...gaps} />
      {doing && <Do {...doing} onClose={() => setDoing(undefined)} />}
    </div>
  )
}

function Do({ gap, what, onClose }: Doing & { onClose: () => void }) {
  const answered = (articleId: string) => void closeGap(gap, { outcome: 'answered', articleId })
  if (what === 'write' && gap.ticket) {
    return <ArticleFromTicket ids={[gap.ticket.id]} missed={gap.text} onMade={answered} onClose={onClose} />
  }
  return <PickArticle onPick={answered} onClose={onClose} />
}

function Row({ gap, onDo }: { gap: ArticleGap; onDo: (what: Doing['what']) => void }) {
  const now = useNow()
  const mayReadTickets = useMay('tickets.read')
  const { kind, text, article, ticket, reportedBy, reportedAt, outcome, closedBy, closedAt } = gap
  const who = useWho(reportedBy, closedBy)
  return (
    <li className="ar-gap">
      <div>
        <p>
          <span className="badge" data-tone={kind === 'wrong' ? 'warn' : undefined}>
            {t(`upkeep.gap.${kind}`)}
          </span>{' '}
          {text}
        </p>
        {article && (
          <p>
            <Link to="/articles/$id/$language" params={article} lang={article.language}>
              {article.title}
            </Link>
          </p>
        )}
        <p className="quiet">
          {who(reportedBy)} ·{' '}
          <time dateTime={reportedAt} title={moment(reportedAt)}>
            {ago(reportedAt, now)}
          </time>
          {ticket && mayReadTickets && (
            <>
              {' · '}
              <Link to="/tickets/$id" params={{ id: ticket.id }}>
                {t('upkeep.ticket', { number: String(ticket.number) })}
              </Link>
            </>
          )}
        </p>
        {outcome && closedAt && (
          <p className="quiet">{t(`upkeep.gapWas.${outcome}`, { who: who(closedBy), when: moment(closedAt) })}</p>
        )}
      </div>
      <Doings gap={gap} onDo={onDo} />
    </li>
  )
}

function Doings({ gap, onDo }: { gap: ArticleGap; onDo: (what: Doing['what']) => void }) {
  const { kind, article, ticket, outcome } = gap
  const mayReadTickets = useMay('tickets.read')
  const button = (name: string, run: () => void, tone?: 'plain') => (
    <button type="button" className="button" data-size="small" data-tone={tone} onClick={run}>
      {name}
    </button>
  )
  return (
    <div className="buttons">
      {article && !outcome && (
        <Link className="button" data-size="small" to="/articles/$id/$language" params={article}>
          {t('upkeep.mend')}
        </Link>
      )}
      {!outcome && kind === 'missing' && ticket && mayReadTickets && button(t('upkeep.write'), () => onDo('write'))}
      {!outcome && article && button(t('upkeep.mended'), () => void closeGap(gap, { outcome: 'answered' }))}
      {!outcome && !article && button(t('upkeep.answeredBy'), () => onDo('answer'))}
      {!outcome && button(t('upkeep.dismiss'), () => void closeGap(gap, { outcome: 'dismissed' }), 'plain')}
      {outcome && button(t('upkeep.reopen'), () => void openGap(gap.id), 'plain')}
    </div>
  )
}
