import type { Readable } from 'node:stream'
import type { ImportMapping } from '@lahko/contract/surveys'
import { looksLikeData } from '@lahko/tables'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Scope } from '#platform/store.ts'
import { getSurvey } from './building.queries.ts'
import { dryRun } from './import-dry-run.ts'
import { keepUpload, removeFile, shapeOf, shownSample, unusable, type Said } from '#platform/uploads.ts'
import { guessMapping } from './import-mapping.ts'
import { demandCheckable, demandColumns, finishCheck, startCheck } from './importing.ts'
import { deleteUnstarted, findSameFile, getImport, insertImport, type ImportRow } from './imports.queries.ts'
import { localDateOf } from '#platform/local-date.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'

/** A survey that takes old answers: one that has been published. @throws Problem not_found, conflict */
export async function getTarget(house: House, scope: Scope, surveyId: string): Promise<PublishedSurvey> {
  const published = await createPublishedSurveys(house).byId(scope.workspaceId, surveyId)
  if (published?.id === surveyId) return published
  await house.store.read(scope, (db) => getSurvey(db, surveyId))
  throw new Problem('conflict', 'surveys.never_published')
}

/**
 * Keeps a file of old answers and finds out what its columns hold. Of what is refused nothing stays.
 * @param fileName shown again, never a path
 * @returns the import's id and, when several columns could hold the score, those
 * @throws Problem when it is too large, broken off, no table, without rows, or without a column of scores
 */
export async function addImport(
  house: House,
  scope: Scope,
  survey: PublishedSurvey,
  fileName: string,
  body: Readable,
): Promise<{ id: string; candidates: string[] }> {
  const shelf = { ...house, ...scope }
  const id = uuidv7(house.clock.now().getTime())
  const { bytes, hash } = await keepUpload(shelf, id, body)
  try {
    const { columns, sample, format } = await shapeOf(shelf, id)
    const { min, max } = survey.content.score.scale
    const guess = guessMapping({ columns, sample }, { min, max, declared: survey.declared })
    if (!guess) throw unusable('importing.no_score_column', { min, max })
    if (format !== 'ndjson' && looksLikeData(guess.mapping.score)) throw unusable('uploads.file_no_header')
    const shape = { columns, sample: shownSample(sample), guess: guess.mapping }
    await house.store.write(scope, async (tx) => {
      const doubts = guess.candidates.length > 1 ? [ambiguous(guess.candidates)] : []
      const remarks = [...doubts, ...(await remarksOn(tx, survey, { id, hash }, guess.mapping))]
      await insertImport(tx, { id, survey_id: survey.id, file_name: fileName, shape, bytes, hash, remarks })
      await emit(tx, { type: 'import.uploaded', subjectId: id, data: { surveyId: survey.id } })
    })
    return { id, candidates: guess.candidates }
  } catch (error) {
    await removeFile(shelf, id)
    throw error
  }
}

/**
 * Says what would become of a file by this mapping: at once, or as a job when it has more than `mostAtOnce` bytes.
 * @param onPart told how much is read, from 0 to 1, when it is read at once
 * @throws Problem not_found, conflict, invalid for a column that the file does not have
 */
export async function checkImport(
  house: House,
  scope: Scope,
  { surveyId, importId }: { surveyId: string; importId: string },
  mapping: ImportMapping,
  { mostAtOnce = Infinity, onPart = () => {} }: { mostAtOnce?: number; onPart?: (part: number) => void } = {},
): Promise<void> {
  const row = await house.store.read(scope, (db) => getImport(db, surveyId, importId))
  const survey = await getTarget(house, scope, surveyId)
  demandCheckable(row)
  demandColumns(row, mapping)
  const remarks = await house.store.read(scope, (db) => remarksOn(db, survey, row, mapping))
  if (row.bytes > mostAtOnce) return house.store.write(scope, (tx) => startCheck(tx, importId, mapping, remarks))
  const found = await dryRun(house, scope, survey, { ...row, mapping }, async (part) => {
    onPart(part)
    return true
  })
  if (found) await house.store.write(scope, (tx) => finishCheck(tx, importId, { mapping, remarks }, found))
}

/** Forgets an import whose answers were never asked to come in, with its file. */
export async function discardImport(house: House, scope: Scope, importId: string): Promise<void> {
  if (await house.store.write(scope, (tx) => deleteUnstarted(tx, importId))) {
    await removeFile({ ...house, ...scope }, importId)
  }
}

/** What its reader should know about an import, besides its figures. */
async function remarksOn(
  db: Db,
  survey: PublishedSurvey,
  { id, hash }: Pick<ImportRow, 'id' | 'hash'>,
  mapping: ImportMapping,
): Promise<Said[]> {
  const remarks: Said[] = []
  if (mapping.answeredAt === undefined) {
    remarks.push({ code: 'importing.no_dates', args: { day: localDateOf(db.now, survey.timeZone) } })
  }
  const before = await findSameFile(db, survey.id, hash, id)
  if (before) remarks.push({ code: 'importing.same_file', args: { day: localDateOf(before, survey.timeZone) } })
  const named = mapping.customerEmail ?? mapping.customerExternalId ?? mapping.customerName
  if (named !== undefined && survey.identity === 'anonymous') remarks.push({ code: 'importing.anonymous' })
  return remarks
}

function ambiguous(candidates: readonly string[]): Said {
  return { code: 'importing.several_scores', args: { columns: candidates.slice(0, 5).join(', ') } }
}
