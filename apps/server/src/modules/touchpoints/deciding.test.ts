import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { customerGroups } from '#people'
import { uuidv7 } from '#platform/identifiers.ts'
import { system, type Scope, type Tx } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { listOpenTouchpoints, markDecided, takeUndecided } from './index.ts'

const scope: Scope = { workspaceId: uuidv7(), actor: system }
const ana = uuidv7()
const ben = uuidv7()
let house: TestHouse

before(async () => {
  house = await testHouse()
  await house.store.write(scope, async (tx) => {
    await sql`insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
      values (${scope.workspaceId}, 'shop', 'Shop', 'en', 'UTC', now())`.execute(tx.kysely)
    await sql`insert into customers (workspace_id, id, email, language, organisation, time_zone, created_at)
      values (${scope.workspaceId}, ${ana}, 'ana@kupec.example', 'sl', 'Kupec', 'Europe/Ljubljana', now()),
        (${scope.workspaceId}, ${ben}, 'ben@kunde.example', null, null, null, now())`.execute(tx.kysely)
  })
})
after(() => house.close())
beforeEach(() =>
  house.store.write(scope, async (tx) => {
    await sql`delete from touchpoints where workspace_id = ${scope.workspaceId}`.execute(tx.kysely)
  }),
)

type Made = { kind: string; customer?: string; began?: string | null; ended?: string | null }

async function make(tx: Tx, { kind, customer, began = null, ended = null }: Made): Promise<void> {
  await sql`insert into touchpoints (workspace_id, id, kind, customer_id, started_at, ended_at, attributes, created_at)
    values (${scope.workspaceId}, ${uuidv7()}, ${kind}, ${customer ?? null}, ${began}, ${ended},
      ${JSON.stringify({ topic: 'Returns' })}, now())`.execute(tx.kysely)
}

const write = <T>(work: (tx: Tx) => Promise<T>) => house.store.write(scope, work)

test('what has ended waits for a decision, oldest first, and with whom it was', async () => {
  await write(async (tx) => {
    await make(tx, { kind: 'call', customer: ana, ended: '2026-11-20T09:00:00Z' })
    await make(tx, { kind: 'chat', ended: '2026-11-20T08:00:00Z' })
    await make(tx, { kind: 'ticket', customer: ben })
    await make(tx, { kind: 'visit', customer: ben, ended: '2026-11-21T08:00:00Z' })
  })
  const taken = await write(async (tx) => {
    const found = await takeUndecided(tx, 10)
    await markDecided(
      tx,
      found.map(({ id }) => id),
    )
    return found
  })
  const organisationId = taken[1]!.customer!.organisationId
  assert.ok(organisationId)
  assert.deepEqual(
    taken.map(({ kind, endedAt, attributes, customer }) => [kind, endedAt.toISOString(), attributes, customer]),
    [
      ['chat', '2026-11-20T08:00:00.000Z', { topic: 'Returns' }, null],
      [
        'call',
        '2026-11-20T09:00:00.000Z',
        { topic: 'Returns' },
        {
          id: ana,
          person: ana,
          name: null,
          email: 'ana@kupec.example',
          language: 'sl',
          organisation: 'Kupec',
          organisationId,
          organisationRoot: organisationId,
          timeZone: 'Europe/Ljubljana',
        },
      ],
    ],
  )
  assert.deepEqual(await write((tx) => takeUndecided(tx, 10)), [])
})

test('ends that one statement changes are followed, each by its own, and the others stay', async () => {
  const at = (hour: number) => `2026-11-20T0${hour}:00:00Z`
  await write(async (tx) => {
    await make(tx, { kind: 'later', ended: at(7) })
    await make(tx, { kind: 'open', ended: at(7) })
    await make(tx, { kind: 'same', ended: at(7) })
    await make(tx, { kind: 'new' })
    await sql`insert into invitations (workspace_id, id, touchpoint_id, ended_at, kind, decided_at)
      select workspace_id, id, id, ended_at, kind, now() from touchpoints where workspace_id = ${scope.workspaceId}`.execute(
      tx.kysely,
    )
    await sql`update touchpoints set attributes = '{}', ended_at = case kind when 'later' then ${at(8)}::timestamptz
      when 'new' then ${at(9)}::timestamptz when 'same' then ended_at end
      where workspace_id = ${scope.workspaceId}`.execute(tx.kysely)
  })
  const { rows } = await write((tx) =>
    sql<{ kind: string; waits: Date | null; line: Date | null }>`
      select i.kind, u.ended_at as waits, i.ended_at as line from invitations i
      join undecided_touchpoints u on u.workspace_id = i.workspace_id and u.touchpoint_id = i.touchpoint_id
      where i.workspace_id = ${scope.workspaceId} order by i.kind`.execute(tx.kysely),
  )
  const hours = rows.map(({ kind, waits, line }) => [kind, waits?.getUTCHours(), line?.getUTCHours()])
  assert.deepEqual(hours, [
    ['later', 8, 8],
    ['new', 9, 9],
    ['open', undefined, undefined],
    ['same', 7, 7],
  ])
})

test('two who decide at the same time never hold the same touchpoint', async () => {
  await write(async (tx) => {
    for (const minute of [1, 2, 3]) await make(tx, { kind: `call-${minute}`, ended: `2026-11-20T09:0${minute}:00Z` })
  })
  await write(async (one) => {
    const mine = await takeUndecided(one, 2)
    const others = await write((other) => takeUndecided(other, 10))
    assert.deepEqual(
      [mine, others].map((list) => list.map(({ kind }) => kind)),
      [['call-1', 'call-2'], ['call-3']],
    )
  })
})

test('a problem is open that began, or was reported, within 90 days and has not ended', async () => {
  const others = Array.from({ length: 5 }, () => uuidv7())
  await write(async (tx) => {
    for (const id of others)
      await sql`insert into customers (workspace_id, id, created_at)
        values (${scope.workspaceId}, ${id}, now())`.execute(tx.kysely)
    await make(tx, { kind: 'ticket', customer: ana, began: '2026-11-01T08:00:00Z' })
    await make(tx, { kind: 'ticket', customer: ana, began: '2026-11-02T08:00:00Z' })
    await make(tx, { kind: 'ticket', customer: others[0], began: '2026-07-01T08:00:00Z' })
    await make(tx, { kind: 'visit', customer: others[1], began: '2026-12-01T08:00:00Z' })
    await make(tx, {
      kind: 'ticket',
      customer: others[2],
      began: '2026-11-01T08:00:00Z',
      ended: '2026-11-02T08:00:00Z',
    })
    await make(tx, { kind: 'ticket', customer: ben, began: '2026-11-01T08:00:00Z' })
    for (const [place, reported] of [
      [3, '2026-11-01T08:00:00Z'],
      [4, '2026-07-01T08:00:00Z'],
    ] as const)
      await sql`insert into touchpoints (workspace_id, id, kind, customer_id, created_at)
        values (${scope.workspaceId}, ${uuidv7()}, 'ticket', ${others[place]}, ${reported})`.execute(tx.kysely)
  })
  assert.deepEqual(
    await house.store.read(scope, async (db) => listOpenTouchpoints(db, await customerGroups(db, [ana, ...others]))),
    new Set([ana, others[3]]),
  )
})
