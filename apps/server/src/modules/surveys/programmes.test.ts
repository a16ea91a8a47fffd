import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { DryRun, Programme } from '@lahko/contract/programmes'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newMember, newWorkspace, type Visitor } from '../../testing/visitor.ts'
import { decideSome } from './deciding.ts'

let house: TestHouse
let owner: Visitor
let scope: Scope
let survey: { id: string; key: string }

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  const made = await newWorkspace(house, 'shop')
  owner = made.owner
  scope = { workspaceId: made.id, actor: system }
  survey = (await owner.ask('GET', '/surveys')).json().items[0]
})
after(() => house.close())

const settings = (change: object = {}) => ({ name: 'After tickets', surveyId: survey.id, ...change })
const create = async (change: object = {}) => {
  const reply = await owner.ask('POST', '/programmes', settings(change))
  assert.equal(reply.statusCode, 201, reply.body)
  return reply.json() as Programme
}
const list = async () => (await owner.ask('GET', '/programmes')).json().items as Programme[]
const removeAll = async () => {
  for (const { id } of await list()) assert.equal((await owner.ask('DELETE', `/programmes/${id}`)).statusCode, 204)
}
const kinds = (...values: string[]) => [{ attribute: 'kind', is: 'anyOf', values }]

let reported = 0
async function touchpoint(kind: string, email: string, endedAt = house.clock.now()): Promise<void> {
  const externalId = `t-${++reported}`
  await house.store.write(scope, async (tx) => {
    await sql`select ensure_touchpoint(${JSON.stringify({ id: crypto.randomUUID(), externalId, kind, endedAt })}::jsonb,
      ensure_customer(${JSON.stringify({ id: crypto.randomUUID(), email })}::jsonb, ${tx.now}), ${tx.now})`.execute(
      tx.kysely,
    )
  })
}
const decide = () => house.store.write(scope, (tx) => decideSome(tx))

test('a programme is made off and last, changed, turned on and removed', async () => {
  const first = await create()
  assert.deepEqual(
    [first.state, first.place, first.delayMinutes, first.share, first.expiresDays, first.survey.open],
    ['off', 1, 60, 1, 14, true],
  )
  const second = await create({ name: 'Second' })
  assert.equal(second.place, 2)
  const change = settings({
    name: 'Calls',
    conditions: kinds('call'),
    hours: { from: '09:00', until: '17:00', days: [1] },
  })
  const changed = (await owner.ask('PUT', `/programmes/${first.id}`, change)).json() as Programme
  assert.deepEqual([changed.name, changed.conditions, changed.hours?.days], ['Calls', kinds('call'), [1]])
  for (const state of ['on', 'on', 'off'])
    assert.equal((await owner.ask('PUT', `/programmes/${first.id}/state`, { state })).json().state, state)
  await owner.ask('DELETE', `/programmes/${first.id}`)
  assert.deepEqual(
    (await list()).map(({ name, place }) => [name, place]),
    [['Second', 1]],
  )
  assert.equal((await owner.ask('GET', `/programmes/${first.id}`)).statusCode, 404)
  const back = (await owner.ask('PUT', `/programmes/${first.id}/restoration`)).json() as Programme
  assert.deepEqual([back.name, back.place, back.state], ['Calls', 1, 'off'])
  assert.equal((await owner.ask('PUT', `/programmes/${second.id}/restoration`)).json().place, 2)
  assert.equal((await owner.ask('PUT', `/programmes/${survey.id}/restoration`)).statusCode, 404)
  await removeAll()
})

test('all programmes are put into another order, or none', async () => {
  const [a, b, c] = [await create({ name: 'a' }), await create({ name: 'b' }), await create({ name: 'c' })]
  const ids = [c.id, a.id, b.id]
  const ordered = (await owner.ask('PUT', '/programmes/order', { ids })).json().items as Programme[]
  assert.deepEqual(
    ordered.map(({ name, place }) => `${name}${place}`),
    ['c1', 'a2', 'b3'],
  )
  for (const wrong of [
    [a.id, b.id],
    [a.id, b.id, b.id],
    [...ids, survey.id],
  ]) {
    const reply = await owner.ask('PUT', '/programmes/order', { ids: wrong })
    assert.deepEqual(
      [reply.statusCode, reply.json().code, reply.json().errors[0].field],
      [...[400, 'programmes.order_incomplete', '/body/ids']],
    )
  }
  await removeAll()
})

