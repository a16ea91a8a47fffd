import { ensureCustomers, findCustomers } from '#people'
import { email } from '@lahko/contract/values'
import { listMembers, type MemberRow } from '#accounts'
import type { House } from '#platform/house.ts'
import { loopHeader } from '#platform/mail/letters.ts'
import { readFields } from '#platform/mail/receiving/delivery-reports.ts'
import { judge } from '#platform/mail/receiving/judging.ts'
import { newTextOf } from '#platform/mail/receiving/new-text.ts'
import { readMail } from '#platform/mail/receiving/reading.ts'
import type { Tx } from '#platform/store.ts'
import { readAuthentication, type Authenticated } from './authentication.ts'
import { confirmTicket } from './confirming.ts'
import { takeBounces } from './delivery.ts'
import { insertFile, type Verdict, type WaitingMail } from './incoming.queries.ts'
import type { MailboxRow } from './mailboxes.queries.ts'
import { openTicket } from './opening.ts'
import type { TicketMail } from './reading-mail.ts'
import { isSigned, messagesNamedIn, withoutToken } from './reply-tokens.ts'
import { findNamedMessage, findThread, type Thread } from './threading.ts'
import { insertLink } from './threading.queries.ts'
import { findMergeTarget, findTicketRow, listParticipants } from './tickets.queries.ts'
import { mostBytes } from './taking-mail-in.ts'
import { writeIn, type Writing } from './writing-in.ts'

/** The mailbox, the workspace's own addresses, and its members, read once for many mails. */
export type Desk = { mailbox: MailboxRow; own: ReadonlySet<string>; members: readonly MemberRow[] }
type Sender = { address: string; name: string; customerId?: string; memberId?: string }

/** Lets a message become what it is: one of a ticket, a bounce, or set aside with a reason. */
export async function settleMail(
  house: House,
  tx: Tx,
  desk: Desk,
  line: WaitingMail,
  mail: TicketMail,
): Promise<Verdict> {
  const { mailbox, own } = desk
  // Whoever asked for it once more has seen why it was set aside.
  const insisted = line.reason !== null
  if (!insisted && line.size > mostBytes) return { outcome: 'set_aside', reason: 'too_large' }
  if (!insisted && isOwn(mailbox, mail)) return { outcome: 'set_aside', reason: 'own_mail' }
  const bounce = await findBounce(tx, mailbox, mail, line.raw ?? Buffer.of())
  if (bounce) return bounce
  const sender = await senderOf(tx, mail, desk)
  // Without a server of its own nothing stands before the mailbox: whoever sends writes such headers themselves.
  const trusted = mailbox.imap && mailbox.auth_server
  const checked = readAuthentication(mail.headers('authentication-results'), trusted, mail.from.address)
  const thread = await findThread(tx, mailbox, mail, sender)
  const writing = await writingOf(tx, desk, line, mail, sender, checked)
  const place = await placeOf(tx, thread)
  if (place !== undefined && sender.memberId !== undefined) {
    const verified = (thread.kind === 'continues' && thread.proven) || checked?.aligned === true
    const message = await writeIn(tx, place, await byMember(tx, place, writing, sender.memberId, verified), own)
    return { outcome: 'kept', ticketId: message.ticket_id, messageId: message.id }
  }
  if (place !== undefined) {
    const joins = thread.kind === 'continues' && thread.joins
    const banners = [...(writing.banners ?? []), ...(joins ? ['new_participant'] : [])]
    const message = await writeIn(tx, place, { ...writing, banners }, own)
    return { outcome: 'kept', ticketId: message.ticket_id, messageId: message.id }
  }
  return openFrom(house, tx, desk, mail, sender, writing, thread)
}

/** A mail of ours that comes back to us: our Message-ID, or our mark in what a program of ours wrote. */
function isOwn({ id, reply_key: key }: MailboxRow, mail: TicketMail): boolean {
  const [named] = messagesNamedIn([mail.messageId ?? ''])
  return (named !== undefined && isSigned(named, key)) || mail.header(loopHeader) === id
}

