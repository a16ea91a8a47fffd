import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { invitationStates, notAskedRules, type InvitationState, type NotAskedRule } from '@lahko/contract/programmes'
import type { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { decideSome } from './deciding.ts'
import { listInvitations, viewFunnel } from './ledger.ts'
import { changeAskingRules, removeProgramme, restoreProgramme, turnProgramme } from './programmes.ts'
import { listProgrammeRows } from './programmes.queries.ts'
import {
  start,
  dayMs,
  house,
  owner,
  newWorkspace,
  rules,
  scope,
  write,
  usual,
  programme,
  customer,
  touchpoint,
  fateOf,
  decideAll,
} from './example-deciding.ts'

/** 120 invitations of long ago: five of six of the first programme. */
async function history(programmes: readonly string[]): Promise<void> {
  await write((tx) =>
    sql`insert into invitations (workspace_id, id, kind, programme_id, decided_at, due_at)
      select ${scope.workspaceId}, gen_random_uuid(), 'old', (${programmes}::uuid[])[1 + (n % 6 = 0)::integer],
        ${new Date('2026-10-01T10:00:00Z')}, ${new Date('2026-10-01T10:00:00Z')}
      from generate_series(1, 120) n`.execute(tx.kysely),
  )
}

test('however touchpoints are cut into batches, their fates are the same', async () => {
  const ends = fc.array(fc.tuple(fc.nat(1), fc.nat(3), fc.integer({ min: 1, max: 40 })), {
    minLength: 5,
    maxLength: 25,
  })
  await fc.assert(
    fc.asyncProperty(ends, fc.boolean(), async (given, byOrganisation) => {
      const fates: unknown[] = []
      for (const most of [1, 3, 1000]) {
        await newWorkspace()
        const quota = { attribute: 'kind', per: 'month' as const, most: 6 }
        const kind = (value: string) => [{ attribute: 'kind', is: 'anyOf' as const, values: [value] }]
        const programmes = [
          await programme({ conditions: kind('0'), delayMinutes: 0, expiresDays: 60 }),
          await programme({ conditions: kind('1'), delayMinutes: 5000, expiresDays: 60, quota }),
        ]
        await history(programmes)
        await write((tx) =>
          changeAskingRules(tx, { ...rules, personDays: 3, organisationDays: byOrganisation ? 1 : 0 }),
        )
        const customers = [
          await customer(),
          await customer(),
          await customer(undefined, 'B'),
          await customer(undefined, 'C'),
        ]
        const ids: string[] = []
        for (const [place, [kindOf, whose, minutes]] of given.entries()) {
          const ended = new Date(Date.parse(start) - (given.length - place) * dayMs + minutes * 60_000)
          ids.push(await touchpoint({ kind: `${kindOf}`, customer: customers[whose], ended }))
        }
        while ((await write((tx) => decideSome(tx, most))) > 0);
        fates.push(
          await Promise.all(
            ids.map(async (id) => {
              const { not_asked: rule, due_at: due } = await fateOf(id)
              return [rule, due]
            }),
          ),
        )
      }
      assert.deepEqual(fates[0], fates[2])
      assert.deepEqual(fates[1], fates[2])
    }),
    { numRuns: 12 },
  )
})

/** Facts that sending, mail servers and people add, in any order and any number. */
const facts = [
  'queued_at',
  'claimed_at',
  'uncertain_at',
  'sent_at',
  'bounced_at',
  'unsubscribed_at',
  'answered_at',
  'expired_at',
]

type Step =
  | { do: 'end'; kind: number; customer: number; day: number }
  | { do: 'decide'; most: number }
  | { do: 'fact'; fact: string; place: number }
  | { do: 'refuse'; rule: 'unsubscribed' | 'suppressed'; place: number }
  | { do: 'turn'; state: 'on' | 'off'; undo: boolean }
  | { do: 'remove' }
  | { do: 'restore' }
  | { do: 'undo'; way: 'turn' | 'remove' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({ do: fc.constant('end'), kind: fc.nat(2), customer: fc.nat(5), day: fc.nat(20) }),
    weight: 6,
  },
  { arbitrary: fc.record({ do: fc.constant('decide'), most: fc.integer({ min: 1, max: 5 }) }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('fact'), fact: fc.constantFrom(...facts), place: fc.nat(50) }), weight: 5 },
  {
    arbitrary: fc.record({
      do: fc.constant('refuse'),
      rule: fc.constantFrom('unsubscribed', 'suppressed'),
      place: fc.nat(50),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({ do: fc.constant('turn'), state: fc.constantFrom('on', 'off'), undo: fc.boolean() }),
    weight: 2,
  },
  { arbitrary: fc.record({ do: fc.constantFrom('remove', 'restore') }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('undo'), way: fc.constantFrom('turn', 'remove') }), weight: 2 },
) as fc.Arbitrary<Step>

