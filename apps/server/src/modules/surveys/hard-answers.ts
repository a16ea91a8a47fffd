import { correct, countNotices, notify, retract, type WorthMail } from '#notices'
import type { House } from '#platform/house.ts'
import { firstIdAt } from '#platform/identifiers.ts'
import { enqueue, enqueueEverywhere, type Task } from '#platform/jobs.ts'
import type { Db, Scope, Tx } from '#platform/store.ts'
import { kindOfScore, ruleOn } from './content.ts'
import {
  findWatch,
  listFound,
  listFoundAfter,
  listReadVersions,
  upsertWatch,
  type Sought,
} from './hard-answers.queries.ts'
import { listResponses } from './listing.ts'
import { newsOf } from './hard-answer-news.ts'

const taskName = 'find_hard_answers'
/** Ids are made before their commit: what took longer than this is found at night. */
const overlapMs = 10_000
const firstLookMs = 10 * 60_000
const nightLookMs = 25 * 3_600_000
const atOnce = 100
const mostAnHour = 200
const hourMs = 3_600_000
/** So many hard answers are looked through for words, part by part. */
const [mostSearched, mostPages] = [50, 20]

/**
 * Tells members of hard answers, a moment after they came: their ids tell the time, so that nothing is asked of whoever
 * takes answers in. Every night a day is looked through once more, for the bell alone; what was told is not told again.
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
      run: (scope) => look(house, scope, new Date(house.clock.now().getTime() - nightLookMs), tellAtBell),
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

async function look(house: House, scope: Scope, since: Date, telling = tellHardAnswers): Promise<void> {
  let after = firstIdAt(since.getTime())
  while ((await roomFor(house, scope)) > 0) {
    const ids = await house.store.read(scope, async (db) => listFoundAfter(db, await hardScores(db), after, atOnce))
    await tell(house, scope, ids, telling)
    if (ids.length < atOnce) return
    after = ids.at(-1)!
  }
}

/** Those that are hard now are told, or what was told of them is corrected; of the others it is taken back. */
async function tellOf(house: House, scope: Scope, ids: readonly string[]): Promise<void> {
  const hard = await house.store.read(scope, async (db) => listFound(db, await hardScores(db), ids))
  const others = ids.filter((id) => !hard.includes(id))
  await tell(house, scope, hard)
  await house.store.write(scope, async (tx) => {
    await retract(tx, 'hard_answer', others)
    await correct(house, tx, await newsOf(tx, hard), wordsCame)
  })
}

/** A score alone was told; now it says why. */
const wordsCame: WorthMail = (before, now) => now.commented === true && before.commented !== true

/** Tells members of these answers as of hard ones, whenever they were given: the demo's are news to its visitor. */
export async function tellHardAnswers(house: House, scope: Scope, ids: readonly string[]): Promise<void> {
  await house.store.write(scope, async (tx) => notify(house, tx, await newsOf(tx, ids)))
}

/** Without mails: what was left out of a flood is nothing to wake anybody for. */
async function tellAtBell(house: House, scope: Scope, ids: readonly string[]): Promise<void> {
  await house.store.write(scope, async (tx) => {
    const news = (await newsOf(tx, ids)).map((one) => ({ ...one, mail: undefined }))
    await notify(house, tx, news)
  })
}

async function tell(house: House, scope: Scope, ids: readonly string[], telling = tellHardAnswers): Promise<void> {
  const told = ids.slice(0, Math.max(0, await roomFor(house, scope)))
  if (told.length > 0) await telling(house, scope, told)
}

/** How many more hard answers are told singly within this hour. Nobody reads more; figures and digest count them all. */
function roomFor({ store, clock }: House, scope: Scope): Promise<number> {
  const since = new Date(clock.now().getTime() - hourMs)
  return store.read(scope, async (db) => mostAnHour - (await countNotices(db, 'hard_answer', since, mostAnHour)))
}

/** Which scores count as hard, by survey and version. */
async function hardScores(db: Db): Promise<Sought[]> {
  return (await listReadVersions(db)).flatMap(({ surveyId, version, rule, scale }) =>
    Array.from({ length: scale.max - scale.min + 1 }, (_, place) => scale.min + place)
      .filter((score) => kindOfScore(score, ruleOn(scale, rule)) === 'hard')
      .map((score) => ({ surveyId, version, score })),
  )
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
  const said: HardWords[] = []
  let after: string | undefined
  // Most who find it hard write nothing: words may stand behind many such answers.
  for (let page = 0; page < mostPages && said.length < most; page++) {
    const { items, next } = await listResponses(db, surveyId, { ...query, after }, 'en')
    said.push(...items.flatMap(({ id, score, comment }) => (comment === null ? [] : [{ id, score, comment }])))
    if (next === null) break
    after = next
  }
  return said.slice(0, most)
}
