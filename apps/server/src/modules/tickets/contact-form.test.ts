import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket, TicketEntry, TicketField, TicketFieldValue, TicketLine } from '@lahko/contract'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { multipart, tokenIn } from '../../testing/forms.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { requestClasses } from './request-frame.ts'

let house: TestHouse
let smtp: TestSmtp
let owner: Visitor
let customer: Visitor
let order: TicketField
let bought: TicketField

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'desk@shop.example' })
  owner = (await newWorkspace(house, 'shop')).owner
  customer = visitor(house)
})
after(async () => {
  await house.close()
  await smtp.close()
})

const filled = {
  lang: 'en',
  name: 'Nives Oblak',
  address: 'Nives@mail.example',
  topic: 'Returns',
  message: 'The zip came off.\n\nToday.',
}

async function form(lang = 'en'): Promise<string> {
  const reply = await customer.ask('GET', `//requests/new?lang=${lang}`)
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.body
}

async function send(fields: Record<string, string>, files: Parameters<typeof multipart>[1] = [], from = customer) {
  house.clock.advance(8_000)
  const { payload, headers } = multipart(fields, files)
  return from.ask('POST', '//requests/new', payload, headers)
}

async function ask<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, reply.body)
  return (reply.body === '' ? undefined : reply.json()) as T
}

const newest = async () => (await ask<{ items: TicketLine[] }>('GET', '/tickets?limit=1')).items[0]!

