import { everyMember, type MemberRow } from '#accounts'
import { permissionsOfRole, type Permission } from '@lahko/contract'
import type { ArticleReview, articleReviewEntries as contract } from '@lahko/contract/article-reviews'
import { id as anId, type Language } from '@lahko/contract/values'
import type { z } from 'zod'
import { retract } from '#notices'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { endWaiting } from './approvals.ts'
import { viewTranslation } from './articles.view.ts'
import { demandRevision, getDraft, holdArticle } from './drafts.ts'
import { publish } from './publishing.ts'
import { findWaitingReview, insertReview, listReviewRows, updateDecision, type ReviewRow } from './reviews.queries.ts'
import { viewReview } from './reviews.view.ts'
import { tellAsked, tellDecided } from './telling.ts'
import type { TranslationRow } from './translations.queries.ts'

type Asking = z.output<(typeof contract)['askReview']['body']>
type Decision = z.output<(typeof contract)['decideReview']['body']>

/**
 * Asks somebody to look at a draft, or whoever may publish. Who was asked before is asked no more.
 * @throws Problem not_found; invalid at the reviewer; conflict `articles.edited_meanwhile`, `articles.nothing_new`
 */
export async function askReview(
  house: House,
  tx: Tx,
  id: string,
  language: Language,
  { revision, reviewerId, note }: Asking,
): Promise<ArticleReview> {
  await holdArticle(tx, id)
  const draft = await getDraft(tx, id, language)
  await demandRevision(tx, draft, revision)
  if (draft.published_revision === draft.revision) throw new Problem('conflict', 'articles.nothing_new')
  const reviewers = await reviewersAmong(tx, reviewerId)
  await endWaiting(tx, draft)
  const review = await insertReview(tx, {
    ...{ article_id: id, language, asked_by: memberOf(tx), reviewer_id: reviewerId, note },
  })
  await tellAsked(house, tx, review, reviewers)
  await emit(tx, { type: 'article.review_asked', subjectId: id, data: { language, reviewId: review.id } })
  return viewReview(review, draft.revision)
}

/**
 * Approves a draft or sends it back. Who may publish decides also where nobody was asked. Nobody approves what they
 * wrote last themselves.
 * @throws Problem not_found; forbidden for whoever was not asked; conflict `articles.edited_meanwhile`,
 * `articles.no_review`, `articles.own_text`
 */
export async function decideReview(
  house: House,
  tx: Tx,
  id: string,
  language: Language,
  { outcome, revision, answer, publish: wanted }: Decision,
): Promise<ArticleReview> {
  await holdArticle(tx, id)
  const draft = await getDraft(tx, id, language)
  const by = memberOf(tx)
  if (by === null) throw new Problem('forbidden', 'articles.members_only')
  await demandRevision(tx, draft, revision)
  if (outcome === 'approved' && draft.edited_by === by) throw new Problem('conflict', 'articles.own_text')
  if (outcome === 'approved' && wanted) demandMay(tx, 'articles.publish')
  const waiting = await waitingFor(tx, draft, by)
  const review = await updateDecision(tx, waiting.id, { outcome, revision, decided_by: by, answer })
  await retract(tx, 'article_review', [review.id])
  await tellDecided(house, tx, review)
  await emit(tx, { type: 'article.reviewed', subjectId: id, data: { language, reviewId: review.id, outcome } })
  if (outcome === 'approved' && wanted) await publish(tx, id, language, revision)
  return viewReview(review, draft.revision)
}

/** Asks no more. Doing it twice is doing it once. @throws Problem not_found */
export async function endReview(tx: Tx, id: string, language: Language): Promise<void> {
  await holdArticle(tx, id)
  const draft = await getDraft(tx, id, language)
  if (await endWaiting(tx, draft)) await emit(tx, { type: 'article.review_ended', subjectId: id, data: { language } })
}

/** Who was asked and what they said, the newest first. @throws Problem not_found; invalid `articles.bad_page` */
export async function listReviews(
  db: Db,
  id: string,
  language: Language,
  { after, limit }: { after?: string; limit: number },
): Promise<{ items: ArticleReview[]; next: string | null }> {
  const { revision } = await viewTranslation(db, id, language)
  if (after !== undefined && !anId.safeParse(after).success) throw invalidField('/query/after', 'articles.bad_page')
  const rows = await listReviewRows(db, id, language, { before: after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return { items: shown.map((row) => viewReview(row, revision)), next: rows.length > limit ? shown.at(-1)!.id : null }
}

/** The one who is asked, or all who may publish; never whoever asks. @throws Problem invalid at `/body/reviewerId` */
async function reviewersAmong(tx: Tx, reviewerId: string | null): Promise<string[]> {
  const self = memberOf(tx)
  if (reviewerId !== null && reviewerId === self) throw invalidField('/body/reviewerId', 'articles.own_review')
  const members = await everyMember(tx)
  const wanted =
    reviewerId === null
      ? members.filter((one) => one.id !== self && may(one, 'articles.publish'))
      : members.filter((one) => one.id === reviewerId && may(one, 'articles.write'))
  if (reviewerId !== null && wanted.length === 0) throw invalidField('/body/reviewerId', 'articles.no_reviewer')
  return wanted.map(({ id }) => id)
}

function may({ role }: MemberRow, permission: Permission): boolean {
  return permissionsOfRole[role].includes(permission)
}

/** What waits for this member; who may publish needs no asking. */
async function waitingFor(tx: Tx, draft: TranslationRow, by: string): Promise<Pick<ReviewRow, 'id'>> {
  const { article_id: articleId, language } = draft
  const waiting = await findWaitingReview(tx, articleId, language)
  if (waiting && waiting.reviewer_id !== by) demandMay(tx, 'articles.publish')
  if (waiting) return waiting
  if (draft.published_revision === draft.revision || !tx.actor.permissions.has('articles.publish')) {
    throw new Problem('conflict', 'articles.no_review')
  }
  const asked = { article_id: articleId, language, asked_by: draft.edited_by, reviewer_id: by, note: '' }
  return insertReview(tx, asked)
}

function demandMay(tx: Tx, permission: Permission): void {
  if (!tx.actor.permissions.has(permission)) throw new Problem('forbidden', 'platform.not_allowed', { permission })
}

function memberOf({ actor }: Tx): string | null {
  return actor.kind === 'member' ? actor.memberId : null
}
