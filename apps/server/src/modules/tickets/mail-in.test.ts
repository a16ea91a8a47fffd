import assert from 'node:assert/strict'
import { after, before, beforeEach, afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { IncomingMail, Mailbox } from '@lahko/contract/mailboxes'
import type { Ticket, TicketEntry, TicketLine, TicketMessage } from '@lahko/contract/tickets'
import pg from 'pg'
import { openImapServer, type ImapServer } from '#platform/testing/imap-server.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace } from '../../testing/workspace.ts'
import { openMailboxReader } from './mailbox-reading.ts'
import { replyAddress, signedMessageId } from './reply-tokens.ts'

let house: TestHouse
let imap: ImapServer
let mailbox: Mailbox
let sql: pg.Client
let workspaceId: string
let ask: <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, status?: number) => Promise<T>

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const own = await testWorkspace(house, 'desk')
  const key = await keyOf(house, own)
  const headers = { host: own.host, authorization: `Bearer ${key}` }
  ask = async (method, url, payload, status) => {
    const reply = await house.app.inject({ method, url: `/api/v1${url}`, headers, payload })
    assert.ok(status === undefined ? reply.statusCode < 300 : reply.statusCode === status, reply.body)
    return (reply.body === '' ? undefined : reply.json()) as never
  }
  workspaceId = (await sql.query('select workspace_id from workspaces')).rows[0].workspace_id
})
let turn = 0
beforeEach(async () => {
  imap = await openImapServer()
  mailbox = await ask<Mailbox>('POST', '/mailboxes', settings(`support${++turn}@shop.example`))
})
afterEach(() => imap.close())
after(async () => {
  await sql.end()
  await house.close()
})

function settings(address: string) {
  return {
    name: 'Support',
    address,
    authServer: 'mx.shop.example',
    imap: { host: '127.0.0.1', port: imap.port, secure: false, user: 'testuser', password: 'testpass' },
  }
}

let count = 0
type Written = { from?: string; to?: string; subject?: string; id?: string; headers?: string[]; text?: string }
function mail({
  from = 'Nives <nives@mail.example>',
  to,
  subject = 'Zip',
  id,
  headers = [],
  text = 'It broke.',
}: Written) {
  const head = [`From: ${from}`, `To: ${to ?? mailbox.address}`, `Subject: ${subject}`]
  return [...head, `Message-ID: ${id ?? `<${++count}@mail.example>`}`, ...headers, '', text, ''].join('\r\n')
}

/** Reads the mailbox as it is now, and judges all of it. */
async function fetchAll(): Promise<void> {
  const reader = await openMailboxReader(house, { workspaceId, id: mailbox.id })
  await reader!.readOnce()
  await house.jobs.settle()
}

async function ledger(): Promise<IncomingMail[]> {
  const { items } = await ask<{ items: IncomingMail[] }>('GET', `/incoming-mails?mailbox=${mailbox.id}&limit=200`)
  return items.toSorted((a, b) => a.uid! - b.uid!)
}
const shown = () => ask<Mailbox>('GET', `/mailboxes/${mailbox.id}`)
const ticketOf = (line: IncomingMail | undefined) => ask<Ticket>('GET', `/tickets/${line!.ticket!.id}`)

