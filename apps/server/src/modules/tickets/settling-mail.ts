import { customerGroup, ensureCustomers, findContacts, findCustomers, type Contact } from '#people'
import { permissionsOfRole } from '@lahko/contract'
import { email } from '@lahko/contract/values'
import { everyMember, type MemberRow } from '#accounts'
import type { MailAddress } from '@lahko/contract/tickets'
import type { House } from '#platform/house.ts'
import { loopHeader } from '#platform/mail/letters.ts'
import { isWithoutSender } from '#platform/mail/receiving/auto-replies.ts'
import { judge } from '#platform/mail/receiving/judging.ts'
import { newTextOf } from '#platform/mail/receiving/new-text.ts'
import { readMail } from '#platform/mail/receiving/reading.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import { isLanguage } from '#platform/words.ts'
import { readAuthentication, type Authenticated } from './authentication.ts'
import { confirmTicket } from './confirming.ts'
import { namesOfSender } from './blocking-senders.ts'
import { listBlocked } from './blocked-senders.queries.ts'
import { takeBounces } from './delivery.ts'
import { insertFiles, type Verdict, type WaitingMail } from './incoming.queries.ts'
import { listOwnAddresses, type MailboxRow } from './mailboxes.queries.ts'
import { openUntold } from './opening.ts'
import type { TicketMail } from './reading-mail.ts'
import { isSigned, messagesNamedIn, withoutToken } from './reply-tokens.ts'
import { findNamedMessage, findThread, type Proven, type Thread } from './threading.ts'
import { insertLink, isOutside } from './threading.queries.ts'
import { findMergeTarget, findTicketRow, listMergedSources, listParticipants } from './tickets.queries.ts'
import { mostBytes } from './taking-mail-in.ts'
import { wordsAbove } from './notice-answers.ts'
import type { Untold } from './telling.ts'
import { writeUntold, type Writing } from './writing-in.ts'

/** A note that bears a member's address, until somebody accepts it; and that it answers what is for members alone. */
export const unverified = 'unverified_member'
export const forMembers = 'for_members'

/** What is read once for many mails. */
export type Desk = {
  mailbox: MailboxRow
  /** The workspace's own addresses. */
  own: ReadonlySet<string>
  members: readonly MemberRow[]
  /** Ids of blocked senders, by what is blocked. */
  blocked: ReadonlyMap<string, string>
  /** Ids of customers by their addresses, as far as they are known already. */
  customers: ReadonlyMap<string, string>
  /** What is known of these, by id. */
  contacts: ReadonlyMap<string, Contact>
}
type Sender = { address: string; name: string; customerId?: string; memberId?: string; mayWrite?: boolean }
/** What became of a mail, and what is still to be told of it. */
export type Settled = { verdict: Verdict; untold?: Untold }

/** What many mails need, in a handful of statements. Whoever writes by them is a customer from now on. */
export async function deskFor(
  tx: Tx,
  mailbox: MailboxRow,
  mails: readonly { line: WaitingMail; mail: TicketMail }[],
): Promise<Desk> {
  const own = await listOwnAddresses(tx)
  const members = await everyMember(tx)
  const senders = mails.map(({ mail }) => mail.from.address)
  const blocked = await listBlocked(tx, senders.flatMap(namesOfSender))
  const desk = {
    mailbox,
    own,
    members,
    blocked,
    customers: new Map<string, string>(),
    contacts: new Map<string, Contact>(),
  }
  const writers = new Map(
    mails
      .filter(({ line, mail }) => !asideOf(desk, line, mail) && !mayBeBounce(mail) && !blockedId(desk, line, mail))
      .flatMap(({ mail }) => {
        const writer = writerOf(desk, mail)
        return isCustomers(desk, mail, writer) ? [[writer.address, writer] as const] : []
      }),
  )
  const ids = await ensureCustomers(tx, [...writers.values()].map(referenceOf))
  const found = [...writers.keys()].flatMap((address, place) => (ids[place] ? [[address, ids[place]] as const] : []))
  const contacts = await findContacts(tx, [...new Map(found).values()])
  return { ...desk, customers: new Map(found), contacts }
}

