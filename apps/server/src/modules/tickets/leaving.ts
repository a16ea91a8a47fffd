import type { Language } from '@lahko/contract/values'
import { getWorkspace, type WorkspaceRow } from '#accounts'
import type { DueKind } from '#platform/due.ts'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { capReferences, loopHeader, type Letter } from '#platform/mail/letters.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { isLanguage } from '#platform/words.ts'
import type { MailConfig } from '../../config.ts'
import { subjectOfForward, writeForwardMail } from './forward-mail.ts'
import { knownToAll } from './known-before.ts'
import { contentIdOf, plainOfText } from './markup.ts'
import { notDelivered } from './not-delivered.ts'
import { findOutgoingMailbox, type OutgoingMailbox } from './outgoing-mailboxes.queries.ts'
import {
  findFirstSubject,
  listBefore,
  lockDueReply,
  neverAgain,
  updateLeft,
  updateStuck,
  type DueReply,
  type EarlierMessage,
} from './replies.queries.ts'
import { countShown } from './recounting.ts'
import { longestQuote, subjectOfReply, writeReplyMail } from './reply-mail.ts'
import { addressesOf, answersTo, ownAddressFor } from './own-addresses.ts'
import { signedMessageId } from './reply-tokens.ts'
import { undoMs } from './replying.ts'
import { signatureIn } from './signatures.ts'
import { tellEffort } from './telling-effort.ts'
import {
  listAttachments,
  listForwards,
  listMessagesByIds,
  type AttachmentRow,
  type MessageRow,
} from './ticket-messages.queries.ts'
import { findMergeTarget, listMergedSources, lockTicket, updateTicket, type TicketRow } from './tickets.queries.ts'

export const replyMailKind = 'reply'

/** After the first time, and then twice as long each time. */
const soonestMs = 300_000
const longestPauseMs = 6 * 3_600_000
/** Whatever did not pass by itself until then is for a person. */
const givenUpAfterMs = 3 * 86_400_000

/** Replies whose time to be taken back is over, or whose time has come. */
export function repliesDue({ config, store, log }: House): DueKind[] {
  return [
    {
      name: 'replies',
      async work(scope) {
        let worked: DueReply | undefined
        try {
          await store.write(scope, async (tx) => {
            worked = await lockDueReply(tx)
            if (worked) await leave(config.mail, tx, worked)
          })
        } catch (error) {
          if (!worked || isPassing(error)) throw error
          log.error({ err: error, messageId: worked.id }, 'a reply could not be made into a mail')
          await postpone(store.write, scope, worked)
        }
        return worked !== undefined
      },
    },
  ]
}

/** Two that wait for each other, or a connection that was lost: nothing in the reply is to blame. */
function isPassing(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return (
    /^(40001|40P01|08\w{3}|57P\w{2}|ECONN[A-Z]+|EPIPE|ETIMEDOUT)$/.test(code) ||
    message.startsWith('Connection terminated')
  )
}

/** One reply that fails holds up no other, and its writer is told: at once, and when it is not tried any more. */
async function postpone(
  write: House['store']['write'],
  scope: Scope,
  { id, stuck_since: since }: DueReply,
): Promise<void> {
  await write(scope, async (tx) => {
    const at = nextTry(since ?? tx.now, tx.now)
    if (await updateStuck(tx, id, at)) await notDelivered(tx, id, 'failed')
  })
}

/** When a reply that could not leave is tried again. Pure. */
function nextTry(since: Date, now: Date): Date {
  const stuckMs = now.getTime() - since.getTime()
  if (stuckMs >= givenUpAfterMs) return neverAgain
  return new Date(now.getTime() + Math.min(longestPauseMs, Math.max(soonestMs, stuckMs)))
}

