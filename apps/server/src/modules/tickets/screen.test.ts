import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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

async function refuse(url: string) {
  const headers = { host: own.host, authorization: `Bearer ${key}` }
  const reply = await house.app.inject({ url: `/api/v1${url}`, headers })
  return [reply.statusCode, (reply.json() as { code: string }).code]
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

/** A mail in HTML. @returns the id of the message */
async function mail(html: string): Promise<string> {
  const { id } = await create('HTML')
  const { workspace } = (await get('/me')).json() as { workspace: { id: string } }
  const message = await house.store.write({ workspaceId: workspace.id, actor: system }, (tx) =>
    writeIn(tx, id, {
      kind: 'message',
      channel: 'email',
      author: { name: 'Nives', address: 'nives@mail.example' },
      text: 'Hello',
      html,
    }),
  )
  return message.id
}

test('a mail is shown as a page that runs nothing and loads nothing of others unasked', async () => {
  const id = await mail('<p style="color:red">Hello <img alt="" data-remote-src="https://spy.example/x.png"></p>')
  const shy = await get(`/ticket-messages/${id}/page`)
  assert.match(
    String(shy.headers['content-security-policy']),
    /^sandbox (?!.*allow-scripts).*default-src 'none'.*img-src 'self' data:;/,
  )
  assert.doesNotMatch(shy.body, /[^-]src="https/)
  const asked = await get(`/ticket-messages/${id}/page?images=yes`)
  assert.match(String(asked.headers['content-security-policy']), /img-src 'self' data:;/)
  assert.ok(asked.body.includes(`<img alt="" src="/api/v1/ticket-messages/${id}/pictures/0">`))
})

test('a picture of another server is fetched by us, and only one that stands in a mail', async () => {
  const png = Buffer.from('89504e470d0a1a0a00', 'hex')
  const server = createServer((request, reply) => {
    if (request.url === '/x.png?a=1&b=2') reply.setHeader('content-type', 'text/html').end(png)
    else reply.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  house.names['spy.example'] = ['127.0.0.1']
  const origin = `http://spy.example:${(server.address() as AddressInfo).port}`
  const id = await mail(
    `<img data-remote-src="${origin}/x.png?a=1&amp;b=2"><img alt="none" data-remote-src="${origin}/none">`,
  )
  const picture = await get(`/ticket-messages/${id}/pictures/0`)
  assert.deepEqual(picture.rawPayload, png)
  const { headers } = picture
  assert.deepEqual(
    [headers['content-type'], headers['x-content-type-options'], headers['content-security-policy']],
    ['image/png', 'nosniff', "sandbox; default-src 'none'"],
  )
  assert.equal(headers['cache-control'], 'private, max-age=86400, immutable')
  assert.deepEqual(await refuse(`/ticket-messages/${id}/pictures/1`), [409, 'screen.no_picture'])
  assert.deepEqual(await refuse(`/ticket-messages/${id}/pictures/2`), [404, 'platform.not_found'])
  server.close()
})

test('the lists that everybody has are counted', async () => {
  const counts = (await get('/ticket-counts')).json() as Record<string, number | null>
  assert.deepEqual(counts, { mine: null, nobody: 5, all: 5, snoozed: 0 })
})

test('a mail without colours of its own takes those around it, any other lies on white paper', async () => {
  const kindOf = async (html: string) => {
    const { body } = await get(`/ticket-messages/${await mail(html)}/page`)
    return /<html class="(\w+)">/.exec(body)?.[1]
  }
  for (const plain of [
    '<p>The colour: red</p>',
    '<p style="border-color: red; margin: 0">x</p>',
    '<p title="color:">x</p>',
  ])
    assert.equal(await kindOf(plain), 'plain', plain)
  for (const paper of [
    '<p style="margin: 0; color:#123">x</p>',
    '<table bgcolor="#fff"></table>',
    '<font color="red">x</font>',
  ])
    assert.equal(await kindOf(paper), 'paper', paper)
})