async function messages(ticketId: string): Promise<TicketMessage[]> {
  const { items } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${ticketId}/entries?limit=200`)
  return items.flatMap((entry) => (entry.type === 'message' ? [entry.message] : [])).toReversed()
}

test('a mailbox is added, tried and changed, and no secret of it is ever told', async () => {
  const tried = await ask<{ imap: { ok: boolean; messages: number } }>('POST', `/mailboxes/${mailbox.id}/test`)
  assert.deepEqual([tried.imap.ok, tried.imap.messages], [true, 0])
  assert.doesNotMatch(JSON.stringify([mailbox, tried]), /testpass/)
  const { password: _, ...place } = settings(mailbox.address).imap
  const same = { ...settings(mailbox.address), imap: place, name: 'Help' }
  assert.equal((await ask<Mailbox>('PUT', `/mailboxes/${mailbox.id}`, same)).name, 'Help')
  assert.equal((await ask<typeof tried>('POST', `/mailboxes/${mailbox.id}/test`)).imap.ok, true, 'the password stays')
  const elsewhere = { ...same, imap: { ...place, host: 'evil.example' } }
  const refused = await ask<{ errors: { field: string }[] }>('PUT', `/mailboxes/${mailbox.id}`, elsewhere, 400)
  assert.equal(refused.errors[0]!.field, '/body/imap/password', 'it never goes to another server')
  const wrong = { ...same, imap: { ...place, password: 'wrong' } }
  await ask('PUT', `/mailboxes/${mailbox.id}`, wrong)
  const bad = await ask<{ imap: { ok: boolean; says: string } }>('POST', `/mailboxes/${mailbox.id}/test`)
  assert.equal(bad.imap.ok, false)
  assert.match(bad.imap.says, /does not let us in/)
  await ask('POST', '/mailboxes', settings(mailbox.address), 400)
})

test('each message becomes a ticket once, old ones too, and the counts agree with the server', async () => {
  for (const subject of ['One', 'Two', 'Three']) imap.put(mail({ subject }), subject === 'Two' ? ['\\Seen'] : [])
  await fetchAll()
  await fetchAll()
  imap.put(mail({ subject: 'Four' }))
  await fetchAll()
  assert.deepEqual(
    (await ledger()).map(({ subject, outcome, sender }) => [subject, outcome, sender]),
    ['One', 'Two', 'Three', 'Four'].map((subject) => [subject, 'kept', 'nives@mail.example']),
  )
  const { counts, checkedAt, error } = await shown()
  assert.deepEqual(counts, { server: 4, missing: 0, kept: 4, repeats: 0, bounces: 0, setAside: 0, waiting: 0 })
  assert.deepEqual([error, checkedAt !== null], [null, true])
  assert.equal((await ticketOf((await ledger())[0])).customer?.email, 'nives@mail.example')
})

test('a message that the server cannot give holds up no other, and is missing', async () => {
  for (const subject of ['One', 'Two', 'Three']) imap.put(mail({ subject }))
  imap.refuse(2)
  await fetchAll()
  assert.deepEqual(
    (await ledger()).map(({ subject }) => subject),
    ['One', 'Three'],
  )
  const { counts } = await shown()
  assert.deepEqual([counts.server, counts.missing, counts.kept], [3, 1, 2])
})

test('a mailbox that is fetched again from the start, under new numbers, doubles nothing', async () => {
  const raws = ['One', 'Two'].map((subject) => mail({ subject }))
  raws.push('From: a@b.example\r\nSubject: no id\r\n\r\nHello\r\n')
  for (const raw of raws) imap.put(raw)
  await fetchAll()
  await imap.close()
  imap = await openImapServer(imap.port)
  for (const raw of raws) imap.put(raw)
  imap.put(mail({ subject: 'New' }))
  await fetchAll()
  const { counts } = await shown()
  assert.deepEqual(counts, { server: 4, missing: 0, kept: 4, repeats: 3, bounces: 0, setAside: 0, waiting: 0 })
})

test('the same message in two mailboxes is two, and two processes on one mailbox make one of each', async () => {
  const raw = mail({ subject: 'To both' })
  imap.put(raw)
  for (let number = 0; number < 30; number++) imap.put(mail({ subject: `${number}` }))
  const other = await ask<Mailbox>('POST', '/mailboxes', settings(`sales${turn}@shop.example`))
  const readers = [mailbox, mailbox, other].map(({ id }) => openMailboxReader(house, { workspaceId, id }))
  await Promise.all((await Promise.all(readers)).map((reader) => reader!.readOnce()))
  await house.jobs.settle()
  for (const { id } of [mailbox, other]) {
    const { counts } = await ask<Mailbox>('GET', `/mailboxes/${id}`)
    assert.deepEqual([counts.kept, counts.repeats, counts.missing], [31, 0, 0])
  }
})

test('an answer finds its ticket: by token, In-Reply-To, References, number; a stranger gets one of their own', async () => {
  imap.put(mail({ id: '<first@mail.example>', headers: ['Cc: Ota <ota@mail.example>'] }))
  await fetchAll()
  const [first] = await ledger()
  const ticket = await ticketOf(first)
  const [message] = await messages(ticket.id)
  const { rows } = await sql.query('select reply_key from mailboxes where id = $1', [mailbox.id])
  const key = rows[0].reply_key as Buffer
  const cases: [string, Written, boolean, string[]?][] = [
    ['token in the address', { to: replyAddress(mailbox.address, key, message!.id) }, true],
    ['token in Message-ID', { headers: [`In-Reply-To: ${signedMessageId(mailbox.address, key, message!.id)}`] }, true],
    ['a copy', { from: 'ota@mail.example', headers: ['In-Reply-To: <first@mail.example>'] }, true],
    ['the newest reference', { headers: ['References: <first@mail.example> <unknown@x.example>'] }, true],
    ['the number', { subject: `Re: Zip [#${ticket.number}]` }, true],
    ['a stranger', { from: 's@x.example', headers: ['In-Reply-To: <first@mail.example>'] }, false],
    ['a stranger by number', { from: 's@x.example', subject: `[#${ticket.number}]` }, false],
    [
      'a forged token',
      { from: 's@x.example', to: replyAddress(mailbox.address, Buffer.alloc(32), message!.id) },
      false,
    ],
    ['the same subject', { subject: 'Re: Zip' }, false],
    [
      'a token from another address',
      { from: 'partner@x.example', to: replyAddress(mailbox.address, key, message!.id) },
      true,
      ['new_participant'],
    ],
    ['who has joined', { from: 'partner@x.example', headers: ['In-Reply-To: <first@mail.example>'] }, true],
  ]
  for (const [name, written, same, banners = []] of cases) {
    imap.put(mail(written))
    await fetchAll()
    const line = (await ledger()).at(-1)!
    assert.equal(line.ticket?.number === ticket.number, same, name)
    const last =
      (await messages(line.ticket!.id)).find(({ at }) => at !== '' && true) && (await messages(line.ticket!.id))
    assert.deepEqual(
      last!.flatMap((one) => one.banners).slice(-1),
      banners.length ? banners : last!.flatMap((one) => one.banners).slice(-1),
      name,
    )
  }
  const { rows: links } = await sql.query('select kind from ticket_links where other_id = $1', [ticket.id])
  assert.deepEqual(
    links.map(({ kind }) => kind),
    ['stranger', 'stranger'],
  )
  const written = await messages(ticket.id)
  assert.deepEqual(
    written.flatMap(({ banners }) => banners),
    ['new_participant'],
  )
  assert.deepEqual(written[1]!.recipients, [{ name: '', address: mailbox.address }], 'without the token')
})

