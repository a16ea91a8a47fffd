import assert from 'node:assert/strict'
import type { Ticket, TicketEntry } from '@lahko/contract/tickets'
import { permissionsOfRole } from '@lahko/contract'
import { system, type Scope, type Tx } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, type Visitor } from '../../../testing/visitor.ts'
import { takeMailIn } from '../taking-mail-in.ts'
import { writeIn } from '../writing-in.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A desk with one agent, asked through the API, for tests. */
export type TestDesk = {
  house: TestHouse
  owner: Visitor
  memberId: string
  scope: Scope
  ask<T>(method: Method, url: string, payload?: object): Promise<T>
  refuse(method: Method, url: string, payload?: object): Promise<{ status: number; code: string; field?: string }>
  /** @param by the member who does it, the agent unless somebody else is named */
  write<T>(work: (tx: Tx) => Promise<T>, by?: string): Promise<T>
  /** A ticket that somebody has written. */
  open(more?: Record<string, unknown>): Promise<Ticket>
  /** What its customer writes next; `mail`: the ids of RFC 5322. */
  hear(ticketId: string, text?: string, mail?: { id?: string; answers?: string }): Promise<string>
  /** What the agent answers. */
  reply(ticketId: string, text?: string, mail?: { id?: string; answers?: string }): Promise<string>
  /** Mails that come to a mailbox, and become what they are. */
  receive(mailboxId: string, raws: readonly string[], at?: Date): Promise<void>
  facts(ticketId: string): Promise<string[]>
  get(ticketId: string): Promise<Ticket>
}

export async function testDesk(slug: string, environment?: Record<string, string>): Promise<TestDesk> {
  const house = await testHouse(environment)
  const { owner, id: workspaceId } = await newWorkspace(house, slug)
  async function ask<T>(method: Method, url: string, payload?: object): Promise<T> {
    const reply = await owner.ask(method, url, payload)
    assert.ok(reply.statusCode < 300, `${method} ${url}: ${reply.body}`)
    return (reply.body === '' ? undefined : reply.json()) as T
  }
  const { items } = await ask<{ items: { id: string }[] }>('GET', '/members')
  const memberId = items[0]!.id
  const scope: Scope = { workspaceId, actor: system }
  const asMember = (id: string): Scope => ({
    ...scope,
    actor: {
      ...{ kind: 'member', memberId: id, accountId: id, sessionId: id, role: 'owner' },
      permissions: new Set(permissionsOfRole.owner),
    },
  })
  type Said = { id?: string; answers?: string }
  const mailOf = ({ id, answers }: Said) => ({
    mail: { ...(id && { message_id: id }), ...(answers && { in_reply_to: answers }) },
  })
  return {
    ...{ house, owner, memberId, scope, ask },
    async refuse(method, url, payload) {
      const reply = await owner.ask(method, url, payload)
      assert.ok(reply.statusCode >= 400, reply.body)
      const problem = reply.json() as { code: string; errors?: { field: string }[] }
      return { status: reply.statusCode, code: problem.code, field: problem.errors?.[0]?.field }
    },
    write: (work, by = memberId) => house.store.write(asMember(by), work),
    open(more = {}) {
      house.clock.advance(1_000)
      return ask<Ticket>('POST', '/tickets', {
        ...{ subject: 'A zip', text: 'It broke.', from: { name: 'Nives', address: 'nives@mail.example' } },
        ...more,
      })
    },
    async hear(ticketId, text = 'Hello?', mail = {}) {
      house.clock.advance(60_000)
      const { customer } = await ask<Ticket>('GET', `/tickets/${ticketId}`)
      const author = { customerId: customer!.id, name: 'Nives', address: 'nives@mail.example' }
      const said = { kind: 'message', channel: 'email', author, text, ...mailOf(mail) } as const
      return house.store.write(scope, async (tx) => (await writeIn(tx, ticketId, said)).id)
    },
    async reply(ticketId, text = 'We look.', mail = {}) {
      house.clock.advance(60_000)
      const author = { memberId, name: 'Ana', address: 'desk@shop.example' }
      const said = { kind: 'reply', channel: 'email', author, text, ...mailOf(mail) } as const
      return house.store.write(asMember(memberId), async (tx) => (await writeIn(tx, ticketId, said)).id)
    },
    async receive(mailboxId, raws, at = house.clock.now()) {
      const arrivals = raws.map((raw) => ({ raw: Buffer.from(raw), receivedAt: at }))
      await house.store.write(scope, (tx) => takeMailIn(tx, mailboxId, arrivals))
      await house.jobs.settle()
    },
    async facts(ticketId) {
      const { items: entries } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${ticketId}/entries`)
      return entries.flatMap((entry) => (entry.type === 'fact' ? entry.fact.type : [])).toReversed()
    },
    get: (ticketId) => ask('GET', `/tickets/${ticketId}`),
  }
}
