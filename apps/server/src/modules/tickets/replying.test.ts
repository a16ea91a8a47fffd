import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Draft, HistoryEntry, Ticket, TicketEntry } from '@lahko/contract/tickets'
import { system } from '#platform/store.ts'
import { headerOf, partOf } from '#platform/testing/smtp.ts'
import {
  smtp,
  house,
  key,
  sql,
  send,
  ask,
  newTicket,
  write,
  get,
  messagesOf,
  later,
  bringBackSmtp,
  count,
} from './example-replying.ts'
import { writeIn } from './writing-in.ts'

test('a reply goes to the requester after ten seconds, once, quotes what it answers and keeps the subject', async () => {
  const { id, number } = await newTicket('Re: Zip')
  await sql.query(
    `update ticket_messages set copies = '[{"name": "", "address": "Bor@mail.example"}]' where ticket_id = $1`,
    [id],
  )
  const reply = await write(id, { text: 'We are **sorry**.\n\nAna', copies: [{ address: 'bor@mail.example' }] })
  assert.equal(reply.delivery?.state, 'undo')
  await later(9_000)
  assert.equal(smtp.received.length, 0)
  await later(1_000)
  await later(60_000)
  assert.equal(smtp.received.length, 1)
  const { raw, to } = smtp.received[0]!
  assert.deepEqual(to, [`nives-${count}@mail.example`, 'bor@mail.example'])
  assert.equal(headerOf(raw, 'Subject'), `Re: Zip [#${number}]`)
  assert.equal(headerOf(raw, 'From'), 'replies <feedback@shop.example>')
  assert.equal(headerOf(raw, 'Auto-Submitted'), undefined)
  assert.ok(headerOf(raw, 'X-Lahko-Loop'))
  const text = partOf(raw, 'text/plain').replaceAll('\r\n', '\n')
  assert.match(text, /^We are \*\*sorry\*\*\.\n\nAna\n\nOn .*, Nives Oblak wrote:\n> It came off\.\n>\n> Today\.\n/)
  assert.match(partOf(raw, 'text/html'), /<strong>sorry<\/strong>/)
  const ticket = await get(id)
  assert.deepEqual([ticket.status, ticket.waitingSince], ['waiting', null])
  const [message] = await messagesOf(id)
  assert.equal(message!.delivery?.state, 'sent')
  assert.match(message!.delivery!.says, /^250/)
  assert.equal(ticket.participants.length, 2)
})

test('a reply by a mailbox has its name, address, signature, signed thread and loop mark', async () => {
  const { id } = await newTicket()
  const box = '0190b7a0-0000-7000-8000-00000000000a'
  await sql.query(
    `insert into mailboxes (workspace_id, id, name, address, signatures, created_at)
     select workspace_id, $1, 'Čevljar', 'help@shoes.example', '{"en": "{agent}, {company}", "sl": "x"}', now() from tickets where id = $2`,
    [box, id],
  )
  await sql.query(
    `update ticket_messages set message_id = '<m1@mail.example>', reference_ids = '{<m0@mail.example>}' where ticket_id = $1`,
    [id],
  )
  await write(id, {})
  await later(10_000)
  const { raw, from } = smtp.received[0]!
  assert.equal(from, 'help@shoes.example')
  assert.match(headerOf(raw, 'From')!, /<help@shoes\.example>$/)
  assert.match(headerOf(raw, 'Reply-To')!, /<help\+[a-z2-7]{40}@shoes\.example>$/)
  assert.match(headerOf(raw, 'Message-ID')!, /^<[a-z2-7]{40}@shoes\.example>$/)
  assert.deepEqual(
    [headerOf(raw, 'In-Reply-To'), headerOf(raw, 'References'), headerOf(raw, 'X-Lahko-Loop')],
    ['<m1@mail.example>', '<m0@mail.example> <m1@mail.example>', box],
  )
  assert.match(partOf(raw, 'text/plain').replaceAll('\r\n', '\n'), /\n-- \nAna Kovač, replies\n/)
  await sql.query('delete from mailboxes')
})