test('what is wrong is named', async () => {
  const cases: [object, string][] = [
    [{ surveyId: scope.workspaceId }, '/body/surveyId'],
    [{ conditions: [{ attribute: 'kind', is: 'anyOf', values: [] }] }, '/body/conditions/0/values'],
    [{ conditions: [{ attribute: 'Kind', is: 'present' }] }, '/body/conditions/0/attribute'],
    [{ hours: { from: '17:00', until: '09:00', days: [1] } }, '/body/hours/until'],
    [{ hours: { from: '09:00', until: '17:00', days: [1, 1] } }, '/body/hours/days'],
    [{ share: 0 }, '/body/share'],
    [{ reminderDays: [7, 7], expiresDays: 14 }, '/body/reminderDays'],
    [{ reminderDays: [1, 1, 1] }, '/body/reminderDays'],
    [{ quota: { attribute: 'team', per: 'month', most: 0 } }, '/body/quota/most'],
  ]
  for (const [change, field] of cases) {
    const reply = await owner.ask('POST', '/programmes', settings(change))
    assert.deepEqual([reply.statusCode, reply.json().errors?.[0].field], [400, field], reply.body)
  }
  const anonymous = (await owner.ask('POST', '/surveys', { name: 'Nobody', copyOf: survey.id })).json()
  await owner.ask('PATCH', `/surveys/${anonymous.id}`, { identity: 'anonymous' })
  const refused = await owner.ask('POST', '/programmes', settings({ surveyId: anonymous.id }))
  assert.equal(refused.json().code, 'programmes.survey_without_names')
  const far = await owner.ask('GET', '/invitations/funnel?from=2020-01-01&to=2026-01-01')
  assert.equal(far.json().code, 'programmes.too_many_days')
  assert.equal((await owner.ask('GET', '/invitations?after=x')).json().code, 'programmes.bad_page')
})

test('a workspace has at most 50 programmes', async () => {
  for (let made = 0; made < 50; made++) await create()
  const reply = await owner.ask('POST', '/programmes', settings())
  assert.deepEqual([reply.statusCode, reply.json().code], [409, 'programmes.too_many'])
  await removeAll()
})

test('rules have defaults, are changed as a whole, and by whoever may write surveys', async () => {
  const usual = { personDays: 30, organisationDays: 0, spareOpenProblems: true, fairShare: true }
  assert.deepEqual((await owner.ask('GET', '/asking-rules')).json(), usual)
  const { member } = await newMember(house, owner, 'viewer', 'bor@shop.example')
  assert.equal((await member.ask('PUT', '/asking-rules', usual)).statusCode, 403)
  assert.equal((await member.ask('POST', '/programmes', settings())).statusCode, 403)
  const other = { ...usual, personDays: 90, fairShare: false }
  assert.deepEqual((await owner.ask('PUT', '/asking-rules', other)).json(), other)
  assert.deepEqual((await member.ask('GET', '/asking-rules')).json(), other)
  await owner.ask('PUT', '/asking-rules', usual)
})

