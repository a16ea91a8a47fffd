import { customerGroup } from '#people'
import type { Db } from '#platform/store.ts'
import type { TicketMail } from './reading-mail.ts'
import { isSigned, messagesNamedIn, type MemberWords } from './reply-tokens.ts'
import { findTicketNumbered, isParticipant, listMessagesById, listMessagesCalled } from './threading.queries.ts'
import { findMergeTarget, listMergedSources } from './tickets.queries.ts'

/** To which ticket a mail belongs. */
export type Thread =
  /**
   * `joins`: they had a token from somebody who has, and take part from now on. `proven`: the token is this member's,
   * for what it says, about this customer's words.
   * `toForward`: it answers what was forwarded to somebody outside.
   */
  | { kind: 'continues'; ticketId: string; joins: boolean; proven?: Proven; toForward: boolean }
  /** It answers a mail of a ticket that is none of theirs. */
  | { kind: 'stranger'; ticketId: string }
  | { kind: 'new' }

/** What a member's token says, and whose words the message is that it names. */
export type Proven = { as: MemberWords['as']; customerId: string | null }
export type Sender = { address: string; customerId?: string; memberId?: string }
type Mailbox = { id: string; reply_key: Buffer }

/** What receivers write of whom a mail was for. */
const addressed = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-forwarded-to', 'resent-to']

/**
 * Finds the ticket that a mail continues, within its mailbox. A signed token in an address or a Message-ID comes first,
 * whoever uses it; then In-Reply-To, References from the newest, and the number in the subject, for those who take part.
 */
export async function findThread(db: Db, mailbox: Mailbox, mail: TicketMail, sender: Sender): Promise<Thread> {
  const token = await findByToken(db, mailbox, mail, sender.memberId)
  if (token) {
    const takesPart = await mayContinue(db, token.ticketId, sender)
    const { ticketId, proven, toForward } = token
    return { kind: 'continues', ticketId, joins: !takesPart, proven, toForward }
  }
  const found = await findByHeaders(db, mailbox, mail)
  for (const { ticketId, toForward } of found) {
    if (sender.memberId !== undefined || (await mayContinue(db, ticketId, sender))) {
      return { kind: 'continues', ticketId, joins: false, toForward }
    }
  }
  return found[0] === undefined ? { kind: 'new' } : { kind: 'stranger', ticketId: found[0].ticketId }
}

/** The message of ours that a text names by a token, wherever it stands in it: what a bounce brings back, for one. */
export async function findNamedMessage(
  db: Db,
  { reply_key: key }: Mailbox,
  texts: readonly string[],
): Promise<{ id: string; ticketId: string } | undefined> {
  const named = messagesNamedIn(texts).filter((one) => isSigned(one, key))
  const messages = await listMessagesById(
    db,
    named.map(({ messageId }) => messageId),
  )
  return named.flatMap(({ messageId }) => messages.find(({ id }) => id === messageId) ?? [])[0]
}

const ways = ['reply', 'note'] as const

async function findByToken(db: Db, { reply_key: key }: Mailbox, mail: TicketMail, memberId: string | undefined) {
  const texts = [...addressed.flatMap(mail.headers), mail.inReplyTo ?? '', ...mail.references.toReversed()]
  const named = messagesNamedIn(texts).flatMap((one) => {
    const proven = memberId === undefined ? undefined : ways.find((as) => isSigned(one, key, { memberId, as }))
    return proven || isSigned(one, key) ? [{ id: one.messageId, proven }] : []
  })
  const messages = await listMessagesById(
    db,
    named.map(({ id }) => id),
  )
  const found = named.flatMap(({ id, proven }) => {
    const message = messages.find((one) => one.id === id)
    if (!message) return []
    const { ticketId, customerId, isForward: toForward } = message
    return [{ ticketId, proven: proven && { as: proven, customerId }, toForward }]
  })
  return found.find(({ proven }) => proven) ?? found[0]
}

const mostNumbers = 5

/** Ours stands behind what was there before: the number of a ticket that was closed or split, or of another desk. */
function numbersIn(subject: string): number[] {
  const found = [...subject.matchAll(/\[#(\d{1,9})\]/g)].map(([, number]) => Number(number))
  return found.toReversed().slice(0, mostNumbers)
}

/** In the order in which they count. */
async function findByHeaders(
  db: Db,
  mailbox: Mailbox,
  mail: TicketMail,
): Promise<{ ticketId: string; toForward: boolean }[]> {
  const ids = [...(mail.inReplyTo === null ? [] : [mail.inReplyTo]), ...mail.references.toReversed()]
  const messages = await listMessagesCalled(db, mailbox.id, [...new Set(ids)])
  const answered = ids.flatMap((id) => messages.find(({ messageId }) => messageId === id) ?? [])
  const named: { ticketId: string; isForward: boolean }[] = []
  for (const number of numbersIn(mail.subject)) {
    const ticketId = await findTicketNumbered(db, mailbox.id, number)
    if (ticketId !== undefined) named.push({ ticketId, isForward: false })
  }
  const found = [...answered, ...named].map(({ ticketId, isForward: toForward }) => ({ ticketId, toForward }))
  return found.filter(({ ticketId }, place) => found.findIndex((one) => one.ticketId === ticketId) === place)
}

/** Who takes part in a ticket takes part in what it was merged into, and the other way round. */
async function mayContinue(db: Db, ticketId: string, sender: Sender): Promise<boolean> {
  const customerIds = sender.customerId === undefined ? [] : await customerGroup(db, sender.customerId)
  const who = { address: sender.address, customerIds }
  if (await isParticipant(db, [ticketId], who)) return true
  const target = (await findMergeTarget(db, ticketId)) ?? ticketId
  return isParticipant(db, [ticketId, target, ...(await listMergedSources(db, target))], who)
}