test('the form is closed until a manager opens it, and asks for what they want to know', async () => {
  assert.equal((await customer.ask('GET', '//requests/new')).statusCode, 404)
  const topics = [{ name: 'Returns', label: { sl: 'Vračila' } }, { name: 'Orders "new"' }]
  const opened = await ask<{ url: string }>('PUT', '/contact-form', {
    open: true,
    intro: { en: 'We read all.' },
    topics,
  })
  assert.equal(opened.url, 'http://localhost/requests/new')
  order = await ask('POST', '/ticket-fields', {
    name: 'Order',
    kind: 'number',
    topics: ['Returns'],
    onForm: 'required',
  })
  bought = await ask('POST', '/ticket-fields', {
    name: 'Bought',
    kind: 'date',
    label: { sl: 'Kupljeno' },
    onForm: 'optional',
  })
  const page = await form('sl')
  assert.match(page, /<option value="Returns">Vračila<\/option>/)
  assert.match(page, /Kupljeno/)
  assert.match(page, /#topic option\[value="Returns"\]:checked/)
  const packed = await customer.ask('GET', '//requests/new', undefined, { 'accept-encoding': 'gzip' })
  assert.ok(packed.rawPayload.length < 14 * 1024, `${packed.rawPayload.length}`)
  assert.doesNotMatch(page, /<script|https?:\/\/|\sstyle=/)
  for (const [, names] of page.matchAll(/class="([^"]*)"/g))
    for (const name of names!.split(' ')) assert.ok(requestClasses.includes(name), name)
})

test('what is missing is named, and nothing that was written or attached is lost', async () => {
  const token = tokenIn(await form())
  const photo = { name: 'C:\\photos\\zip.png', type: 'image/png', content: 'PNG' }
  const back = await send({ ...filled, token, address: 'nobody', [`f-${order.id}`]: 'ten' }, [photo])
  assert.equal(back.statusCode, 400)
  assert.match(back.body, /href="#address">This is no e-mail address/)
  assert.match(back.body, new RegExp(`href="#f-${order.id}">This is no number`))
  assert.match(
    back.body,
    /id="address"[^>]*value="nobody"[^>]*aria-describedby="address-hint address-problem" aria-invalid="true"/,
  )
  assert.match(back.body, /The zip came off\.\n\nToday\.<\/textarea>/)
  assert.match(back.body, /<option value="Returns" selected>/)
  const keep = /name="(keep-[^"]+)" value="yes" checked>\s*<span>zip.png is kept/.exec(back.body)?.[1]
  assert.ok(keep, back.body)
  assert.equal(tokenIn(back.body), token)
  const sent = await send({ ...filled, token, [`f-${order.id}`]: '1 042,5', [keep]: 'yes' }, [
    { name: 'b.txt', content: 'b' },
  ])
  assert.equal(sent.statusCode, 303, sent.body)
  const line = await newest()
  const { items } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${line.id}/entries`)
  const message = items.find((entry) => entry.type === 'message')!.message
  assert.deepEqual(
    message.attachments.map(({ name, mediaType, size }) => [name, mediaType, size]),
    [
      ['zip.png', 'image/png', 3],
      ['b.txt', 'application/octet-stream', 1],
    ],
  )
  const values = await ask<TicketFieldValue[]>('GET', `/tickets/${line.id}/fields`)
  assert.deepEqual(
    values.map(({ field, value }) => [field.name, value]),
    [
      ['Order', 1042.5],
      ['Bought', null],
    ],
  )
})

test('what is too long is refused by its name, and all of it stands there again', async () => {
  const token = tokenIn(await form())
  const message = `${'Zip after zip. '.repeat(1_400)}The end.`
  const back = await send({ ...filled, token, name: 'N'.repeat(121), message })
  assert.equal(back.statusCode, 400)
  assert.match(back.body, /href="#message">This has 21,008 characters, and at most 20,000 are taken/)
  assert.match(back.body, /href="#name">This has 121 characters, and at most 120 are taken/)
  assert.ok(back.body.includes(message), 'to its last word')
  assert.ok(back.body.includes(`value="${'N'.repeat(121)}"`))
  const lines = 'a\r\n'.repeat(9_999)
  assert.equal(
    (await send({ ...filled, token, [`f-${order.id}`]: '1', message: lines })).statusCode,
    303,
    'as it is kept',
  )
})

test('nothing in a request turns the order of letters around', async () => {
  const given = { name: 'Nives\u202e Oblak', message: 'The \u2067zip\u2069 came \u202eoff.' }
  const sent = await send({
    ...filled,
    ...given,
    address: 'turn@mail.example',
    token: tokenIn(await form()),
    [`f-${order.id}`]: '1',
  })
  assert.equal(sent.statusCode, 303, sent.body)
  const line = await newest()
  assert.deepEqual([line.subject, line.lastAuthor], ['The zip came off.', 'Nives Oblak'])
  const named = await ask<Ticket>('PATCH', `/tickets/${line.id}`, { subject: 'A \u202egpj.exe' })
  assert.equal(named.subject, 'A gpj.exe')
})

test('a request is a ticket of its customer with the form’s topic, once however often it is sent', async () => {
  const token = tokenIn(await form('sl'))
  const address = 'kim@mail.example'
  const fields = { ...filled, address, token, lang: 'sl', [`f-${order.id}`]: '7', [`f-${bought.id}`]: '2026-11-02' }
  const replies = await Promise.all([send(fields), send(fields)])
  assert.deepEqual(
    replies.map(({ headers }) => headers.location),
    Array(2).fill(`/requests/r/${token}?lang=sl`),
  )
  const line = await newest()
  const ticket = await ask<Ticket>('GET', `/tickets/${line.id}`)
  assert.deepEqual(
    [
      ticket.subject,
      ticket.topic,
      ticket.channel,
      ticket.language,
      ticket.status,
      ticket.customer?.email,
      ticket.messages,
    ],
    ['The zip came off.', 'Returns', 'form', 'sl', 'new', 'kim@mail.example', 1],
  )
  const page = await customer.ask('GET', `/${replies[0]!.headers.location}`)
  assert.match(page.body, new RegExp(`<h1>Vaša zadeva je pri nas: številka ${line.number}</h1>.*kim@mail.example`, 's'))
  await house.due.drain()
  const mails = smtp.received.filter(
    ({ raw }) => raw.includes(`zadeva ${line.number}`) || partOf(raw, 'text/plain').includes(`${line.number}`),
  )
  assert.equal(mails.length, 1)
  const { raw, to } = mails[0]!
  assert.deepEqual([to, headerOf(raw, 'auto-submitted')], [['kim@mail.example'], 'auto-generated'])
  assert.match(partOf(raw, 'text/plain'), /Odpri mojo zadevo:\r\nhttp:\/\/.*\/requests\/enter\/[\w-]{43}\?lang=sl/)
  assert.doesNotMatch(partOf(raw, 'text/plain'), /zip/)
  const { items } = await ask<{ items: TicketLine[] }>('GET', '/tickets?limit=50')
  assert.equal(items.filter(({ id }) => id === line.id).length, 1)
  const before = smtp.received.length
  await send({ ...fields, token: tokenIn(await form('sl')) })
  await house.due.drain()
  assert.equal(smtp.received.length, before, 'a stranger fills nobody’s mail box in their name')
})

test('a confirmation that does not arrive is shown on the message that it confirms', async () => {
  smtp.refuse = () => ({ code: 550, message: '5.1.1 no such user' })
  await send({ ...filled, address: 'slip@mail.example', token: tokenIn(await form()), [`f-${order.id}`]: '7' })
  await house.due.drain()
  smtp.refuse = () => undefined
  const { id, status } = await newest()
  const { items } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  const { delivery } = items.find((entry) => entry.type === 'message')!.message
  assert.deepEqual([delivery?.state, delivery?.status, delivery?.mailId, status], ['bounced', '5.1.1', null, 'new'])
  assert.match(delivery!.says, /^slip@mail\.example: \S.* 550 5\.1\.1 no such user$/)
})

test('an answer to the confirmation goes to the mailbox, with the token of the request', async () => {
  await ask('POST', '/mailboxes', { name: 'Help', address: 'help@shop.example' })
  const token = tokenIn(await form())
  await send({ ...filled, address: 'bor@mail.example', token, [`f-${order.id}`]: '7' })
  await house.due.drain()
  const { raw, to } = smtp.received.at(-1)!
  assert.deepEqual(to, ['bor@mail.example'])
  assert.match(headerOf(raw, 'reply-to')!, /help\+[a-z2-7]{40}@shop\.example/)
  assert.match(partOf(raw, 'text/plain'), /requests\/enter\//)
})

test('what a program sends is put aside as spam, and nobody is mailed', async () => {
  const before = smtp.received.length
  const token = tokenIn(await form())
  const reply = await send({ ...filled, token, [`f-${order.id}`]: '7', 'leave-empty': 'x' })
  assert.equal(reply.statusCode, 303)
  await house.due.drain()
  assert.equal(smtp.received.length, before)
  const { items } = await ask<{ items: TicketLine[] }>('GET', '/tickets?shelf=spam')
  assert.equal(items.length, 1)
})

test('files that are too large, too many or programs are named, and the others kept', async () => {
  const token = tokenIn(await form())
  const files = [
    { name: 'big.bin', content: Buffer.alloc(10 * 1024 * 1024 + 1) },
    { name: 'run.EXE', content: 'MZ' },
    ...[1, 2, 3, 4, 5, 6].map((at) => ({ name: `${at}.txt`, content: 'x' })),
  ]
  const back = await send({ ...filled, token, [`f-${order.id}`]: '7' }, files)
  assert.equal(back.statusCode, 400)
  assert.match(
    back.body,
    /big\.bin is larger than 10 MB.*run\.EXE was not taken: it is a program.*6\.txt was not taken/s,
  )
  assert.equal([...back.body.matchAll(/name="keep-/g)].length, 5)
})

test('an office may ask forty times at once, and then hears when to try again', async () => {
  const office = visitor(house, { address: '198.51.100.7' })
  const page = tokenIn(await form())
  const { payload, headers } = multipart({ ...filled, token: page, message: '' })
  for (let at = 0; at < 40; at++)
    assert.equal((await office.ask('POST', '//requests/new', payload, headers)).statusCode, 400)
  const late = await office.ask('POST', '//requests/new', payload, headers)
  assert.deepEqual([late.statusCode, late.headers['retry-after']], [429, '60'])
  assert.match(late.body, /value="Nives@mail.example"/)
})

test('values are of their field’s kind, and what solving needs is named', async () => {
  const { id } = await newest()
  const size = await ask<TicketField>('POST', '/ticket-fields', {
    ...{ name: 'Size', kind: 'choice', choices: [{ value: 'S' }, { value: 'M' }], requiredOnSolving: true },
  })
  const refused = await owner.ask('PATCH', `/tickets/${id}/fields`, { values: { [size.id]: 'XL' } })
  assert.deepEqual([refused.statusCode, refused.json().errors[0].field], [400, `/body/values/${size.id}`])
  const missing = async () =>
    (await ask<TicketFieldValue[]>('GET', `/tickets/${id}/fields`))
      .filter((one) => one.missing)
      .map((one) => one.field.name)
  assert.deepEqual(await missing(), ['Size'])
  const early = await owner.ask('PATCH', `/tickets/${id}`, { status: 'solved' })
  assert.deepEqual([early.statusCode, early.json().errors[0].field], [409, `/fields/${size.id}`])
  const reply = { kind: 'reply', text: 'Sent.', status: 'solved' }
  const key = { 'idempotency-key': 'solve-1' }
  assert.equal((await owner.ask('POST', `/tickets/${id}/messages`, reply, key)).json().code, 'requests.missing_fields')
  await ask('PATCH', `/tickets/${id}/fields`, { values: { [size.id]: 'M', [bought.id]: '2026-02-01' } })
  assert.deepEqual(await missing(), [])
  await ask('PATCH', `/tickets/${id}`, { status: 'solved' })
  const other = await owner.ask('PUT', `/ticket-fields/${size.id}`, { name: 'Size', kind: 'text' })
  assert.equal(other.json().code, 'requests.field_in_use')
  await ask('DELETE', `/ticket-fields/${size.id}`)
  assert.deepEqual(
    (await ask<TicketField[]>('GET', '/ticket-fields')).map(({ name }) => name),
    ['Order', 'Bought'],
  )
  await ask('PUT', `/ticket-fields/${size.id}`, {
    name: 'Size',
    kind: 'choice',
    choices: [{ value: 'S' }, { value: 'M' }],
  })
  await ask('PUT', '/ticket-field-order', { ids: [size.id, bought.id] })
  assert.deepEqual(
    (await ask<TicketField[]>('GET', '/ticket-fields')).map(({ name }) => name),
    ['Size', 'Bought', 'Order'],
  )
  const values = await ask<TicketFieldValue[]>('GET', `/tickets/${id}/fields`)
  assert.equal(values.find(({ field }) => field.id === size.id)?.value, 'M')
})
