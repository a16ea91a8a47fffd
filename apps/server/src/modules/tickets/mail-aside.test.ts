import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { system } from '#platform/store.ts'
import { confirmationMails } from './delivery.ts'
import { signedMessageId } from './reply-tokens.ts'
import { imapDesk } from './testing/imap-desk.ts'

// Mails that become no message of a ticket, or not all of one: repeats, bounces, and what is set aside.

const desk = imapDesk('mail-aside')
const { ask, fetchAll, ledger, mail, messages } = desk

test('a bounce stands on the message with each whom it did not reach; others are read by people', async () => {
  desk.imap.put(mail({}))
  await fetchAll()
  const [line] = await ledger()
  const [message] = await messages(line!.ticket!.id)
  const key = await desk.replyKey()
  const failed = (address: string, status: string, said: string) =>
    [`Final-Recipient: rfc822; ${address}`, 'Action: failed', `Status: ${status}`].concat([
      `Diagnostic-Code: smtp; ${said}`,
      '',
    ])
  const returned = (id: string) =>
    [
      'From: MAILER-DAEMON@mx.example',
      `To: ${desk.mailbox.address}`,
      'Subject: Undelivered Mail Returned to Sender',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      `Message-ID: <to-${id.slice(1, 9)}@mx.example>`,
      '',
      ...['--b', 'Content-Type: text/plain', '', 'Sorry.', '--b', 'Content-Type: message/delivery-status', ''],
      ...['Reporting-MTA: dns; mx.example', '', ...failed('nives@mail.example', '5.1.1', '550 5.1.1 user unknown')],
      ...[...failed('ota@mail.example', '5.2.2', '552 5.2.2 full'), '--b', 'Content-Type: text/rfc822-headers', ''],
      ...[`Message-ID: ${id}`, '--b--', ''],
    ].join('\r\n')
  desk.imap.put(returned(signedMessageId(desk.mailbox.address, key, message!.id)))
  desk.imap.put(returned('<somebody@else.example>'))
  await fetchAll()
  const [, bounce, other] = await ledger()
  assert.deepEqual([bounce!.outcome, bounce!.status, bounce!.ticket?.id], ['bounce', '5.1.1', line!.ticket!.id])
  assert.match(bounce!.says!, /user unknown/)
  assert.equal(other!.outcome, 'kept')
  const { delivery } = (await messages(line!.ticket!.id))[0]!
  assert.equal(delivery?.state, 'bounced')
  assert.match(delivery!.says, /^nives@mail\.example: There is nobody.*\nota@mail\.example: The mailbox is full\. 552/)
})

test('a bounce stands on the message that came back, not on those that it answers', async () => {
  desk.imap.put(mail({}))
  await fetchAll()
  const ticketId = (await ledger())[0]!.ticket!.id
  const key = await desk.replyKey()
  const idOf = ({ id }: { id: string }) => signedMessageId(desk.mailbox.address, key, id)
  desk.imap.put(mail({ headers: [`In-Reply-To: ${idOf((await messages(ticketId))[0]!)}`] }))
  await fetchAll()
  const [later, first] = (await messages(ticketId)).toSorted((one, other) => (one.id < other.id ? 1 : -1))
  desk.imap.put(
    [
      ...['From: MAILER-DAEMON@mx.example', `To: ${desk.mailbox.address}`, 'Subject: Undelivered Mail'],
      ...['Content-Type: multipart/report; report-type=delivery-status; boundary=b', 'Message-ID: <whole@mx.example>'],
      ...['', '--b', 'Content-Type: text/plain', '', 'Sorry.', '--b', 'Content-Type: message/delivery-status', ''],
      ...['Reporting-MTA: dns; mx.example', '', 'Final-Recipient: rfc822; nives@mail.example', 'Action: failed'],
      ...['Status: 5.1.1', '', '--b', 'Content-Type: text/rfc822-headers', '', `Reply-To: ${desk.mailbox.address}`],
      ...[`In-Reply-To: ${idOf(first!)}`, `References: ${idOf(first!)}`, ' <other@mail.example>'],
      ...['Message-ID:', ` ${idOf(later!)}`, 'Subject: Re: Zip', '--b--', ''],
    ].join('\r\n'),
  )
  await fetchAll()
  assert.equal((await ledger())[2]!.outcome, 'bounce')
  const stateOf = async ({ id }: { id: string }) =>
    (await messages(ticketId)).find((one) => one.id === id)!.delivery?.state
  assert.deepEqual([await stateOf(later!), await stateOf(first!)], ['bounced', undefined])
})

test('a confirmation that comes back by the return address stands on what it confirms, and opens nothing', async () => {
  desk.imap.put(mail({}))
  await fetchAll()
  const [line] = await ledger()
  const ticketId = line!.ticket!.id
  await desk.sql.query("update tickets set status = 'solved', solved_at = now() where id = $1", [ticketId])
  const { returned } = confirmationMails('ticket_confirmation')
  const said = { kind: 'bounced', badAddress: true, status: '5.1.1', says: '550 user unknown' } as const
  const about = { subjectId: ticketId, number: 0, recipient: 'nives@mail.example' }
  await desk.house.store.write({ workspaceId: desk.workspaceId, actor: system }, (tx) =>
    returned!(tx, about, { ...said, recipients: [] }),
  )
  const { delivery } = (await messages(ticketId))[0]!
  assert.deepEqual([delivery?.state, delivery?.status], ['bounced', '5.1.1'])
  assert.match(delivery!.says, /^nives@mail\.example: There is nobody/)
  assert.equal((await ask<{ status: string }>('GET', `/tickets/${ticketId}`)).status, 'solved')
})

