import type { ArticleVote, VoteReason } from '@lahko/contract/articles'
import { id as anId } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import { hashToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import { getArticle } from './articles.view.ts'
import { findVote, listVoteRows, updateReason, upsertVote, type VoteRow } from './votes.queries.ts'

/** Keeps whether an article helped. The same form again is the same word, or another one in its place. */
export async function vote(
  tx: Tx,
  token: string,
  given: Pick<VoteRow, 'article_id' | 'language' | 'number' | 'helpful'>,
): Promise<void> {
  const id = await upsertVote(tx, hashToken(token), given)
  if (id === undefined) throw new Problem('not_found', 'platform.not_found')
  await emit(tx, { type: 'article.voted', subjectId: given.article_id })
}

/** Adds why it did not help. @throws Problem not_found for a form that was never sent */
export async function giveReason(
  tx: Tx,
  token: string,
  given: { reason: VoteReason | null; comment: string | null },
): Promise<void> {
  const known = await getVote(tx, token)
  await updateReason(tx, known.id, given)
  await emit(tx, { type: 'article.voted', subjectId: known.article_id })
}

/** @throws Problem not_found */
export async function getVote(db: Db, token: string): Promise<VoteRow> {
  const known = await findVote(db, hashToken(token))
  if (!known) throw new Problem('not_found', 'platform.not_found')
  return known
}

/** What readers said of an article, the newest first. @throws Problem not_found; invalid `articles.bad_page` */
export async function listVotes(
  db: Db,
  articleId: string,
  { after, limit }: { after?: string; limit: number },
): Promise<{ items: ArticleVote[]; next: string | null }> {
  await getArticle(db, articleId)
  if (after !== undefined && !anId.safeParse(after).success) throw invalidField('/query/after', 'articles.bad_page')
  const rows = await listVoteRows(db, articleId, { before: after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return { items: shown.map(viewVote), next: rows.length > limit ? shown.at(-1)!.id : null }
}

function viewVote({ id, language, number, helpful, reason, comment, at }: VoteRow): ArticleVote {
  return { id, language, number, helpful, reason, comment, at: at.toISOString() }
}
