import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { TicketEntry, TicketLine } from '@lahko/contract'
import { multipart, tokenIn } from '../../testing/forms.ts'
import { visitor, type Visitor } from '../../testing/visitor.ts'
import { requestClasses } from './request-frame.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk
let sql: pg.Client
let customer: Visitor

before(async () => {
  desk = await testDesk('shop')
  sql = new pg.Client(desk.house.database.owner)
  await sql.connect()
  customer = visitor(desk.house)
  await desk.ask('PUT', '/contact-form', { open: true, topics: [{ name: 'Repairs' }] })
  const { id } = await desk.ask<{ id: string }>('POST', '/article-collections', { titles: { en: 'Repairs' } })
  const publish = async (title: string, body: string, more: object = {}) => {
    const given = { collectionId: id, language: 'en', title, body, summary: `${title}, at home.`, ...more }
    const article = await desk.ask<{ id: string; mainLanguage: string }>('POST', '/articles', given)
    await desk.ask('PUT', `/articles/${article.id}/translations/${article.mainLanguage}/publication`, { revision: 1 })
  }
  await publish('Mend a zip that came off its track', 'Put the slider back on the track of the zip with pliers.')
  await publish('Wash a down jacket', 'Use cold water and little soap.')
  await publish('A zip that came off its track, for members', 'The zip came off its track: bring it to us.', {
    audience: 'signed-in',
  })
  await desk.house.due.drain()
})
after(async () => {
  await sql.end()
  await desk.house.close()
})

const message = 'The zip came off its track.\n\nThe slider too.'
const filled = { lang: 'en', name: 'Nives', address: 'nives@mail.example', topic: 'Repairs', message }

const suggest = (text: string, lang = 'en', by = customer) =>
  by.ask('POST', '//requests/suggestions', Buffer.from(new URLSearchParams({ message: text, lang }).toString()), {
    'content-type': 'application/x-www-form-urlencoded',
  })
const form = async (query = '') => (await customer.ask('GET', `//requests/new?lang=en${query}`)).body
async function send(fields: Record<string, string>, files: Parameters<typeof multipart>[1] = [], path = 'new') {
  desk.house.clock.advance(11_000)
  const { payload, headers } = multipart(fields, files)
  return customer.ask('POST', `//requests/${path}`, payload, headers)
}
const tickets = async () => (await desk.ask<{ items: TicketLine[] }>('GET', '/tickets')).items
/** What a page has filled in where nobody sees it. */
const hiddenIn = (page: string) =>
  Object.fromEntries(
    [
      ...page
        .split('action="/requests/new"')[1]!
        .split('</form>')[0]!
        .matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g),
    ].map(([, name, value]) => [name!, value!]),
  )