type Leaving = {
  config: MailConfig
  workspace: WorkspaceRow
  ticket: TicketRow
  row: MessageRow
  mailbox: OutgoingMailbox | undefined
  /** From which it leaves. */
  address: string
  /** Newest first. */
  before: readonly EarlierMessage[]
  /** Of a forward, oldest first, and what is attached to them. */
  forwarded: readonly MessageRow[]
  forwardedFiles: readonly AttachmentRow[]
}

/** Hands a reply to the outbox: one mail for all its recipients. */
async function leave(config: MailConfig, tx: Tx, row: DueReply): Promise<void> {
  const ticket = (await lockTicket(tx, row.ticket_id))!
  const forwardedIds = (await listForwards(tx, [row.id])).get(row.id) ?? []
  const mailbox = await findOutgoingMailbox(tx, ticket.mailbox_id)
  const ticketIds = [ticket.id, ...(await listMergedSources(tx, ticket.id))]
  const isChosen = mailbox && addressesOf(mailbox).includes(row.from_address)
  const leaving: Leaving = {
    ...{ config, ticket, row, mailbox },
    // What a member wrote in their own mail program bears their own address.
    address: isChosen ? row.from_address : await ownAddressFor(tx, config, mailbox, { ticketIds }),
    workspace: await getWorkspace(tx),
    forwarded: await listMessagesByIds(tx, forwardedIds),
    forwardedFiles: await listAttachments(tx, forwardedIds),
    before: await listBefore(tx, ticketIds, row, longestQuote + 1),
  }
  const mail = await mailOf(tx, leaving)
  const { messageId, letter } = await letterOf(tx, leaving, mail.html)
  const { inReplyTo, references } = letter
  await queueMail(tx, config, { ...mail, letter, messageId })
  // A reply that was to leave later counts from when it leaves.
  const isLate = row.send_at!.getTime() - row.at.getTime() > undoMs
  await updateLeft(tx, row.id, { messageId, inReplyTo, references, at: isLate ? tx.now : row.at })
  if (isLate) await countLate(tx, ticket)
  // Its customer is asked from now on, not while it could still be taken back.
  else if (row.undo?.after.status === 'solved') await tellEffort(tx, [ticket.id])
  await wake(tx, 'ticket.delivery', ticket.id)
}

async function mailOf(tx: Tx, leaving: Leaving) {
  const { workspace, row, mailbox } = leaving
  return {
    ...(row.kind === 'forward' ? forwardOf(leaving) : await replyOf(tx, leaving)),
    ...{ kind: replyMailKind, subjectId: row.id, number: 0 },
    fromName: mailbox?.name ?? workspace.name,
    recipient: row.recipients[0]!.address,
    headers: { [loopHeader]: mailbox?.id ?? tx.workspaceId },
  }
}

/** What somebody outside gets: in the company's language, since nobody knows theirs. */
function forwardOf(leaving: Leaving) {
  const { workspace, ticket, row, mailbox, forwarded: messages, forwardedFiles: files } = leaving
  const { language } = workspace
  const parts = { language, timeZone: workspace.time_zone, text: row.text, messages, files }
  const by = { agent: row.from_name, company: workspace.name }
  const written = writeForwardMail({ ...parts, signature: signatureIn(mailbox?.signatures ?? {}, language, by) })
  const subject = subjectOfForward(ticket.subject, answeredOutside(leaving) !== undefined)
  return { ...written, subject }
}

/** The message of whom it goes to, where a forward answers that. */
function answeredOutside({ row, forwarded }: Leaving): MessageRow | undefined {
  const [only, ...more] = forwarded
  const isTheirs = row.recipients.some(({ address }) => address.toLowerCase() === only?.from_address)
  return only?.outside && more.length === 0 && isTheirs ? only : undefined
}

