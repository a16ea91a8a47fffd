import { setTimeout as wait } from 'node:timers/promises'
import type { Language } from '@lahko/contract/values'
import { changeWorkspace, findDemoWorkspace, getWorkspace } from '#accounts'
import {
  buildDemoTask,
  enqueueDemo,
  findDemoProgress,
  findDemoSurvey,
  greetInDemoTask,
  noteDemoProgress,
  updateDemoSurvey,
} from '#portal'
import { changeSurvey, createFirstSurvey, createIngest, tellHardAnswers, type Answer } from '#surveys'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { daysAfter, localDateOf } from '#platform/local-date.ts'
import { fillEpisodes } from './episodes.ts'
import { fillHelp, openForm } from './help.ts'
import { fillLedger } from './ledger.ts'
import { shop } from './mails.ts'
import { fillDesk, giveSome } from './open-tickets.ts'
import { fillReaders } from './readers.ts'
import { fillSearches } from './searches.ts'
import { fillTickets } from './tickets.ts'
import { makeWorld } from './world.ts'

const seed = 20_260_523
const atOnce = 500
/** At the bell stand the newest of those who found it hardest and wrote why. */
const [toldOf, hardest] = [4, 2]
const lookEveryMs = 300
/** How the shop's customers reach people. */
const reached = { contact_email: shop, contact_phone: '+386 4 555 01 80' }
const declared = ['topic', 'channel', 'team', 'handovers', 'language']

type Progress = (done: number, total: number) => void

/** The job that fills the demo's workspace through the product's own verbs. Run again, it goes on where it was. */
export function demoTasks(house: House): Task[] {
  const run = async (scope: Scope, _: unknown, stopping: AbortSignal) => {
    // Removed while the job waited: there is nothing left to fill.
    if ((await findDemoWorkspace(house)) !== scope.workspaceId) return
    try {
      await buildDemo(house, scope, { stopping })
    } catch (error) {
      await house.store.write(scope, async (tx) => {
        const { done = 0, total = 0 } = (await findDemoProgress(tx)) ?? {}
        await noteDemoProgress(tx, { state: 'failed', done, total })
      })
      throw error
    }
    if (stopping.aborted) await house.store.write(scope, enqueueDemo)
  }
  // Before the demo is ready, its builder does that.
  const greet = (scope: Scope, { memberId }: Record<string, unknown>) =>
    house.store.write(scope, async (tx) => {
      if ((await findDemoProgress(tx))?.state === 'ready') await giveSome(tx, String(memberId))
    })
  return [
    { name: buildDemoTask, run },
    { name: greetInDemoTask, run: greet },
  ]
}

/**
 * Fills the workspace of the scope with the world, up to the moment when the workspace was made; nothing is done to
 * one that is ready. Answers carry stable external ids, so that a repeated or resumed run adds nothing twice. Of two
 * builders at once, such as the command beside a server, one builds and the other waits for it.
 */
export async function buildDemo(
  house: House,
  scope: Scope,
  { onProgress = () => undefined, stopping }: { onProgress?: Progress; stopping?: AbortSignal } = {},
): Promise<void> {
  const turn = await takeTurn(house, scope, stopping)
  try {
    const progress = await house.store.read(scope, findDemoProgress)
    if (progress?.state === 'ready' || stopping?.aborted) return
    await fill(house, scope, progress?.done ?? 0, onProgress, stopping)
  } finally {
    turn.leave()
  }
}

async function fill(house: House, scope: Scope, from: number, onProgress: Progress, stopping?: AbortSignal) {
  const { language, created_at: now, time_zone: timeZone } = await house.store.read(scope, getWorkspace)
  const { answers, unanswered, from: begin, articleAt } = makeWorld({ seed, now, language })
  // As old as what is in it: whoever is asked is asked by a version that was there.
  const surveyId = await house.store.write(scope, (tx) => ensureSurvey({ ...tx, now: begin }, language))
  if (from === 0) {
    await house.store.write(scope, async (tx) => {
      const [first, today] = [begin, now].map((at) => localDateOf(at, timeZone))
      await fillHelp(tx, { begin, articleAt, today: today! })
      await openForm(tx, language)
      await changeWorkspace(tx, reached)
      await fillEpisodes(tx, { seed, from: first!, to: daysAfter(today!, -4) })
    })
  }
  // Touchpoints, each of them twice: as it is reported, and with its mails.
  const reported = answers.length + unanswered.length
  const building = async (done: number) => {
    onProgress(done, 2 * reported)
    await house.store.write(scope, (tx) => noteDemoProgress(tx, { state: 'building', done, total: 2 * reported }))
  }
  const ingest = createIngest(house)
  const hard: string[] = []
  for (let done = from; done < answers.length; done += atOnce) {
    await building(done)
    if (stopping?.aborted) return
    const part = answers.slice(done, done + atOnce)
    const results = await ingest.submitAll(
      part.map(({ input }): Answer => ({ ...scope, source: 'demo', input: { ...input, survey: surveyId } })),
    )
    const refused = results.find((result) => result.status === 'refused')
    part.forEach(({ input }, at) => {
      const result = results[at]!
      if (input.score <= hardest && input.comment && 'id' in result) hard.push(result.id)
    })
    if (refused) throw new Error(`The survey refuses the demo: ${refused.code} at ${refused.field}`)
  }
  const [ledger, mails] = [answers.length, reported].map((from) => (done: number) => building(from + done))
  await fillLedger(house, scope, { seed, now, language, timeZone, surveyId, unanswered, onProgress: ledger! })
  const customers = await fillTickets(house, scope, { seed, language, onProgress: mails! })
  await fillReaders(house, scope, { seed, begin, articleAt, now, surveyId })
  await tellHardAnswers(house, scope, hard.slice(-toldOf))
  await house.store.write(scope, async (tx) => {
    await fillDesk({ ...tx, now }, { seed, now, language, customers })
    await fillSearches({ ...tx, now }, { seed, timeZone })
    await noteDemoProgress(tx, { state: 'ready', done: 2 * reported, total: 2 * reported })
  })
}

async function ensureSurvey(tx: Tx, language: Language): Promise<string> {
  const known = await findDemoSurvey(tx)
  if (known !== undefined) return known
  const { id } = await createFirstSurvey(tx, { libraryId: 'ces-10-solved', language })
  await changeSurvey(tx, id, { declared })
  await updateDemoSurvey(tx, id)
  return id
}

/** Waits until nobody else fills this workspace. The turn ends with its connection, whatever becomes of the process. */
async function takeTurn({ store }: House, { workspaceId }: Scope, stopping?: AbortSignal) {
  const client = await store.pool.connect()
  const key = [`lahko demo ${workspaceId}`]
  // Closed rather than given back: the lock is the connection's.
  const leave = () => client.release(true)
  try {
    for (;;) {
      const { rows } = await client.query<{ ours: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as ours',
        key,
      )
      if (rows[0]!.ours || stopping?.aborted) return { leave }
      await wait(lookEveryMs, undefined, { signal: stopping }).catch(() => undefined)
    }
  } catch (error) {
    leave()
    throw error
  }
}