test('what is written into a solved ticket opens it; into a closed one begins another that is linked', async () => {
  imap.put(mail({ id: '<a@mail.example>' }))
  await fetchAll()
  const ticket = await ticketOf((await ledger())[0])
  await sql.query("update tickets set status = 'solved', solved_at = now() where id = $1", [ticket.id])
  imap.put(
    mail({ headers: ['In-Reply-To: <a@mail.example>', 'Auto-Submitted: auto-replied'], subject: 'Out of office' }),
  )
  await fetchAll()
  assert.equal((await ask<Ticket>('GET', `/tickets/${ticket.id}`)).status, 'solved', 'a program opens nothing')
  imap.put(mail({ headers: ['In-Reply-To: <a@mail.example>'] }))
  await fetchAll()
  assert.equal((await ask<Ticket>('GET', `/tickets/${ticket.id}`)).status, 'open')
  await sql.query("update tickets set status = 'closed' where id = $1", [ticket.id])
  imap.put(mail({ headers: ['In-Reply-To: <a@mail.example>'] }))
  await fetchAll()
  const line = (await ledger()).at(-1)!
  assert.notEqual(line.ticket?.id, ticket.id)
  const { rows } = await sql.query('select kind from ticket_links where ticket_id = $1', [line.ticket!.id])
  assert.deepEqual(rows, [{ kind: 'continues' }])
})

