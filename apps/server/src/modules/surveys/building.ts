import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { SurveyContent } from '@lahko/contract/surveys'
import { id as idSchema, type Language } from '@lahko/contract/values'
import type { MetricName, Rule } from '@lahko/effort'
import { emit, wake } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import {
  getSurvey,
  getVersion,
  insertSurvey,
  isAnswered,
  lockSurvey,
  newSurveyId,
  updateSurvey,
  type SurveyRow,
} from './building.queries.ts'
import { contentFaults, ruleFits, sameContent } from './content.ts'
import { findLibraryItem } from './library.ts'
import { emitRule, publishDraft } from './publishing.ts'
import { declareAttributes } from './rebuilding.ts'

/** What is not a question. A field that is left out stays as it is. */
export type SurveyChange = {
  name?: string
  key?: string
  rule?: Rule
  metric?: MetricName
  identity?: 'identified' | 'anonymous'
  declared?: string[]
  closesOn?: string | null
}

type Origin = Pick<SurveyRow, 'rule'> & { draft: SurveyContent } & Partial<
    Pick<SurveyRow, 'metric' | 'identity' | 'declared'>
  >

/**
 * Makes a survey in draft, from the library or as a copy.
 * @param language that its texts fall back to
 * @returns its id
 * @throws Problem invalid `surveys.no_such_library_item`; not_found when there is nothing to copy
 */
export async function createSurvey(
  tx: Tx,
  given: { name: string; language: Language; libraryId?: string; copyOf?: string },
): Promise<string> {
  const origin = given.copyOf
    ? await originOfCopy(tx, given.copyOf)
    : originInLibrary(given.libraryId ?? '', given.language)
  const id = newSurveyId(tx)
  for (const key of keysFor(given.name)) {
    if (!(await insertSurvey(tx, { id, key, name: given.name, ...origin }))) continue
    await emit(tx, { type: 'survey.created', subjectId: id, data: { from: given.copyOf ?? given.libraryId } })
    return id
  }
  throw new Problem('conflict', 'surveys.key_taken')
}

/** The first survey of a new workspace: from the library, published at once, in all languages with `language` first. */
export async function createFirstSurvey(
  tx: Tx,
  { libraryId, language }: { libraryId: string; language: Language },
): Promise<{ id: string; key: string }> {
  const id = await createSurvey(tx, { name: findLibraryItem(libraryId)?.name[language] ?? '', language, libraryId })
  await publishDraft(tx, id, { sameQuestion: false })
  return { id, key: (await getSurvey(tx, id)).key }
}

function originInLibrary(libraryId: string, language: Language): Origin {
  const item = findLibraryItem(libraryId)
  if (!item) throw invalidField('/body/libraryId', 'surveys.no_such_library_item')
  const languages = [language, ...item.content.languages.filter((other) => other !== language)]
  return { rule: item.rule, draft: { ...item.content, languages } }
}

async function originOfCopy(tx: Tx, id: string): Promise<Origin> {
  const { rule, metric, identity, declared, ...survey } = await getSurvey(tx, id)
  return { rule, metric, identity, declared, draft: survey.draft ?? (await askedContent(tx, survey))! }
}

/** The content of the version that is asked now, if there is one. */
async function askedContent(
  db: Db,
  { id, version }: Pick<SurveyRow, 'id' | 'version'>,
): Promise<SurveyContent | undefined> {
  return version === null ? undefined : (await getVersion(db, id, version)).content
}

/** `How was it?` → `how-was-it`, then `how-was-it-2` … and at last one that nobody has. */
function keysFor(name: string): string[] {
  const plain = name
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const key = plain.length < 2 ? 'survey' : plain.slice(0, 30).replace(/-$/, '')
  return [key, ...[2, 3, 4, 5].map((number) => `${key}-${number}`), `${key}-${randomBytes(4).toString('hex')}`]
}

// Years that no calendar of a database counts are typing errors.
const earliestClosing = '2000-01-01'

/**
 * Changes what is not a question. Another rule recomputes every figure, and is recorded.
 * @throws Problem conflict `surveys.key_taken`, `surveys.identity_is_fixed`; invalid `surveys.rule_misfits`,
 * `surveys.named_twice`, `surveys.closes_too_early`, `surveys.key_like_id`
 */
