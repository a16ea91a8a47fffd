import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createClient, type ApiProblem, type Client } from '@lahko/contract/client'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import { system, type Scope } from '#platform/store.ts'
import { untilWaiting } from '#platform/testing/waiting.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'
import { markDecided, takeUndecided } from './index.ts'

let house: TestHouse
let workspace: TestWorkspace
let api: Client
let scope: Scope

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  const baseUrl = await house.app.listen({ port: 0, host: '127.0.0.1' })
  workspace = await testWorkspace(house, 'ours')
  api = createClient({ baseUrl, key: await keyOf(house, workspace), language: 'en' })
  const { workspace: own } = await api.accounts.me()
  scope = { workspaceId: own!.id, actor: system }
})
after(() => house.close())

type Report = Parameters<typeof api.touchpoints.report>[0] & object
const report = async (body: Report['body']) => (await api.touchpoints.report({ body })).results
const one = async (body: Report['body']) => ((await report(body))[0] as { id: string }).id
const get = (id: string) => api.touchpoints.get({ params: { id } })
const refusedWith = (status: number, code: string, field: string) => (error: unknown) => {
  const { problem } = error as ApiProblem
  assert.deepEqual([problem.status, problem.code, problem.errors?.[0]?.field], [status, code, field])
  return true
}

/** The facts about one touchpoint, in their order. */
async function factsOf(id: string): Promise<string[]> {
  const { rows } = await house.store.read(scope, (db) =>
    sql<{ type: string }>`select type from events where subject_id = ${id} order by at, id`.execute(db.kysely),
  )
  return rows.map(({ type }) => type)
}

const decide = () =>
  house.store.write(scope, async (tx) => {
    const taken = await takeUndecided(tx, 1000)
    await markDecided(
      tx,
      taken.map(({ id }) => id),
    )
  })

test('a touchpoint is reported while it runs, again when it has ended, and keeps what both said', async () => {
  const first = { externalId: 'ticket-1', kind: 'ticket', startedAt: '2026-11-19T09:00:00+01:00', topic: 'Returns' }
  const [accepted] = await report({
    ...first,
    attributes: { plan: 'pro', topic: 'Other' },
    customer: { email: 'ana@kupec.example' },
  })
  assert.equal(accepted!.status, 'accepted')
  const { id } = accepted as { id: string }
  assert.deepEqual(await factsOf(id), ['touchpoint.reported'])

  house.clock.advance(1000)
  const again = {
    ...first,
    endedAt: '2026-11-20T09:00:00Z',
    topic: 'Repairs',
    outcome: 'solved',
    agent: 'Bor',
    team: 'North',
    channel: 'mail',
  }
  assert.deepEqual(await report(again), [{ index: 0, status: 'repeated', id }])
  assert.deepEqual(await report(again), [{ index: 0, status: 'repeated', id }])
  assert.deepEqual(await factsOf(id), ['touchpoint.reported', 'touchpoint.ended'])
  const { customer, reportedAt, ...kept } = await get(id)
  assert.equal(reportedAt, '2026-11-20T10:00:00.000Z')
  assert.equal(customer!.email, 'ana@kupec.example')
  assert.deepEqual(kept, {
    id,
    externalId: 'ticket-1',
    kind: 'ticket',
    startedAt: '2026-11-19T08:00:00.000Z',
    endedAt: '2026-11-20T09:00:00.000Z',
    decided: false,
    attributes: { plan: 'pro', topic: 'Repairs', outcome: 'solved', agent: 'Bor', team: 'North', channel: 'mail' },
    answers: [],
  })
})