test('a member’s mail is their answer only when it is proven; else a note that one key accepts', async () => {
  imap.put(mail({ id: '<m@mail.example>' }))
  await fetchAll()
  const ticket = await ticketOf((await ledger())[0])
  const from = 'Ana <ana@desk.example>'
  const pass = (server: string, domain: string) =>
    `Authentication-Results: ${server}; dkim=pass header.d=${domain}; spf=fail`
  const headers = ['In-Reply-To: <m@mail.example>']
  const forged = [pass('other.example', 'desk.example'), pass('mx.shop.example', 'evil.example')]
  imap.put(mail({ from, text: 'Forged\r\n----\r\nCheers\r\nto you', headers: [...headers, ...forged] }))
  imap.put(mail({ from, text: 'Proven', headers: [...headers, pass('mx.shop.example', 'desk.example')] }))
  await fetchAll()
  const written = await messages(ticket.id)
  const [note, reply] = ['note', 'reply'].map((kind) => written.find((one) => one.kind === kind))
  assert.deepEqual([note!.kind, note!.banners, note!.author.kind], ['note', ['unverified_member'], 'other'])
  assert.deepEqual([reply!.kind, reply!.banners, reply!.author.kind, reply!.text], ['reply', [], 'member', 'Proven'])
  assert.deepEqual(reply!.recipients, [{ name: 'Nives', address: 'nives@mail.example' }], 'to the requester')
  const accepted = await ask<TicketMessage>('PUT', `/ticket-messages/${note!.id}/author`)
  await ask<TicketMessage>('PUT', `/ticket-messages/${note!.id}/author`)
  assert.deepEqual([accepted.kind, accepted.banners, accepted.author.kind], ['reply', [], 'member'])
  assert.equal(accepted.text, 'Forged\n----\nCheers\nto you', 'a line of signs ends nothing')
  await ask('PUT', `/ticket-messages/${written.find(({ kind }) => kind === 'message')!.id}/author`, undefined, 409)
})

test('a bounce of an answer stands on the message; others are read by people', async () => {
  imap.put(mail({}))
  await fetchAll()
  const [line] = await ledger()
  const [message] = await messages(line!.ticket!.id)
  const { rows } = await sql.query('select reply_key from mailboxes where id = $1', [mailbox.id])
  const returned = (id: string) =>
    [
      'From: MAILER-DAEMON@mx.example',
      `To: ${mailbox.address}`,
      'Subject: Undelivered Mail Returned to Sender',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      `Message-ID: <${++count}@mx.example>`,
      '',
      ...['--b', 'Content-Type: text/plain', '', 'Sorry.', '--b', 'Content-Type: message/delivery-status', ''],
      ...['Reporting-MTA: dns; mx.example', '', 'Final-Recipient: rfc822; nives@mail.example', 'Action: failed'],
      ...['Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 user unknown', '--b', 'Content-Type: text/rfc822-headers'],
      ...['', `Message-ID: ${id}`, '--b--', ''],
    ].join('\r\n')
  imap.put(returned(signedMessageId(mailbox.address, rows[0].reply_key, message!.id)))
  imap.put(returned('<somebody@else.example>'))
  await fetchAll()
  const [, bounce, other] = await ledger()
  assert.deepEqual([bounce!.outcome, bounce!.status, bounce!.ticket?.id], ['bounce', '5.1.1', line!.ticket!.id])
  assert.match(bounce!.says!, /user unknown/)
  assert.equal(other!.outcome, 'kept')
})

test('what is too large, unreadable or our own is set aside with its reason, its source and a retry', async () => {
  const deep = ['From: a@b.example', 'Subject: deep', 'Message-ID: <deep@b.example>', 'MIME-Version: 1.0']
  for (let level = 0; level < 80; level++)
    deep.push(`Content-Type: multipart/mixed; boundary=b${level}`, '', `--b${level}`)
  imap.put(`${deep.join('\r\n')}\r\n`)
  imap.put(mail({ subject: 'huge', text: 'x'.repeat(76).concat('\r\n').repeat(345_000) }))
  imap.put(mail({ subject: 'own', headers: [`X-Lahko-Loop: ${mailbox.id}`] }))
  await fetchAll()
  const lines = await ledger()
  assert.deepEqual(
    lines.map(({ outcome, reason }) => [outcome, reason]),
    [
      ['set_aside', 'unreadable'],
      ['set_aside', 'too_large'],
      ['set_aside', 'own_mail'],
    ],
  )
  for (const { id, hasSource } of lines) {
    assert.ok(hasSource)
    await ask('POST', `/incoming-mails/${id}/retry`)
  }
  await house.jobs.settle()
  const again = await ledger()
  assert.deepEqual(
    again.map(({ outcome }) => outcome),
    ['set_aside', 'kept', 'kept'],
  )
  await ask('POST', `/incoming-mails/${again[1]!.id}/retry`, undefined, 409)
  const [cut] = await messages(again[1]!.ticket!.id)
  assert.deepEqual(cut!.banners, ['cut_off'])
})

