import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Mailbox } from '@lahko/contract/mailboxes'
import { CompiledQuery, Kysely, PostgresDialect, sql as query } from 'kysely'
import pg from 'pg'
import { countOutcomes } from './mailboxes.queries.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk
let mailbox: Mailbox

before(async () => {
  desk = await testDesk('counting-mails')
  mailbox = await desk.ask<Mailbox>('POST', '/mailboxes', { name: 'Shop', address: 'shop@shop.example' })
  const sql = new pg.Client(desk.house.database.owner)
  await sql.connect()
  await sql.query(
    `insert into incoming_mails (workspace_id, id, mailbox_id, fingerprint, size, outcome, received_at)
    select $1, gen_random_uuid(), $2, sha256(n::text::bytea), 1,
      case when n % 10 = 0 then 'set_aside' when n % 100 = 1 then 'bounce' else 'kept' end, now()
    from generate_series(1, 120000) n`,
    [desk.scope.workspaceId, mailbox.id],
  )
  await sql.query('vacuum analyze incoming_mails')
  await sql.end()
})
after(() => desk.house.close())

test('what a mailbox has seen is counted to a hundred thousand of a kind', async () => {
  const { items } = await desk.ask<{ items: Mailbox[] }>('GET', '/mailboxes')
  const { kept, setAside, bounces, repeats, waiting } = items[0]!.counts
  assert.deepEqual([kept, setAside, bounces, repeats, waiting], [100_000, 12_000, 1_200, 0, 0])
})

test('each count walks a range of an index and stops at its bound', async () => {
  const asked: CompiledQuery[] = []
  const kysely = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: desk.house.store.pool }),
    log: ({ query: one }) => void asked.push(one),
  })
  await kysely.transaction().execute(async (transaction) => {
    await query`select set_config('app.workspace', ${desk.scope.workspaceId}, true)`.execute(transaction)
    asked.length = 0
    await countOutcomes({ ...desk.scope, kysely: transaction, now: desk.house.clock.now() }, [mailbox.id])
    const [{ sql: text, parameters }] = asked as [CompiledQuery]
    const { rows } = await transaction.executeQuery<{ 'QUERY PLAN': string }>(
      CompiledQuery.raw(`explain ${text}`, [...parameters]),
    )
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    assert.match(plan, /Limit[\s\S]*Index Only Scan using incoming_mails_outcome/, plan)
    assert.doesNotMatch(plan, /Seq Scan on incoming_mails/, plan)
  })
})
