import type { Language } from '@lahko/contract/values'
import { findDemoWorkspace, getWorkspace } from '#accounts'
import { buildDemoTask, noteDemoProgress } from '#portal'
import { changeSurvey, createFirstSurvey, createIngest, getReadableSurvey, type Answer } from '#surveys'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { Problem } from '#platform/problem.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { makeWorld } from './world.ts'

const seed = 20_260_523
const atOnce = 500
const declared = ['topic', 'channel', 'team', 'handovers', 'language']

/** The job that fills the demo's workspace through the product's own verbs. Run again, it goes on where it was. */
export function demoTasks(house: House): Task[] {
  const run = async (scope: Scope) => {
    // Removed while the job waited: there is nothing left to fill.
    if ((await findDemoWorkspace(house)) !== scope.workspaceId) return
    try {
      await buildDemo(house, scope)
    } catch (error) {
      await house.store.write(scope, (tx) => noteDemoProgress(tx, { state: 'failed', done: 0, total: 0 }))
      throw error
    }
  }
  return [{ name: buildDemoTask, run }]
}

/**
 * Fills the workspace of the scope with the world, up to the moment when the workspace was made.
 * Answers carry stable external ids, so that a repeated or resumed run adds nothing twice.
 */
export async function buildDemo(
  house: House,
  scope: Scope,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const { language, created_at: now } = await house.store.read(scope, getWorkspace)
  const surveyId = await house.store.write(scope, (tx) => ensureSurvey(tx, language))
  const { answers } = makeWorld({ seed, now, language })
  const note = (state: 'building' | 'ready', done: number) =>
    house.store.write(scope, (tx) => noteDemoProgress(tx, { state, done, total: answers.length }))
  const ingest = createIngest(house)
  for (let done = 0; done < answers.length; done += atOnce) {
    onProgress(done, answers.length)
    await note('building', done)
    const part = answers.slice(done, done + atOnce)
    const results = await ingest.submitAll(
      part.map(({ input }): Answer => ({ ...scope, source: 'demo', input: { ...input, survey: surveyId } })),
    )
    const refused = results.find((result) => result.status === 'refused')
    if (refused) throw new Error(`The survey refuses the demo: ${refused.code} at ${refused.field}`)
  }
  await note('ready', answers.length)
}

async function ensureSurvey(tx: Tx, language: Language): Promise<string> {
  const known = await getReadableSurvey(tx).catch((error: unknown) => {
    if (error instanceof Problem && error.kind === 'not_found') return undefined
    throw error
  })
  if (known) return known.id
  const { id } = await createFirstSurvey(tx, { libraryId: 'ces-10-solved', language })
  await changeSurvey(tx, id, { declared })
  return id
}
