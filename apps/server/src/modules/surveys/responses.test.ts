import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Permission } from '@lahko/contract'
import { createKey } from '#accounts'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'

let house: TestHouse
let owner: Kysely<unknown>
let survey: ExampleSurvey
let key: string

before(async () => {
  house = await testHouse()
  owner = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: new pg.Pool({ ...house.database.owner, max: 2 }).on('error', () => undefined),
    }),
  })
  survey = await insertExampleSurvey(owner)
  key = await keyWith(survey, ['responses.write', 'responses.import', 'responses.read', 'responses.exclude'])
})
after(async () => {
  await owner.destroy()
  await house.close()
})

async function keyWith({ workspaceId }: ExampleSurvey, scopes: Permission[]): Promise<string> {
  const made = await house.store.write({ workspaceId, actor: system }, (tx) => createKey(tx, { name: 'test', scopes }))
  return made.key
}

type Asked = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  body?: unknown
  key?: string
  headers?: Record<string, string>
}

async function ask({ method = 'GET', url, body, key: with_ = key, headers = {} }: Asked) {
  const reply = await house.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: {
      authorization: `Bearer ${with_}`,
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    payload: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: reply.statusCode, text: reply.body, json: reply.body.startsWith('{') ? reply.json() : undefined }
}

const post = (body: unknown, more: Partial<Asked> = {}) => ask({ method: 'POST', url: '/responses', body, ...more })

test('one answer is accepted; a bad one is a problem that names its field', async () => {
  const good = await post({ survey: 'help', score: 8 })
  assert.equal(good.status, 200)
  assert.equal(good.json.results[0].status, 'accepted')
  const cases: [body: unknown, status: number, field: string][] = [
    [{ survey: 'help', score: 11 }, 400, '/body/score'],
    [{ survey: 'help', score: 0 }, 400, '/body/score'],
    [{ survey: 'help' }, 400, '/body/score'],
    [{ survey: 'nowhere', score: 5 }, 400, '/body/survey'],
    [{ survey: 'help', score: 5, colour: 'red' }, 400, '/body/colour'],
    [{ survey: 'help', score: 5, attributes: { 'Bad name': 'x' } }, 400, '/body/attributes/Bad name'],
    [{ survey: 'help', score: 5, reasons: ['nothing'] }, 400, '/body/reasons/0'],
    [{ survey: 'help', score: 5, comment: 'a\u0000b' }, 400, '/body/comment'],
    [{ responses: 5 }, 400, '/body/responses'],
  ]
  for (const [body, status, field] of cases) {
    const { json, ...reply } = await post(body)
    assert.equal(reply.status, status, JSON.stringify(body))
    assert.equal(json.errors[0].field, field, JSON.stringify(json))
    assert.ok(json.errors[0].message.length > 5)
  }
})

test('in a batch each answer stands for itself', async () => {
  const responses = [
    { survey: 'help', score: 8 },
    { survey: 'help', score: 12 },
    'nonsense',
    { survey: 'help', score: 3, externalId: 'B-1' },
    { survey: 'help', score: 4, externalId: 'B-1' },
  ]
  const { status, json } = await post({ responses })
  assert.equal(status, 200)
  assert.deepEqual(
    json.results.map((one: { index: number; status: string; field?: string }) => [one.index, one.status, one.field]),
    [
      [0, 'accepted', undefined],
      [1, 'refused', '/score'],
      [2, 'refused', ''],
      [3, 'accepted', undefined],
      [4, 'repeated', undefined],
    ],
  )
  assert.equal(json.results[4].id, json.results[3].id)
})

test('a thousand answers with long comments are one request', async () => {
  const responses = Array.from({ length: 1000 }, () => ({ survey: 'help', score: 8, comment: 'so slow '.repeat(500) }))
  const reply = await post({ responses })
  assert.equal(reply.status, 200)
  assert.ok(reply.json.results.every(({ status }: { status: string }) => status === 'accepted'))
  const tooMuch = await post({ responses: responses.map((one) => ({ ...one, comment: 'x'.repeat(9_000) })) })
  assert.deepEqual([tooMuch.status, tooMuch.json.code], [413, 'platform.body_too_large'])
})

test('an Idempotency-Key makes a retry the same answer, and other content a conflict', async () => {
  const headers = { 'idempotency-key': 'abc-1' }
  const first = await post({ survey: 'help', score: 2 }, { headers })
  const again = await post({ survey: 'help', score: 2 }, { headers })
  assert.equal(again.json.results[0].status, 'repeated')
  assert.equal(again.json.results[0].id, first.json.results[0].id)
  const other = await post({ survey: 'help', score: 3 }, { headers })
  assert.equal(other.status, 409)
  assert.equal(other.json.code, 'surveys.same_key_other_content')
  assert.equal((await post({ survey: 'help', score: 3 }, { headers: { 'idempotency-key': 'a b' } })).status, 400)
})

