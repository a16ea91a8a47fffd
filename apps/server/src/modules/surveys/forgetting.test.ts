import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import { system, type Scope } from '#platform/store.ts'
import { exampleHouse, type ExampleHouse } from './example-house.ts'
import { insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'
import { forgetAll, forgetOld } from './forgetting.ts'
import { histograms } from './histograms.ts'
import { createIngest, type Answer } from './ingest.ts'
import { leaveOut } from './leaving-out.ts'
import { listResponses } from './listing.ts'
import { declareAttributes, rebuildChunk } from './rebuilding.ts'
import { createSegmentBook } from './segments.ts'
import { findWrongCells } from './wrong-cells.ts'

let house: ExampleHouse
before(async () => void (house = await exampleHouse()))
after(() => house.close())

const goOn = new AbortController().signal
const scopeOf = ({ workspaceId }: ExampleSurvey): Scope => ({ workspaceId, actor: system })

async function surveyKeeping(months: number | null, wish: Parameters<typeof insertExampleSurvey>[1] = {}) {
  const survey = await insertExampleSurvey(house.owner, wish)
  await sql`update workspaces set keep_months = ${months} where workspace_id = ${survey.workspaceId}`.execute(
    house.owner,
  )
  return survey
}

/** Answers as an import brings them, so that they may be of any moment. @returns their ids */
async function answers(survey: ExampleSurvey, inputs: readonly Omit<Answer['input'], 'survey'>[], importId?: string) {
  const given = inputs.map((input): Answer => ({
    ...scopeOf(survey),
    source: 'import',
    importId,
    input: { ...input, survey: survey.surveyId },
  }))
  const results = await createIngest(house).submitBulk(given)
  // As if they had come when they were given.
  await sql`update responses set received_at = answered_at where workspace_id = ${survey.workspaceId}
    and excluded_at is null`.execute(house.owner)
  return results.map((result) => {
    assert.equal(result.status, 'accepted', JSON.stringify(result))
    return 'id' in result ? result.id : ''
  })
}

async function rowsOf(survey: ExampleSurvey) {
  const { rows } = await sql<Record<string, unknown>>`
    select * from responses where workspace_id = ${survey.workspaceId} order by local_date, id`.execute(house.owner)
  return rows
}

async function countIn(table: 'customers' | 'touchpoints', { workspaceId }: ExampleSurvey): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from ${sql.table(table)} where workspace_id = ${workspaceId}`.execute(house.owner)
  return rows[0]!.n
}

const told = {
  comment: 'Call me on 041 111 222',
  reasons: ['waiting'],
  answers: { device: 'phone', wish: 'less waiting' },
  language: 'sl' as const,
  externalId: 'ticket-1',
  attributes: { channel: 'mail', plate: 'LJ 12-345' },
  customer: { externalId: 'c-1', email: 'ana@example.com' },
  touchpoint: { externalId: 't-1', kind: 'ticket' },
}

test('of an answer that is older than the workspace keeps them, score, day and segment stay and nothing else', async () => {
  const survey = await surveyKeeping(12, { declared: ['channel', 'language'] })
  const [old] = await answers(survey, [
    { ...told, score: 3, answeredAt: '2025-11-19T22:59:59Z' },
    {
      score: 9,
      answeredAt: '2025-11-19T23:00:00Z',
      comment: 'a year ago to the day, in Ljubljana',
      customer: { externalId: 'c-2' },
    },
  ])
  const [before] = await rowsOf(survey)
  assert.equal(await forgetAll(house, scopeOf(survey), goOn), true)

  const [forgotten, kept] = await rowsOf(survey)
  const { id, dedupe, ...left } = forgotten!
  assert.notEqual(id, old)
  assert.notEqual(dedupe, before!['dedupe'])
  assert.deepEqual(left, {
    workspace_id: survey.workspaceId,
    survey_id: survey.surveyId,
    version: 1,
    wording: 1,
    score: 3,
    local_date: '2025-11-19',
    segment: before!['segment'],
    answered_at: -Infinity,
    received_at: -Infinity,
    language: null,
    source: 'import',
    reasons: [],
    comment: null,
    answers: {},
    attributes: { channel: 'mail', language: 'sl' },
    customer_id: null,
    touchpoint_id: null,
    import_id: null,
    fingerprint: 0,
    external_id: null,
    excluded_at: null,
    excluded_reason: null,
  })
  assert.equal(kept!['comment'], 'a year ago to the day, in Ljubljana')
  assert.deepEqual([await countIn('customers', survey), await countIn('touchpoints', survey)], [1, 0])
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])

  const { rows: facts } = await sql`
    select subject_id, data from events where workspace_id = ${survey.workspaceId}
      and type = 'survey.answers_forgotten'`.execute(house.owner)
  assert.deepEqual(facts, [{ subject_id: survey.surveyId, data: { forgotten: 1, deleted: 0 } }])
})

test('what has been forgotten counts in every figure and stands in no list, also after other attributes are declared', async () => {
  const survey = await surveyKeeping(1, { declared: ['channel', 'topic'] })
  const answeredAt = '2026-06-01T10:00:00Z'
  await answers(survey, [
    { score: 2, answeredAt, attributes: { channel: 'mail', topic: 'Returns' } },
    { score: 8, answeredAt, attributes: { channel: 'chat', topic: 'Returns' } },
    { score: 10, attributes: { channel: 'chat' } },
  ])
  await forgetAll(house, scopeOf(survey), goOn)
  await house.store.write(scopeOf(survey), (tx) => declareAttributes(tx, survey.surveyId, ['channel']))
  const book = createSegmentBook(house.store)
  while (await house.store.write(scopeOf(survey), (tx) => rebuildChunk(tx, book, survey.surveyId))) continue
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])

  await house.store.read(scopeOf(survey), async (db) => {
    const range = { surveyId: survey.surveyId, wording: 1, from: '2026-01-01', to: '2026-12-31' }
    const counted = async (attribute: string) =>
      (await histograms(db, range, { attribute })).map(({ key, counts }) => [key, counts.reduce((a, b) => a + b, 0)])
    assert.deepEqual(await counted('channel'), [
      ['chat', 2],
      ['mail', 1],
    ])
    assert.deepEqual(await counted('topic'), [
      ['Returns', 2],
      ['', 1],
    ])
    const where = [{ attribute: 'topic', values: ['Returns'] }]
    for (const [from, to, n] of [
      ['2026-05-31', '2026-05-31', 0],
      ['2026-06-01', '2026-06-01', 2],
      ['2026-06-02', '2026-06-30', 0],
    ] as const) {
      const [count] = await histograms(db, { ...range, from, to, where }, 'total')
      assert.equal(count?.counts.reduce((a, b) => a + b, 0) ?? 0, n, from)
    }
    const [month] = await histograms(
      db,
      { ...range, grain: 'month', from: '2026-06-01', to: '2026-06-01', where },
      'period',
    )
    assert.deepEqual([month!.key, month!.counts[1], month!.counts[7]], ['2026-06-01', 1, 1])
    for (const order of ['newest', 'hardest'] as const) {
      const { items } = await listResponses(db, survey.surveyId, { order, limit: 10, filter: [] } as never, 'en')
      assert.deepEqual(
        items.map(({ score }) => score),
        [10],
        order,
      )
    }
  })
})

test('it may end after any step, go on in several processes at once, and be done twice', async () => {
  const survey = await surveyKeeping(6)
  const many = Array.from({ length: 30 }, (_, index) => ({
    score: 1 + (index % 10),
    answeredAt: '2026-01-10T10:00:00Z',
    customer: { externalId: `c-${index % 7}` },
    touchpoint: { externalId: `t-${index % 11}`, kind: 'ticket' },
  }))
  await answers(survey, many)
  assert.equal(await house.store.write(scopeOf(survey), (tx) => forgetOld(tx, survey.surveyId, 4)), 4)
  assert.equal(await forgetAll(house, scopeOf(survey), AbortSignal.abort(), 4), false)
  assert.equal((await rowsOf(survey)).filter((row) => row['received_at'] === -Infinity).length, 4)

  await Promise.all([1, 2, 3].map(() => forgetAll(house, scopeOf(survey), goOn, 4)))
  await forgetAll(house, scopeOf(survey), goOn)
  const rows = await rowsOf(survey)
  assert.equal(rows.length, 30)
  assert.ok(rows.every((row) => row['received_at'] === -Infinity && row['customer_id'] === null))
  assert.deepEqual([await countIn('customers', survey), await countIn('touchpoints', survey)], [0, 0])
  const { rows: facts } = await sql<{ n: number }>`
    select sum((data->>'forgotten')::integer) as n from events where workspace_id = ${survey.workspaceId}
      and type = 'survey.answers_forgotten'`.execute(house.owner)
  assert.equal(facts[0]!.n, 30)
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
})

test('customers who answer again just then stay, and no answer is lost', async () => {
  const survey = await surveyKeeping(6)
  const named = Array.from({ length: 40 }, (_, index) => ({ score: 5, customer: { externalId: `c-${index}` } }))
  await answers(
    survey,
    named.map((one) => ({ ...one, answeredAt: '2026-01-10T10:00:00Z' })),
  )
  const ingest = createIngest(house)
  const again = named
    .toReversed()
    .map((one) => ingest.submit({ ...scopeOf(survey), source: 'api', input: { ...one, survey: survey.surveyId } }))
  const [results] = await Promise.all([Promise.all(again), forgetAll(house, scopeOf(survey), goOn, 3)])
  assert.ok(results.every(({ status }) => status === 'accepted'))
  const rows = await rowsOf(survey)
  assert.equal(rows.filter((row) => row['customer_id'] !== null).length, 40)
  assert.equal(await countIn('customers', survey), 40)
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
})

test('spam and tests are deleted 30 days after they were left out, own answers never, whatever the workspace keeps', async () => {
  const survey = await surveyKeeping(null)
  const scope = scopeOf(survey)
  const ids = await answers(survey, [
    { score: 1, customer: { externalId: 'bot' } },
    { score: 2 },
    { score: 3 },
    { score: 4, answeredAt: '2020-01-01T00:00:00Z' },
  ])
  await house.store.write(scope, async (tx) => {
    await leaveOut(tx, ids[0]!, 'spam')
    await leaveOut(tx, ids[1]!, 'test')
    await leaveOut(tx, ids[2]!, 'own')
  })
  const start = house.clock.now()
  try {
    house.clock.advance(30 * 86_400_000)
    await forgetAll(house, scope, goOn)
    assert.equal((await rowsOf(survey)).length, 4)
    house.clock.advance(1)
    await forgetAll(house, scope, goOn)
  } finally {
    house.clock.set(start)
  }
  assert.deepEqual(
    (await rowsOf(survey)).map((row) => row['score']),
    [4, 3],
  )
  assert.equal(await countIn('customers', survey), 0)
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
})

test('what an import may still go on with waits until it has ended', async () => {
  const survey = await surveyKeeping(6)
  const importId = '01900000-0000-7000-8000-000000000001'
  await sql`insert into imports (workspace_id, id, survey_id, file_name, state, shape, bytes, hash, created_at)
    values (${survey.workspaceId}, ${importId}, ${survey.surveyId}, 'old.csv', 'running', '{}', 1, 'x', now())`.execute(
    house.owner,
  )
  await answers(survey, [{ score: 5, answeredAt: '2024-01-10T10:00:00Z', comment: 'kept' }], importId)
  await forgetAll(house, scopeOf(survey), goOn)
  assert.equal((await rowsOf(survey))[0]!['comment'], 'kept')
  await sql`update imports set state = 'done' where id = ${importId}`.execute(house.owner)
  await forgetAll(house, scopeOf(survey), goOn)
  const [row] = await rowsOf(survey)
  assert.deepEqual([row!['comment'], row!['import_id']], [null, importId])
})

test('a connector that sends its history again every night adds nothing of what has been forgotten', async () => {
  const survey = await surveyKeeping(2)
  const scope = scopeOf(survey)
  const history = ['2026-09-19T21:59:59Z', '2026-10-20T10:00:00Z'].map((answeredAt, index): Answer => ({
    ...scope,
    source: 'api',
    input: { survey: survey.surveyId, score: 5, answeredAt, externalId: `ticket-${index}` },
  }))
  const send = async () =>
    (await createIngest(house).submitAll(history)).map((one) => [one.status, 'code' in one && one.code])
  await answers(survey, [{ score: 5, answeredAt: history[0]!.input.answeredAt, externalId: 'ticket-0' }])
  assert.deepEqual(await send(), [
    ['repeated', false],
    ['accepted', false],
  ])
  await forgetAll(house, scope, goOn)
  for (const second of ['repeated', 'repeated']) {
    assert.deepEqual(await send(), [
      ['refused', 'surveys.answered_before_kept'],
      [second, false],
    ])
  }
  assert.equal((await rowsOf(survey)).length, 2)
})

test('an answer is not forgotten while whoever gave it may still change it', async () => {
  const survey = await surveyKeeping(1)
  await answers(survey, [{ score: 5, answeredAt: '2026-01-31T10:00:00Z', comment: 'mine' }])
  const receivedAt = (days: number) => new Date(house.clock.now().getTime() - days * 86_400_000 - 1)
  for (const [days, comment] of [
    [29, 'mine'],
    [30, null],
  ] as const) {
    await sql`update responses set received_at = ${receivedAt(days)} where workspace_id = ${survey.workspaceId}`.execute(
      house.owner,
    )
    await forgetAll(house, scopeOf(survey), goOn)
    assert.equal((await rowsOf(survey))[0]!['comment'], comment)
  }
})

test('a touchpoint that nobody answered about goes when it is as old, and its customer with the last one', async () => {
  const survey = await surveyKeeping(6)
  const { workspaceId } = survey
  const answered = {
    ...told,
    score: 7,
    answeredAt: '2026-10-20T09:00:00Z',
    touchpoint: { externalId: 'kept', kind: 'call' },
  }
  await answers(survey, [answered])
  const people = [uuidv7(), uuidv7()]
  const report = async (customer: number, endedAt: string, createdAt = endedAt) =>
    sql`insert into touchpoints (workspace_id, id, kind, customer_id, ended_at, created_at)
      values (${workspaceId}, ${uuidv7()}, 'call', ${people[customer]}, ${endedAt}, ${createdAt})`.execute(house.owner)
  for (const id of people)
    await sql`insert into customers (workspace_id, id, created_at)
      values (${workspaceId}, ${id}, now())`.execute(house.owner)
  await sql`update touchpoints set ended_at = '2025-11-01', created_at = '2025-11-01'
    where workspace_id = ${workspaceId}`.execute(house.owner)
  await report(0, '2025-12-01T10:00:00Z')
  await report(0, '2025-12-02T10:00:00Z')
  await report(1, '2025-12-03T10:00:00Z')
  await report(1, '2026-11-01T10:00:00Z')
  await report(1, '2025-12-04T10:00:00Z', '2026-11-10T10:00:00Z')
  assert.equal(await forgetAll(house, scopeOf(survey), goOn, 2), true)
  const { rows } = await sql<{ ended_at: Date }>`select ended_at from touchpoints
    where workspace_id = ${workspaceId} order by 1`.execute(house.owner)
  assert.deepEqual(
    rows.map((row) => row.ended_at.toISOString().slice(0, 10)),
    ['2025-11-01', '2025-12-04', '2026-11-01'],
  )
  assert.equal(await countIn('customers', survey), 2)
})
