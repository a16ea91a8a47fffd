import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Customer, Ticket, TicketEntry } from '@lahko/contract'
import { enqueueEverywhere } from '#platform/jobs.ts'
import { partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { multipart, tokenIn } from '../../testing/forms.ts'
import { visitor, type Visitor } from '../../testing/visitor.ts'
import { requestClasses } from './request-frame.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'
import { writeIn } from './writing-in.ts'

let smtp: TestSmtp
let desk: TestDesk

before(async () => {
  smtp = await testSmtp()
  desk = await testDesk('shop', { LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'desk@shop.example' })
  await desk.ask('PUT', '/contact-form', { open: true })
})
after(async () => {
  await desk.house.close()
  await smtp.close()
})

let networks = 0
const newVisitor = () => visitor(desk.house, { address: `198.51.100.${++networks}` })

async function post(
  by: Visitor,
  path: string,
  fields: Record<string, string>,
  files: Parameters<typeof multipart>[1] = [],
) {
  desk.house.clock.advance(1_000)
  const { payload, headers } = multipart({ lang: 'en', ...fields }, files)
  return by.ask('POST', `/${path}`, payload, headers)
}

/** Asks for a link, and finds it in the mail. */
async function linkFor(by: Visitor, address: string, more: Record<string, string> = {}): Promise<string | undefined> {
  smtp.received.length = 0
  const asked = await post(by, '/requests/link', { address, ...more })
  assert.deepEqual([asked.statusCode, asked.headers.location], [303, '/requests/link?lang=en'])
  await desk.house.jobs.settle()
  await desk.house.due.drain()
  const mails = smtp.received.map(({ raw }) => partOf(raw, 'text/plain'))
  return mails.flatMap((text) => /\/requests\/enter\/[\w-]{43}\?lang=\w\w/.exec(text)?.[0] ?? []).at(-1)
}

async function signIn(address: string, more: Record<string, string> = {}): Promise<{ browser: Visitor; to: string }> {
  const browser = newVisitor()
  const link = await linkFor(browser, address, more)
  assert.ok(link, `no link for ${address}`)
  const entered = await post(browser, link, {})
  assert.equal(entered.statusCode, 303, entered.body)
  return { browser, to: String(entered.headers.location) }
}

const page = async (by: Visitor, path: string) => (await by.ask('GET', `/${path}`)).body
const openBy = (address: string, more: object = {}) => desk.open({ from: { address, name: '' }, ...more })

test('a link comes only to who is known, works once, and opening it uses nothing up', async () => {
  await openBy('nives@mail.example')
  const browser = newVisitor()
  assert.equal(await linkFor(browser, 'stranger@mail.example'), undefined)
  const link = await linkFor(browser, 'NIVES@mail.example')
  assert.ok(link)
  assert.match(await page(browser, link), /shows the requests of nives@mail\.example/)
  assert.match(await page(browser, link), /Open<\/button>/)
  const foreign = await browser.ask('POST', `/${link}`, {}, { origin: 'https://evil.example' })
  assert.equal(foreign.statusCode, 403)
  const entered = await post(browser, link, {})
  const cookie = String(entered.headers['set-cookie'])
  assert.match(cookie, /^lahko_customer=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
  assert.equal((await post(newVisitor(), link, {})).statusCode, 410)
  assert.match(await page(browser, '/requests?lang=en'), /A zip<\/a>.*Received/s)
  assert.match(await page(newVisitor(), '/requests?lang=en'), /Send the link/)
})

test('a link is over after thirty minutes, and nobody fills a mail box with them', async () => {
  await openBy('late@mail.example')
  const link = await linkFor(newVisitor(), 'late@mail.example')
  desk.house.clock.advance(30 * 60_000)
  assert.equal((await newVisitor().ask('GET', `/${link}`)).statusCode, 410)
  const one = newVisitor()
  const asks = () => post(one, '/requests/link', { address: 'late@mail.example' })
  for (let at = 0; at < 5; at++) assert.equal((await asks()).statusCode, 303)
  await asks()
  assert.match((await asks()).body, /Many links were asked for\. Look into your mail, or try again in 1 minute/)
  for (let at = 0; at < 12; at++) await linkFor(newVisitor(), 'late@mail.example')
  assert.equal(await linkFor(newVisitor(), 'late@mail.example'), undefined)
})

test('the one search finds requests of whoever is signed in by what they may read, and never another’s', async () => {
  const own = await openBy('mojca@mail.example', { subject: 'Zip of the tent' })
  const other = await openBy('andrej@mail.example', { subject: 'Zip of the jacket' })
  await desk.write(async (tx) => {
    const author = { memberId: desk.memberId, name: 'Ana Novak', address: 'ana.novak@shop.example' }
    const say = (text: string, more: object) =>
      writeIn(tx, own.id, { kind: 'reply', channel: 'email', author, text, ...more })
    await say('Send the poles too.', { recipients: [{ name: '', address: 'mojca@mail.example' }] })
    await say('A swindler.', { kind: 'note' })
  })
  const { browser } = await signIn('mojca@mail.example')
  const found = async (by: Visitor, q: string, path = '/help/search') => {
    const asked = new URLSearchParams({ q, lang: 'en' })
    const { headers, body } = await by.ask('GET', `/${path}?${asked}`)
    return headers.location === undefined ? body : page(by, String(headers.location))
  }
  const link = new RegExp(`href="/requests/${own.number}\\?lang=en[^"]*"[^>]*>\\s*(<strong>)?Zip of the tent<`)
  for (const q of ['my zip is still broken', 'poles', `#${own.number}`]) assert.match(await found(browser, q), link, q)
  assert.match(await found(browser, 'poles'), new RegExp(`Your request ${own.number}`))
  assert.match(await found(browser, 'zi', '/help/search/typed'), link)
  for (const q of ['zip', 'jacket', `#${other.number}`, 'swindler']) {
    assert.doesNotMatch(await found(browser, q), /jacket</, q)
    for (const path of ['/help/search', '/help/search/typed'])
      assert.doesNotMatch(await found(newVisitor(), q, path), /requests\/\d/, q)
  }
  assert.doesNotMatch(await found(browser, 'swindler'), link)
})

test('a customer reads what was said with them, and nothing that was not', async () => {
  const ticket = await openBy('ana@mail.example', { subject: 'Boots' })
  desk.house.clock.advance(1_000)
  await desk.write(async (tx) => {
    const author = { memberId: desk.memberId, name: 'Ana Novak', address: 'ana.novak@shop.example' }
    const say = (more: object) => writeIn(tx, ticket.id, { kind: 'reply', channel: 'email', author, text: '', ...more })
    const to = (address: string) => [{ name: '', address }]
    await say({
      text: 'We look at your boots.',
      recipients: to('ana@mail.example'),
      blindCopies: to('boss@shop.example'),
    })
    await say({ kind: 'note', text: 'They always complain.' })
    await say({ text: 'What do these cost you?', recipients: to('maker@boots.example') })
    await say({
      text: 'Not gone yet.',
      recipients: to('ana@mail.example'),
      sendAt: new Date(tx.now.getTime() + 60_000),
    })
    const maker = { name: 'Maker', address: 'maker@boots.example' }
    await say({ kind: 'message', author: maker, text: 'They cost 12 euros.', recipients: to('desk@shop.example') })
  })
  const { browser, to } = await signIn('ana@mail.example', { to: String(ticket.number) })
  assert.equal(to, `/requests/${ticket.number}?lang=en`)
  const shown = await page(browser, to)
  assert.match(shown, /It broke\..*We look at your boots\./s)
  assert.doesNotMatch(shown, /complain|cost|Not gone|@shop\.example|boss|maker/)
  assert.match(shown, /<strong>Ana Novak<\/strong>/)
  assert.match(shown, /We are working on it.*It is our turn/s)
  for (const [, names] of shown.matchAll(/class="([^"]*)"/g))
    for (const name of names!.split(' ')) assert.ok(requestClasses.includes(name), name)
  const packed = await browser.ask('GET', `/${to}`, undefined, { 'accept-encoding': 'gzip' })
  assert.ok(packed.rawPayload.length < 14 * 1024)
})

test('a picture in a reply stands where it was put, and is loaded from here', async () => {
  const ticket = await openBy('tor@mail.example', { subject: 'Buckle' })
  const png = Buffer.from('89504e470d0a1a0a00', 'hex')
  const type = { 'content-type': 'application/octet-stream' }
  const { id } = (await desk.owner.ask('POST', '/files?name=buckle.png', png, type)).json() as { id: string }
  const text = `This one? ![<the> buckle](file:${id}) Or ![another](file:018f0000-0000-7000-8000-000000000000)?`
  const refused = await desk.refuse('POST', `/tickets/${ticket.id}/messages`, { kind: 'reply', text })
  assert.deepEqual([refused.code, refused.field], ['files.not_there', '/body/fileIds/1'])
  await desk.ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'reply', text: text.slice(0, text.indexOf(' Or')) })
  desk.house.clock.advance(11_000)
  await desk.house.due.drain()
  const { browser } = await signIn('tor@mail.example')
  const shown = await page(browser, `/requests/${ticket.number}?lang=en`)
  const address = `/requests/${ticket.number}/files/${id}`
  assert.ok(shown.includes(`This one? <img class="rq-picture" src="${address}" alt="&lt;the&gt; buckle">`), shown)
  assert.doesNotMatch(shown, /buckle\.png/)
  const picture = await browser.ask('GET', `/${address}`)
  assert.deepEqual([picture.headers['content-type'], picture.rawPayload], ['image/png', png])
})