/** Only what looks like a report is taken apart for one. */
async function findBounce(tx: Tx, mailbox: MailboxRow, mail: TicketMail, raw: Buffer): Promise<Verdict | undefined> {
  const mayBe =
    /^multipart\/report/i.test(mail.header('content-type')) ||
    /^(mailer-?daemon|postmaster|mail-?daemon|mdaemon)@|mail.?delivery/i.test(
      `${mail.from.address} ${mail.from.name}`,
    ) ||
    mail.header('x-failed-recipients') !== '' ||
    /^<\s*>$/.test(mail.header('return-path'))
  if (!mayBe) return undefined
  const report = await readMail(raw)
  const judgement = judge(report, [])
  if (judgement.kind !== 'bounce' && judgement.kind !== 'delay') return undefined
  const message = await findNamedMessage(tx, mailbox, [raw.subarray(0, 262_144).toString('latin1')])
  // A delay, or the bounce of a mail that nobody here wrote, is read by a person.
  if (!message || judgement.kind === 'delay') return undefined
  const { status, says } = judgement
  const fields = report.reports
    .filter(({ type }) => type.endsWith('delivery-status'))
    .flatMap(({ text }) => readFields(text))
  const failed = fields.find((group) => /^failed/i.test(group.get('action') ?? ''))
  const given = failed?.get('final-recipient') ?? failed?.get('original-recipient') ?? ''
  const address = given.replace(/^[^;]*;\s*/, '').replaceAll(/[<>]/g, '')
  await takeBounces(tx, message.id, [{ address, status, says }])
  return { outcome: 'bounce', ticketId: message.ticketId, messageId: message.id, status, says }
}

async function senderOf(tx: Tx, { from, automatic, bulk }: TicketMail, { own, members }: Desk): Promise<Sender> {
  const sender = { name: from.name, address: from.address }
  const member = members.find((one) => one.email.toLowerCase() === from.address)
  if (member) return { ...sender, name: member.name, memberId: member.id }
  const known = email.safeParse(from.address)
  if (!known.success || own.has(from.address)) return sender
  if ((automatic || bulk) && from.address.startsWith('mailer-daemon@')) return sender
  const [customerId] = await ensureCustomers(tx, [{ email: known.data, ...(from.name !== '' && { name: from.name }) }])
  return { ...sender, customerId }
}

const mostMembers = 1_000

/** Those whose mail may be an answer. */
export function membersOf(tx: Tx): Promise<MemberRow[]> {
  return listMembers(tx, { limit: mostMembers })
}

/** Whose address it is. */
export async function findMember(tx: Tx, address: string): Promise<MemberRow | undefined> {
  return (await membersOf(tx)).find((member) => member.email.toLowerCase() === address)
}

async function writingOf(
  tx: Tx,
  { mailbox, own }: Desk,
  line: WaitingMail,
  mail: TicketMail,
  sender: Sender,
  checked: Authenticated | undefined,
): Promise<Writing> {
  const attachments = []
  for (const { contentId, ...file } of mail.files) attachments.push({ fileId: await insertFile(tx, file), contentId })
  return {
    kind: 'message',
    channel: 'email',
    author: { customerId: sender.customerId, name: sender.name, address: sender.address },
    text: mail.text,
    html: mail.html,
    subject: mail.subject,
    recipients: addressed(mail.to, mailbox, own),
    copies: addressed(mail.cc, mailbox, own),
    attachments,
    mail: {
      message_id: mail.messageId,
      in_reply_to: mail.inReplyTo,
      reference_ids: mail.references,
      raw_file_id: line.rawFileId,
      incoming_mail_id: line.id,
    },
    automatic: mail.automatic,
    banners: [...(mail.sealed ? [mail.sealed] : []), ...(line.size > mostBytes ? ['cut_off'] : [])],
    authentication: checked?.shown ?? null,
    // What the sender's clock says may be wrong by years.
    at: line.receivedAt,
  }
}

