import type { ArticleRules } from '@lahko/contract/article-reviews'
import { retract } from '#notices'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { listKnownSurveys } from '#surveys'
import { findRules, findWaitingReview, hasApproval, updateDecision, upsertRules } from './reviews.queries.ts'
import type { TranslationLineRow } from './translations.queries.ts'

type Draft = Pick<TranslationLineRow, 'article_id' | 'language' | 'revision'>

/** Whether a draft may be published: where an approval is needed, somebody has approved it as it is. */
export async function isApproved(db: Db, draft: Draft): Promise<boolean> {
  return !(await findRules(db)).approval_needed || (await hasApproval(db, draft))
}

/** Whoever runs the server is not asked. @throws Problem conflict `articles.not_approved` */
export async function demandApproval(tx: Tx, draft: Draft): Promise<void> {
  if (tx.actor.kind === 'system' || (await isApproved(tx, draft))) return
  throw new Problem('conflict', 'articles.not_approved')
}

/** Nobody is asked any more about a draft; what was told of it leaves the bell. @returns whether somebody was asked */
export async function endWaiting(tx: Tx, { article_id: id, language }: Omit<Draft, 'revision'>): Promise<boolean> {
  const waiting = await findWaitingReview(tx, id, language)
  if (!waiting) return false
  const by = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await updateDecision(tx, waiting.id, { outcome: 'over', revision: null, decided_by: by, answer: null })
  await retract(tx, 'article_review', [waiting.id])
  return true
}

/** Whether publishing needs an approval, and which survey asks readers. */
export async function readArticleRules(db: Db): Promise<ArticleRules> {
  const { approval_needed: approvalNeeded, effort_survey_id: effortSurveyId } = await findRules(db)
  return { approvalNeeded, effortSurveyId }
}

/** @throws Problem invalid `articles.unknown_survey` */
export async function changeArticleRules(
  tx: Tx,
  { approvalNeeded, effortSurveyId }: ArticleRules,
): Promise<ArticleRules> {
  if (effortSurveyId !== null && (await listKnownSurveys(tx, [effortSurveyId])).length === 0) {
    throw invalidField('/body/effortSurveyId', 'articles.unknown_survey')
  }
  await upsertRules(tx, { approval_needed: approvalNeeded, effort_survey_id: effortSurveyId })
  await emit(tx, { type: 'article.rules_changed', subjectId: tx.workspaceId })
  return readArticleRules(tx)
}

/** The survey that asks readers how easy it was; undefined while none does. */
export async function findEffortSurvey(db: Db): Promise<string | undefined> {
  return (await findRules(db)).effort_survey_id ?? undefined
}