test('after any history every touchpoint has one state, and each number of the funnel is the length of its list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      house.clock.set(start)
      await newWorkspace()
      const programmes = [
        await programme({ conditions: [{ attribute: 'kind', is: 'anyOf', values: ['0'] }], share: 0.6 }),
        await programme({ conditions: [{ attribute: 'kind', is: 'noneOf', values: ['2'] }], delayMinutes: 10_000 }),
      ]
      const customers = [...(await Promise.all([1, 2, 3, 4].map(() => customer()))), await customer(null), null]
      let ended = 0
      for (const one of steps) {
        house.clock.advance(dayMs / 4)
        if (one.do === 'end') {
          const at = new Date(house.clock.now().getTime() - one.day * dayMs)
          await touchpoint({ kind: `${one.kind}`, customer: customers[one.customer], ended: at })
          ended++
        } else await act(one, programmes)
      }
      await decideAll()
      await assertAgreement(ended)
    }),
    { numRuns: 25 },
  )
})

async function act(one: Exclude<Step, { do: 'end' }>, programmes: readonly string[]): Promise<void> {
  if (one.do === 'decide') return void (await write((tx) => decideSome(tx, one.most)))
  const id = programmes[1]!
  if (one.do === 'turn') return whereThere((tx) => turnProgramme(tx, id, one.state, one.undo))
  if (one.do === 'remove') return whereThere((tx) => removeProgramme(tx, id))
  if (one.do === 'restore') return write((tx) => restoreProgramme(tx, id))
  if (one.do === 'undo') return undoAtOnce(id, one.way)
  const at = (set: ReturnType<typeof sql>) =>
    write((tx) =>
      sql`update invitations set ${set} where workspace_id = ${scope.workspaceId} and id = (
        select id from invitations where workspace_id = ${scope.workspaceId} and due_at is not null
        order by id offset ${one.place} limit 1)`.execute(tx.kysely),
    )
  if (one.do === 'refuse') await at(sql`not_asked = ${one.rule}`)
  else await at(sql`${sql.ref(one.fact)} = ${house.clock.now()}`)
}

/** A programme that has been removed can be neither turned nor removed. */
async function whereThere(work: (tx: Tx) => Promise<void>): Promise<void> {
  await write(work).catch((error: unknown) => assert.equal((error as Problem).kind, 'not_found'))
}

/** What is taken back at once is as it was, line by line; only what would have expired by now is not asked any more. */
async function undoAtOnce(id: string, way: 'turn' | 'remove'): Promise<void> {
  const lines = async () => {
    const { rows } = await sql`select id, state, not_asked, due_at, programme_id from invitations
      where workspace_id = ${scope.workspaceId}
        and (due_at > ${new Date(house.clock.now().getTime() - usual.expiresDays * dayMs)}) is not false
      order by id`.execute(owner)
    return rows
  }
  const [now] = await house.store.read(scope, (db) => listProgrammeRows(db, '2026-11-20', id))
  if (!now) return
  const before = await lines()
  if (way === 'remove' || now.state === 'off') {
    await write((tx) => removeProgramme(tx, id))
    await write((tx) => restoreProgramme(tx, id))
  } else {
    await write((tx) => turnProgramme(tx, id, 'off'))
    await write((tx) => turnProgramme(tx, id, 'on', true))
  }
  assert.deepEqual(await lines(), before)
}

async function assertAgreement(ended: number): Promise<void> {
  await house.store.read(scope, async (db) => {
    const between = { from: '2026-11-01', to: '2026-12-31' }
    const funnel = await viewFunnel(db, between)
    const length = async (filter: { state?: InvitationState; rule?: NotAskedRule }) =>
      (await listInvitations(db, { ...between, ...filter, limit: 200 })).items.length
    const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0)
    assert.equal(funnel.touchpoints, ended)
    assert.equal(await length({}), ended)
    assert.equal(sum(funnel.states), ended)
    assert.equal(sum(funnel.notAsked), funnel.states.find(({ state }) => state === 'not_asked')!.count)
    for (const { state, count } of funnel.states) assert.equal(await length({ state }), count, state)
    for (const { rule, count } of funnel.notAsked) assert.equal(await length({ rule }), count, rule)
    assert.deepEqual([funnel.states.length, funnel.notAsked.length], [invitationStates.length, notAskedRules.length])
  })
}