/** Lets a message become what it is: one of a ticket, a bounce, or set aside with a reason. */
export async function settleMail(
  house: House,
  tx: Tx,
  desk: Desk,
  line: WaitingMail,
  mail: TicketMail,
): Promise<Settled> {
  const { mailbox, own } = desk
  const aside = asideOf(desk, line, mail)
  if (aside !== undefined) return { verdict: { outcome: 'set_aside', reason: aside } }
  const bounce = await findBounce(tx, mailbox, mail, line.raw ?? Buffer.of())
  if (bounce) return { verdict: bounce }
  const blocked = blockedId(desk, line, mail)
  if (blocked !== undefined) return { verdict: { outcome: 'set_aside', reason: 'blocked', blockedId: blocked } }
  const sender = await senderOf(tx, mail, desk)
  // Without a server of its own nothing stands before the mailbox: whoever sends writes such headers themselves.
  const trusted = mailbox.imap && mailbox.auth_server
  const checked = readAuthentication(mail.headers('authentication-results'), trusted, mail.from.address)
  const thread = await findThread(tx, mailbox, mail, sender)
  const writing = await writingOf(tx, desk, line, mail, sender, checked)
  const place = await placeOf(tx, thread, writing)
  if (place === undefined) return openFrom(house, tx, desk, mail, sender, writing, thread)
  const isAligned = checked?.aligned === true
  // Who answers a notice with the customer in Cc gives their token away: where a server checks senders, it has to agree.
  const mayProve = isAligned || !trusted
  const said = await continuing(tx, place, writing, { sender, thread, isAligned, mayProve })
  const { row, untold } = await writeUntold(tx, place, said, own)
  return { verdict: { outcome: 'kept', ticketId: row.ticket_id, messageId: row.id }, untold }
}

/** `mayProve`: a token counts for its member. */
type Circumstances = { sender: Sender; thread: Thread; isAligned: boolean; mayProve: boolean }

/** What stands in a ticket that goes on. */
async function continuing(
  tx: Tx,
  place: string,
  writing: Writing,
  { sender, thread, isAligned, mayProve }: Circumstances,
): Promise<Writing> {
  // What a member writes to whom the desk has asked is not for the customer.
  const isAside = thread.kind === 'continues' && thread.toForward
  if (sender.memberId !== undefined) {
    if (isAside) return { ...writing, kind: 'note' }
    const named = thread.kind === 'continues' ? thread.proven : undefined
    return ofMember(tx, place, writing, { ...sender, memberId: sender.memberId, isAligned, mayProve, named })
  }
  const joins = thread.kind === 'continues' && thread.joins
  const banners = [...(writing.banners ?? []), ...(joins ? ['new_participant'] : [])]
  if (!(await isFromOutside(tx, place, thread, sender))) return { ...writing, banners }
  return { ...writing, author: { ...writing.author, customerId: undefined }, outside: true, banners }
}

type Written = { memberId: string; mayWrite?: boolean; isAligned: boolean; mayProve: boolean; named?: Proven }

/** What a member wrote, by a token or in the thread; what came before today stays as it was, whatever they may do now. */
async function ofMember(
  tx: Tx,
  place: string,
  writing: Writing,
  { memberId, mayWrite, isAligned, mayProve, named }: Written,
): Promise<Writing> {
  const isForCustomer = named?.as === 'reply' && (await isRequester(tx, place, named.customerId))
  if (named && mayProve && mayWrite && !writing.automatic && !writing.past) {
    return byToken(tx, place, writing, memberId, isForCustomer ? 'reply' : 'note')
  }
  const isCertain = (named !== undefined && mayProve) || isAligned
  const said = await byMember(tx, place, writing, memberId, isCertain && (mayWrite === true || writing.past === true))
  const isUnproven = said.banners?.includes(unverified) === true
  return named && !isForCustomer && isUnproven ? { ...said, banners: [...said.banners!, forMembers] } : said
}

