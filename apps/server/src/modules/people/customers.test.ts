import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createClient, type ApiProblem, type Client } from '@lahko/contract/client'
import pg from 'pg'
import { untilWaiting } from '#platform/testing/waiting.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace } from '../../testing/workspace.ts'

let house: TestHouse
let owner: pg.Client
let api: Client
let survey: string

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  owner = new pg.Client(house.database.owner)
  await owner.connect()
  const baseUrl = await house.app.listen({ port: 0, host: '127.0.0.1' })
  api = createClient({ baseUrl, key: await keyOf(house, await testWorkspace(house, 'ours')), language: 'en' })
  survey = (await api.surveys.list()).items[0]!.id
})
after(async () => {
  await owner.end()
  await house.close()
})

const gone = (error: unknown) => (error as ApiProblem).problem?.code === 'platform.not_found'
const find = async (query: { externalId?: string; email?: string; phone?: string }) =>
  (await api.people.listCustomers({ query })).items

const ana = { externalId: 'ana', email: 'ana@kupec.example', name: 'Ana' }
const touchpoint = { externalId: 'call-1', kind: 'call', attributes: { plate: 'LJ 12-345' } }

/** Two answers of Ana's, one about her call that does not name her, and one of Ben's. */
async function answers(): Promise<void> {
  const { results } = await api.surveys.ingest({
    body: {
      responses: [
        { survey, score: 2, comment: 'Call 041 111 222', customer: ana, touchpoint },
        { survey, score: 3, comment: 'buy pills', customer: ana },
        { survey, score: 4, comment: 'about the call', touchpoint },
        { survey, score: 9, comment: 'from Ben', customer: { externalId: 'ben' } },
      ],
    },
  })
  const [, spam] = results as { id: string }[]
  await api.surveys.exclude({ params: { id: spam!.id }, body: { reason: 'spam' } })
}

async function everything(): Promise<string> {
  const tables = ['customers', 'touchpoints', 'responses', 'events', 'segments', 'failed_jobs']
  const all = await Promise.all(tables.map((name) => owner.query(`select * from ${name}`)))
  return JSON.stringify(all.map(({ rows }) => rows as unknown[]))
}

test('a customer is found by external id or address, shown with all that is kept, and forgotten', async () => {
  await answers()
  const [found, ...more] = await find({ email: 'ANA@kupec.example' })
  assert.deepEqual([{ ...found, ...ana }, more], [found, []])
  assert.deepEqual(await find({ externalId: 'ana' }), [found])
  assert.deepEqual(await find({ externalId: 'nobody' }), [])
  const params = { id: found!.id }

  const kept = (await api.people.customer({ params })) as Record<string, Record<string, unknown>[]>
  assert.equal((kept['customer'] as unknown as { email: string }).email, ana.email)
  assert.deepEqual(
    kept['touchpoints']!.map(({ external_id, attributes }) => [external_id, attributes]),
    [['call-1', touchpoint.attributes]],
  )
  assert.deepEqual(kept['answers']!.map(({ comment }) => comment).toSorted(), [
    'Call 041 111 222',
    'about the call',
    'buy pills',
  ])

  const figures = `select grain, segment, starts_on, c2, c3, c4, c9 from cells_now order by 1, 2, 3`
  const before = (await owner.query(figures)).rows
  await api.people.eraseCustomer({ params })
  assert.deepEqual((await owner.query(figures)).rows, before)
  const left = await everything()
  for (const said of ['041 111', '"ana"', 'ana@kupec', '"Ana"', 'buy pills', 'about the call', 'LJ 12', 'call-1'])
    assert.ok(!left.includes(said), said)
  assert.ok(left.includes('from Ben'))
  const { rows } = await owner.query('select score from responses order by 1')
  assert.deepEqual(rows, [{ score: 2 }, { score: 4 }, { score: 9 }])
  const { rowCount } = await owner.query(`select from events where type = 'customer.erased' and subject_id = $1`, [
    params.id,
  ])
  assert.equal(rowCount, 1)

  await assert.rejects(api.people.customer({ params }), gone)
  await assert.rejects(api.people.eraseCustomer({ params }), gone)
})

test('whoever answers again after that is new', async () => {
  await answers()
  const [first] = await find({ externalId: 'ana' })
  await api.people.eraseCustomer({ params: { id: first!.id } })
  await answers()
  const [second] = await find({ externalId: 'ana' })
  assert.notEqual(second!.id, first!.id)
})

test('a search names one thing', async () => {
  for (const query of [
    { externalId: 'a', email: 'a@b.example' },
    { search: 'a', phone: '+38640123456' },
  ]) {
    await assert.rejects(api.people.listCustomers({ query }), (error) => (error as ApiProblem).problem?.status === 400)
  }
})

