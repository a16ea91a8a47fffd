import { isDeepStrictEqual } from 'node:util'
import { emit, wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { system, type Scope, type Tx } from '#platform/store.ts'
import {
  countAnswersInSegments,
  findGain,
  findOldest,
  findRebuilding,
  getDeclaration,
  listFrequentValues,
  listUnfinished,
  lockDeclaration,
  lockRebuilding,
  lockStrays,
  mendCells,
  moveAnswers,
  raiseGeneration,
  removeOldSegments,
  saveRebuild,
  type CellDifference,
  type RebuildingSurvey,
  type StrayAnswer,
} from './rebuilding.queries.ts'
import { addToCells, type CellDelta } from './responses.queries.ts'
import { valuesOf } from './segment-values.ts'
import { chooseValuesTask, createSegmentBook, type SegmentBook } from './segments.ts'

const taskName = 'rebuild_cells'
const mostMoved = 2_000
/** Of all answers. */
const leastGain = 0.01

export type RebuildProgress = { done: number; total: number }

/**
 * Declares a survey's attributes and starts a generation of segments, to which all its answers move from then on;
 * answers that come meanwhile have the new segments at once. The same declaration twice is one.
 * @throws Problem not_found
 */
export async function declareAttributes(tx: Tx, surveyId: string, declared: readonly string[]): Promise<void> {
  if (isDeepStrictEqual((await getDeclaration(tx, surveyId)).declared, declared)) return
  // Counted before anything is locked: nobody waits for it.
  const chosen = {
    kept: await listFrequentValues(tx, { id: surveyId, declared }),
    total: await countAnswersInSegments(tx, surveyId),
  }
  if (isDeepStrictEqual((await lockDeclaration(tx, surveyId)).declared, declared)) return
  await raiseGeneration(tx, { id: surveyId, declared }, chosen)
  await emit(tx, { type: 'survey.declared_changed', subjectId: surveyId, data: { declared } })
  await askForRebuild(tx, surveyId)
}

/**
 * Lets the most frequent values stand apart where others, which came first, do so now; every answer moves for that, so
 * that it has to be worth it.
 * @throws Problem not_found
 */
export async function chooseValues(tx: Tx, surveyId: string): Promise<void> {
  const survey = await getDeclaration(tx, surveyId)
  if ((await findGain(tx, survey)) < leastGain) return
  const chosen = { kept: await listFrequentValues(tx, survey), total: await countAnswersInSegments(tx, surveyId) }
  // A rebuild that is under way or another declaration has chosen already.
  const locked = await lockDeclaration(tx, surveyId)
  if ((await findRebuilding(tx, surveyId)) || !isDeepStrictEqual(locked.declared, survey.declared)) return
  await raiseGeneration(tx, survey, chosen)
  await emit(tx, { type: 'survey.values_chosen', subjectId: surveyId })
  await askForRebuild(tx, surveyId)
}

export function valuesTask({ store }: House): Task {
  return {
    name: chooseValuesTask,
    run: (scope, { surveyId }) => store.write(scope, (tx) => chooseValues(tx, String(surveyId))),
  }
}

/** At most one such job waits. */
async function askForRebuild(tx: Tx, surveyId: string): Promise<void> {
  await enqueue(tx, taskName, { surveyId }, `${taskName}:${surveyId}`)
}

/**
 * One step of a rebuild. It may end at any moment; the next one, of this process or another, goes on where it was.
 * @param most how many answers move at most
 * @returns how far it is; undefined when nothing is left to do
 */
export async function rebuildChunk(
  tx: Tx,
  book: SegmentBook,
  surveyId: string,
  most: number = mostMoved,
): Promise<RebuildProgress | undefined> {
  const survey = await lockRebuilding(tx, surveyId)
  if (!survey) return undefined
  if (survey.rebuild.moved) return tidy(tx, survey)
  const strays = await lockStrays(tx, survey, most)
  if (strays.length > 0) return move(tx, book, survey, strays)
  // Those that were chosen may all have been deleted just then, so that this alone does not say that none is left.
  const { after: _, ...rebuild } = survey.rebuild
  const moved = (await countAnswersInSegments(tx, surveyId, rebuild.upTo ?? 0)) === 0
  await saveRebuild(tx, surveyId, { ...rebuild, moved })
  return rebuild
}

async function move(
  tx: Tx,
  book: SegmentBook,
  survey: RebuildingSurvey,
  strays: readonly StrayAnswer[],
): Promise<RebuildProgress> {
  const values = strays.map(({ attributes, language }) => valuesOf(survey.declared, attributes, language))
  const segments = await book.getAll(tx, survey, values)
  const moves = strays.map((stray, index) => ({ ...stray, to: segments[index]! }))
  await moveAnswers(tx, moves)
  await addToCells(
    tx,
    moves.filter(({ counts }) => counts).flatMap((one) => deltasOf(survey.id, one)),
  )
  const done = survey.rebuild.done + strays.length
  const rebuild = { ...survey.rebuild, done, total: Math.max(survey.rebuild.total, done) }
  await saveRebuild(tx, survey.id, { ...rebuild, after: await findOldest(tx, strays) })
  await wake(tx, 'survey.rebuild_progressed', survey.id)
  return rebuild
}

function deltasOf(survey_id: string, one: StrayAnswer & { to: number }): CellDelta[] {
  const { wording, local_date, score } = one
  return [
    { survey_id, wording, segment: one.segment, local_date, score, n: -1 },
    { survey_id, wording, segment: one.to, local_date, score, n: 1 },
  ]
}

async function tidy(tx: Tx, survey: RebuildingSurvey): Promise<RebuildProgress | undefined> {
  if ((await removeOldSegments(tx, survey)) > 0) return survey.rebuild
  await saveRebuild(tx, survey.id, null)
  await emit(tx, { type: 'survey.rebuilt', subjectId: survey.id })
  return undefined
}

export function rebuildTask({ store }: House): Task {
  return {
    name: taskName,
    run: async (scope, { surveyId }, stopping) => {
      const id = String(surveyId)
      const book = createSegmentBook(store)
      while (!stopping.aborted) {
        if (!(await store.write(scope, (tx) => rebuildChunk(tx, book, id)))) return
      }
      await store.write(scope, (tx) => askForRebuild(tx, id))
    },
  }
}

/** Goes on with rebuilds that a process which died was working on. */
export async function beginRebuilds({ store }: House): Promise<void> {
  for (const { workspace_id: workspaceId, survey_id: id } of await listUnfinished(store.outside)) {
    await store.write({ workspaceId, actor: system }, (tx) => askForRebuild(tx, id))
  }
}

/**
 * Ends a rebuild of the survey that is under way, then counts its answers one by one and mends the cells that are not
 * what they say. Answers may come in meanwhile.
 * @returns how many cells were wrong
 */
export async function rebuildCells(
  { store }: Pick<House, 'store'>,
  scope: Scope,
  surveyId: string,
  tell: { progress?(progress: RebuildProgress): void; mended?(cells: readonly CellDifference[]): void } = {},
): Promise<number> {
  const book = createSegmentBook(store)
  for (;;) {
    const progress = await store.write(scope, (tx) => rebuildChunk(tx, book, surveyId))
    if (!progress) break
    tell.progress?.(progress)
  }
  const mended = await store.write(scope, async (tx) => {
    await lockRebuilding(tx, surveyId)
    const cells = await mendCells(tx, surveyId)
    if (cells.length > 0) {
      await emit(tx, { type: 'survey.cells_mended', subjectId: surveyId, data: { cells: cells.length } })
    }
    return cells
  })
  tell.mended?.(mended)
  return mended.length
}