test('a reply is read as its mail shows it, and nothing in it runs', async () => {
  const ticket = await openBy('ida@mail.example', { subject: 'Strap' })
  const text = 'A **new one** comes:\n\n- strap\n- buckle\n\nhttps://post.example/7 <script>x</script>'
  await desk.ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'reply', text })
  desk.house.clock.advance(11_000)
  await desk.house.due.drain()
  const { browser } = await signIn('ida@mail.example')
  const shown = await page(browser, `/requests/${ticket.number}?lang=en`)
  assert.match(shown, /A <strong>new one<\/strong> comes:<\/p>\s*<ul>\s*<li>strap<\/li>/)
  assert.match(shown, /<a href="https:\/\/post\.example\/7">/)
  assert.doesNotMatch(shown, /<script|\sstyle=/)
})

test('an answer with a file is a message of the ticket, once, and opens it again', async () => {
  const ticket = await openBy('bor@mail.example', { subject: 'Tent' })
  await desk.reply(ticket.id, 'Is it the red one?')
  await desk.ask('PATCH', `/tickets/${ticket.id}`, { status: 'solved' })
  const { browser } = await signIn('bor@mail.example')
  const address = `/requests/${ticket.number}`
  const token = tokenIn(await page(browser, `${address}?lang=en`))
  const empty = await post(browser, address, { token, message: ' ' })
  assert.deepEqual([empty.statusCode, /href="#message">Write something/.test(empty.body)], [400, true])
  const long = await post(browser, address, { token, message: `${'The red one. '.repeat(1_700)}The end.` })
  assert.deepEqual(
    [
      long.statusCode,
      /at most 20,000 are taken/.test(long.body),
      long.body.includes('The red one. The end.</textarea>'),
    ],
    [400, true, true],
  )
  const file = { name: 'tent.png', type: 'image/png', content: 'PNG' }
  for (let at = 0; at < 2; at++) {
    const sent = await post(browser, address, { token, message: 'Yes,\nthe red one.' }, [file])
    assert.deepEqual([sent.statusCode, sent.headers.location], [303, `${address}?lang=en`])
  }
  const { items } = await desk.ask<{ items: TicketEntry[] }>('GET', `/tickets/${ticket.id}/entries`)
  const messages = items.flatMap((entry) => (entry.type === 'message' ? entry.message : []))
  assert.deepEqual(messages.map(({ channel, text }) => [channel, text])[0], ['portal', 'Yes,\nthe red one.'])
  assert.equal(messages.length, 3)
  assert.equal((await desk.get(ticket.id)).status, 'open')
  const shown = await page(browser, `${address}?lang=en`)
  const fileAddress = /href="(\/requests\/\d+\/files\/[^"]+)">tent\.png/.exec(shown)![1]!
  const got = await browser.ask('GET', `/${fileAddress}`)
  assert.deepEqual(
    [got.body, got.headers['content-type'], got.headers['content-security-policy']],
    [...['PNG', 'image/png', "default-src 'none'; sandbox"]],
  )
  const { browser: other } = await signIn('ana@mail.example')
  assert.equal((await other.ask('GET', `/${fileAddress}`)).statusCode, 404)
  const forged = await post(browser, address, { token: tokenIn(await page(other, '/requests')), message: 'Forged' })
  assert.equal(forged.statusCode, 400)
})

