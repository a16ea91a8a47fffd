import type { Article, ArticleVote, VotesCounted } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { ago, languageName, moment, number, percent, span } from '../../platform/format.ts'
import { useNow } from '../../platform/now.ts'
import { Segments } from '../../platform/segments.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay } from '../shell/me.ts'
import { useWho } from './who.ts'

const parts = ['open', 'comments', 'all'] as const
type Part = (typeof parts)[number]
const reasons = ['unclear', 'wrong', 'missing', 'other'] as const

const keyOf = (id: string) => ['articles', 'votes', id]

/** What readers said of an article: how often it helped, why not, and their words. */
export function Votes({ article: { id }, onClose }: { article: Article; onClose: () => void }) {
  const [part, setPart] = useState<Part>('open')
  const votes = useInfiniteQuery({
    queryKey: [...keyOf(id), part],
    queryFn: ({ pageParam, signal }) => {
      const query = { after: pageParam, limit: 20, ...(part !== 'all' && { only: part }) }
      return api.articles.listVotes({ params: { id }, query, signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    meta: { subjectId: id },
  })
  const counts = votes.data?.pages[0]?.counts
  const rows = votes.data?.pages.flatMap(({ items }) => items)
  return (
    <Dialog title={t('upkeep.votes')} wide onClose={onClose}>
      <div className="stack">
        {votes.isError && <Failed error={votes.error} retry={() => void votes.refetch()} />}
        {votes.isPending && <Waiting />}
        {counts && (
          <>
            <p>
              <Share counts={counts} />
            </p>
            {counts.unhelpful > 0 && (
              <p className="quiet">
                {reasons.map((one) => `${t(`upkeep.reason.${one}`)}: ${number(counts.reasons[one])}`).join(' · ')}
              </p>
            )}
          </>
        )}
        <Segments
          label={t('upkeep.which')}
          size="small"
          className="ar-which"
          of={parts}
          chosen={part}
          name={(one) => (
            <>
              {t(`upkeep.which.${one}`)}
              {one === 'open' && counts ? <span className="count"> {number(counts.openComments)}</span> : null}
            </>
          )}
          onChoose={setPart}
        />
        {rows?.length === 0 && <p className="quiet">{t(`upkeep.none.${part}`)}</p>}
        <ul className="rows">
          {rows?.map((vote) => (
            <Vote key={vote.id} vote={vote} articleId={id} />
          ))}
        </ul>
        <More {...votes} />
      </div>
    </Dialog>
  )
}

/** How often it helped, with how sure that is. */
export function Share({ counts: { helpful, unhelpful, share } }: { counts: VotesCounted }) {
  if (!share) return t('upkeep.noVotes')
  return t('upkeep.helped', {
    share: percent(share.value),
    span: span(percent(share.low), percent(share.high)),
    count: helpful + unhelpful,
  })
}

/** What one reader said. @param about the article, where it stands among others */
export function Vote({ vote, articleId, about }: { vote: ArticleVote; articleId: string; about?: ReactNode }) {
  const now = useNow()
  const mayWrite = useMay('articles.write')
  const { helpful, reason, comment, at, language, settled } = vote
  const who = useWho(settled?.by)
  return (
    <li className="ar-vote" data-seen={settled ? '' : undefined}>
      <div>
        {about && <p>{about}</p>}
        {comment && <q className="ar-note">{comment}</q>}
        <p className="quiet">
          {[
            t(helpful ? 'upkeep.yes' : 'upkeep.no'),
            ...(reason ? [t(`upkeep.reason.${reason}`)] : []),
            languageName(language),
            t('articles.version', { number: vote.number }),
          ].join(' · ')}
          {' · '}
          <time dateTime={at} title={moment(at)}>
            {ago(at, now)}
          </time>
        </p>
        {settled && (
          <p className="quiet">{t('upkeep.settledBy', { who: who(settled.by), when: moment(settled.at) })}</p>
        )}
      </div>
      {mayWrite && comment && (
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => void (settled ? unsettle : settle)(vote.id, articleId).catch(sayFailure)}
        >
          {t(settled ? 'upkeep.unsettle' : 'upkeep.settle')}
        </button>
      )}
    </li>
  )
}

async function settle(id: string, articleId: string): Promise<void> {
  await api.articles.settleVote({ params: { id } })
  await refresh(articleId)
  say(t('upkeep.wasSettled'), () => void unsettle(id, articleId).catch(sayFailure))
}

async function unsettle(id: string, articleId: string): Promise<void> {
  await api.articles.unsettleVote({ params: { id } })
  await refresh(articleId)
}

async function refresh(articleId: string): Promise<void> {
  await queries.invalidateQueries({ queryKey: keyOf(articleId) })
  await queries.invalidateQueries({ queryKey: ['articles', 'ratings'] })
  await queries.invalidateQueries({ queryKey: ['articles', 'comments'] })
}