/** Why nothing is made of a mail before it is looked into; whoever asked for it once more has seen that. */
function asideOf({ mailbox }: Desk, line: WaitingMail, mail: TicketMail): string | undefined {
  if (line.reason !== null) return undefined
  if (line.size > mostBytes) return 'too_large'
  return isOwn(mailbox, mail) ? 'own_mail' : undefined
}

/** Because of whom a mail is set aside; a member never is. */
function blockedId({ blocked, members }: Desk, line: WaitingMail, { from }: TicketMail): string | undefined {
  if (line.reason !== null || blocked.size === 0 || memberAt(members, from.address)) return undefined
  const name = namesOfSender(from.address).find((one) => blocked.has(one))
  return name === undefined ? undefined : blocked.get(name)
}

/** A mail of ours that comes back to us: our Message-ID, or our mark in what a program of ours wrote. */
function isOwn({ id, reply_key: key }: MailboxRow, mail: TicketMail): boolean {
  const [named] = messagesNamedIn([mail.messageId ?? ''])
  return (named !== undefined && isSigned(named, key)) || mail.header(loopHeader) === id
}

/** Only what looks like a report is taken apart for one. */
async function findBounce(tx: Tx, mailbox: MailboxRow, mail: TicketMail, raw: Buffer): Promise<Verdict | undefined> {
  if (!mayBeBounce(mail)) return undefined
  const report = await readMail(raw)
  const judgement = judge(report, [])
  if (judgement.kind !== 'bounce' && judgement.kind !== 'delay') return undefined
  const text = raw.subarray(0, 262_144).toString('latin1')
  // The mail that came back names others above its own Message-ID: what it answers, and what came before.
  const ownIds = text.match(/^message-id:\s*\S+/gim) ?? []
  const message = await findNamedMessage(tx, mailbox, [...ownIds, text])
  // A delay, or the bounce of a mail that nobody here wrote, is read by a person.
  if (!message || judgement.kind === 'delay') return undefined
  const { status, says, recipients } = judgement
  await takeBounces(tx, message.id, recipients.length > 0 ? recipients : [{ address: '', status, says }])
  return { outcome: 'bounce', ticketId: message.ticketId, messageId: message.id, status, says }
}

function mayBeBounce({ from, header }: TicketMail): boolean {
  return (
    /^multipart\/report/i.test(header('content-type')) ||
    /^(mailer-?daemon|postmaster|mail-?daemon|mdaemon)@|mail.?delivery/i.test(`${from.address} ${from.name}`) ||
    header('x-failed-recipients') !== '' ||
    isWithoutSender({ header })
  )
}

async function senderOf(tx: Tx, mail: TicketMail, desk: Desk): Promise<Sender> {
  const writer = writerOf(desk, mail)
  const sender = { name: writer.name, address: writer.address }
  const member = memberAt(desk.members, writer.address)
  const mayWrite = member && permissionsOfRole[member.role].includes('tickets.write')
  if (member) return { ...sender, name: member.name, memberId: member.id, mayWrite }
  if (!isCustomers(desk, mail, writer)) return sender
  const customerId = desk.customers.get(writer.address) ?? (await ensureCustomers(tx, [referenceOf(writer)]))[0]
  return { ...sender, customerId }
}

/**
 * Whoever sent it; where nobody reads an answer, as with the mails of a form on a site, whom it says to answer. That is
 * never a member: what a server has checked is the sender.
 */
function writerOf({ own, members }: Desk, { from, replyTo }: TicketMail): MailAddress {
  const isMute = own.has(from.address) || /^(no|do-?not)[-_.]?reply\b/.test(from.address)
  if (!isMute || !replyTo || !email.safeParse(replyTo.address).success) return from
  return own.has(replyTo.address) || memberAt(members, replyTo.address) ? from : replyTo
}