test('each of a batch is judged by itself', async () => {
  const results = await report({
    touchpoints: [
      { kind: 'call', endedAt: '2026-11-20T09:00:00Z' },
      { kind: '' },
      { kind: 'call', endedAt: '2026-11-21T09:00:00Z' },
      { kind: 'call', startedAt: '2026-11-20T09:00:00Z', endedAt: '2026-11-20T08:00:00Z' },
      { kind: 'call', customer: { name: 'Ana' } },
      { kind: 'call', customer: { id: '01900000-0000-7000-8000-00000000000a' } },
      { kind: 'call', startedAt: '1970-01-01T00:00:00Z' },
      { kind: 'call', startedAt: '2028-01-01T00:00:00Z' },
      { kind: 'call', what: 1 },
      'call',
      { externalId: 'twice', kind: 'call', attributes: { a: '1' } },
      { externalId: 'twice', kind: 'chat', attributes: { b: '2' } },
      { kind: 'call', customer: { phone: '040 123' } },
    ],
  })
  assert.deepEqual(
    results.map((result) => (result.status === 'refused' ? [result.code, result.field] : result.status)),
    [
      'accepted',
      ['too_small', '/kind'],
      ['touchpoints.ends_in_future', '/endedAt'],
      ['touchpoints.ended_before_started', '/endedAt'],
      ['touchpoints.customer_unnamed', '/customer'],
      ['touchpoints.no_such_customer', '/customer/id'],
      ['touchpoints.too_long_ago', '/startedAt'],
      ['touchpoints.starts_too_late', '/startedAt'],
      ['unrecognized_keys', '/what'],
      ['invalid_type', ''],
      'accepted',
      'repeated',
      ['custom', '/customer/phone'],
    ],
  )
  assert.deepEqual(
    results.map(({ index }) => index),
    results.map((_, index) => index),
  )
  const twice = results[10] as { id: string }
  assert.deepEqual((results[11] as { id: string }).id, twice.id)
  const { kind, attributes } = await get(twice.id)
  assert.deepEqual([kind, attributes], ['chat', { a: '1', b: '2' }])
})

test('a single one that does not fit is a problem that names its field', async () => {
  const body = { kind: 'call', endedAt: '2026-12-01T00:00:00Z' }
  await assert.rejects(report(body), refusedWith(400, 'touchpoints.ends_in_future', '/body/endedAt'))
  await assert.rejects(
    report({ kind: 'call', customer: {} }),
    refusedWith(400, 'touchpoints.customer_unnamed', '/body/customer'),
  )
})

test('a report does not end a touchpoint before an earlier one let it begin', async () => {
  const first = { externalId: 'backwards', kind: 'call', startedAt: '2026-11-20T08:08:00Z' }
  const id = await one(first)
  const wrong = { externalId: 'backwards', kind: 'call', endedAt: '2026-11-20T03:08:00Z' }
  await assert.rejects(report(wrong), refusedWith(400, 'touchpoints.ended_before_started', '/body/endedAt'))
  assert.equal((await get(id)).endedAt, null)
  const body = { endedAt: '2026-11-20T09:00:00Z' }
  assert.equal((await api.touchpoints.change({ params: { id }, body })).endedAt, '2026-11-20T09:00:00.000Z')
  const late = { ...first, startedAt: '2026-11-20T09:30:00Z' }
  await assert.rejects(report(late), refusedWith(400, 'touchpoints.ended_before_started', '/body/endedAt'))
})

test('reports of the same that meet are one touchpoint', async () => {
  const touchpoints = Array.from({ length: 20 }, (_, index) => ({
    externalId: `race-${index}`,
    kind: 'call',
    endedAt: '2026-11-20T09:00:00Z',
    customer: { externalId: `racer-${index % 7}`, email: `r${index % 5}@race.example` },
  }))
  const all = await Promise.all(
    [touchpoints, touchpoints.toReversed(), touchpoints, touchpoints.toReversed()].map((some) =>
      report({ touchpoints: some }),
    ),
  )
  const results = all.flat()
  assert.equal(results.filter(({ status }) => status === 'accepted').length, 20)
  assert.equal(new Set(results.map((result) => (result as { id: string }).id)).size, 20)
})

test('once it was decided whether to ask, only attributes change', async () => {
  const given = { externalId: 'decided', kind: 'call', endedAt: '2026-11-20T09:00:00Z' }
  const id = await one(given)
  await decide()
  assert.ok((await get(id)).decided)
  assert.deepEqual(await report({ ...given, kind: 'chat', endedAt: '2026-11-20T09:30:00Z', topic: 'Late' }), [
    { index: 0, status: 'repeated', id },
  ])
  const { kind, endedAt, attributes } = await get(id)
  assert.deepEqual([kind, endedAt, attributes], ['call', '2026-11-20T09:00:00.000Z', { topic: 'Late' }])
  const params = { id }
  const later = api.touchpoints.change({ params, body: { endedAt: '2026-11-20T09:30:00Z' } })
  await assert.rejects(later, refusedWith(409, 'touchpoints.decided', '/body/endedAt'))
  const somebody = api.touchpoints.change({ params, body: { customer: { externalId: 'another' } } })
  await assert.rejects(somebody, refusedWith(409, 'touchpoints.decided', '/body/customer'))
  const changed = await api.touchpoints.change({ params, body: { topic: 'Later', attributes: { plan: 'pro' } } })
  assert.deepEqual(changed.attributes, { topic: 'Later', plan: 'pro' })
})

