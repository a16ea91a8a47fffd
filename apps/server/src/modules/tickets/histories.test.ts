import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { newMember } from '../../testing/visitor.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { anything, mergers, newWorld, teamwork } from './testing/histories.ts'
import { assertMergedAreNowhere } from './testing/soundness.ts'

let desk: TestDesk
let members: { id: string; name: string }[]
before(async () => {
  desk = await testDesk('histories')
  await desk.ask('PUT', '/desk-rules', { thanksStaySolved: true, answersCountFor: 'solved' })
  const bor = await newMember(desk.house, desk.owner, 'agent', 'bor@histories.example')
  members = [
    { id: desk.memberId, name: 'Ana Novak' },
    { id: bor.id, name: 'Bor Kos' },
  ]
})
after(() => desk.house.close())

/** A history that fails is made shorter for as long as a test may take; its seed and path are told. */
async function assertSoundHistories(commands: typeof anything, numRuns: number, seconds: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands([commands], { maxCommands: 24, size: 'max' }), async (history) => {
      const { model, real } = await newWorld(desk, members)
      await fc.asyncModelRun(() => ({ model, real }), history)
      await assertMergedAreNowhere(real, new Set([...model.into.keys()].map((place) => real.ids[place]!)))
    }),
    { numRuns, interruptAfterTimeLimit: seconds * 1_000 },
  )
}

test('whatever happens to tickets, they say what their messages say, are one touchpoint each, and all is taken back exactly', () =>
  assertSoundHistories(anything, 18, 12))

test('whatever is merged and unmerged, who waits is what the messages say that are shown', () =>
  assertSoundHistories(mergers, 14, 7))

test('whoever works on tickets, what is solved counts for whom the rule says that held then', () =>
  assertSoundHistories(teamwork, 14, 7))
