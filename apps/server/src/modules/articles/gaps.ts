import type { ArticleGap, articleGapEntries as contract } from '@lahko/contract/article-gaps'
import { id as anId } from '@lahko/contract/values'
import type { z } from 'zod'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { findArticleRow } from './articles.queries.ts'
import { findGap, findSameGap, insertGap, listGapRows, updateGap, type GapRow } from './gaps.queries.ts'

type Reported = z.output<(typeof contract)['reportGap']['body']>
type Closing = z.output<(typeof contract)['closeGap']['body']>
type Listed = z.output<(typeof contract)['listGaps']['query']>

/**
 * Keeps that an article is missing or wrong, as a ticket has shown. The same again is the same.
 * @param ticket one that the caller has seen to be there
 * @throws Problem invalid `articles.no_article`
 */
export async function reportGap(
  tx: Tx,
  ticket: { id: string; number: number },
  { kind, text, articleId }: Reported,
): Promise<ArticleGap> {
  await demandArticle(tx, articleId)
  const same = await findSameGap(tx, { ticket_id: ticket.id, kind, text })
  if (same) return viewGap(same)
  const id = await insertGap(tx, {
    ...{ kind, text, article_id: articleId, ticket_id: ticket.id, ticket_number: ticket.number },
    reported_by: memberOf(tx),
  })
  await emit(tx, { type: 'article.gap_reported', subjectId: id, data: { ticketId: ticket.id } })
  return viewGap(await getGap(tx, id))
}

/** What members miss, the newest first. @throws Problem invalid `articles.bad_page` */
export async function listGaps(
  db: Db,
  { after, state, limit }: Listed,
): Promise<{ items: ArticleGap[]; next: string | null }> {
  if (after !== undefined && !anId.safeParse(after).success) throw invalidField('/query/after', 'articles.bad_page')
  const rows = await listGapRows(db, { open: state === 'open', before: after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return { items: shown.map(viewGap), next: rows.length > limit ? shown.at(-1)!.id : null }
}

/** Says that a gap is answered, or dismisses it. @throws Problem not_found; invalid `articles.no_article` */
export async function closeGap(tx: Tx, id: string, { outcome, articleId }: Closing): Promise<ArticleGap> {
  const gap = await getGap(tx, id)
  await demandArticle(tx, articleId ?? null)
  const closed = { outcome, closed_by: memberOf(tx), closed_at: tx.now }
  await updateGap(tx, { id, article_id: articleId ?? gap.article_id, ...closed })
  await emit(tx, { type: 'article.gap_closed', subjectId: id, data: { outcome } })
  return viewGap(await getGap(tx, id))
}

/** Opens it again. @throws Problem not_found */
export async function openGap(tx: Tx, id: string): Promise<void> {
  const gap = await getGap(tx, id)
  await updateGap(tx, { ...gap, outcome: null, closed_by: null, closed_at: null })
  await emit(tx, { type: 'article.gap_opened', subjectId: id })
}

async function getGap(db: Db, id: string): Promise<GapRow> {
  const gap = await findGap(db, id)
  if (!gap) throw new Problem('not_found', 'platform.not_found')
  return gap
}

async function demandArticle(db: Db, articleId: string | null): Promise<void> {
  if (articleId !== null && !(await findArticleRow(db, articleId))) {
    throw invalidField('/body/articleId', 'articles.no_article')
  }
}

function memberOf({ actor }: Tx): string | null {
  return actor.kind === 'member' ? actor.memberId : null
}

function viewGap(row: GapRow): ArticleGap {
  const { ticket_id: ticketId, ticket_number: number, article_id: articleId } = row
  const { article_language: language, article_title: title } = row
  return {
    ...{ id: row.id, kind: row.kind, text: row.text },
    article: articleId === null || language === null || title === null ? null : { id: articleId, language, title },
    ticket: ticketId === null || number === null ? null : { id: ticketId, number },
    ...{ reportedBy: row.reported_by, reportedAt: row.reported_at.toISOString() },
    ...{ outcome: row.outcome, closedBy: row.closed_by, closedAt: row.closed_at?.toISOString() ?? null },
  }
}