test('a dry run tells what would have been, and keeps nothing', async () => {
  const calls = await create({ name: 'Calls', conditions: kinds('call') })
  await owner.ask('PUT', `/programmes/${calls.id}/state`, { state: 'on' })
  const ago = (days: number) => new Date(house.clock.now().getTime() - days * 86_400_000)
  await touchpoint('ticket', 'ana@kupec.example', ago(100))
  await touchpoint('ticket', 'ana@kupec.example', ago(80))
  await touchpoint('ticket', 'ana@kupec.example', ago(70))
  await touchpoint('ticket', 'ana@kupec.example', ago(40))
  await touchpoint('call', 'ben@kunde.example', ago(5))
  const run = async (body: object) => (await owner.ask('POST', '/programmes/dry-run', body)).json() as DryRun
  const draft = await run({ programme: settings() })
  assert.deepEqual(
    [draft.touchpoints, draft.complete, draft.fitting, draft.earlier, draft.asked, draft.notAsked],
    [4, true, 4, 1, 2, [{ rule: 'person', count: 1 }]],
  )
  assert.deepEqual(
    draft.sample.map(({ kind, rule }) => [kind, rule]),
    [
      ['ticket', null],
      ['ticket', 'person'],
      ['ticket', null],
    ],
  )
  const inItsPlace = await run({ programme: settings(), replaces: calls.id })
  assert.deepEqual([inItsPlace.fitting, inItsPlace.earlier, inItsPlace.asked], [4, 0, 3])
  const unknown = await owner.ask('POST', '/programmes/dry-run', { programme: settings(), replaces: survey.id })
  assert.equal(unknown.statusCode, 404)
  assert.equal((await owner.ask('GET', '/invitations')).json().items.length, 0)
})

test('the ledger is read by page, filtered, and line by line with its facts', async () => {
  house.clock.advance(86_400_000)
  await touchpoint('call', 'eva@kupec.example')
  assert.equal(await decide(), 6)
  const first = (await owner.ask('GET', '/invitations?limit=4')).json()
  const second = (await owner.ask('GET', `/invitations?limit=4&after=${first.next}`)).json()
  assert.deepEqual([first.items.length, second.items.length, second.next], [4, 2, null])
  const ids = new Set([...first.items, ...second.items].map(({ id }: { id: string }) => id))
  assert.equal(ids.size, 6)
  const waiting = (await owner.ask('GET', '/invitations?state=waiting&kind=call&from=2026-11-21&to=2026-11-21')).json()
  assert.equal(waiting.items.length, 2)
  const [{ id, customer, programme }] = waiting.items
  assert.match(customer.email, /@/)
  assert.equal(programme.name, 'Calls')
  const about = async (query: string) =>
    (await owner.ask('GET', `/invitations?${query}`)).json().items.map((one: { id: string }) => one.id)
  assert.deepEqual(await about(`touchpoint=${waiting.items[0].touchpoint.id}`), [id])
  const other = waiting.items[1]
  assert.deepEqual(await about(`customer=${customer.id}&state=waiting`), [id])
  const merge = (root: string | null) =>
    house.store.write(scope, (tx) =>
      sql`update customers set merged_into = ${root} where workspace_id = ${scope.workspaceId}
        and id = ${other.customer.id}`.execute(tx.kysely),
    )
  await merge(customer.id)
  for (const one of [customer, other.customer])
    assert.deepEqual((await about(`customer=${one.id}&state=waiting`)).toSorted(), [id, other.id].toSorted())
  const theirs = (await owner.ask('GET', `/invitations/funnel?customer=${customer.id}`)).json()
  assert.equal(theirs.touchpoints, (await about(`customer=${customer.id}`)).length)
  await merge(null)
  const { facts, state, rule } = (await owner.ask('GET', `/invitations/${id}`)).json()
  assert.deepEqual(
    [state, rule, facts.map(({ fact }: { fact: string }) => fact)],
    ['waiting', null, ['decided', 'due']],
  )
  const funnel = (await owner.ask('GET', '/invitations/funnel')).json()
  assert.deepEqual([funnel.touchpoints, funnel.to], [6, '2026-11-21'])
  assert.deepEqual(
    funnel.notAsked.filter(({ count }: { count: number }) => count > 0),
    [{ rule: 'no_programme', count: 4 }],
  )
  assert.equal((await owner.ask('GET', '/invitations?rule=no_programme')).json().items.length, 4)
  assert.equal((await owner.ask('GET', `/invitations/${survey.id}`)).statusCode, 404)
})