test('a customer says that it is solved, and that it is not; a closed one goes on in another', async (t) => {
  const sql = new pg.Client(desk.house.database.owner)
  await sql.connect()
  t.after(() => sql.end())
  const ticket = await openBy('cene@mail.example', { subject: 'Stove' })
  const mailbox = await desk.ask<{ id: string }>('POST', '/mailboxes', { name: 'Help', address: 'help@shop.example' })
  await sql.query('update tickets set mailbox_id = $1 where id = $2', [mailbox.id, ticket.id])
  const { browser } = await signIn('cene@mail.example')
  const address = `/requests/${ticket.number}`
  const press = async (what: string) => {
    const token = tokenIn(await page(browser, address))
    assert.equal((await post(browser, `${address}/${what}`, { token })).statusCode, 303)
    return (await desk.get(ticket.id)).status
  }
  assert.equal((await post(browser, `${address}/solved`, {})).statusCode, 303)
  assert.equal((await desk.get(ticket.id)).status, 'new')
  assert.deepEqual(
    [await press('solved'), await press('solved'), await press('reopened')],
    ['solved', 'solved', 'open'],
  )
  assert.deepEqual((await desk.facts(ticket.id)).filter((type) => type === 'ticket.status').length, 2)
  await press('solved')
  desk.house.clock.advance(29 * 86_400_000)
  await desk.house.due.drain()
  assert.equal((await desk.get(ticket.id)).status, 'closed')
  const token = tokenIn(await page(browser, address))
  const sent = await post(browser, address, { token, message: 'It smokes again.' })
  const number = Number(/requests\/(\d+)/.exec(String(sent.headers.location))![1])
  assert.ok(number > ticket.number)
  assert.match(await page(browser, `/requests/${number}?lang=en`), /<h1>Stove<\/h1>.*It smokes again\./s)
  const { rows } = await sql.query('select mailbox_id from tickets where number = $1', [number])
  assert.deepEqual(rows, [{ mailbox_id: mailbox.id }], 'it is answered from where it was before')
})

