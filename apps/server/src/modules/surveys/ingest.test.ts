import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { ResponseInput } from '@lahko/contract'
import { system } from '#platform/store.ts'
import { exampleHouse, type ExampleHouse } from './example-house.ts'
import { insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'
import { createIngest, type Answer } from './ingest.ts'
import { createPublishedSurveys } from './published-surveys.ts'

let house: ExampleHouse
let survey: ExampleSurvey

before(async () => {
  house = await exampleHouse()
  survey = await insertExampleSurvey(house.owner)
})
after(() => house.close())

const answer = (input: Partial<ResponseInput>, more: Partial<Answer> = {}): Answer => ({
  workspaceId: survey.workspaceId,
  actor: system,
  source: 'api',
  input: { survey: survey.key, score: 7, ...input },
  ...more,
})
const rowsOf = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(house.owner)).rows

test('an accepted answer is a response, a fact and six cells', async () => {
  const result = await createIngest(house).submit(
    answer({
      score: 9,
      language: 'sl',
      reasons: ['fast', 'waiting'],
      comment: 'Hvala',
      attributes: { channel: 'mail', own: 'x' },
    }),
  )
  assert.equal(result.status, 'accepted')
  assert.ok(result.status === 'accepted')
  const [row] = await rowsOf(sql<Record<string, unknown>>`select * from responses where id = ${result.id}`)
  assert.equal(row?.['score'], 9)
  assert.deepEqual(row?.['reasons'], ['fast'])
  assert.equal(row?.['local_date'], '2026-11-20')
  assert.deepEqual(row?.['attributes'], { channel: 'mail', own: 'x' })
  const events = await rowsOf(sql<{ type: string }>`select type from events where subject_id = ${result.id}`)
  assert.deepEqual(events, [{ type: 'response.received' }])
  const cells = await rowsOf(
    sql<
      Record<string, unknown>
    >`select grain, segment, starts_on, c9 from cells_now where survey_id = ${survey.surveyId} order by 1, 2`,
  )
  assert.deepEqual(cells, [
    { grain: 'd', segment: 0, starts_on: '2026-11-20', c9: 1 },
    { grain: 'd', segment: 1, starts_on: '2026-11-20', c9: 1 },
    { grain: 'm', segment: 0, starts_on: '2026-11-01', c9: 1 },
    { grain: 'm', segment: 1, starts_on: '2026-11-01', c9: 1 },
    { grain: 'w', segment: 0, starts_on: '2026-11-16', c9: 1 },
    { grain: 'w', segment: 1, starts_on: '2026-11-16', c9: 1 },
  ])
})

test('a replay is the same response, counted once', async () => {
  const ingest = createIngest(house)
  const first = await ingest.submit(answer({ externalId: 'T-1', score: 3 }))
  const again = await ingest.submitAll([
    answer({ externalId: 'T-1', score: 3 }),
    answer({ externalId: 'T-1', score: 8 }),
  ])
  assert.ok(first.status === 'accepted')
  for (const one of again)
    assert.deepEqual(one, { status: 'repeated', id: first.id, surveyId: survey.surveyId, score: 3 })
})

