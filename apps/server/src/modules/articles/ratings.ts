import { customScale, summarize } from '@lahko/effort'
import type { ArticleRating, VotesCounted } from '@lahko/contract/article-votes'
import { invalidField } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { holdRating, listRatingRows, updateRating, type Votes } from './ratings.queries.ts'
import { countAllVotes } from './votes.queries.ts'

const noOrYes = customScale({ min: 0, max: 1, direction: 'high-is-easy', easy: [1], hard: [0] })

/** Counts a vote, or another word of the same reader in its place. The caller holds the rating of the article. */
export async function countVote(
  tx: Tx,
  articleId: string,
  held: Votes,
  { before, now }: { before: boolean | undefined; now: boolean },
): Promise<void> {
  if (before === now) return
  const votes = {
    helpful: held.helpful + Number(now) - Number(before === true),
    unhelpful: held.unhelpful + Number(!now) - Number(before === false),
  }
  await updateRating(tx, articleId, votes, worstOf(votes))
}

/** Counts all votes of an article anew, after many came at once. */
export async function recountVotes(tx: Tx, articleId: string): Promise<void> {
  await holdRating(tx, articleId)
  const votes = await countAllVotes(tx, articleId)
  await updateRating(tx, articleId, votes, worstOf(votes))
}

/** How many votes there were, and the share that it helped with its interval. Pure. */
export function viewCounts({ helpful, unhelpful }: Votes): VotesCounted {
  const n = helpful + unhelpful
  if (n === 0) return { helpful, unhelpful, share: null }
  return { helpful, unhelpful, share: shareOf(helpful, unhelpful) }
}

/** Rated articles, first those that surely did not help most often. @throws Problem invalid `articles.bad_page` */
export async function listRatings(
  db: Db,
  { after, limit }: { after?: string; limit: number },
): Promise<{ items: ArticleRating[]; next: string | null }> {
  const rows = await listRatingRows(db, { after: readEnd(after), limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ article_id: articleId, language, title, owner_id: ownerId, open, ...votes }) => ({
      ...{ articleId, language, title, ownerId, openComments: open },
      ...viewCounts(votes),
    })),
    next: rows.length > limit && last ? `${last.worst}_${last.article_id}` : null,
  }
}

/** By the lower bound, so that two votes out of two do not come before forty out of fifty. */
function worstOf({ helpful, unhelpful }: Votes): number {
  return shareOf(unhelpful, helpful).low
}

/** The share of these among both, with Wilson's interval at 95 %. */
function shareOf(these: number, others: number): { value: number; low: number; high: number } {
  const { value, low, high } = summarize([others, these], noOrYes).easyShare!
  return { value, low: low!, high: high! }
}

function readEnd(after: string | undefined): { worst: number; articleId: string } | undefined {
  if (after === undefined) return undefined
  const [, worst, articleId] =
    /^(\d(?:\.\d{1,20})?(?:e-\d{1,3})?)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? []
  if (worst === undefined || articleId === undefined) throw invalidField('/query/after', 'articles.bad_page')
  return { worst: Number(worst), articleId }
}
