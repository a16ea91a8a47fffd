import type { TicketMessage } from '@lahko/contract/tickets'
import type { Language } from '@lahko/contract/values'
import { emit, wake } from '#platform/events.ts'
import type { MailKind, Returned } from '#platform/mail/kinds.ts'
import { statusIn, type RefusedRecipient } from '#platform/mail/letters.ts'
import { listMailFates, type MailFate } from '#platform/mail/mails.queries.ts'
import { resendMail } from '#platform/mail/queueing.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { allWords, words } from '#platform/words.ts'
import { deleteBounces, findOpeningMessage, findWriting, upsertBounce } from './bounces.queries.ts'
import { replyMailKind } from './leaving.ts'
import { notDelivered } from './not-delivered.ts'
import { mailboxMails } from './mailbox-sending.ts'
import { neverAgain, updateStuckDue } from './replies.queries.ts'
import { undoMs } from './replying.ts'
import { keepSentCopy } from './sent-copies.ts'
import type { Bounce, WholeMessageRow } from './ticket-messages.queries.ts'

type Delivery = NonNullable<TicketMessage['delivery']>

/** What becomes of the mail of a reply. */
export const replyMails: MailKind = {
  ...mailboxMails,
  async sent(tx, mail) {
    await mailboxMails.sent(tx, mail)
    await keepSentCopy(tx, mail.subjectId)
    await tellScreens(tx, mail.subjectId)
  },
  failed: (tx, { subjectId }) => notDelivered(tx, subjectId, 'failed'),
  refused: (tx, mail, recipients) => takeBounces(tx, mail.subjectId, recipients),
  async postponed(tx, mail, hindered) {
    await mailboxMails.postponed(tx, mail, hindered)
    await tellScreens(tx, mail.subjectId)
  },
  uncertain: (tx, subjectId) => notDelivered(tx, subjectId, 'uncertain'),
  async returned(tx, { subjectId, recipient }, returned) {
    if (returned.kind === 'bounced') await takeBounces(tx, subjectId, bouncesOf(returned, recipient))
  },
  async queuedAgain(tx, subjectId) {
    await deleteBounces(tx, subjectId)
    await tellScreens(tx, subjectId)
  },
}

/**
 * What becomes of a kind of mail that says by itself that something is in, about a ticket. Where it does not arrive,
 * the message that it confirms shows it: nobody would reach its writer.
 */
export function confirmationMails(kind: string): MailKind {
  const tell = async (tx: Tx, ticketId: string, bounces: readonly RefusedRecipient[]) => {
    const messageId = await findOpeningMessage(tx, ticketId)
    if (messageId !== undefined) await takeBounces(tx, messageId, bounces)
  }
  return {
    ...mailboxMails,
    async failed(tx, { subjectId, recipient }) {
      const reply = (await listMailFates(tx, kind, [subjectId])).at(-1)?.reply ?? ''
      // It would only have come too late.
      if (reply !== 'expired') await tell(tx, subjectId, [{ address: recipient, says: reply, status: statusIn(reply) }])
    },
    async returned(tx, { subjectId, recipient }, returned) {
      if (returned.kind === 'bounced') await tell(tx, subjectId, bouncesOf(returned, recipient))
    },
  }
}

/** Of the one to whom it went, where the report names nobody. */
function bouncesOf(
  { recipients, status, says }: Extract<Returned, { kind: 'bounced' }>,
  address: string,
): readonly RefusedRecipient[] {
  return recipients.length > 0 ? recipients : [{ address, status, says }]
}

/**
 * Shows on a message that it, or the confirmation that it came, did not reach somebody. The ticket of a reply is opened
 * again. Told twice it is told once.
 */
export async function takeBounces(tx: Tx, messageId: string, bounces: readonly RefusedRecipient[]): Promise<void> {
  let news = false
  for (const bounce of bounces) news = (await upsertBounce(tx, messageId, bounce)) || news
  if (!news) return
  const isReply = (await findWriting(tx, messageId))?.kind !== 'message'
  await (isReply ? notDelivered(tx, messageId, 'bounced') : tellScreens(tx, messageId))
}

/**
 * Sends a reply once more, to those who have not got it.
 * @throws Problem not_found; conflict when nothing of it failed and nothing is uncertain
 */
