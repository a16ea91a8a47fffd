import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { AgentRule, DeskRules } from '@lahko/contract/desk-rules'
import type { Touchpoint } from '@lahko/contract/touchpoints'
import type { AnswerEntry } from '@lahko/contract/people'
import { newMember, type Visitor } from '../../testing/visitor.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { agentOf } from './whose-effort.ts'

const hourMs = 3_600_000
const [ana, bor] = ['Ana Novak', 'Bor Kos']
let desk: TestDesk
let colleague: { member: Visitor; id: string }

before(async () => {
  desk = await testDesk('whose')
  colleague = await newMember(desk.house, desk.owner, 'agent', 'bor@whose.example')
})
after(() => desk.house.close())
beforeEach(() => rule('solved'))

const later = (hours: number) => desk.house.clock.advance(hours * hourMs)
const give = (id: string, ownerId: string | null) => desk.ask('PATCH', `/tickets/${id}`, { ownerId })
const become = (id: string, status: string) => desk.ask('PATCH', `/tickets/${id}`, { status })
const rule = (answersCountFor: AgentRule) => {
  desk.house.clock.advance(1)
  return desk.ask<DeskRules>('PUT', '/desk-rules', { thanksStaySolved: false, answersCountFor })
}

async function touchpointOf(id: string) {
  const { touchpointId } = await desk.get(id)
  return desk.ask<Touchpoint & { answers: AnswerEntry[] }>('GET', `/touchpoints/${touchpointId}`)
}

async function whose(id: string) {
  const { attributes } = await touchpointOf(id)
  return [attributes['agent'] ?? '', attributes['agent_by'] ?? '']
}