test('customers are listed newest first, page by page, and found by what they hold', async () => {
  const customers = [
    { externalId: 'k-1', name: 'Kaja Novak', organisation: 'Mlin 100%', phone: '+386 40 123 456' },
    { externalId: 'k-2', name: 'Karel Hribar', email: 'karel@mlin.example', organisation: 'Mlin' },
    { externalId: 'k-3', name: 'Kim Olsen' },
  ]
  await api.touchpoints.report({
    body: { touchpoints: customers.map((customer) => ({ kind: 'call', customer })) },
  })
  const names = async (query: Parameters<typeof api.people.listCustomers>[0] & object) =>
    (await api.people.listCustomers(query)).items.map(({ name }) => name).toSorted()
  assert.deepEqual(await names({ query: { search: 'mlin' } }), ['Kaja Novak', 'Karel Hribar'])
  assert.deepEqual(await names({ query: { search: '100%' } }), ['Kaja Novak'])
  assert.deepEqual(await names({ query: { search: '%' } }), ['Kaja Novak'])
  assert.deepEqual(await names({ query: { search: 'k-3' } }), ['Kim Olsen'])
  assert.deepEqual(await names({ query: { phone: '0038640123456' } }), ['Kaja Novak'])

  const seen: string[] = []
  for (let after: string | undefined; ;) {
    const page = await api.people.listCustomers({ query: { limit: 2, after } })
    seen.push(...page.items.map(({ id }) => id))
    if (page.next === null) break
    after = page.next
  }
  assert.deepEqual(seen, seen.toSorted().toReversed())
  assert.equal(new Set(seen).size, seen.length)
  await assert.rejects(
    api.people.listCustomers({ query: { after: 'x' } }),
    (error) => (error as ApiProblem).problem?.code === 'people.bad_page',
  )
})

test('a customer is changed, and no two have the same name', async () => {
  const [one] = await find({ externalId: 'k-1' })
  const params = { id: one!.id }
  const changed = await api.people.changeCustomer({
    params,
    body: { email: 'Kaja@Mlin.example', phone: null, timeZone: 'Europe/Oslo' },
  })
  assert.deepEqual(changed, { ...one, email: 'kaja@mlin.example', phone: null, timeZone: 'Europe/Oslo' })
  const taken = api.people.changeCustomer({ params, body: { email: 'karel@mlin.example' } })
  await assert.rejects(taken, ({ problem }: ApiProblem) => {
    assert.deepEqual(
      [problem.status, problem.code, problem.errors![0]!.field],
      [409, 'people.name_taken', '/body/email'],
    )
    return true
  })
  const { rows } = await owner.query(`select data from events where type = 'customer.changed'`)
  assert.deepEqual(rows, [{ data: { fields: ['email', 'phone', 'timeZone'] } }])
})

test('attributes of a customer are added, changed and taken away one by one', async () => {
  await api.touchpoints.report({ body: { kind: 'call', customer: { externalId: 'attributes' } } })
  const [customer] = await find({ externalId: 'attributes' })
  const { id } = customer!
  const change = async (attributes: Record<string, string | null>) =>
    (await api.people.changeCustomer({ params: { id }, body: { attributes } })).attributes
  assert.deepEqual(await change({ tier: 'gold', seats: '12' }), { tier: 'gold', seats: '12' })
  assert.deepEqual(await change({ tier: null, seats: '14' }), { seats: '14' })
  const wrong = (field: RegExp) => (error: unknown) => field.test((error as ApiProblem).problem!.errors![0]!.field)
  await assert.rejects(change({ 'No name': 'x' }), wrong(/^\/body\/attributes/))
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`a${n}`, 'x']))
  await assert.rejects(change(many), wrong(/^\/body\/attributes$/))
  const kept = (await api.people.customer({ params: { id } })) as { customer: { attributes: object } }
  assert.deepEqual(kept.customer.attributes, { seats: '14' })
})