test('a picture in a reply goes within the mail, is named in its plain text, and is seen in the conversation', async () => {
  const { id } = await newTicket()
  const png = Buffer.from('89504e470d0a1a0a00', 'hex')
  const file = await ask<{ id: string }>('POST', '/files?name=zip.png', png, {
    'content-type': 'application/octet-stream',
  })
  await write(id, { text: `Here:\n\n![the zip](file:${file.id})\n\nDo you see it?` })
  await later(10_000)
  const { raw } = smtp.received[0]!
  assert.match(raw, new RegExp(`Content-ID: <${file.id}@lahko>`, 'i'))
  assert.match(raw, /Content-Disposition: inline; filename=zip\.png/i)
  assert.match(raw, /multipart\/related/)
  assert.ok(partOf(raw, 'text/html').includes(`<img src="cid:${file.id}@lahko" alt="the zip"`))
  assert.match(partOf(raw, 'text/plain').replaceAll('\r\n', '\n'), /^Here:\n\n\[the zip\]\n\nDo you see it\?/)
  assert.equal((await get(id)).lastExcerpt, 'Here: [the zip] Do you see it?')
  const [reply] = await messagesOf(id)
  assert.deepEqual(
    reply!.attachments.map((one) => one.contentId),
    [`${file.id}@lahko`],
  )
  const shown = await send('GET', `/ticket-messages/${reply!.id}/page`)
  assert.ok(shown.body.includes(`src="/api/v1/files/${file.id}"`))
  smtp.received.length = 0
  await write(id, { text: 'And?' })
  await later(10_000)
  const plain = partOf(smtp.received[0]!.raw, 'text/plain')
  assert.match(plain, /> \[the zip\]/, 'what is quoted has no mark of ours')
})

test('taken back within ten seconds it is a draft again, and the ticket is as it was', async () => {
  const { id } = await newTicket()
  const before = await get(id)
  house.clock.advance(1_000)
  const file = await ask<{ id: string }>('POST', '/files?name=a.txt', 'text', {
    'content-type': 'application/octet-stream',
  })
  const given = { text: 'Wrong.', status: 'solved', fileIds: [file.id], copies: [{ address: 'x@mail.example' }] }
  const reply = await write(id, given)
  const draft = await ask<Draft>('DELETE', `/ticket-messages/${reply.id}`)
  assert.deepEqual([draft.text, draft.fileIds, draft.copies[0]?.address], ['Wrong.', [file.id], 'x@mail.example'])
  const now = await get(id)
  const { status, waitingSince, lastExcerpt, messages, participants, solvedAt } = now
  assert.deepEqual(
    { status, waitingSince, lastExcerpt, messages, participants, solvedAt },
    {
      ...{ status: before.status, waitingSince: before.waitingSince, lastExcerpt: before.lastExcerpt },
      ...{ messages: before.messages, participants: before.participants, solvedAt: null },
    },
  )
  assert.deepEqual([now.draft?.text, now.draft?.seen], ['Wrong.', reply.id], 'what comes from now on is not seen')
  await later(60_000)
  assert.equal(smtp.received.length, 0)
  const again = await write(id, { text: draft.text, fileIds: draft.fileIds })
  assert.equal((await get(id)).draft, null)
  await later(10_000)
  assert.match(smtp.received[0]!.raw, /filename=a\.txt/)
  const late = await send('DELETE', `/ticket-messages/${again.id}`)
  assert.deepEqual([late.statusCode, late.json().code], [409, 'replying.gone'])
})

test('a reply for later leaves then, and can be taken back until it does', async () => {
  const { id } = await newTicket()
  const sendAt = new Date(house.clock.now().getTime() + 3_600_000).toISOString()
  const reply = await write(id, { sendAt })
  assert.deepEqual([reply.delivery?.state, reply.delivery?.at], ['scheduled', sendAt])
  await later(3_500_000)
  assert.equal(smtp.received.length, 0)
  await later(100_000)
  assert.equal(smtp.received.length, 1)
  const [message] = await messagesOf(id)
  assert.equal(message!.at, house.clock.now().toISOString())
  const far = await send('POST', `/tickets/${id}/messages`, {
    kind: 'reply',
    text: 'x',
    sendAt: '2036-01-01T00:00:00Z',
  })
  assert.equal(far.json().errors[0].field, '/body/sendAt')
})