export async function resendReply(tx: Tx, messageId: string): Promise<void> {
  const writing = await findWriting(tx, messageId)
  if (!writing) throw new Problem('not_found', 'platform.not_found')
  if (!(await updateStuckDue(tx, messageId))) await resendHeld(tx, messageId)
  await emit(tx, { type: 'ticket.resent', subjectId: writing.ticketId, data: { messageId } })
}

async function resendHeld(tx: Tx, messageId: string): Promise<void> {
  const held = (await listMailFates(tx, replyMailKind, [messageId])).filter(
    ({ state }) => state === 'failed' || state === 'uncertain',
  )
  if (held.length === 0) throw new Problem('conflict', 'platform.mail_not_held_up')
  for (const { id } of held) await resendMail(tx, id)
}

async function tellScreens(tx: Tx, messageId: string): Promise<void> {
  const writing = await findWriting(tx, messageId)
  if (writing) await wake(tx, 'ticket.delivery', writing.ticketId)
}

/** What became of each reply among these messages; of a customer's own only that its confirmation did not arrive. */
export async function viewDeliveries(
  db: Db,
  rows: readonly WholeMessageRow[],
  language: Language,
): Promise<Map<string, Delivery>> {
  const unconfirmed = rows.filter(({ kind, bounces }) => kind === 'message' && bounces.length > 0)
  const replies = rows.filter(({ kind, channel }) => (kind === 'reply' || kind === 'forward') && channel === 'email')
  const left = replies.flatMap(({ id, send_at: sendAt }) => (sendAt === null ? id : []))
  const fates = Map.groupBy(await listMailFates(db, replyMailKind, left), ({ subjectId }) => subjectId)
  const deliveries = replies.flatMap((row): [string, Delivery][] => {
    const delivery = row.send_at ? deliveryBefore(row, row.send_at, language) : deliveryOf(row, fates, language)
    return delivery ? [[row.id, delivery]] : []
  })
  const confirmations = unconfirmed.map(({ id, bounces }) => [id, bouncedTo(bounces, null, language)] as const)
  return new Map([...deliveries, ...confirmations])
}

/** Of several mails of one reply the one that is worst off counts. */
const worstFirst = ['failed', 'uncertain', 'sending', 'waiting', 'sent'] as const

function deliveryOf(
  { id, bounces }: WholeMessageRow,
  fates: ReadonlyMap<string, readonly MailFate[]>,
  language: Language,
): Delivery | undefined {
  const mails = fates.get(id) ?? []
  const mail = worstFirst.flatMap((state) => mails.find((one) => one.state === state) ?? [])[0]
  if (bounces.length > 0) return bouncedTo(bounces, mail?.id ?? null, language)
  if (!mail) return undefined
  const { id: mailId, state, reply, dueAt, settledAt } = mail
  const at = (state === 'waiting' ? dueAt : (settledAt ?? dueAt)).toISOString()
  const status = state === 'sent' ? null : statusIn(reply ?? '')
  return { state, at, says: inWords(language, status, reply ?? ''), status, mailId }
}

/** Unless it only waits, it can still be taken back, also when something in it keeps it from being made into a mail. */
function deliveryBefore(row: WholeMessageRow, sendAt: Date, language: Language): Delivery {
  const { at, stuck_since: since, canBeTakenBack } = row
  const none = { status: null, mailId: null }
  if (since) {
    const says = words(language, sendAt >= neverAgain ? 'delivery.given_up' : 'delivery.not_made')
    return { state: 'failed', at: since.toISOString(), says, ...none }
  }
  const state = !canBeTakenBack ? 'waiting' : sendAt.getTime() - at.getTime() > undoMs ? 'scheduled' : 'undo'
  return { state, at: sendAt.toISOString(), says: '', ...none }
}

function bouncedTo(bounces: readonly Bounce[], mailId: string | null, language: Language): Delivery {
  const { status, at } = bounces[0]!
  const says = bounces
    .map((one) => [one.address, inWords(language, one.status, one.says)].filter(Boolean).join(': '))
    .join('\n')
  return { state: 'bounced', at: new Date(at).toISOString(), says, status, mailId }
}

/** A status as a sentence, with what the server itself said behind it. */
function inWords(language: Language, status: string | null, said: string): string {
  const [, subject, detail] = status?.split('.') ?? []
  const keys = [`delivery.status.${subject}.${detail}`, `delivery.status.${subject}`]
  const key = keys.find((one) => subject !== undefined && allWords().en.has(one))
  return [key && words(language, key), said].filter(Boolean).join(' ')
}