test('an anonymous answer is known again, and nobody who reads it finds its ticket by trying', async () => {
  const anonymous = await insertExampleSurvey(house.owner, { identity: 'anonymous' })
  const ingest = createIngest(house)
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  for (const [name, more] of [
    ['external id', { externalId: '4186' }],
    ['idempotency key', {}],
  ] as const) {
    const input: ResponseInput = { survey: anonymous.key, score: 7, ...more }
    const one = answer(input, { workspaceId: anonymous.workspaceId, retryKey: '4187', refuseOtherContent: true })
    assert.equal((await ingest.submit(one)).status, 'accepted', name)
    assert.equal((await ingest.submit(one)).status, 'repeated', name)
    const [row] = await rowsOf(
      sql<{ dedupe: string; fingerprint: number; text: string }>`
        select dedupe, fingerprint, to_jsonb(r)::text as text from responses r
        where survey_id = ${anonymous.surveyId} order by received_at desc, id desc limit 1`,
    )
    const tried = [`external\n${anonymous.surveyId}\n4186`, 'key\nsystem\n4187'].map((text) =>
      digest(text).slice(0, 32),
    )
    assert.ok(!tried.includes(row!.dedupe.replaceAll('-', '')), name)
    assert.notEqual(Number(row!.fingerprint), Number.parseInt(digest(JSON.stringify(input)).slice(0, 12), 16))
    assert.doesNotMatch(row!.text, /418[67]"/)
  }
})

test('what the database refuses is refused alone', async () => {
  const results = await createIngest(house).submitAll([
    answer({ score: 5, externalId: 'ok-1' }),
    answer({ score: 5, externalId: 'bad', comment: 'half a \u0000 text' }),
    answer({ score: 6, externalId: 'ok-2' }),
  ])
  assert.deepEqual(
    results.map((one) => (one.status === 'refused' ? one.code : one.status)),
    ['accepted', 'surveys.not_kept', 'accepted'],
  )
})

test('whatever text is sent is the text that is kept', async () => {
  const text = fc
    .string({
      unit: fc.constantFrom('a', '"', '\\', ',', '(', ')', '{', '}', "'", '\n', '\t', ' ', 'č', '🙂', '$', ';'),
      maxLength: 30,
    })
    .filter((one) => one !== '')
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.dictionary(fc.constantFrom('channel', 'own'), text),
      async (comment, wish, attributes) => {
        const result = await createIngest(house).submit(
          answer({ comment, answers: { wish }, attributes, externalId: undefined }),
        )
        assert.ok(result.status === 'accepted')
        const [row] = await rowsOf(
          sql<Record<string, unknown>>`select comment, answers, attributes from responses where id = ${result.id}`,
        )
        assert.deepEqual(row, { comment, answers: { wish }, attributes: { ...attributes } })
      },
    ),
    { numRuns: 60, seed: 11 },
  )
})

test('many workspaces in one batch each get their own', async () => {
  const others = await Promise.all([1, 2, 3].map(() => insertExampleSurvey(house.owner)))
  const sent = Array.from({ length: 30 }, (_, n) => ({ one: others[n % 3]!, score: 1 + (n % 10) }))
  const results = await Promise.all(
    sent.map(({ one, score }) => createIngest(house).submit({ ...answer({ score }), workspaceId: one.workspaceId })),
  )
  assert.ok(results.every(({ status }) => status === 'accepted'))
  for (const one of others) {
    const rows = await rowsOf(
      sql<{
        n: number
      }>`select count(*) as n from responses where workspace_id = ${one.workspaceId} and survey_id = ${one.surveyId}`,
    )
    assert.deepEqual(rows, [{ n: 10 }])
  }
})

test('many senders who meet the same people in any order wait for nobody in a circle', async () => {
  const ingest = createIngest(house)
  const meet = (n: number) => ({
    customer: { externalId: `P-${n}`, name: `Person ${n}` },
    touchpoint: { externalId: `Q-${n % 7}`, kind: 'ticket' },
    attributes: { channel: `channel ${n % 5}` },
  })
  const rounds = Array.from({ length: 24 }, (_, round) =>
    Array.from({ length: 40 }, (_, n) => answer({ externalId: `${round}-${n}`, ...meet((n * (round + 3)) % 40) })),
  )
  const results = await Promise.all(
    rounds.map((answers, round) => (round % 2 ? ingest.submitBulk(answers) : ingest.submitAll(answers))),
  )
  assert.ok(results.flat().every(({ status }) => status === 'accepted'))
})

test('of an answer that is known already nothing changes, people and touchpoints included', async () => {
  const ingest = createIngest(house)
  const once = { retryKey: 'request 1', refuseOtherContent: true }
  await ingest.submit(answer({ score: 4, touchpoint: { externalId: 'T-7', kind: 'ticket' } }, once))
  const other = answer(
    { score: 5, customer: { externalId: 'C-7' }, touchpoint: { externalId: 'T-7', kind: 'call' } },
    once,
  )
  const again = await ingest.submit(other)
  assert.ok(again.status === 'refused' && again.code === 'surveys.same_key_other_content')
  const rows = await rowsOf(sql<Record<string, unknown>>`
    select kind, (select count(*) from customers where external_id = 'C-7') as customers
    from touchpoints where external_id = 'T-7'`)
  assert.deepEqual(rows, [{ kind: 'ticket', customers: 0 }])
})

