import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TimelineEntry } from '@lahko/contract/people'
import type { Ticket } from '@lahko/contract/tickets'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'
import { writeIn } from './writing-in.ts'

let house: TestHouse
let own: TestWorkspace
let key: string

before(async () => {
  house = await testHouse()
  own = await testWorkspace(house, 'desk')
  key = await keyOf(house, own)
})
after(() => house.close())

async function get(url: string) {
  const reply = await house.app.inject({
    url: `/api/v1${url}`,
    headers: { host: own.host, authorization: `Bearer ${key}` },
  })
  assert.equal(reply.statusCode, 200, reply.body)
  return reply
}

async function create(subject: string): Promise<Ticket> {
  house.clock.advance(60_000)
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/v1/tickets',
    headers: { host: own.host, authorization: `Bearer ${key}` },
    payload: { subject, text: 'It came off.', from: { name: 'Nives', address: 'nives@mail.example' } },
  })
  return reply.json() as Ticket
}

test('a customer’s tickets stand in their timeline, each once, page by page', async () => {
  const made = [await create('Zip'), await create('Boots'), await create('Harness')]
  type Page = { items: TimelineEntry[]; next: string | null }
  const seen: number[] = []
  for (let after: string | null = ''; after !== null;) {
    const url = `/customers/${made[0]!.customer!.id}/timeline?limit=2${after && `&after=${after}`}`
    const page: Page = (await get(url)).json()
    seen.push(...page.items.flatMap((entry) => (entry.type === 'ticket' ? entry.number : [])))
    after = page.next
  }
  assert.deepEqual(seen, made.map(({ number }) => number).toReversed())
})

test('a mail is shown as a page that runs nothing and loads nothing of others unasked', async () => {
  const { id } = await create('HTML')
  const { workspace } = (await get('/me')).json() as { workspace: { id: string } }
  const message = await house.store.write({ workspaceId: workspace.id, actor: system }, (tx) =>
    writeIn(tx, id, {
      kind: 'message',
      channel: 'email',
      author: { name: 'Nives', address: 'nives@mail.example' },
      text: 'Hello',
      html: '<p style="color:red">Hello <img alt="" data-remote-src="https://spy.example/x.png"></p>',
    }),
  )
  const shy = await get(`/ticket-messages/${message.id}/page`)
  assert.match(
    String(shy.headers['content-security-policy']),
    /^sandbox (?!.*allow-scripts).*default-src 'none'.*img-src 'self' data:;/,
  )
  assert.doesNotMatch(shy.body, /[^-]src="https/)
  const asked = await get(`/ticket-messages/${message.id}/page?images=yes`)
  assert.match(String(asked.headers['content-security-policy']), /img-src 'self' data: http: https:;/)
  assert.match(asked.body, /<img alt="" src="https:\/\/spy.example\/x.png">/)
})

test('the lists that everybody has are counted', async () => {
  const counts = (await get('/ticket-counts')).json() as Record<string, number | null>
  assert.deepEqual(counts, { mine: null, nobody: 4, all: 4, snoozed: 0 })
})