test('who guesses numbers finds nothing, whether they are signed in or not', async () => {
  const ticket = await openBy('dana@mail.example')
  const { browser } = await signIn('ana@mail.example')
  for (const number of [String(ticket.number), '999999', '0', 'x', '1e3']) {
    const reply = await browser.ask('GET', `//requests/${number}`)
    assert.deepEqual([reply.statusCode, reply.json().code], [404, 'platform.not_found'], number)
    const token = tokenIn(await page(browser, '/requests'))
    for (const path of ['', '/solved', '/reopened']) {
      const written = await post(browser, `/requests/${number}${path}`, { token, message: 'x' })
      assert.equal(written.statusCode, 404, `${number}${path}`)
    }
  }
  assert.equal((await desk.get(ticket.id)).messages, 1)
  const stranger = newVisitor()
  const pages = await Promise.all(
    [ticket.number, 999_999].map((number) => page(stranger, `/requests/${number}?lang=en`)),
  )
  assert.equal(pages[0]!.replaceAll(String(ticket.number), ''), pages[1]!.replaceAll('999999', ''))
})

test('whoever may sees what their organisation asks, and nobody else does', async () => {
  const [one, two] = [await openBy('eva@firm.example', { subject: 'Ropes' }), await openBy('fran@firm.example')]
  for (const { customer } of [one, two]) {
    await desk.ask('PATCH', `/customers/${customer!.id}`, { organisation: 'Firm' })
  }
  const { browser } = await signIn('fran@firm.example')
  assert.equal((await browser.ask('GET', `//requests/${one.number}`)).statusCode, 404)
  assert.doesNotMatch(await page(browser, '/requests?of=organisation&lang=en'), /Ropes/)
  await desk.ask('PATCH', `/customers/${two.customer!.id}`, { seesOrganisation: true })
  const ours = await page(browser, '/requests?of=organisation&lang=en')
  assert.match(
    ours,
    new RegExp(`You · Number ${two.number},.*Ropes</a>.*eva@firm\\.example · Number ${one.number},`, 's'),
  )
  assert.match(await page(browser, `/requests/${one.number}?lang=en`), /eva@firm\.example.*It broke\./s)
  const token = tokenIn(await page(browser, `/requests/${one.number}`))
  assert.equal((await post(browser, `/requests/${one.number}`, { token, message: 'For Eva.' })).statusCode, 303)
  const { browser: eva } = await signIn('eva@firm.example')
  assert.match(await page(eva, `/requests/${one.number}?lang=en`), /fran@firm\.example.*For Eva\./s)
  assert.equal((await eva.ask('GET', `//requests/${two.number}`)).statusCode, 404)
})