test('what comes while it is being decided about waits, and then changes attributes only', async () => {
  const survey = await api.surveys.create({ body: { name: 'Meanwhile', libraryId: 'ces-10-solved' } })
  await api.surveys.publish({ params: { id: survey.id }, body: {} })
  const given = { externalId: 'meanwhile', kind: 'call', endedAt: '2026-11-20T09:00:00Z' }
  const id = await one(given)
  const { promise: taken, resolve: isTaken } = Promise.withResolvers<void>()
  const { promise: release, resolve: goOn } = Promise.withResolvers<void>()
  const deciding = house.store.write(scope, async (tx) => {
    const found = await takeUndecided(tx, 1000)
    await markDecided(
      tx,
      found.map((touchpoint) => touchpoint.id),
    )
    isTaken()
    await release
  })
  await taken
  const touchpoint = { ...given, kind: 'visit', attributes: { plan: 'pro' } }
  const others = Promise.all([
    assert.rejects(
      api.touchpoints.change({ params: { id }, body: { kind: 'chat' } }),
      refusedWith(409, 'touchpoints.decided', '/body/kind'),
    ),
    report({ ...given, kind: 'ticket', topic: 'Returns' }),
    api.surveys.ingest({ body: { survey: survey.key, score: 5, touchpoint } }),
  ])
  await untilWaiting(house.database.owner, 3).finally(goOn)
  await Promise.all([deciding, others])
  const { kind, decided, attributes } = await get(id)
  assert.deepEqual([kind, decided, attributes], ['call', true, { topic: 'Returns', plan: 'pro' }])
})

test('a change that is sent a second time, because its reply was lost, is the same change', async () => {
  const customer = { externalId: 'lost-reply', name: 'Mia' }
  const id = await one({ kind: 'call', startedAt: '2026-11-20T08:00:00Z', customer })
  const change = { kind: 'chat', startedAt: '2026-11-20T08:00:00Z', endedAt: '2026-11-20T09:00:00Z', customer } as const
  const first = await api.touchpoints.change({ params: { id }, body: change })
  await decide()
  const { decided, ...again } = await api.touchpoints.change({ params: { id }, body: change })
  assert.ok(decided)
  assert.deepEqual({ ...again, decided: false }, first)
  assert.equal((await factsOf(id)).length, 2)
})

test('opened again before anybody was written to, a touchpoint is decided about anew', async () => {
  const given = { externalId: 'again', kind: 'call', endedAt: '2026-11-20T09:00:00Z' }
  const id = await one(given)
  await decide()
  const [refused] = await report({
    touchpoints: [{ ...given, endedAt: null, startedAt: '2030-11-20T09:00:00Z' }],
  })
  assert.deepEqual([refused!.status, (await get(id)).decided], ['refused', true])
  await report({ ...given, endedAt: null, topic: 'Returns' })
  const { endedAt, decided, attributes } = await get(id)
  assert.deepEqual([endedAt, decided, attributes], [null, false, { topic: 'Returns' }])
  await report({ ...given, kind: 'chat' })
  await decide()
  await report({ touchpoints: [{ ...given, endedAt: null }, given] })
  assert.equal((await get(id)).decided, false)
  await decide()
  const changed = await api.touchpoints.change({ params: { id }, body: { endedAt: null, kind: 'visit' } })
  assert.deepEqual([changed.endedAt, changed.decided, changed.kind], [null, false, 'visit'])
  assert.deepEqual(
    (await factsOf(id)).map((type) => type.slice('touchpoint.'.length)),
    ['ended', 'reported', 'ended', 'ended', 'reported'],
  )
})

test('an answer adds attributes to a touchpoint that was decided about, and changes nothing else', async () => {
  const survey = await api.surveys.create({ body: { name: 'Decided', libraryId: 'ces-10-solved' } })
  await api.surveys.publish({ params: { id: survey.id }, body: {} })
  const id = await one({ externalId: 'answered', kind: 'call', endedAt: '2026-11-20T09:00:00Z' })
  await decide()
  const touchpoint = {
    externalId: 'answered',
    kind: 'chat',
    endedAt: '2026-11-20T09:30:00Z',
    attributes: { plan: 'pro' },
  }
  await api.surveys.ingest({ body: { survey: survey.key, score: 5, touchpoint } })
  const { kind, endedAt, attributes } = await get(id)
  assert.deepEqual([kind, endedAt, attributes], ['call', '2026-11-20T09:00:00.000Z', { plan: 'pro' }])
})