/** Whether somebody outside wrote it, whom one can answer. */
function isCustomers({ own, members }: Desk, { automatic, bulk }: TicketMail, { address }: MailAddress): boolean {
  if (memberAt(members, address) || own.has(address) || !email.safeParse(address).success) return false
  return !((automatic || bulk) && address.startsWith('mailer-daemon@'))
}

function referenceOf({ address, name }: TicketMail['from']) {
  return { email: email.parse(address), ...(name !== '' && { name }) }
}

function memberAt(members: readonly MemberRow[], address: string): MemberRow | undefined {
  return members.find((one) => one.email.toLowerCase() === address)
}

/** Whose address it is. */
export async function findMember(tx: Tx, address: string): Promise<MemberRow | undefined> {
  return memberAt(await everyMember(tx), address)
}

async function writingOf(
  tx: Tx,
  { mailbox, own }: Desk,
  line: WaitingMail,
  mail: TicketMail,
  sender: Sender,
  checked: Authenticated | undefined,
): Promise<Writing> {
  const files = mail.files.map((file) => ({ ...file, id: uuidv7(tx.now.getTime()) }))
  await insertFiles(tx, files)
  const past = line.past || (mailbox.solved_before !== null && line.receivedAt < mailbox.solved_before)
  return {
    kind: 'message',
    channel: 'email',
    author: { customerId: sender.customerId, name: sender.name, address: sender.address },
    text: mail.text,
    html: mail.html,
    subject: mail.subject,
    recipients: addressed(mail.to, mailbox, own),
    copies: addressed(mail.cc, mailbox, own),
    attachments: files.map(({ id, contentId }) => ({ fileId: id, contentId })),
    mail: {
      message_id: mail.messageId,
      in_reply_to: mail.inReplyTo,
      reference_ids: mail.references,
      raw_file_id: line.rawFileId,
      incoming_mail_id: line.id,
    },
    automatic: mail.automatic,
    banners: [...(mail.sealed ? [mail.sealed] : []), ...(mail.cut || line.size > mostBytes ? ['cut_off'] : [])],
    authentication: checked?.shown ?? null,
    // What the sender's clock says may be wrong by years.
    at: line.receivedAt,
    ...(past && { past }),
  }
}

/** Our own addresses without the token that led the mail here. */
function addressed(given: TicketMail['to'], { address: first }: MailboxRow, own: ReadonlySet<string>) {
  return given.map(({ name, address }) => {
    const plain = withoutToken(address)
    return { name, address: plain === first || own.has(plain) ? plain : address }
  })
}

/** The ticket in which it is written; undefined when there is none, or it was closed before this was written. */
async function placeOf(tx: Tx, thread: Thread, { past }: Writing): Promise<string | undefined> {
  if (thread.kind !== 'continues') return undefined
  const target = (await findMergeTarget(tx, thread.ticketId)) ?? thread.ticketId
  return !past && (await findTicketRow(tx, target))?.status === 'closed' ? undefined : target
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
    // What is over is not sent to anybody any more, whoever says that they wrote it.
    const asks = !verified && !writing.past
    return { ...writing, kind: 'note', banners: [...(writing.banners ?? []), ...(asks ? [unverified] : [])] }
  }
  if (writing.past) return { ...writing, kind: 'reply', author: { ...writing.author, customerId: undefined, memberId } }
  return asReply(tx, ticketId, writing, memberId)
}

