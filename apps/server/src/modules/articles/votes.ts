import type { ArticleVote, articleVoteEntries as contract, VoteReason } from '@lahko/contract/article-votes'
import { id as anId, languages } from '@lahko/contract/values'
import type { z } from 'zod'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import { hashToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import { findArticleRow } from './articles.queries.ts'
import { getArticle } from './articles.view.ts'
import { countVote, viewCounts } from './ratings.ts'
import { findRating, holdRating } from './ratings.queries.ts'
import { tellComment } from './telling.ts'
import { listTitles } from './titles.queries.ts'
import { findTranslation } from './translations.queries.ts'
import {
  countReasons,
  findVote,
  findVoteRow,
  listCommentRows,
  listVoteRows,
  updateReason,
  updateSettled,
  upsertVote,
  type VoteRow,
} from './votes.queries.ts'

export const commentTask = 'tell_of_article_comment'

type Listed = z.output<(typeof contract)['listVotes']['query']>
type Page = z.input<(typeof contract)['listVotes']['reply']>

/** Keeps whether an article helped. The same form again is the same word, or another one in its place. */
export async function vote(
  tx: Tx,
  token: string,
  given: Pick<VoteRow, 'article_id' | 'language' | 'number' | 'helpful'>,
): Promise<void> {
  const held = await holdRating(tx, given.article_id)
  const before = await findVote(tx, hashToken(token))
  const id = await upsertVote(tx, hashToken(token), given)
  if (id === undefined) throw new Problem('not_found', 'platform.not_found')
  await countVote(tx, given.article_id, held, { before: before?.helpful, now: given.helpful })
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
  if (given.comment !== null && known.comment === null) {
    await emit(tx, { type: 'article.commented', subjectId: known.id, data: { articleId: known.article_id } })
  }
}

/** @throws Problem not_found */
export async function getVote(db: Db, token: string): Promise<VoteRow> {
  const known = await findVote(db, hashToken(token))
  if (!known) throw new Problem('not_found', 'platform.not_found')
  return known
}

/**
 * What readers said of an article, the newest first, and how often it helped.
 * @throws Problem not_found; invalid `articles.bad_page`
 */
export async function listVotes(db: Db, articleId: string, { after, only, limit }: Listed): Promise<Page> {
  await getArticle(db, articleId)
  if (after !== undefined && !anId.safeParse(after).success) throw invalidField('/query/after', 'articles.bad_page')
  const rows = await listVoteRows(db, articleId, { before: after, only, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const { comments, open: openComments, ...reasons } = await countReasons(db, articleId)
  return {
    items: shown.map(viewVote),
    next: rows.length > limit ? shown.at(-1)!.id : null,
    counts: { ...viewCounts(await findRating(db, articleId)), reasons, comments, openComments },
  }
}

/** What readers wrote about any article, the newest first. @throws Problem invalid `articles.bad_page` */
export async function listComments(
  db: Db,
  { after, open, limit, ...only }: z.output<(typeof contract)['listComments']['query']>,
): Promise<z.input<(typeof contract)['listComments']['reply']>> {
  if (after !== undefined && !anId.safeParse(after).success) throw invalidField('/query/after', 'articles.bad_page')
  const which = open === undefined ? undefined : open === 'true'
  const rows = await listCommentRows(db, { ...only, before: after, open: which, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const titles = new Map<string, string>()
  for (const [language, some] of Map.groupBy(shown, (row) => row.language)) {
    const ids = some.map((row) => row.article_id)
    const known = await listTitles(db, ids, [language, ...languages])
    for (const [id, { title }] of known) titles.set(`${language} ${id}`, title)
  }
  return {
    items: shown.map((row) => {
      const title = titles.get(`${row.language} ${row.article_id}`) ?? ''
      return { ...viewVote(row), articleId: row.article_id, title }
    }),
    next: rows.length > limit ? shown.at(-1)!.id : null,
  }
}

/** Says that a comment is dealt with. Doing it twice is doing it once. @throws Problem not_found */
export async function settleVote(tx: Tx, id: string): Promise<ArticleVote> {
  const known = await demandVote(tx, id)
  if (known.settled_at === null) {
    await updateSettled(tx, id, { by: tx.actor.kind === 'member' ? tx.actor.memberId : null })
    await emit(tx, { type: 'article.comment_settled', subjectId: known.article_id })
  }
  return viewVote(await demandVote(tx, id))
}

/** Says that it is not after all. @throws Problem not_found */
export async function unsettleVote(tx: Tx, id: string): Promise<void> {
  const known = await demandVote(tx, id)
  await updateSettled(tx, id)
  await emit(tx, { type: 'article.comment_opened', subjectId: known.article_id })
}

/** Tells the owner of an article what a reader wrote. */
export function commentTasks(house: House): Task[] {
  return [
    {
      name: commentTask,
      run: (scope, { subjectId }) => house.store.write(scope, (tx) => tellOwner(house, tx, subjectId as string)),
    },
  ]
}

async function tellOwner(house: House, tx: Tx, voteId: string): Promise<void> {
  const said = await findVoteRow(tx, voteId)
  const article = said && (await findArticleRow(tx, said.article_id))
  const comment = said?.comment
  if (!article?.owner_id || !said || !comment) return
  const { id, owner_id: ownerId } = article
  const title = (await findTranslation(tx, id, said.language))?.title ?? ''
  await tellComment(house, tx, { id, ownerId, title, language: said.language, voteId, comment })
}

async function demandVote(db: Db, id: string): Promise<VoteRow> {
  const known = await findVoteRow(db, id)
  if (!known) throw new Problem('not_found', 'platform.not_found')
  return known
}

function viewVote(row: VoteRow): ArticleVote {
  const { id, language, number, helpful, reason, comment, at, settled_at: settledAt, settled_by: by } = row
  const settled = settledAt && { at: settledAt.toISOString(), by }
  return { id, language, number, helpful, reason, comment, at: at.toISOString(), settled }
}