test('what likely answers comes while it is typed, in one’s language first, and only what one may see', async () => {
  const reply = await suggest('the zip came off its tra')
  assert.equal(reply.statusCode, 200)
  assert.match(reply.body, /href="\/help\/en\/mend-a-zip-that-came-off-its-track" target="_blank" rel="noopener">/)
  assert.match(reply.body, /data-said="1 answer may fit, below what you write\."/)
  assert.match(
    reply.body,
    /<button class="button" form="solved" name="article" value="[0-9a-f-]{36}">This solved it <span/,
  )
  assert.deepEqual([reply.headers['cache-control'], reply.headers['set-cookie']], ['no-store', undefined])
  assert.equal((await suggest('the invoice of my company has a wrong address')).body, '')
  assert.equal((await suggest('  ')).body, '')
  assert.doesNotMatch((await suggest(message)).body, /track, for members/)
  assert.match((await suggest(message, 'en', desk.owner)).body, /track, for members/)
  const other = (await suggest(message, 'nb')).body
  assert.match(other, /href="\/help\/en\/mend[^>]* lang="en">.*Dette løste det.*English<\/span>/s)
})

test('the form has a place for them, and one script that may ask this site only', async () => {
  const reply = await customer.ask('GET', '//requests/new?lang=en')
  assert.match(reply.body, /<\/textarea><\/div><p class="visually-hidden" id="fits-said" role="status"><\/p>/)
  assert.match(String(reply.headers['content-security-policy']), /; script-src 'sha256-[^ ]+'; connect-src 'self'$/)
  assert.equal(reply.body.match(/<script/g)?.length, 1)
  for (const [, names] of reply.body.matchAll(/class="([^"]*)"/g))
    for (const name of names!.split(' ')) assert.ok(requestClasses.includes(name), name)
  const packed = await customer.ask('GET', '//requests/new', undefined, { 'accept-encoding': 'gzip' })
  assert.ok(packed.rawPayload.length < 14 * 1024, `${packed.rawPayload.length}`)
})

test('without a script they are a step before sending, and all that was filled in goes on', async () => {
  const token = tokenIn(await form())
  const step = await send({ ...filled, token }, [{ name: 'zip.png', type: 'image/png', content: 'PNG' }])
  assert.equal(step.statusCode, 200)
  assert.match(step.body, /<h1>Not sent yet: this may answer it<\/h1>.*href="\/help\/en\/mend-a-zip-that/s)
  assert.deepEqual(await tickets(), [])
  const hidden = hiddenIn(step.body)
  assert.deepEqual({ ...hidden, ...filled, token, looked: 'yes' }, hidden)
  assert.equal(Object.keys(hidden).filter((name) => name.startsWith('keep-')).length, 1)
  const changed = await send({ ...hidden, change: 'yes' })
  assert.match(changed.body, /The zip came off its track\.\n\nThe slider too\.<\/textarea>.*zip\.png is kept/s)
  assert.deepEqual(await tickets(), [])
  const sent = await send(hidden)
  assert.deepEqual([sent.statusCode, sent.headers.location], [303, `/requests/r/${token}?lang=en`])
  const [ticket] = await tickets()
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${ticket!.id}/entries`)
  const first = items.find((entry) => entry.type === 'message')!.message
  assert.deepEqual([first.text, first.attachments.map(({ name }) => name)], [message, ['zip.png']])
})

test('who has looked, and whoever asks something else, sends at once', async () => {
  const before = (await tickets()).length
  const carried = await form(`&looked=yes&message=${encodeURIComponent(message)}`)
  assert.match(carried, /name="looked" value="yes"/)
  assert.equal((await send({ ...filled, token: tokenIn(carried), looked: 'yes' })).statusCode, 303)
  const other = { ...filled, message: 'My invoice has a wrong company on it.', token: tokenIn(await form()) }
  assert.equal((await send(other)).statusCode, 303)
  assert.equal((await tickets()).length, before + 2)
})

test('what solved it ends the matter: nothing is sent, and nothing stays', async () => {
  const before = (await tickets()).length
  const token = tokenIn(await form())
  await send({ ...filled, token }, [{ name: 'zip.png', content: 'PNG' }])
  const kept = async () => (await sql.query('select from kept_uploads')).rowCount
  assert.equal(await kept(), 1)
  const done = await send({ token, lang: 'en' }, [], 'solved')
  assert.deepEqual([done.statusCode, done.headers.location], [303, '/requests/solved?lang=en'])
  assert.equal(await kept(), 0)
  assert.equal((await tickets()).length, before)
  for (const [lang, words] of Object.entries({
    en: 'Nothing was sent',
    sl: 'Nič ni bilo poslano',
    nb: 'Ingenting ble sendt',
  }))
    assert.match((await customer.ask('GET', `//requests/solved?lang=${lang}`)).body, new RegExp(words))
  assert.equal((await send({ token: 'x' }, [], 'solved')).statusCode, 303)
})

test('whoever asks without end is asked to wait', async () => {
  const program = visitor(desk.house, { address: '198.51.100.99' })
  const codes = new Set<number>()
  for (let at = 0; at < 125; at++) codes.add((await suggest('', 'en', program)).statusCode)
  assert.deepEqual([...codes], [200, 429])
})