test('the past needs the permission to import', async () => {
  const weak = await keyWith(survey, ['responses.write'])
  const body = { survey: 'help', score: 2, answeredAt: '2026-10-01T08:00:00Z' }
  const refused = await post(body, { key: weak })
  assert.equal(refused.status, 403)
  assert.equal(refused.json.errors[0].field, '/body/answeredAt')
  assert.equal((await post(body)).status, 200)
  assert.equal((await post({ ...body, answeredAt: '2026-12-01T08:00:00Z' })).status, 400)
})

test('another workspace has no such survey', async () => {
  const other = await insertExampleSurvey(owner, { key: 'other' })
  const stranger = await keyWith(other, ['responses.write', 'responses.read', 'responses.exclude'])
  assert.equal(
    (await post({ survey: survey.surveyId, score: 5 }, { key: stranger })).json.code,
    'surveys.unknown_survey',
  )
  assert.equal((await ask({ url: `/surveys/${survey.surveyId}/responses`, key: stranger })).status, 404)
  assert.equal((await ask({ url: `/surveys/${survey.surveyId}/responses.csv`, key: stranger })).status, 404)
  const { json } = await post({ survey: 'help', score: 5 })
  const url = `/responses/${json.results[0].id}/exclusion`
  assert.equal((await ask({ method: 'PUT', url, body: { reason: 'spam' }, key: stranger })).status, 404)
  assert.equal((await ask({ method: 'DELETE', url, key: stranger })).status, 404)
})

test('customer and touchpoint are made with the answer, found again, and shown beside it', async () => {
  const listed = await insertExampleSurvey(owner, { workspaceId: survey.workspaceId, key: 'known' })
  const touchpoint = {
    externalId: 'T-77',
    kind: 'ticket',
    attributes: { topic: 'Returns' },
    startedAt: '2026-11-20T08:00:00Z',
  }
  const customer = { externalId: 'C-7', email: 'Mia@Example.com', name: 'Mia' }
  await post({
    survey: 'known',
    score: 2,
    touchpoint,
    customer,
    comment: 'Twice the same question',
    answers: { device: 'phone' },
    reasons: ['waiting'],
  })
  await post({ survey: 'known', score: 9, touchpoint, customer: { email: 'mia@example.com' } })
  const { json } = await ask({ url: `/surveys/${listed.surveyId}/responses?order=hardest` })
  const [hard, easy] = json.items
  assert.equal(hard.score, 2)
  assert.equal(hard.effortStep, 2)
  assert.deepEqual(hard.customer, { id: hard.customer.id, externalId: 'C-7', name: 'Mia', email: 'mia@example.com' })
  assert.equal(easy.customer.id, hard.customer.id)
  assert.equal(easy.touchpoint.id, hard.touchpoint.id)
  assert.deepEqual(hard.attributes, { kind: 'ticket', topic: 'Returns' })
  assert.deepEqual(hard.answers, [{ id: 'device', question: 'Which device?', value: 'Phone' }])
  assert.deepEqual(hard.reasons, [{ id: 'waiting', label: 'The wait' }])
})

test('an anonymous survey keeps nobody, and has no breakdown', async () => {
  const quiet = await insertExampleSurvey(owner, {
    workspaceId: survey.workspaceId,
    key: 'quiet',
    identity: 'anonymous',
  })
  await post({
    survey: 'quiet',
    score: 5,
    customer: { externalId: 'C-9' },
    touchpoint: { externalId: 'T-9', kind: 'call' },
    attributes: { channel: 'mail' },
    externalId: 'X-9',
  })
  const { rows } = await sql<Record<string, unknown>>`
    select customer_id, touchpoint_id, attributes, external_id, segment from responses where survey_id = ${quiet.surveyId}`.execute(
    owner,
  )
  assert.deepEqual(rows, [{ customer_id: null, touchpoint_id: null, attributes: {}, external_id: null, segment: 0 }])
  const { rows: people } = await sql`select from customers where external_id = 'C-9'`.execute(owner)
  assert.equal(people.length, 0)
  assert.equal((await ask({ url: `/surveys/${quiet.surveyId}/responses?filter=channel:mail` })).status, 403)
  const { rows: cells } =
    await sql`select grain, segment, c5 from cells_now where survey_id = ${quiet.surveyId} order by grain`.execute(
      owner,
    )
  assert.deepEqual(
    cells,
    ['d', 'm', 'w'].map((grain) => ({ grain, segment: 0, c5: 1 })),
  )
})