export async function changeSurvey(tx: Tx, id: string, change: SurveyChange): Promise<void> {
  if (change.declared) await declare(tx, id, change.declared)
  const before = await lockSurvey(tx, id, change.identity ? 'update' : 'no key update')
  const changed = fieldsChanged(before, change)
  if (changed.length === 0) return
  // Surveys are found by their id as well as by their key.
  if (changed.includes('key') && idSchema.safeParse(change.key).success)
    throw invalidField('/body/key', 'surveys.key_like_id')
  if (change.closesOn && change.closesOn < earliestClosing)
    throw invalidField('/body/closesOn', 'surveys.closes_too_early')
  if (changed.includes('rule')) await demandFit(tx, before, change.rule!)
  if (changed.includes('identity') && (await isAnswered(tx, id)))
    throw new Problem('conflict', 'surveys.identity_is_fixed')
  await updateSurvey(tx, id, {
    ...pick(change, ['name', 'key', 'metric', 'identity']),
    ...(change.closesOn === undefined ? {} : { closes_on: change.closesOn }),
    ...(change.rule ? { rule: JSON.stringify(change.rule) } : {}),
    // Whoever still has the survey in mind as it was before is refused, and looks again.
    ...(changed.includes('identity') ? { generation: before.generation + 1 } : {}),
  }).catch(refuseTakenKey)
  if (changed.includes('rule')) await emitRule(tx, id, before.rule, change.rule!)
  const others = changed.filter((field) => field !== 'rule')
  if (others.length > 0) await emit(tx, { type: 'survey.changed', subjectId: id, data: { fields: others } })
}

/** Before the survey is locked: what is frequent is counted over all its answers. */
async function declare(tx: Tx, id: string, declared: readonly string[]): Promise<void> {
  if (new Set(declared).size < declared.length) throw invalidField('/body/declared', 'surveys.named_twice')
  await declareAttributes(tx, id, declared)
}

function fieldsChanged(before: SurveyRow, change: SurveyChange): (keyof SurveyChange)[] {
  const now = { ...before, closesOn: before.closes_on }
  const fields = Object.keys(change) as (keyof SurveyChange)[]
  return fields.filter((field) => change[field] !== undefined && !isDeepStrictEqual(change[field], now[field]))
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]))) as Partial<
    Pick<T, K>
  >
}

async function demandFit(tx: Tx, survey: SurveyRow, rule: Rule): Promise<void> {
  const content = (await askedContent(tx, survey)) ?? survey.draft!
  const { min, max } = content.score.scale
  if (!ruleFits(rule, content.score.scale)) throw invalidField('/body/rule', 'surveys.rule_misfits', { min, max })
}

function refuseTakenKey(error: unknown): never {
  if ((error as { code?: string }).code !== '23505') throw error
  throw new Problem('conflict', 'surveys.key_taken', {}, [{ field: '/body/key', code: 'surveys.key_taken' }])
}

/**
 * Keeps what is being edited; what equals the version that is asked is no draft.
 * @throws Problem invalid, naming every field that makes the content unusable; conflict `surveys.archived`
 */
export async function saveDraft(tx: Tx, id: string, content: SurveyContent): Promise<void> {
  const faults = contentFaults(content)
  if (faults.length > 0) {
    const errors = faults.map((fault) => ({ ...fault, field: `/body${fault.field}` }))
    throw new Problem('invalid', errors[0]!.code, errors[0]!.args, errors)
  }
  const survey = await lockSurvey(tx, id)
  if (survey.state === 'archived') throw new Problem('conflict', 'surveys.archived')
  if (survey.draft && sameContent(survey.draft, content)) return
  const asked = await askedContent(tx, survey)
  if (asked && sameContent(asked, content)) return forgetDraft(tx, survey)
  await updateSurvey(tx, id, { draft: JSON.stringify(content), draft_saved_at: tx.now })
  if (survey.draft) await wake(tx, 'survey.draft_saved', id)
  else await emit(tx, { type: 'survey.draft_begun', subjectId: id })
}

/** Goes back to the version that is asked now. @throws Problem conflict `surveys.never_published` */
export async function dropDraft(tx: Tx, id: string): Promise<void> {
  const survey = await lockSurvey(tx, id)
  if (survey.version === null) throw new Problem('conflict', 'surveys.never_published')
  await forgetDraft(tx, survey)
}

async function forgetDraft(tx: Tx, { id, draft }: SurveyRow): Promise<void> {
  if (!draft) return
  await updateSurvey(tx, id, { draft: null, draft_saved_at: null })
  await emit(tx, { type: 'survey.draft_dropped', subjectId: id })
}
