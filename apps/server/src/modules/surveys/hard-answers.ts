import { notify } from '#notices'
import type { House } from '#platform/house.ts'
import { firstIdAt } from '#platform/identifiers.ts'
import { enqueue, enqueueEverywhere, type Task } from '#platform/jobs.ts'
import type { Db, Scope, Tx } from '#platform/store.ts'
import { kindOfScore, ruleOn } from './content.ts'
import { findWatch, listGivenAfter, listGivenScores, upsertWatch, type GivenScore } from './hard-answers.queries.ts'
import { listResponses } from './listing.ts'
import { newsOf } from './hard-answer-news.ts'

const taskName = 'find_hard_answers'
/** Ids are made before their commit: what took longer than this is found at night. */
const overlapMs = 10_000
const firstLookMs = 10 * 60_000
const nightLookMs = 25 * 3_600_000
const atOnce = 1_000
/** So many hard answers are looked through for words. */
const mostSearched = 50

/**
 * Tells members of hard answers, a moment after they came: their ids tell the time, so that nothing is asked of whoever
 * takes answers in. Every night a day is looked through once more; who was told is not told again.
 */
export function hardAnswerTasks(house: House): Task[] {
  return [
    {
      name: taskName,
      run: (scope, { ids }) => (ids ? tellOf(house, scope, ids as string[]) : lookOn(house, scope)),
    },
    {
      name: 'find_missed_answers',
      daily: true,
      run: (scope) => look(house, scope, new Date(house.clock.now().getTime() - nightLookMs)),
    },
  ]
}

/** Looks at one answer that has been changed. */
export function lookAgainAt(tx: Tx, id: string): Promise<void> {
  return enqueue(tx, taskName, { ids: [id] }, `${taskName}:${id}`)
}

async function lookOn(house: House, scope: Scope): Promise<void> {
  const now = house.clock.now()
  const through = await house.store.read(scope, findWatch)
  await look(house, scope, through ? new Date(through.getTime() - overlapMs) : new Date(now.getTime() - firstLookMs))
  await house.store.write(scope, (tx) => upsertWatch(tx, now))
}

async function look(house: House, scope: Scope, since: Date): Promise<void> {
  let after = firstIdAt(since.getTime())
  for (;;) {
    const given = await house.store.read(scope, (db) => listGivenAfter(db, after, atOnce))
    await tell(house, scope, given)
    if (given.length < atOnce) return
    after = given.at(-1)!.id
  }
}

async function tellOf(house: House, scope: Scope, ids: readonly string[]): Promise<void> {
  await tell(house, scope, await house.store.read(scope, (db) => listGivenScores(db, ids)))
}

/** Tells members of these answers as of hard ones, whenever they were given: the demo's are news to its visitor. */
export async function tellHardAnswers(house: House, scope: Scope, ids: readonly string[]): Promise<void> {
  await house.store.write(scope, async (tx) => notify(house, tx, await newsOf(tx, ids)))
}

async function tell(house: House, scope: Scope, given: readonly GivenScore[]): Promise<void> {
  const ids = given.filter(isHard).map(({ id }) => id)
  if (ids.length === 0) return
  await tellHardAnswers(house, scope, ids)
}

function isHard({ score, scale, rule }: GivenScore): boolean {
  return kindOfScore(score, ruleOn(scale, rule)) === 'hard'
}

/** What a process that died had no time to look at. */
export async function lookEverywhere({ store }: House): Promise<void> {
  await enqueueEverywhere(store, taskName)
}

/** What somebody wrote who found it hard. */
export type HardWords = { id: string; score: number; comment: string }

/** The newest hard answers with words, of local days; of an identified survey. @throws Problem forbidden otherwise */
export async function listHardWords(
  db: Db,
  surveyId: string,
  { from, to, most }: { from: string; to: string; most: number },
): Promise<HardWords[]> {
  const query = { from, to, scores: 'hard', order: 'newest', filter: [], limit: mostSearched } as const
  const { items } = await listResponses(db, surveyId, query, 'en')
  const said = items.flatMap(({ id, score, comment }) => (comment === null ? [] : [{ id, score, comment }]))
  return said.slice(0, most)
}