async function replyOf(tx: Tx, { workspace, ticket, row, mailbox, before }: Leaving) {
  const language = languageOf(ticket, workspace)
  const [last] = await knownToAll(tx, before, [...row.recipients, ...row.copies, ...row.blind_copies])
  const written = writeReplyMail({
    ...{ language, timeZone: workspace.time_zone, text: row.text },
    signature: signatureIn(mailbox?.signatures ?? {}, language, { agent: row.from_name, company: workspace.name }),
    ...(last && { quoted: { by: last.from_name || last.from_address, at: last.at, text: quotable(last) } }),
  })
  const subject = (await findFirstSubject(tx, ticket.id)) ?? ticket.subject
  return { ...written, subject: subjectOfReply(subject, ticket.number, before.length === 0) }
}

/** What was said, without the pictures of ours that do not travel with it again. */
function quotable({ kind, text }: EarlierMessage): string {
  return kind === 'reply' ? plainOfText(text) : text
}

/**
 * Which mail it answers, if any. An id tells nobody anything; but who has not got the mail that it names sees a
 * conversation that has no beginning.
 */
async function answeredBy(
  tx: Tx,
  leaving: Leaving,
): Promise<Pick<EarlierMessage, 'id' | 'message_id' | 'reference_ids'> | undefined> {
  if (leaving.row.kind === 'forward') return answeredOutside(leaving)
  const known = await knownToAll(tx, leaving.before, leaving.row.recipients)
  return known.find(({ kind, message_id: id }) => kind === 'message' && id) ?? known.find((one) => one.message_id)
}

/** @param written the HTML that shows some of the files */
async function letterOf(tx: Tx, leaving: Leaving, written: string): Promise<{ messageId: string; letter: Letter }> {
  const { row, mailbox } = leaving
  const { name = '' } = mailbox ?? {}
  const address = leaving.address || 'nobody@localhost'
  const answered = await answeredBy(tx, leaving)
  const files = (await listAttachments(tx, [row.id])).map(({ id }) => ({
    id,
    ...(written.includes(`"cid:${contentIdOf(id)}"`) && { contentId: contentIdOf(id) }),
  }))
  const letter: Letter = {
    ...{ to: row.recipients, copies: row.copies, blindCopies: row.blind_copies, files },
    ...(mailbox && {
      mailbox: mailbox.id,
      from: { name, address },
      replyTo: { name, address: answersTo(mailbox, address, row.id) },
    }),
    ...(mailbox?.smtp && { server: mailbox.id }),
    ...(answered?.message_id && { inReplyTo: answered.message_id }),
    references: referencesOf(mailbox, address, answered),
  }
  const domain = address.slice(address.lastIndexOf('@'))
  return { messageId: mailbox ? signedMessageId(address, mailbox.replyKey, row.id) : `<${row.id}${domain}>`, letter }
}

/**
 * What stands above in the same thread. Some servers put a Message-ID of theirs in the place of ours: where no address
 * says to what an answer belongs either, a signed one of the message that is answered stands here.
 */
function referencesOf(
  mailbox: OutgoingMailbox | undefined,
  address: string,
  answered: Pick<EarlierMessage, 'id' | 'message_id' | 'reference_ids'> | undefined,
): string[] {
  if (!answered?.message_id) return []
  const signed = mailbox && !mailbox.plusAddresses ? [signedMessageId(address, mailbox.replyKey, answered.id)] : []
  return capReferences([...answered.reference_ids, ...signed, answered.message_id])
}

/** A ticket, and what it stands in, as its messages say now that one of them was written later. */
async function countLate(tx: Tx, ticket: TicketRow): Promise<void> {
  const rootId = await findMergeTarget(tx, ticket.id)
  const root = rootId === undefined ? undefined : await lockTicket(tx, rootId)
  const rows = root ? [ticket, root] : [ticket]
  for (const row of rows) await updateTicket(tx, { ...row, updated_at: tx.now, ...(await countShown(tx, row.id)) })
  const ids = rows.map(({ id }) => id)
  await tellEffort(tx, ids)
}

function languageOf({ language }: TicketRow, workspace: WorkspaceRow): Language {
  return isLanguage(language) ? language : workspace.language
}