test('while a server puts it off it can still be taken back', async () => {
  const { id } = await newTicket()
  smtp.refuse = () => ({ code: 451, message: '4.7.1 greylisted' })
  const reply = await write(id, {})
  await later(10_000)
  assert.equal((await messagesOf(id))[0]!.delivery?.state, 'waiting')
  await ask('DELETE', `/ticket-messages/${reply.id}`)
  smtp.refuse = () => undefined
  await later(3_600_000)
  assert.equal(smtp.received.length, 0)
})

test('a note never leaves, names members, and its status is set', async () => {
  const { id } = await newTicket()
  const note = await write(id, {
    kind: 'note',
    text: 'Look, @Ana, at this',
    recipients: [{ address: 'a@mail.example' }],
    status: 'on_hold',
  })
  assert.deepEqual([note.recipients, note.delivery], [[], null])
  await later(60_000)
  assert.equal(smtp.received.length, 0)
  const ticket = await get(id)
  assert.deepEqual([ticket.status, ticket.lastExcerpt], ['on_hold', 'It came off. Today.'])
  const { rows } = await sql.query(
    `select e.data, f.member_id from events e join ticket_followers f on f.ticket_id = e.subject_id
     where e.type = 'ticket.message' and e.subject_id = $1 and e.data ->> 'kind' = 'note'`,
    [id],
  )
  assert.deepEqual(rows[0].data.mentions, [rows[0].member_id])
})

