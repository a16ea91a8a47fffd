import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket } from '@lahko/contract/tickets'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { statementsOf } from './testing/statements.ts'

let desk: TestDesk
let ticket: Ticket

before(async () => {
  desk = await testDesk('statements')
  await desk.ask('POST', '/mailboxes', { name: 'Shop', address: 'shop@shop.example' })
  ticket = await desk.open()
  await desk.ask('PATCH', `/tickets/${ticket.id}`, { ownerId: desk.memberId })
})
after(() => desk.house.close())

/** How much is asked of the database is most of what an action takes. */
async function assertAtMost(most: number, work: () => Promise<unknown>): Promise<void> {
  const said = await statementsOf(desk.house.store, work)
  assert.ok(said.length <= most, `${said.length} statements:\n\n${said.join('\n\n')}`)
}

const become = (status: string) => desk.ask('PATCH', `/tickets/${ticket.id}`, { status })
const say = (more: object) =>
  desk.ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'reply', text: 'We have sent it again.', ...more })

test('a status is changed in few statements', async () => {
  await assertAtMost(18, () => become('on_hold'))
  await assertAtMost(18, () => become('open'))
  await assertAtMost(18, () => become('solved'))
})

test('what was solved is opened again in a few more', async () => {
  await become('solved')
  await desk.house.jobs.settle()
  // One of them holds the touchpoint, so that no mail goes out in that moment.
  await assertAtMost(26, () => become('open'))
})

test('a reply is written in few statements', async () => {
  const recipients = [{ name: 'Nives', address: 'nives@mail.example' }]
  await assertAtMost(18, () => say({ recipients }))
  await assertAtMost(19, () => say({ status: 'waiting' }))
})

test('a ticket is begun, shown and listed in few statements', async () => {
  await assertAtMost(21, () => desk.open())
  await assertAtMost(8, () => desk.get(ticket.id))
  await assertAtMost(9, () => desk.ask('GET', `/tickets/${ticket.id}/entries`))
  await assertAtMost(6, () => desk.ask('GET', '/tickets'))
})

test('many are merged by as many statements as one', async () => {
  const many: Ticket[] = []
  for (let n = 0; n < 12; n++) many.push(await desk.open())
  const [into, ...others] = many.map(({ id }) => id)
  desk.house.clock.advance(60_000)
  const merges = others.map((id) => ({ id, intoId: into! }))
  await assertAtMost(28, () => desk.ask('POST', '/ticket-merges', { merges }))
  // Each is told again by what has been written and done in it.
  const apart = merges.map(({ id }) => ({ id, intoId: null }))
  await assertAtMost(30 + 19 * others.length, () => desk.ask('POST', '/ticket-merges', { merges: apart }))
})

test('lists are counted in one pass, however many there are', async () => {
  for (let n = 0; n < 5; n++) await desk.ask('POST', '/ticket-views', { name: `${n}`, filter: { topic: `${n}` } })
  await assertAtMost(5, () => desk.ask('GET', '/ticket-views'))
  await assertAtMost(4, () => desk.ask('GET', '/ticket-counts'))
})