test('what is too large, unreadable or our own is set aside with its reason, its source and a retry', async () => {
  const deep = ['From: a@b.example', 'Subject: deep', 'Message-ID: <deep@b.example>', 'MIME-Version: 1.0']
  for (let level = 0; level < 80; level++)
    deep.push(`Content-Type: multipart/mixed; boundary=b${level}`, '', `--b${level}`)
  desk.imap.put(`${deep.join('\r\n')}\r\n`)
  desk.imap.put(mail({ subject: 'huge', text: 'x'.repeat(76).concat('\r\n').repeat(345_000) }))
  desk.imap.put(mail({ subject: 'own', headers: [`X-Lahko-Loop: ${desk.mailbox.id}`] }))
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
  await desk.house.jobs.settle()
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
  desk.imap.put(mail({ headers: ['Content-Type: text/html'], text: `${'<div>'.repeat(1_100)}It broke.` }))
  await fetchAll()
  const [shown] = await messages((await ledger())[0]!.ticket!.id)
  assert.deepEqual([shown!.text, shown!.html, shown!.banners], ['It broke.', null, ['cut_off']])
})

test('mails of one id are repeats only where sender, date and subject agree; a repeat can be judged all the same', async () => {
  const order = (subject: string, date: string) =>
    mail({ subject, id: '<noreply@mail.example>', headers: [`Date: ${date}`] })
  const first = order('Order 1', 'Mon, 23 Nov 2026 08:00:00 +0000')
  desk.imap.put(first)
  desk.imap.put(order('Order 2', 'Mon, 23 Nov 2026 08:00:00 +0000'))
  desk.imap.put(order('Order 1', 'Mon, 23 Nov 2026 09:00:00 +0000'))
  desk.imap.put(`Received: from x\r\n${first.replace('Subject: Order 1', 'Subject: Order\r\n 1')}`)
  await fetchAll()
  const outcomes = async () => (await ledger()).map(({ outcome }) => outcome)
  assert.deepEqual(await outcomes(), ['kept', 'kept', 'kept', 'repeat'])
  const [original, , , repeat] = await ledger()
  await ask('POST', `/incoming-mails/${repeat!.id}/retry`)
  await desk.house.jobs.settle()
  assert.deepEqual(await outcomes(), ['kept', 'kept', 'kept', 'kept'])
  assert.notEqual((await ledger())[3]!.ticket!.id, original!.ticket!.id)
  await ask('POST', `/incoming-mails/${repeat!.id}/retry`, undefined, 409)
})

test('a machine that gives all its mails one id and no date writes each time something new', async () => {
  const alarm = (text: string) => mail({ subject: 'Alarm', id: '<alarm@scanner.example>', text })
  desk.imap.put(alarm('Freezer 1 is warm.'))
  desk.imap.put(alarm('Freezer 2 is warm, door open.'))
  desk.imap.put(`Received: from x\r\n${alarm('Freezer 1 is warm.')}`)
  await fetchAll()
  assert.deepEqual(
    (await ledger()).map(({ outcome }) => outcome),
    ['kept', 'kept', 'repeat'],
  )
})

test('a mail whose reading ends the process is counted before, and set aside when it did so three times', async () => {
  const take = async () => (await desk.reader()).readOnce()
  const tries = async () => {
    const { rows } = await desk.sql.query('select tries from incoming_mails where mailbox_id = $1 order by uid', [
      desk.mailbox.id,
    ])
    return rows.map((row) => row.tries)
  }
  desk.imap.put(mail({ subject: 'killer' }))
  desk.imap.put(mail({ subject: 'harmless' }))
  const manyParts = Array.from({ length: 2_100 }, () => '--b')
  desk.imap.put(
    ['From: a@b.example', 'Subject: no end', 'Content-Type: multipart/mixed; boundary=b', '', ...manyParts].join(
      '\r\n',
    ),
  )
  await take()
  await desk.sql.query('begin')
  await desk.sql.query('lock table tickets in access exclusive mode')
  const settled = desk.house.jobs.settle()
  for (let turn = 0; turn < 200 && (await tries())[0] === 0; turn++) await sleep(20)
  assert.deepEqual(await tries(), [1, 1, 1], 'before any of them is judged')
  // As it is when the process ended thrice.
  await desk.sql.query('rollback')
  await settled
  await desk.sql.query(
    "update incoming_mails set outcome = 'waiting', tries = uid_tries.tries from (values (1, 3), (2, 1), (3, 1)) uid_tries (uid, tries) where mailbox_id = $1 and incoming_mails.uid = uid_tries.uid",
    [desk.mailbox.id],
  )
  desk.imap.put(mail({ subject: 'new' }))
  await fetchAll()
  const outcomes = async () => (await ledger()).map(({ outcome, reason }) => reason ?? outcome)
  assert.deepEqual(await outcomes(), ['unreadable', 'kept', 'unreadable', 'kept'])
  const [killer] = await ledger()
  assert.equal(killer!.subject, 'killer')
  await ask('POST', `/incoming-mails/${killer!.id}/retry`)
  await desk.house.jobs.settle()
  assert.equal((await ledger())[0]!.outcome, 'kept', 'it is tried once more when somebody asks')
})