test('what happened with a customer stands in one timeline, newest first', async () => {
  await api.surveys.ingest({
    body: {
      responses: [
        { survey, score: 2, comment: 'Twice', customer: { externalId: 't-1' } },
        {
          survey,
          score: 9,
          touchpoint: { externalId: 'visit-1', kind: 'visit', endedAt: '2026-11-19T10:00:00Z' },
          customer: { externalId: 't-1' },
        },
      ],
    },
  })
  await api.touchpoints.report({
    body: { kind: 'call', endedAt: '2026-11-18T10:00:00Z', topic: 'Returns', customer: { externalId: 't-1' } },
  })
  const { id } = (await find({ externalId: 't-1' }))[0]!
  const all = await api.people.timeline({ params: { id } })
  assert.equal(all.customer.externalId, 't-1')
  const said = (entry: (typeof all.items)[number]) =>
    entry.type === 'answer'
      ? [entry.score, entry.countsAs, entry.comment]
      : entry.type === 'touchpoint' && [entry.kind, entry.attributes]
  assert.deepEqual(all.items.slice(0, 2).map(said).toSorted(), [
    [2, 'hard', 'Twice'],
    [9, 'easy', null],
  ])
  assert.deepEqual(all.items.slice(2).map(said), [
    ['visit', {}],
    ['call', { topic: 'Returns' }],
  ])
  const pages: unknown[] = []
  for (let after: string | undefined; ;) {
    const page = await api.people.timeline({ params: { id }, query: { limit: 1, after } })
    pages.push(...page.items)
    if (page.next === null) break
    after = page.next
  }
  assert.deepEqual(pages, all.items)
  await assert.rejects(
    api.people.timeline({ params: { id }, query: { after: 'x' } }),
    (error) => (error as ApiProblem).problem?.code === 'people.bad_page',
  )
})

test('somebody is known by the external id, else the address, else the phone; what is unknown is filled in', async () => {
  const touch = async (customer: object) => {
    const { results } = await api.touchpoints.report({ body: { kind: 'call', customer } })
    const { customer: kept } = await api.touchpoints.get({ params: { id: (results[0] as { id: string }).id } })
    return kept!.id
  }
  const first = await touch({ phone: '+47 900 00 001', name: 'Nils' })
  assert.equal(await touch({ phone: '0047 90000001', organisation: 'Fjord', email: 'nils@fjord.example' }), first)
  assert.equal(await touch({ email: 'nils@fjord.example', externalId: 'n-1', timeZone: 'Europe/Oslo' }), first)
  assert.equal(await touch({ id: first }), first)
  // A phone that a household shares.
  assert.notEqual(await touch({ phone: '+4790000001', email: 'kari@fjord.example' }), first)
  assert.notEqual(await touch({ phone: '+4790000001', externalId: 'n-2' }), first)
  const [kept] = await find({ externalId: 'n-1' })
  const { id: _, createdAt: __, organisationId: ___, ...known } = kept!
  assert.deepEqual(known, {
    externalId: 'n-1',
    name: 'Nils',
    email: 'nils@fjord.example',
    addresses: [],
    phone: '+4790000001',
    language: null,
    organisation: 'Fjord',
    attributes: {},
    seesOrganisation: false,
    timeZone: 'Europe/Oslo',
  })
})

test('an answer about a touchpoint that is just coming in is forgotten with its customer', async () => {
  await answers()
  const [found] = await find({ externalId: 'ana' })
  const other = new pg.Client(house.database.owner)
  await other.connect()
  try {
    await other.query('begin')
    await other.query(`
      insert into responses (workspace_id, id, survey_id, version, wording, score, local_date, segment, answered_at,
        received_at, source, comment, touchpoint_id, dedupe, fingerprint)
      select workspace_id, gen_random_uuid(), survey_id, version, wording, score, local_date, segment, answered_at,
        received_at, 'link', 'just came in', touchpoint_id, gen_random_uuid(), 0
      from responses where comment = 'about the call'`)
    const erasing = api.people.eraseCustomer({ params: { id: found!.id } })
    await untilWaiting(house.database.owner)
    await other.query('commit')
    await erasing
  } finally {
    await other.end()
  }
  assert.ok(!(await everything()).includes('just came in'))
})

test('two programs that name somebody new at the same moment name one customer, with the address', async () => {
  const other = new pg.Client(house.database.owner)
  await other.connect()
  try {
    await other.query('begin')
    // The second one has looked for the customer by the address, and comes no further.
    await other.query('lock table customer_addresses in access exclusive mode')
    const reporting = api.touchpoints.report({
      body: { externalId: 'at-once', kind: 'call', customer: { email: 'nova@kupec.example', name: 'Nova' } },
    })
    await untilWaiting(house.database.owner)
    await other.query(`insert into customers (workspace_id, id, email, created_at)
      select workspace_id, gen_random_uuid(), 'nova@kupec.example', now() from surveys limit 1`)
    await other.query('commit')
    await reporting
  } finally {
    await other.end()
  }
  const [found, ...more] = await find({ email: 'nova@kupec.example' })
  const [call] = (await api.touchpoints.list({ query: { search: 'at-once' } })).items
  assert.deepEqual([call!.customer!.id, found!.name, more], [found!.id, 'Nova', []])
})