test('a retry of what was kept is told so, although the survey takes no more', async () => {
  const closed = await insertExampleSurvey(house.owner)
  const ingest = createIngest(house)
  const mine = { ...answer({ score: 2 }, { retryKey: 'request 2', refuseOtherContent: true }), ...closed }
  const first = await ingest.submit(mine)
  assert.ok(first.status === 'accepted')
  await sql`update surveys set closes_on = '2026-01-01' where id = ${closed.surveyId}`.execute(house.owner)
  createPublishedSurveys(house).forget(closed.surveyId)
  const expected = { status: 'repeated', id: first.id, surveyId: closed.surveyId, score: 2 }
  assert.deepEqual(await ingest.submit(mine), expected)
  const fresh = await ingest.submit({ ...mine, retryKey: 'request 3' })
  assert.ok(fresh.status === 'refused' && fresh.code === 'surveys.closed')
})

test('an external id names the answer, and an idempotency key one request of one sender', async () => {
  const ingest = createIngest(house)
  const key = (keyId: string) => ({ actor: { kind: 'key' as const, keyId, permissions: new Set<never>() } })
  const [one, two] = [randomUUID(), randomUUID()]
  const first = await ingest.submit(answer({ externalId: 'E-1' }, key(one)))
  const later = { ...key(one), retryKey: '1', refuseOtherContent: true }
  const again = await ingest.submit(answer({ externalId: 'E-1', comment: 'more' }, later))
  assert.ok(first.status === 'accepted' && again.status === 'repeated' && again.id === first.id)
  const mine = await ingest.submit(answer({ score: 1 }, later))
  const theirs = await ingest.submit(answer({ score: 2 }, { ...later, ...key(two) }))
  assert.deepEqual([mine.status, theirs.status], ['accepted', 'accepted'])
})

test('any offset that ISO 8601 knows is a moment', async () => {
  const touchpoint = { externalId: 'T-8', kind: 'call', startedAt: '2026-11-20T10:00:00+16:30' }
  assert.equal((await createIngest(house).submit(answer({ touchpoint }))).status, 'accepted')
  const rows = await rowsOf(sql<{ at: Date }>`select started_at as at from touchpoints where external_id = 'T-8'`)
  assert.deepEqual(rows, [{ at: new Date('2026-11-19T17:30:00Z') }])
})

test('whoever answers about a touchpoint is its customer, unless somebody else is named or anybody could have written it', async () => {
  const touchpoint = { externalId: 'T-9', kind: 'call' }
  const of = async (input: Partial<ResponseInput>, more: Partial<Answer> = {}) => {
    const result = await createIngest(house).submit(answer({ touchpoint, ...input }, more))
    assert.ok(result.status === 'accepted')
    const rows = await rowsOf(sql<{ name: string | null }>`select c.external_id as name from responses r
      left join customers c on c.workspace_id = r.workspace_id and c.id = r.customer_id where r.id = ${result.id}`)
    return rows[0]!.name
  }
  assert.equal(await of({}), null)
  assert.equal(await of({ customer: { externalId: 'C-9' } }), 'C-9')
  assert.equal(await of({}), 'C-9')
  assert.equal(await of({ customer: { externalId: 'C-10' } }), 'C-10')
  assert.equal(await of({}, { source: 'link' }), null)
})

test('answers, cells and facts go with their workspace', async () => {
  const gone = await insertExampleSurvey(house.owner)
  await createIngest(house).submit({
    ...answer({ customer: { externalId: 'C-1' }, touchpoint: { externalId: 'T-1', kind: 'ticket' } }),
    workspaceId: gone.workspaceId,
  })
  await house.store.write({ workspaceId: gone.workspaceId, actor: system }, (tx) =>
    sql`delete from workspaces where workspace_id = ${gone.workspaceId}`.execute(tx.kysely),
  )
  const left = await rowsOf(sql<{ n: number }>`
    select (select count(*) from responses where workspace_id = ${gone.workspaceId})
      + (select count(*) from cells_now where workspace_id = ${gone.workspaceId})
      + (select count(*) from events where workspace_id = ${gone.workspaceId}) as n`)
  assert.deepEqual(left, [{ n: 0 }])
})
