import type { SurveyContent } from '@lahko/contract/surveys'
import type { Rule } from '@lahko/effort'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import {
  insertVersion,
  listLastAsked,
  lockSurvey,
  updateSurvey,
  type SurveyRow,
  type VersionRow,
} from './building.queries.ts'
import { isNewWording, missingTexts, ruleOn } from './content.ts'

/**
 * Makes the draft the version that is asked. Without a draft there is nothing to do, so that twice is once.
 * The wording rises when scores under it may not be added to earlier ones, unless `sameQuestion` declares that they
 * may. A rule that does not fit the new scale gives way to the standard one.
 * @throws Problem invalid `surveys.texts_missing`, naming each; `surveys.other_scale`; conflict `surveys.archived`
 */
export async function publishDraft(tx: Tx, id: string, { sameQuestion }: { sameQuestion: boolean }): Promise<void> {
  const survey = await lockSurvey(tx, id)
  if (!survey.draft) return
  if (survey.state === 'archived') throw new Problem('conflict', 'surveys.archived')
  demandTexts(survey.draft)
  const asked = survey.version === null ? [] : await listLastAsked(tx, id, survey.version)
  const next = nextVersion(asked, survey.draft, sameQuestion)
  await insertVersion(tx, id, { ...next, content: survey.draft })
  const rule = ruleOn(survey.draft.score.scale, survey.rule)
  await updateSurvey(tx, id, {
    version: next.version,
    draft: null,
    draft_saved_at: null,
    rule: JSON.stringify(rule),
    ...(survey.state === 'draft' ? { state: 'published' } : {}),
  })
  await emit(tx, { type: 'survey.published', subjectId: id, data: next })
  if (rule !== survey.rule) await emitRule(tx, id, survey.rule, rule)
}

/** How figures are read, since when and by whom: the time and the actor are columns of the event. */
export async function emitRule(tx: Tx, id: string, from: Rule, to: Rule): Promise<void> {
  await emit(tx, { type: 'survey.rule_changed', subjectId: id, data: { from, to } })
}

/** @param asked as `listLastAsked` gives it */
function nextVersion(asked: readonly VersionRow[], draft: SurveyContent, sameQuestion: boolean) {
  const [current] = asked
  if (!current) return { version: 1, wording: 1, sameQuestionDeclared: false }
  const differs = isNewWording(
    asked.map(({ content }) => content),
    draft,
  )
  if (differs && sameQuestion && otherScale(current.content, draft))
    throw invalidField('/body/sameQuestion', 'surveys.other_scale')
  const sameQuestionDeclared = differs && sameQuestion
  const wording = differs && !sameQuestion ? current.wording + 1 : current.wording
  return { version: current.version + 1, wording, sameQuestionDeclared }
}

/** Values of different scales can never be added up, whatever the author declares. */
function otherScale(a: SurveyContent, b: SurveyContent): boolean {
  return (['min', 'max', 'direction'] as const).some((part) => a.score.scale[part] !== b.score.scale[part])
}

function demandTexts(draft: SurveyContent): void {
  const missing = missingTexts(draft)
  if (missing.length === 0) return
  const errors = missing.map(({ language, field }) => ({
    field: `/draft${field}/${language}`,
    code: 'surveys.text_missing',
    args: { language },
  }))
  throw new Problem('invalid', 'surveys.texts_missing', { count: missing.length }, errors)
}

const eventOfState = { published: 'survey.resumed', paused: 'survey.paused', archived: 'survey.archived' } as const

/**
 * Pauses, goes on, archives. What was never published cannot go on.
 * @throws Problem conflict `surveys.never_published`
 */
export async function setState(tx: Tx, id: string, state: Exclude<SurveyRow['state'], 'draft'>): Promise<void> {
  const survey = await lockSurvey(tx, id)
  if (survey.state === state) return
  if (survey.version === null && state !== 'archived') throw new Problem('conflict', 'surveys.never_published')
  await updateSurvey(tx, id, { state })
  await emit(tx, { type: eventOfState[state], subjectId: id, data: { from: survey.state } })
}