async function borReplies(id: string, more: object = {}): Promise<string> {
  later(1)
  const reply = await colleague.member.ask('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'Hm.', ...more })
  assert.equal(reply.statusCode, 201, reply.body)
  return reply.json().id
}

/** Bor writes most, Ana solves it, and has had it for the longest time. */
async function worked(): Promise<string> {
  const { id } = await desk.open()
  await give(id, desk.memberId)
  later(5)
  await give(id, colleague.id)
  await borReplies(id)
  await desk.reply(id)
  await borReplies(id)
  await give(id, desk.memberId)
  return id
}

test('the rule says for whom, and its owner has it where it finds nobody', () => {
  const facts = { solver_id: 's', writer_id: 'w', keeper_id: 'k' }
  const nobody = { solver_id: null, writer_id: null, keeper_id: null }
  const cases = [
    ['solved', facts, true, 's', 'solved'],
    ['wrote_most', facts, true, 'w', 'wrote_most'],
    ['owned_longest', facts, true, 'k', 'owned_longest'],
    ['wrote_most', nobody, true, 'o', 'owned'],
    ['solved', facts, false, 'o', 'owned'],
  ] as const
  for (const [agent_rule, known, isSolved, memberId, by] of cases)
    assert.deepEqual(agentOf({ agent_rule, ...known }, { isSolved, ownerId: 'o' }), { memberId, by })
  assert.equal(agentOf({ agent_rule: 'solved', ...nobody }, { isSolved: true, ownerId: null }), undefined)
})

test('who solved it, who wrote most, who owned it longest', async () => {
  const first = await desk.ask<DeskRules>('GET', '/desk-rules')
  assert.equal(first.answersCountFor, 'solved')
  const solved = await worked()
  assert.deepEqual(await whose(solved), [ana, 'owned'])
  await become(solved, 'solved')
  assert.deepEqual(await whose(solved), [ana, 'solved'])
  const { answersCountForSince } = await rule('wrote_most')
  assert.equal(answersCountForSince, desk.house.clock.now().toISOString())
  const written = await worked()
  await become(written, 'solved')
  assert.deepEqual(await whose(written), [bor, 'wrote_most'])
  await rule('owned_longest')
  const owned = await worked()
  await give(owned, colleague.id)
  later(2)
  await become(owned, 'solved')
  assert.deepEqual(await whose(owned), [ana, 'owned_longest'])
  later(9)
  await desk.ask('PATCH', `/tickets/${owned}`, { priority: 'high' })
  assert.deepEqual(await whose(owned), [ana, 'owned_longest'], 'what is over is over')
})

test('a change counts from now on: neither what is over nor an answer is written anew', async () => {
  const id = await worked()
  await become(id, 'solved')
  const { externalId, attributes } = await touchpointOf(id)
  const { items } = await desk.ask<{ items: { id: string }[] }>('GET', '/surveys')
  const answer = { survey: items[0]!.id, score: 3, touchpoint: { externalId, kind: 'ticket', attributes } }
  await desk.ask('POST', '/responses', answer)
  await rule('wrote_most')
  later(1)
  await desk.ask('PATCH', `/tickets/${id}`, { priority: 'urgent' })
  assert.deepEqual(await whose(id), [ana, 'solved'], 'it is told again, by the rule of its end')
  await become(id, 'open')
  await become(id, 'solved')
  assert.deepEqual(await whose(id), [bor, 'wrote_most'], 'it has ended anew')
  await desk.house.jobs.settle()
  const [kept] = (await touchpointOf(id)).answers
  assert.deepEqual([kept?.agent, kept?.agentBy], [ana, 'solved'])
})

test('what is taken back counts for nobody, and an undo is no solving', async () => {
  await rule('wrote_most')
  const id = await worked()
  await desk.reply(id)
  const last = await borReplies(id, { status: 'solved' })
  assert.deepEqual(await whose(id), [ana, 'owned'], 'it is not over before the answer has left')
  desk.house.clock.advance(10_000)
  await desk.house.due.drain()
  assert.deepEqual(await whose(id), [bor, 'wrote_most'])
  await desk.ask('DELETE', `/ticket-messages/${last}`)
  await become(id, 'solved')
  assert.deepEqual(await whose(id), [ana, 'wrote_most'], 'of two who wrote as much, who wrote last')
  await rule('solved')
  const other = await worked()
  await become(other, 'solved')
  const opened = await colleague.member.ask('POST', '/ticket-changes', { changes: [{ id: other, status: 'open' }] })
  later(1)
  await colleague.member.ask('POST', '/ticket-changes', { changes: opened.json().undo })
  assert.equal((await desk.get(other)).status, 'solved')
  assert.deepEqual(await whose(other), [ana, 'solved'])
})

test('what was written in a merged ticket counts, until it is taken apart', async () => {
  await rule('wrote_most')
  const [target, source] = [await desk.open(), await desk.open()]
  await desk.reply(target.id)
  await borReplies(source.id)
  await borReplies(source.id)
  await desk.ask('PUT', `/tickets/${source.id}/merge`, { intoId: target.id })
  later(1)
  await become(target.id, 'solved')
  assert.deepEqual(await whose(target.id), [bor, 'wrote_most'])
  await desk.ask('DELETE', `/tickets/${source.id}/merge`)
  assert.deepEqual(await whose(target.id), [ana, 'wrote_most'])
})

test('who has left stays named where it was over', async () => {
  const { member, id: memberId } = await newMember(desk.house, desk.owner, 'agent', 'gone@whose.example')
  const { id } = await desk.open()
  const solved = await member.ask('PATCH', `/tickets/${id}`, { ownerId: memberId, status: 'solved' })
  assert.equal(solved.statusCode, 200, solved.body)
  await desk.ask('DELETE', `/members/${memberId}`)
  await desk.ask('PATCH', `/tickets/${id}`, { priority: 'low' })
  assert.deepEqual(await whose(id), [bor, 'solved'])
})

test('a ticket that nobody answered or owned counts for nobody', async () => {
  await rule('owned_longest')
  const { id } = await desk.open()
  await become(id, 'solved')
  assert.deepEqual(await whose(id), ['', ''])
  const body = { thanksStaySolved: false, answersCountFor: 'wrote_least' }
  const refused = await desk.refuse('PUT', '/desk-rules', body)
  assert.deepEqual([refused.status, refused.field], [400, '/body/answersCountFor'])
})