/** Our own addresses without the token that led the mail here. */
function addressed(given: TicketMail['to'], { address: first }: MailboxRow, own: ReadonlySet<string>) {
  return given.map(({ name, address }) => {
    const plain = withoutToken(address)
    return { name, address: plain === first || own.has(plain) ? plain : address }
  })
}

/** The ticket in which it is written; undefined when there is none, or it was closed. */
async function placeOf(tx: Tx, thread: Thread): Promise<string | undefined> {
  if (thread.kind !== 'continues') return undefined
  const target = (await findMergeTarget(tx, thread.ticketId)) ?? thread.ticketId
  return (await findTicketRow(tx, target))?.status === 'closed' ? undefined : target
}

/** What a member wrote from their own mail program: their answer, when it is certain that it was they. */
async function byMember(
  tx: Tx,
  ticketId: string,
  writing: Writing,
  memberId: string,
  verified: boolean,
): Promise<Writing> {
  if (!verified || writing.automatic) {
    return {
      ...writing,
      kind: 'note',
      banners: [...(writing.banners ?? []), ...(verified ? [] : ['unverified_member'])],
    }
  }
  return asReply(tx, ticketId, writing, memberId)
}

const undoMs = 10_000

/** A member's mail as their answer; where it has not gone to the customer already, it goes now. */
export async function asReply(tx: Tx, ticketId: string, writing: Writing, memberId: string): Promise<Writing> {
  const author = { ...writing.author, customerId: undefined, memberId }
  const requester = await requesterOf(tx, ticketId)
  const told = [...(writing.recipients ?? []), ...(writing.copies ?? [])]
  if (!requester || told.some(({ address }) => address === requester.address)) {
    return { ...writing, kind: 'reply', author }
  }
  return {
    ...writing,
    kind: 'reply',
    author,
    text: newTextOf(writing.text) || writing.text,
    html: undefined,
    recipients: [requester],
    copies: [],
    sendAt: new Date(tx.now.getTime() + undoMs),
  }
}

/** To whom an answer goes. */
async function requesterOf(tx: Tx, ticketId: string): Promise<{ name: string; address: string } | undefined> {
  const customerId = (await findTicketRow(tx, ticketId))?.customer_id
  const customer = customerId ? (await findCustomers(tx, [customerId])).get(customerId) : undefined
  if (customer?.email) return { name: customer.name ?? '', address: customer.email }
  return (await listParticipants(tx, ticketId))[0]
}

async function openFrom(
  house: House,
  tx: Tx,
  { mailbox, own }: Desk,
  mail: TicketMail,
  sender: Sender,
  first: Writing,
  thread: Thread,
): Promise<Verdict> {
  const strange = thread.kind === 'stranger' ? { banners: [...(first.banners ?? []), 'stranger'] } : {}
  const opening = {
    channel: 'email',
    priority: 'normal',
    customerId: sender.customerId,
    mailboxId: mailbox.id,
  } as const
  const { id, message } = await openTicket(
    tx,
    { ...opening, subject: subjectOf(mail), first: { ...first, ...strange } },
    own,
  )
  if (thread.kind !== 'new') {
    await insertLink(tx, id, thread.ticketId, thread.kind === 'stranger' ? 'stranger' : 'continues')
  }
  await confirmTicket(house, tx, mailbox, { ticketId: id, messageId: message.id, mail, sender })
  return { outcome: 'kept', ticketId: id, messageId: message.id }
}

const longestSubject = 200

/** A ticket without a name cannot be found in a list. */
function subjectOf({ subject, text, from }: TicketMail): string {
  const name = subject || text.split('\n').find((line) => line.trim() !== '') || from.name || from.address || '…'
  return name.trim().slice(0, longestSubject).toWellFormed()
}