test('one person with two addresses sees all of it by either, until that is taken back', async () => {
  const [work, home] = [
    await openBy('gal@work.example', { subject: 'Axe' }),
    await openBy('gal@home.example', { subject: 'Saw' }),
  ]
  await desk.ask('PUT', `/customers/${home.customer!.id}/merge`, { intoId: work.customer!.id })
  const { browser } = await signIn('gal@home.example')
  const list = await page(browser, '/requests?lang=en')
  assert.match(list, /Axe/)
  assert.match(list, /Saw/)
  await desk.ask('DELETE', `/customers/${home.customer!.id}/merge`)
  assert.equal((await browser.ask('GET', `//requests/${work.number}`)).statusCode, 404)
  assert.equal((await browser.ask('GET', `//requests/${home.number}`)).statusCode, 200)
  await desk.ask<Customer>('POST', `/customers/${work.customer!.id}/addresses`, { address: 'gal@club.example' })
  const { browser: club } = await signIn('gal@club.example')
  assert.match(await page(club, '/requests?lang=en'), /Axe/)
  const ticket = await desk.ask<Ticket>('GET', `/tickets/${work.id}`)
  assert.equal(ticket.customer?.email, 'gal@work.example')
})

test('signing out ends it, and needs the page of the one who does', async () => {
  await openBy('hana@mail.example')
  const { browser } = await signIn('hana@mail.example')
  await post(browser, '/requests/sign-out', { token: 'x' })
  assert.match(await page(browser, '/requests?lang=en'), /Sign out/)
  const token = tokenIn(await page(browser, '/requests'))
  const out = await post(browser, '/requests/sign-out', { token })
  assert.match(String(out.headers['set-cookie']), /^lahko_customer=; .*Expires=Thu, 01 Jan 1970/)
  assert.match(await page(browser, '/requests?lang=en'), /Send the link/)
})

test('a session is over after thirty days, and what is over is forgotten each night', async (t) => {
  const sql = new pg.Client(desk.house.database.owner)
  await sql.connect()
  t.after(() => sql.end())
  const kept = async () => {
    const names = ['customer_links', 'customer_sessions', 'sent_forms', 'kept_uploads']
    const counts = names.map((name) => sql.query<{ count: string }>(`select count(*) from ${name}`))
    return (await Promise.all(counts)).map(({ rows }) => Number(rows[0]!.count) > 0)
  }
  const { browser } = await signIn('hana@mail.example')
  const token = tokenIn(await page(browser, '/requests/new?lang=en'))
  assert.equal((await post(browser, '/requests/new', { token }, [{ name: 'a.txt', content: 'a' }])).statusCode, 400)
  await linkFor(newVisitor(), 'hana@mail.example')
  assert.deepEqual(await kept(), [true, true, true, true])
  desk.house.clock.advance(32 * 86_400_000)
  assert.match(await page(browser, '/requests?lang=en'), /Send the link/)
  await enqueueEverywhere({ outside: desk.house.store.outside }, 'tidy_requests')
  await desk.house.jobs.settle()
  assert.deepEqual(await kept(), [false, false, false, false])
})