test('what others wrote meanwhile stops a reply and is named', async () => {
  const { id } = await newTicket()
  const { items } = await ask<{ items: TicketEntry[] }>('GET', `/tickets/${id}/entries`)
  const seen = items
    .map((entry) => entry.id)
    .toSorted()
    .at(-1)
  const headers = { authorization: `Bearer ${key}`, cookie: '' }
  await ask('POST', `/tickets/${id}/messages`, { kind: 'note', text: 'I am at it' }, headers)
  house.clock.advance(1_000)
  const reply = await send('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'Sorry.', seen })
  assert.equal(reply.statusCode, 409)
  const problem = reply.json()
  assert.deepEqual([problem.code, problem.errors[0].code], ['replying.newer_message', 'replying.newer_note'])
  assert.match(problem.title, /^A message by replies came meanwhile/)
  const [note] = await messagesOf(id)
  await write(id, { seen: note!.id })
})

test('the same Idempotency-Key is the same reply, also at once, and other content a conflict', async () => {
  const { id } = await newTicket()
  const headers = { 'idempotency-key': 'k-1' }
  const both = await Promise.all([write(id, {}, headers), write(id, {}, headers)])
  assert.equal(both[0].id, both[1].id)
  assert.equal((await write(id, {}, headers)).id, both[0].id)
  assert.equal((await messagesOf(id)).length, 2)
  const other = await send('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'Other' }, headers)
  assert.deepEqual([other.statusCode, other.json().code], [409, 'replying.key_used'])
  const from = { address: 'twice@mail.example' }
  const made = [1, 2].map(() =>
    ask<Ticket>('POST', '/tickets', { subject: 'T', text: 'x', from }, headers && { 'idempotency-key': 'k-2' }),
  )
  const [one, two] = await Promise.all(made)
  assert.equal(one!.id, two!.id)
})

test('whom a server refuses is shown on the reply, and opens the ticket again', async () => {
  const { id } = await newTicket()
  smtp.refuse = () => ({ code: 550, message: '5.1.1 no such user' })
  await write(id, { status: 'solved' })
  await later(10_000)
  const [message] = await messagesOf(id)
  const { state, status, says, mailId } = message!.delivery!
  assert.deepEqual([state, status], ['failed', '5.1.1'])
  await house.jobs.settle()
  const { items } = await ask<{ items: { data: object }[] }>('GET', '/notices')
  assert.equal((items[0]!.data as { by: string }).by, 'undelivered')
  assert.match(says, /^There is nobody at this address\. .*no such user/)
  assert.equal((await get(id)).status, 'open')
  smtp.refuse = () => undefined
  assert.ok(mailId)
  await ask('POST', `/ticket-messages/${message!.id}/resend`)
  await later(1_000)
  assert.equal((await messagesOf(id))[0]!.delivery?.state, 'sent')
  assert.equal((await send('POST', `/ticket-messages/${message!.id}/resend`)).statusCode, 409)
})

test('one copy of several that does not arrive is named', async () => {
  const { id } = await newTicket()
  smtp.refuse = (address) => (address.startsWith('gone') ? { code: 550, message: '5.2.2 mailbox full' } : undefined)
  await write(id, { copies: [{ address: 'gone@mail.example' }] })
  await later(10_000)
  const { state, says } = (await messagesOf(id))[0]!.delivery!
  assert.equal(state, 'bounced')
  assert.match(says, /^gone@mail\.example: The mailbox is full\./)
  assert.equal(smtp.received.length, 1)
})

test('a reply of which nobody knows whether it arrived is uncertain, opens the ticket and is not sent again', async () => {
  const { id } = await newTicket()
  // What members are told of the replies before leaves first.
  await later(0)
  await write(id, {})
  smtp.beforeAnswer = async () => {
    await smtp.vanish().catch(() => undefined)
    throw new Error('the cable broke')
  }
  await later(10_000)
  await bringBackSmtp()
  await later(3_600_000)
  assert.equal((await messagesOf(id))[0]!.delivery?.state, 'uncertain')
  assert.equal((await get(id)).status, 'open')
  assert.ok(smtp.received.every(({ to }) => !to.includes(`nives-${count}@mail.example`)))
})

test('a ticket that a member begins is sent to the customer, and waits for them', async () => {
  const from = { name: 'Bor', address: 'bor-new@mail.example' }
  const ticket = await ask<Ticket>('POST', '/tickets', {
    subject: 'Recall',
    text: 'Bring it back.',
    from,
    by: 'member',
  })
  assert.deepEqual([ticket.status, ticket.channel], ['waiting', 'email'])
  await later(10_000)
  const { raw, to } = smtp.received[0]!
  assert.deepEqual(to, ['bor-new@mail.example'])
  assert.equal(headerOf(raw, 'Subject'), `Recall [#${ticket.number}]`)
})

test('files alone are a reply, nothing at all is none', async () => {
  const { id } = await newTicket()
  const file = await ask<{ id: string }>('POST', '/files?name=a.txt', 'text', {
    'content-type': 'application/octet-stream',
  })
  await write(id, { text: '', fileIds: [file.id] })
  await later(10_000)
  assert.match(smtp.received[0]!.raw, /filename=a\.txt/)
  const nothing = await send(
    'POST',
    `/tickets/${id}/messages`,
    { kind: 'reply', text: '' },
    { 'idempotency-key': 'no' },
  )
  assert.deepEqual([nothing.statusCode, nothing.json().errors[0].field], [400, '/body/text'])
})

test('a reply quotes and answers only what all who get it have written or got', async () => {
  const { id, customer } = await newTicket()
  const requester = { address: `nives-${count}@mail.example` }
  const supplier = { address: 'Works@zips.example' }
  const { rows } = await sql.query(`select workspace_id from tickets where id = $1`, [id])
  const scope = { workspaceId: rows[0].workspace_id as string, actor: system }
  const hear = (author: { name: string; address: string; customerId?: string }, text: string, messageId: string) =>
    house.store.write(scope, (tx) =>
      writeIn(tx, id, { kind: 'message', channel: 'email', author, text, mail: { message_id: messageId } }),
    )
  const sent = async () => {
    await later(10_000)
    const { raw } = smtp.received.at(-1)!
    const quoted = partOf(raw, 'text/plain')
      .split('\r\n')
      .find((line) => line.startsWith('> '))
    return [quoted, headerOf(raw, 'In-Reply-To')]
  }
  await sql.query(`update ticket_messages set message_id = '<c1@mail.example>' where ticket_id = $1`, [id])
  await write(id, { text: 'What does it cost?', recipients: [supplier] })
  assert.deepEqual(await sent(), [undefined, undefined])
  await hear({ name: 'Works', address: supplier.address }, 'Two euros, for you alone.', '<s1@zips.example>')
  house.clock.advance(1_000)
  await write(id, { recipients: [requester], text: 'We mend it.' })
  assert.deepEqual(await sent(), ['> It came off.', '<c1@mail.example>'])
  await write(id, { recipients: [supplier], text: 'Send ten.' })
  assert.deepEqual(await sent(), ['> Two euros, for you alone.', '<s1@zips.example>'])
  await hear({ name: 'Nives', address: 'n@work.example', customerId: customer!.id }, 'Thanks.', '<c2@work.example>')
  house.clock.advance(1_000)
  await write(id, { recipients: [requester], blindCopies: [{ address: 'boss@shop.example' }] })
  assert.deepEqual(await sent(), [undefined, '<c2@work.example>'])
  await write(id, { recipients: [requester] })
  assert.equal((await sent())[0], '> Sorry.')
})

test('a reply of which no mail can be made is failed and opens its ticket, and can be tried again', async () => {
  const { id } = await newTicket()
  const reply = await write(id, { status: 'solved' })
  const { rows } = await sql.query(
    `update ticket_messages m set recipients = '[]' from ticket_messages o where m.id = $1 and o.id = m.id returning o.recipients`,
    [reply.id],
  )
  await later(10_000)
  await later(300_000)
  const { state, says } = (await messagesOf(id))[0]!.delivery!
  assert.equal(state, 'failed')
  assert.match(says, /^It could not be made into a mail/)
  assert.equal((await get(id)).status, 'open')
  const told = await sql.query(`select from events where type = 'ticket.not_delivered' and subject_id = $1`, [id])
  assert.equal(told.rowCount, 1)
  await sql.query(`update ticket_messages set recipients = $2 where id = $1`, [
    reply.id,
    JSON.stringify(rows[0].recipients),
  ])
  await ask('POST', `/ticket-messages/${reply.id}/resend`)
  await later(0)
  assert.equal((await messagesOf(id))[0]!.delivery?.state, 'sent')
})

test('a reply that only met another transaction is not failed, and leaves at once', async () => {
  const { id } = await newTicket()
  await write(id, {})
  await sql.query(`create function collide() returns trigger language plpgsql as
    $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`)
  await sql.query('create trigger collide before insert on mails for each row execute function collide()')
  await assert.rejects(later(10_000), /deadlock/)
  await sql.query('drop trigger collide on mails')
  await sql.query('drop function collide()')
  assert.equal((await messagesOf(id))[0]!.delivery?.state, 'undo')
  await later(0)
  assert.equal(smtp.received.length, 1)
})

test('a reply of which no mail can be made is tried ever less often, and after three days not any more', async () => {
  const { id } = await newTicket()
  const reply = await write(id, {})
  await sql.query(`update ticket_messages set recipients = '[]' where id = $1`, [reply.id])
  const due = async () =>
    (await sql.query('select send_at from ticket_messages where id = $1', [reply.id])).rows[0].send_at
  await later(10_000)
  const pauses: number[] = []
  for (let turn = 0; turn < 40; turn++) {
    const pause = (await due()).getTime() - house.clock.now().getTime()
    if (pause > 86_400_000) break
    pauses.push(pause / 60_000)
    await later(pause)
  }
  assert.deepEqual(pauses.slice(0, 8), [5, 5, 10, 20, 40, 80, 160, 320])
  assert.ok(pauses.length < 25 && Math.max(...pauses) === 360, String(pauses))
  const [shown] = await messagesOf(id)
  assert.deepEqual([shown!.delivery?.state, /not tried any more/.test(shown!.delivery!.says)], ['failed', true])
  const told = await sql.query(`select from events where type = 'ticket.not_delivered' and subject_id = $1`, [id])
  assert.equal(told.rowCount, 2, 'at first, and at the end')
  await ask('POST', `/ticket-messages/${reply.id}/resend`)
  await later(0)
  assert.match((await messagesOf(id))[0]!.delivery!.says, /is tried again/)
  const { items } = await ask<{ items: HistoryEntry[] }>('GET', `/tickets/${id}/history`)
  const again = items.find(({ type }) => type === 'ticket.resent')
  assert.deepEqual([again?.by.kind, again?.data], ['member', { messageId: reply.id }])
})