test('an answer does not end its touchpoint before it began, and is kept all the same', async () => {
  const survey = await api.surveys.create({ body: { name: 'Backwards', libraryId: 'ces-10-solved' } })
  await api.surveys.publish({ params: { id: survey.id }, body: {} })
  const id = await one({ externalId: 'answered-backwards', kind: 'call', startedAt: '2026-11-20T08:00:00Z' })
  const answer = (endedAt: string) =>
    api.surveys.ingest({
      body: { survey: survey.key, score: 5, touchpoint: { externalId: 'answered-backwards', kind: 'call', endedAt } },
    })
  await answer('2026-11-20T07:00:00Z')
  assert.equal((await get(id)).endedAt, null)
  await answer('2026-11-20T09:00:00Z')
  const { startedAt, endedAt, answers } = await get(id)
  assert.deepEqual([startedAt, endedAt, answers.length], ['2026-11-20T08:00:00.000Z', '2026-11-20T09:00:00.000Z', 2])
})

test('attributes do not grow without end', async () => {
  const twenty = (name: string) => Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${name}_${n}`, 'x']))
  const first = { externalId: 'many', kind: 'call', attributes: twenty('a') }
  const id = await one(first)
  const [again, refused] = await report({
    touchpoints: [first, { ...first, attributes: twenty('b') }],
  })
  assert.deepEqual([again!.status, refused], ['repeated', { ...refused, field: '/attributes' }])
  await assert.rejects(
    api.touchpoints.change({ params: { id }, body: { attributes: twenty('c') } }),
    refusedWith(400, 'touchpoints.too_many_attributes', '/body/attributes'),
  )
  assert.deepEqual((await get(id)).attributes, twenty('a'))
})

test('a touchpoint is changed while it runs, ended, and opened again', async () => {
  const id = await one({ kind: 'ticket', startedAt: '2026-11-19T09:00:00Z' })
  const change = (
    body: Parameters<typeof api.touchpoints.change>[0] extends (infer G) | undefined
      ? (G & { body: object })['body']
      : never,
  ) => api.touchpoints.change({ params: { id }, body })
  house.clock.advance(10)
  assert.equal((await change({ kind: 'call', customer: { externalId: 'ben' } })).kind, 'call')
  house.clock.advance(10)
  assert.equal((await change({ endedAt: '2026-11-20T09:00:00Z' })).endedAt, '2026-11-20T09:00:00.000Z')
  house.clock.advance(10)
  assert.equal((await change({ endedAt: null })).endedAt, null)
  assert.equal((await change({})).customer!.externalId, 'ben')
  assert.deepEqual(await factsOf(id), [
    'touchpoint.reported',
    'touchpoint.reported',
    'touchpoint.ended',
    'touchpoint.reported',
  ])
  await assert.rejects(
    change({ endedAt: '2026-11-18T09:00:00Z' }),
    refusedWith(400, 'touchpoints.ended_before_started', '/body/endedAt'),
  )
  await assert.rejects(change({ customer: {} }), refusedWith(400, 'touchpoints.customer_unnamed', '/body/customer'))
})

test('touchpoints are listed newest first, filtered, page by page', async () => {
  const customer = { externalId: 'listed' }
  await report({
    touchpoints: [
      { externalId: 'list/a', kind: 'order', startedAt: '2026-10-01T21:59:00Z', customer },
      { externalId: 'list/b', kind: 'order', endedAt: '2026-10-01T22:01:00Z', customer },
      { externalId: 'list/c', kind: 'visit', endedAt: '2026-10-03T22:01:00Z', customer },
      { externalId: 'list%', kind: 'order', endedAt: '2026-10-04T12:00:00Z', customer },
    ],
  })
  type Query = (Parameters<typeof api.touchpoints.list>[0] & object)['query'] & object
  const listed = async (query: Query) => {
    const seen: (string | null)[] = []
    for (let after: string | undefined; ;) {
      const page = await api.touchpoints.list({ query: { limit: 1, ...query, after } })
      seen.push(...page.items.map(({ externalId }) => externalId))
      if (page.next === null) return seen
      after = page.next
    }
  }
  const { items } = await api.touchpoints.list({ query: { search: 'list/a' } })
  const theirs = { customer: items[0]!.customer!.id }
  assert.deepEqual(await listed(theirs), ['list%', 'list/c', 'list/b', 'list/a'])
  assert.deepEqual(await listed({ ...theirs, kind: 'order' }), ['list%', 'list/b', 'list/a'])
  assert.deepEqual(await listed({ ...theirs, state: 'open' }), ['list/a'])
  assert.deepEqual(await listed({ ...theirs, state: 'ended' }), ['list%', 'list/c', 'list/b'])
  // Days are the workspace's: two hours ahead of UTC then.
  assert.deepEqual(await listed({ ...theirs, from: '2026-10-02', to: '2026-10-03' }), ['list/b'])
  assert.deepEqual(await listed({ ...theirs, to: '2026-10-01' }), ['list/a'])
  assert.deepEqual(await listed({ search: 'list/' }), ['list/a', 'list/b', 'list/c'])
  assert.deepEqual(await listed({ search: 'list', kind: 'order' }), ['list%', 'list/a', 'list/b'])
  const kinds = await api.touchpoints.kinds()
  assert.ok(kinds.includes('order') && kinds.includes('visit'))
  assert.deepEqual(kinds, kinds.toSorted())
  for (const after of ['x', 'AAAA'])
    await assert.rejects(
      api.touchpoints.list({ query: { after } }),
      refusedWith(400, 'touchpoints.bad_page', '/query/after'),
    )
})

test('a touchpoint shows the answers about it', async () => {
  const survey = (await api.surveys.list()).items[0]!
  const touchpoint = { externalId: 'asked', kind: 'call', endedAt: '2026-11-20T09:00:00Z' }
  const id = await one(touchpoint)
  await api.surveys.ingest({ body: { survey: survey.id, score: 3, comment: 'Twice', touchpoint } })
  const { answers } = await get(id)
  assert.deepEqual(
    answers.map(({ score, countsAs, comment, touchpointId, survey: { name } }) => [
      score,
      countsAs,
      comment,
      touchpointId,
      name,
    ]),
    [[3, 'hard', 'Twice', id, survey.name]],
  )
})

test('agents read touchpoints, managers write them, viewers see none', async () => {
  const with_ = async (...scopes: string[]) => {
    const { host, cookie } = workspace
    const headers = { host, cookie, 'sec-fetch-site': 'same-origin' }
    const made = await house.app.inject({
      method: 'POST',
      url: '/api/v1/keys',
      headers,
      payload: { name: 'x', scopes },
    })
    const authorization = `Bearer ${(made.json() as { key: string }).key}`
    const ask = async (method: 'GET' | 'POST') =>
      (
        await house.app.inject({
          method,
          url: '/api/v1/touchpoints',
          headers: { authorization },
          ...(method === 'POST' && { payload: { kind: 'call' } }),
        })
      ).statusCode
    return [await ask('GET'), await ask('POST')]
  }
  assert.deepEqual(await with_('touchpoints.read'), [200, 403])
  assert.deepEqual(await with_('touchpoints.write'), [403, 200])
  assert.deepEqual(await with_('responses.read'), [403, 403])
})

test('lists reach their index as the application, however many there are', async () => {
  const plan = (query: ReturnType<typeof sql>) =>
    house.store.write(scope, async (tx) => {
      for (const way of ['seqscan', 'bitmapscan', 'sort'])
        await sql`set local ${sql.raw(`enable_${way}`)} = off`.execute(tx.kysely)
      const { rows } = await sql<Record<string, string>>`explain ${query}`.execute(tx.kysely)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
  const w = scope.workspaceId
  const newest = sql`order by happened_at desc, id desc limit 50`
  assert.match(await plan(sql`select id from touchpoints where workspace_id = ${w} ${newest}`), /touchpoints_newest/)
  assert.match(
    await plan(sql`select id from touchpoints where workspace_id = ${w} and kind = 'call' ${newest}`),
    /touchpoints_kind/,
  )
  assert.match(
    await plan(sql`select customer_id from touchpoints where workspace_id = ${w} and customer_id = ${uuidv7()}
      and ended_at is null and happened_at <= now() and happened_at > now() - interval '90 days'`),
    /touchpoints_open[\s\S]*Index Cond: .*happened_at/,
  )
  const beginning = sql`external_id >= 'a' and external_id < 'b' order by external_id limit 50`
  assert.match(
    await plan(sql`select id from touchpoints where workspace_id = ${w} and ${beginning}`),
    /touchpoints_workspace_id_external_id_key[\s\S]*Index Cond: .*external_id >= 'a'/,
  )
})