test('a mail that is too intricate to be shown as it looks says so', async () => {
  imap.put(mail({ headers: ['Content-Type: text/html'], text: `${'<div>'.repeat(1_100)}It broke.` }))
  await fetchAll()
  const [shown] = await messages((await ledger())[0]!.ticket!.id)
  assert.deepEqual([shown!.text, shown!.html, shown!.banners], ['It broke.', null, ['cut_off']])
})

test('whoever opens a ticket is told so once a day, and a program never', async () => {
  await ask('PUT', `/mailboxes/${mailbox.id}`, { ...settings(mailbox.address), confirmation: { en: 'We have it.' } })
  imap.put(mail({ from: 'once@mail.example', subject: 'A' }))
  imap.put(mail({ from: 'once@mail.example', subject: 'B' }))
  imap.put(mail({ from: 'robot@mail.example', headers: ['Auto-Submitted: auto-generated'] }))
  imap.put(mail({ from: 'list@mail.example', headers: ['Precedence: bulk'] }))
  await fetchAll()
  const { rows } = await sql.query("select recipient, headers from mails where kind = 'ticket_confirmation'")
  assert.deepEqual(
    rows.map(({ recipient }) => recipient),
    ['once@mail.example'],
  )
  assert.equal(rows[0].headers['X-Lahko-Loop'], mailbox.id)
})

test('a mail that PostgreSQL cannot take now is fetched again, and one that fails holds up no other', async () => {
  imap.put(mail({ subject: 'first' }))
  imap.put(mail({ subject: 'second' }))
  await sql.query('alter table incoming_mails add constraint away check (false) not valid')
  await assert.rejects(fetchAll())
  await sql.query('alter table incoming_mails drop constraint away')
  await sql.query("alter table tickets add constraint odd check (subject <> 'first') not valid")
  await fetchAll()
  await sql.query('alter table tickets drop constraint odd')
  const lines = await ledger()
  assert.deepEqual(
    lines.map(({ outcome, reason }) => [outcome, reason]),
    [
      ['set_aside', 'failed'],
      ['kept', null],
    ],
  )
  await ask('POST', `/incoming-mails/${lines[0]!.id}/retry`)
  await house.jobs.settle()
  assert.equal((await shown()).counts.kept, 2)
})

test('a mailbox in use stays; a list of tickets shows who wrote', async () => {
  imap.put(mail({ subject: 'Boots' }))
  await fetchAll()
  await ask('DELETE', `/mailboxes/${mailbox.id}`, undefined, 409)
  const { items } = await ask<{ items: TicketLine[] }>('GET', `/tickets?mailbox=${mailbox.id}`)
  assert.deepEqual(
    items.map(({ subject, lastAuthor }) => [subject, lastAuthor]),
    [['Boots', 'Nives']],
  )
  const empty = await ask<Mailbox>('POST', '/mailboxes', { name: 'E', address: `empty${turn}@shop.example` })
  await ask('DELETE', `/mailboxes/${empty.id}`)
})

test('mails of one id are repeats only where sender, date and subject agree; a repeat can be judged all the same', async () => {
  const order = (subject: string, date: string) =>
    mail({ subject, id: '<noreply@mail.example>', headers: [`Date: ${date}`] })
  const first = order('Order 1', 'Mon, 23 Nov 2026 08:00:00 +0000')
  imap.put(first)
  imap.put(order('Order 2', 'Mon, 23 Nov 2026 08:00:00 +0000'))
  imap.put(order('Order 1', 'Mon, 23 Nov 2026 09:00:00 +0000'))
  imap.put(`Received: from x\r\n${first.replace('Subject: Order 1', 'Subject: Order\r\n 1')}`)
  await fetchAll()
  const outcomes = async () => (await ledger()).map(({ outcome }) => outcome)
  assert.deepEqual(await outcomes(), ['kept', 'kept', 'kept', 'repeat'])
  const [original, , , repeat] = await ledger()
  await ask('POST', `/incoming-mails/${repeat!.id}/retry`)
  await house.jobs.settle()
  assert.deepEqual(await outcomes(), ['kept', 'kept', 'kept', 'kept'])
  assert.notEqual((await ledger())[3]!.ticket!.id, original!.ticket!.id)
  await ask('POST', `/incoming-mails/${repeat!.id}/retry`, undefined, 409)
})