/** A member's answer to a notice: what the notice said that it would be, without the notice. */
async function byToken(
  tx: Tx,
  ticketId: string,
  writing: Writing,
  memberId: string,
  as: 'reply' | 'note',
): Promise<Writing> {
  const text = wordsAbove(writing.text)
  // Neither what a telephone adds below nothing is an answer, nor the logo of a signature.
  const isEmpty =
    newTextOf(text) === '' && !(writing.attachments ?? []).some(({ contentId }) => contentId === undefined)
  if (as === 'reply' && !isEmpty) return asReply(tx, ticketId, { ...writing, text, html: undefined }, memberId)
  const author = { ...writing.author, customerId: undefined, memberId }
  return { ...writing, kind: 'note', author, ...(!isEmpty && { text, html: undefined }) }
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
    text: wordsAbove(writing.text) || writing.text,
    html: undefined,
    recipients: [requester],
    copies: [],
    ...{ sendAt: new Date(tx.now.getTime() + undoMs), canBeTakenBack: true },
  }
}

/** Whether somebody answers whom the desk has asked, and not the customer. */
async function isFromOutside(tx: Tx, ticketId: string, thread: Thread, sender: Sender): Promise<boolean> {
  if (await isRequester(tx, ticketId, sender.customerId ?? null)) return false
  if (thread.kind === 'continues' && thread.toForward) return true
  return isOutside(tx, [ticketId, ...(await listMergedSources(tx, ticketId))], sender.address)
}

/** Whether a ticket is somebody's as it stands now: it may have been merged, or given to another customer. */
async function isRequester(tx: Tx, ticketId: string, customerId: string | null): Promise<boolean> {
  const requesterId = (await findTicketRow(tx, ticketId))?.customer_id
  if (customerId === null || !requesterId) return false
  return (await customerGroup(tx, requesterId)).includes(customerId)
}

/** To whom an answer goes. */
async function requesterOf(tx: Tx, ticketId: string): Promise<{ name: string; address: string } | undefined> {
  const customerId = (await findTicketRow(tx, ticketId))?.customer_id
  const customer = customerId ? (await findCustomers(tx, [customerId])).get(customerId) : undefined
  if (customer?.email) return { name: customer.name ?? '', address: customer.email }
  return (await listParticipants(tx, ticketId)).find(({ outside }) => !outside)
}

async function openFrom(
  house: House,
  tx: Tx,
  desk: Desk,
  mail: TicketMail,
  sender: Sender,
  first: Writing,
  thread: Thread,
): Promise<Settled> {
  const { mailbox, own } = desk
  const strange = thread.kind === 'stranger' ? { banners: [...(first.banners ?? []), 'stranger'] } : {}
  const { id, message, untold } = await openUntold(
    tx,
    {
      ...{ channel: 'email', priority: 'normal', customerId: sender.customerId, mailboxId: mailbox.id },
      ...{ subject: subjectOf(mail), first: { ...first, ...strange } },
      language: await languageOf(tx, desk, mail, sender),
    },
    own,
  )
  if (thread.kind !== 'new') {
    await insertLink(tx, id, thread.ticketId, thread.kind === 'stranger' ? 'stranger' : 'continues')
  }
  if (!first.past) await confirmTicket(house, tx, mailbox, { ticketId: id, messageId: message.id, mail, sender })
  return { verdict: { outcome: 'kept', ticketId: id, messageId: message.id }, untold }
}

/** As the mail says, else as its customer is known to speak. */
async function languageOf(
  tx: Tx,
  { contacts }: Desk,
  { header }: TicketMail,
  { customerId }: Sender,
): Promise<string | undefined> {
  const said = /^\s*([a-z]{2,3})\b/i.exec(header('content-language'))?.[1]?.toLowerCase() ?? ''
  const written = said === 'no' || said === 'nn' ? 'nb' : said
  if (isLanguage(written)) return written
  if (customerId === undefined) return undefined
  const known = contacts.get(customerId) ?? (await findContacts(tx, [customerId])).get(customerId)
  return known?.language ?? undefined
}

const longestSubject = 200

/** A ticket without a name cannot be found in a list. */
function subjectOf({ subject, text, from }: TicketMail): string {
  const name = subject || text.split('\n').find((line) => line.trim() !== '') || from.name || from.address || '…'
  return name.trim().slice(0, longestSubject).toWellFormed()
}
