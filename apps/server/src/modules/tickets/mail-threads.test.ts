import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ticket, TicketMessage } from '@lahko/contract/tickets'
import { replyAddress, signedMessageId } from './reply-tokens.ts'
import { imapDesk, type Written } from './testing/imap-desk.ts'

// To which ticket a mail belongs, whose it is, and what it does there.

const desk = imapDesk('desk')
const { ask, fetchAll, ledger, mail, messages, settings, ticketOf } = desk

test('an answer finds its ticket: by token, In-Reply-To, References, number; a stranger gets one of their own', async () => {
  desk.imap.put(mail({ id: '<first@mail.example>', headers: ['Cc: Ota <ota@mail.example>'] }))
  await fetchAll()
  const [first] = await ledger()
  const ticket = await ticketOf(first)
  const [message] = await messages(ticket.id)
  const key = await desk.replyKey()
  const cases: [string, Written, boolean, string[]?][] = [
    ['token in the address', { to: replyAddress(desk.mailbox.address, key, message!.id) }, true],
    [
      'token in Message-ID',
      { headers: [`In-Reply-To: ${signedMessageId(desk.mailbox.address, key, message!.id)}`] },
      true,
    ],
    ['a copy', { from: 'ota@mail.example', headers: ['In-Reply-To: <first@mail.example>'] }, true],
    ['the newest reference', { headers: ['References: <first@mail.example> <unknown@x.example>'] }, true],
    ['the number', { subject: `Re: Zip [#${ticket.number}]` }, true],
    ['the number behind another desk’s', { subject: `[#99999] Zip [#${ticket.number}]` }, true],
    ['a stranger', { from: 's@x.example', headers: ['In-Reply-To: <first@mail.example>'] }, false],
    ['a stranger by number', { from: 's@x.example', subject: `[#${ticket.number}]` }, false],
    [
      'a forged token',
      { from: 's@x.example', to: replyAddress(desk.mailbox.address, Buffer.alloc(32), message!.id) },
      false,
    ],
    ['the same subject', { subject: 'Re: Zip' }, false],
    [
      'a token from another address',
      { from: 'partner@x.example', to: replyAddress(desk.mailbox.address, key, message!.id) },
      true,
      ['new_participant'],
    ],
    ['who has joined', { from: 'partner@x.example', headers: ['In-Reply-To: <first@mail.example>'] }, true],
  ]
  for (const [name, written, same, banners = []] of cases) {
    desk.imap.put(mail(written))
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
  const { rows: links } = await desk.sql.query('select kind from ticket_links where other_id = $1', [ticket.id])
  assert.deepEqual(
    links.map(({ kind }) => kind),
    ['stranger', 'stranger'],
  )
  const written = await messages(ticket.id)
  assert.deepEqual(
    written.flatMap(({ banners }) => banners),
    ['new_participant'],
  )
  assert.deepEqual(written[1]!.recipients, [{ name: '', address: desk.mailbox.address }], 'without the token')
})

test('what is written into a solved ticket opens it; into a closed one begins another that is linked', async () => {
  desk.imap.put(mail({ id: '<a@mail.example>' }))
  await fetchAll()
  const ticket = await ticketOf((await ledger())[0])
  await desk.sql.query("update tickets set status = 'solved', solved_at = now() where id = $1", [ticket.id])
  desk.imap.put(
    mail({ headers: ['In-Reply-To: <a@mail.example>', 'Auto-Submitted: auto-replied'], subject: 'Out of office' }),
  )
  await fetchAll()
  assert.equal((await ask<Ticket>('GET', `/tickets/${ticket.id}`)).status, 'solved', 'a program opens nothing')
  desk.imap.put(mail({ headers: ['In-Reply-To: <a@mail.example>'] }))
  await fetchAll()
  assert.equal((await ask<Ticket>('GET', `/tickets/${ticket.id}`)).status, 'open')
  await desk.sql.query("update tickets set status = 'closed' where id = $1", [ticket.id])
  desk.imap.put(mail({ headers: ['In-Reply-To: <a@mail.example>'] }))
  await fetchAll()
  const line = (await ledger()).at(-1)!
  assert.notEqual(line.ticket?.id, ticket.id)
  const { rows } = await desk.sql.query('select kind from ticket_links where ticket_id = $1', [line.ticket!.id])
  assert.deepEqual(rows, [{ kind: 'continues' }])
})

test('of two numbers in a subject the last one counts: it is that of what was split, or begun anew', async () => {
  desk.imap.put(mail({ subject: 'Zip' }))
  await fetchAll()
  const old = await ticketOf((await ledger())[0])
  desk.imap.put(mail({ subject: `Zip [#${old.number}]`, id: '<other@mail.example>' }))
  await fetchAll()
  const other = (await messages(old.id)).find(({ subject }) => subject.includes('#'))!
  const split = await ask<Ticket>('POST', `/ticket-messages/${other.id}/split`, undefined, 201)
  desk.imap.put(mail({ subject: `Re: Zip [#${old.number}] [#${split.number}]` }))
  await fetchAll()
  assert.equal((await messages(split.id)).length, 2)
  assert.equal((await messages(old.id)).length, 1)
})

test('a member’s mail is their answer only when it is proven; else a note that one key accepts', async () => {
  desk.imap.put(mail({ id: '<m@mail.example>' }))
  await fetchAll()
  const ticket = await ticketOf((await ledger())[0])
  const from = 'Ana <ana@desk.example>'
  const pass = (server: string, domain: string) =>
    `Authentication-Results: ${server}; dkim=pass header.d=${domain}; spf=fail`
  const headers = ['In-Reply-To: <m@mail.example>']
  const forged = [pass('other.example', 'desk.example'), pass('mx.shop.example', 'evil.example')]
  desk.imap.put(mail({ from, text: 'Forged\r\n----\r\nCheers\r\nto you', headers: [...headers, ...forged] }))
  desk.imap.put(mail({ from, text: 'Proven', headers: [...headers, pass('mx.shop.example', 'desk.example')] }))
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

test('a mail that is accepted as a member’s goes in ten seconds, also in what was merged, and is taken back', async () => {
  desk.imap.put(mail({ id: '<accepted@mail.example>' }))
  desk.imap.put(mail({ from: 'Ota <ota@mail.example>', id: '<other@mail.example>' }))
  await fetchAll()
  const [source, target] = await Promise.all((await ledger()).slice(-2).map((line) => ticketOf(line)))
  const headers = ['In-Reply-To: <accepted@mail.example>']
  desk.imap.put(mail({ from: 'Ana <ana@desk.example>', to: 'x@mail.example', text: 'It is on its way.', headers }))
  await fetchAll()
  await ask('PUT', `/tickets/${source!.id}/merge`, { intoId: target!.id })
  const statuses = async () => {
    const states = [source!, target!].map(({ id }) => ask<Ticket>('GET', `/tickets/${id}`))
    return (await Promise.all(states)).map(({ status }) => status)
  }
  assert.deepEqual(await statuses(), ['new', 'new'])
  const note = (await messages(source!.id)).find(({ kind }) => kind === 'note')!
  const accepted = await ask<TicketMessage>('PUT', `/ticket-messages/${note.id}/author`)
  assert.deepEqual([accepted.kind, accepted.delivery?.state], ['reply', 'undo'])
  assert.deepEqual(await statuses(), ['waiting', 'waiting'])
  const { text } = await ask<{ text: string }>('DELETE', `/ticket-messages/${note.id}`)
  assert.equal(text, 'It is on its way.')
  assert.deepEqual(await statuses(), ['new', 'new'])
})

test('a member’s token counts only from a sender whom the mailbox’s server has checked', async () => {
  desk.imap.put(mail({ id: '<tokened@mail.example>' }))
  await fetchAll()
  const ticket = await ticketOf((await ledger()).at(-1))
  const [message] = await messages(ticket.id)
  const { items } = await ask<{ items: { id: string; email: string }[] }>('GET', '/members')
  const { id: memberId } = items.find(({ email }) => email === 'ana@desk.example')!
  const to = replyAddress(desk.mailbox.address, await desk.replyKey(), message!.id, { memberId, as: 'reply' })
  const checked = 'Authentication-Results: mx.shop.example; dkim=pass header.d=desk.example'
  const from = 'Ana <ana@desk.example>'
  desk.imap.put(mail({ from, to, text: 'Forged' }))
  desk.imap.put(mail({ from, to, text: 'Proven', headers: [checked] }))
  await fetchAll()
  const written = await messages(ticket.id)
  const of = (text: string) => written.find((one) => one.text === text)!
  assert.deepEqual([of('Forged').kind, of('Forged').banners], ['note', ['unverified_member']])
  assert.deepEqual([of('Proven').kind, of('Proven').author.id, of('Proven').banners], ['reply', memberId, []])
})

test('whoever opens a ticket is told so once a day, and a program never', async () => {
  await ask('PUT', `/mailboxes/${desk.mailbox.id}`, {
    ...settings(desk.mailbox.address),
    confirmation: { en: 'We have it.', sl: 'Prejeli smo.' },
  })
  desk.imap.put(mail({ from: 'once@mail.example', subject: 'A' }))
  desk.imap.put(mail({ from: 'once@mail.example', subject: 'B' }))
  desk.imap.put(mail({ from: 'po-nase@mail.example', headers: ['Content-Language: sl'] }))
  desk.imap.put(mail({ from: 'robot@mail.example', headers: ['Auto-Submitted: auto-generated'] }))
  desk.imap.put(mail({ from: 'list@mail.example', headers: ['Precedence: bulk'] }))
  await fetchAll()
  const { rows } = await desk.sql.query(
    "select recipient, text, headers, message_id from mails where kind = 'ticket_confirmation'",
  )
  assert.deepEqual(
    rows.map(({ recipient, text }) => [recipient, text]),
    [
      ['once@mail.example', 'We have it.'],
      ['po-nase@mail.example', 'Prejeli smo.'],
    ],
  )
  assert.equal(rows[0].headers['X-Lahko-Loop'], desk.mailbox.id)
  desk.imap.put(mail({ from: 'once@mail.example', headers: [`In-Reply-To: ${rows[0].message_id}`] }))
  await fetchAll()
  const lines = await ledger()
  assert.equal(lines.at(-1)!.ticket!.id, lines[0]!.ticket!.id, 'an answer to it, with no token in its address')
})

test('who was merged with a customer continues their tickets, and is shown what else they have asked', async () => {
  desk.imap.put(mail({ from: 'Kim <kim@work.example>', id: '<kim-1@mail.example>' }))
  desk.imap.put(mail({ from: 'Kim <kim@home.example>', subject: 'Boots' }))
  await fetchAll()
  const [work, home] = await Promise.all((await ledger()).map(ticketOf))
  await ask('PUT', `/customers/${work!.customer!.id}/merge`, { intoId: home!.customer!.id })
  desk.imap.put(mail({ from: 'Kim <kim@home.example>', headers: ['In-Reply-To: <kim-1@mail.example>'] }))
  await fetchAll()
  assert.equal((await ledger()).at(-1)!.ticket!.id, work!.id)
  assert.deepEqual(
    (await ask<Ticket>('GET', `/tickets/${home!.id}`)).probablySame.map(({ id }) => id),
    [work!.id],
  )
})

test('a ticket speaks as its mail says, else as its customer does', async () => {
  const from = 'Liv <liv@mail.example>'
  desk.imap.put(mail({ from, headers: ['Content-Language: nb-NO'] }))
  desk.imap.put(mail({ headers: ['Content-Language: de, en'] }))
  await fetchAll()
  const [first, foreign] = await Promise.all((await ledger()).map(ticketOf))
  assert.deepEqual([first!.language, foreign!.language], ['nb', null])
  await desk.sql.query(`update customers set language = 'sl' where email = 'liv@mail.example'`)
  desk.imap.put(mail({ from, subject: 'Boots' }))
  await fetchAll()
  assert.equal((await ticketOf((await ledger()).at(-1))).language, 'sl')
})

test('what a form on a site sends is its writer’s, and never a member’s', async () => {
  const headers = (address: string) => [`Reply-To: Eva <${address}>`]
  desk.imap.put(mail({ from: 'Shop <noreply@site.example>', headers: headers('eva@mail.example') }))
  desk.imap.put(mail({ from: desk.mailbox.address, subject: 'Contact', headers: headers('tim@mail.example') }))
  desk.imap.put(mail({ from: 'noreply@site.example', subject: 'Forged', headers: headers('ana@desk.example') }))
  desk.imap.put(mail({ from: 'Ota <ota@mail.example>', subject: 'Own', headers: headers('eva@mail.example') }))
  await fetchAll()
  const tickets = await Promise.all((await ledger()).map(ticketOf))
  assert.deepEqual(
    tickets.map(({ customer }) => customer?.email),
    ['eva@mail.example', 'tim@mail.example', 'noreply@site.example', 'ota@mail.example'],
  )
  assert.deepEqual(tickets[0]!.replyTo, [{ name: 'Eva', address: 'eva@mail.example' }])
})

test('no answer goes to an own address that somebody has forged', async () => {
  desk.imap.put(mail({ from: desk.mailbox.address, subject: 'I know your password' }))
  await fetchAll()
  assert.deepEqual((await ticketOf((await ledger())[0])).replyTo, [])
})

test('what a person writes by a list or a sending service opens a ticket again, and no program answers it', async () => {
  const confirmation = { en: 'It is here.', sl: 'Tukaj je.' }
  await ask('PUT', `/mailboxes/${desk.mailbox.id}`, { ...settings(desk.mailbox.address), confirmation })
  const services = [
    'Feedback-ID: 1.eu-central-1.x=:AmazonSES',
    'List-ID: <support.groups.example>',
    'List-Unsubscribe: <https://groups.example/off>',
    'Precedence: list',
    'X-Auto-Response-Suppress: All',
  ]
  for (const [index, header] of services.entries()) {
    const id = `<service${index}@mail.example>`
    desk.imap.put(mail({ from: `service${index}@mail.example`, id, headers: [header] }))
    await fetchAll()
    const { id: ticketId } = await ticketOf((await ledger()).at(-1))
    await desk.sql.query("update tickets set status = 'solved', solved_at = now() where id = $1", [ticketId])
    desk.imap.put(mail({ from: `service${index}@mail.example`, headers: [`In-Reply-To: ${id}`, header] }))
    await fetchAll()
    assert.equal((await ask<Ticket>('GET', `/tickets/${ticketId}`)).status, 'open', header)
  }
  const { rows } = await desk.sql.query(
    "select from mails where kind = 'ticket_confirmation' and recipient like 'service%'",
  )
  assert.equal(rows.length, 0)
})