test('who was merged with a customer continues their tickets, and is shown what else they have asked', async () => {
  imap.put(mail({ from: 'Kim <kim@work.example>', id: '<kim-1@mail.example>' }))
  imap.put(mail({ from: 'Kim <kim@home.example>', subject: 'Boots' }))
  await fetchAll()
  const [work, home] = await Promise.all((await ledger()).map(ticketOf))
  await ask('PUT', `/customers/${work!.customer!.id}/merge`, { intoId: home!.customer!.id })
  imap.put(mail({ from: 'Kim <kim@home.example>', headers: ['In-Reply-To: <kim-1@mail.example>'] }))
  await fetchAll()
  assert.equal((await ledger()).at(-1)!.ticket!.id, work!.id)
  assert.deepEqual(
    (await ask<Ticket>('GET', `/tickets/${home!.id}`)).probablySame.map(({ id }) => id),
    [work!.id],
  )
})

test('a ticket speaks as its mail says, else as its customer does', async () => {
  const from = 'Liv <liv@mail.example>'
  imap.put(mail({ from, headers: ['Content-Language: nb-NO'] }))
  imap.put(mail({ headers: ['Content-Language: de, en'] }))
  await fetchAll()
  const [first, foreign] = await Promise.all((await ledger()).map(ticketOf))
  assert.deepEqual([first!.language, foreign!.language], ['nb', null])
  await sql.query(`update customers set language = 'sl' where email = 'liv@mail.example'`)
  imap.put(mail({ from, subject: 'Boots' }))
  await fetchAll()
  assert.equal((await ticketOf((await ledger()).at(-1))).language, 'sl')
})

test('a machine that gives all its mails one id and no date writes each time something new', async () => {
  const alarm = (text: string) => mail({ subject: 'Alarm', id: '<alarm@scanner.example>', text })
  imap.put(alarm('Freezer 1 is warm.'))
  imap.put(alarm('Freezer 2 is warm, door open.'))
  imap.put(`Received: from x\r\n${alarm('Freezer 1 is warm.')}`)
  await fetchAll()
  assert.deepEqual(
    (await ledger()).map(({ outcome }) => outcome),
    ['kept', 'kept', 'repeat'],
  )
})

test('what a form on a site sends is its writer’s, and never a member’s', async () => {
  const headers = (address: string) => [`Reply-To: Eva <${address}>`]
  imap.put(mail({ from: 'Shop <noreply@site.example>', headers: headers('eva@mail.example') }))
  imap.put(mail({ from: mailbox.address, subject: 'Contact', headers: headers('tim@mail.example') }))
  imap.put(mail({ from: 'noreply@site.example', subject: 'Forged', headers: headers('ana@desk.example') }))
  imap.put(mail({ from: 'Ota <ota@mail.example>', subject: 'Own', headers: headers('eva@mail.example') }))
  await fetchAll()
  const tickets = await Promise.all((await ledger()).map(ticketOf))
  assert.deepEqual(
    tickets.map(({ customer }) => customer?.email),
    ['eva@mail.example', 'tim@mail.example', 'noreply@site.example', 'ota@mail.example'],
  )
  assert.deepEqual(tickets[0]!.replyTo, [{ name: 'Eva', address: 'eva@mail.example' }])
})

test('no answer goes to an own address that somebody has forged', async () => {
  imap.put(mail({ from: mailbox.address, subject: 'I know your password' }))
  await fetchAll()
  assert.deepEqual((await ticketOf((await ledger())[0])).replyTo, [])
})

test('what a person writes by a list or a sending service opens a ticket again, and no program answers it', async () => {
  const confirmation = { en: 'It is here.', sl: 'Tukaj je.' }
  await ask('PUT', `/mailboxes/${mailbox.id}`, { ...settings(mailbox.address), confirmation })
  const services = [
    'Feedback-ID: 1.eu-central-1.x=:AmazonSES',
    'List-ID: <support.groups.example>',
    'List-Unsubscribe: <https://groups.example/off>',
    'Precedence: list',
    'X-Auto-Response-Suppress: All',
  ]
  for (const [index, header] of services.entries()) {
    const id = `<service${index}@mail.example>`
    imap.put(mail({ from: `service${index}@mail.example`, id, headers: [header] }))
    await fetchAll()
    const { id: ticketId } = await ticketOf((await ledger()).at(-1))
    await sql.query("update tickets set status = 'solved', solved_at = now() where id = $1", [ticketId])
    imap.put(mail({ from: `service${index}@mail.example`, headers: [`In-Reply-To: ${id}`, header] }))
    await fetchAll()
    assert.equal((await ask<Ticket>('GET', `/tickets/${ticketId}`)).status, 'open', header)
  }
  const { rows } = await sql.query("select from mails where kind = 'ticket_confirmation' and recipient like 'service%'")
  assert.equal(rows.length, 0)
})

test('a mail whose reading ends the process is counted before, and set aside when it did so three times', async () => {
  const take = async () => (await openMailboxReader(house, { workspaceId, id: mailbox.id }))!.readOnce()
  const tries = async () => {
    const { rows } = await sql.query('select tries from incoming_mails where mailbox_id = $1 order by uid', [
      mailbox.id,
    ])
    return rows.map((row) => row.tries)
  }
  imap.put(mail({ subject: 'killer' }))
  imap.put(mail({ subject: 'harmless' }))
  const manyParts = Array.from({ length: 2_100 }, () => '--b')
  imap.put(
    ['From: a@b.example', 'Subject: no end', 'Content-Type: multipart/mixed; boundary=b', '', ...manyParts].join(
      '\r\n',
    ),
  )
  await take()
  await sql.query('begin')
  await sql.query('lock table tickets in access exclusive mode')
  const settled = house.jobs.settle()
  for (let turn = 0; turn < 200 && (await tries())[0] === 0; turn++) await sleep(20)
  assert.deepEqual(await tries(), [1, 1, 1], 'before any of them is judged')
  // As it is when the process ended thrice.
  await sql.query('rollback')
  await settled
  await sql.query(
    "update incoming_mails set outcome = 'waiting', tries = uid_tries.tries from (values (1, 3), (2, 1), (3, 1)) uid_tries (uid, tries) where mailbox_id = $1 and incoming_mails.uid = uid_tries.uid",
    [mailbox.id],
  )
  imap.put(mail({ subject: 'new' }))
  await fetchAll()
  const outcomes = async () => (await ledger()).map(({ outcome, reason }) => reason ?? outcome)
  assert.deepEqual(await outcomes(), ['unreadable', 'kept', 'unreadable', 'kept'])
  const [killer] = await ledger()
  assert.equal(killer!.subject, 'killer')
  await ask('POST', `/incoming-mails/${killer!.id}/retry`)
  await house.jobs.settle()
  assert.equal((await ledger())[0]!.outcome, 'kept', 'it is tried once more when somebody asks')
})

test('a mailbox that is pointed elsewhere is read there from its beginning, though the numbers are the same', async () => {
  const places = [await openImapServer(0, 7), await openImapServer(0, 7)] as const
  const pointTo = ({ port }: ImapServer, host: string) =>
    ask('PUT', `/mailboxes/${mailbox.id}`, {
      ...settings(mailbox.address),
      imap: { ...settings('').imap, host, port },
    })
  places[0].put(mail({ subject: 'Here' }))
  places[1].put(mail({ subject: 'There' }))
  await pointTo(places[0], '127.0.0.1')
  const left = await openMailboxReader(house, { workspaceId, id: mailbox.id })
  await fetchAll()
  places[0].put(mail({ subject: 'Too late' }))
  await pointTo(places[1], 'localhost')
  await assert.rejects(left!.readOnce(), /elsewhere/)
  await fetchAll()
  const kept = (await ledger()).map(({ subject }) => subject)
  assert.deepEqual(kept.toSorted(), ['Here', 'There'])
  const { counts } = await shown()
  assert.deepEqual([counts.server, counts.missing, counts.kept], [1, 0, 2])
  for (const place of places) await place.close()
})
