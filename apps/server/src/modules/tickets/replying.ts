import type { tickets as contract } from '@lahko/contract/tickets'
import type { z } from 'zod'
import { getWorkspace } from '#accounts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import type { MailConfig } from '../../config.ts'
import { dropSentDraft } from './drafts.ts'
import { demandFiles } from './files.ts'
import { addMentioned } from './following.ts'
import { listForwardedFiles } from './forwarding.ts'
import { updateUploader } from './files.queries.ts'
import { countMacroUse } from './macros.queries.ts'
import { contentIdOf, htmlOfText, picturesIn } from './markup.ts'
import { mentionsIn } from './mentions.ts'
import { findOutgoingMailbox, type OutgoingMailbox } from './outgoing-mailboxes.queries.ts'
import { ownAddressFor } from './own-addresses.ts'
import { listUnseen } from './replies.queries.ts'
import { findRequester } from './requester.ts'
import { tell } from './telling.ts'
import { demandFields } from './ticket-fields.ts'
import { insertForwards, listMessagesByIds, type MessageRow } from './ticket-messages.queries.ts'
import type { TicketRow } from './tickets.queries.ts'
import { memberNames } from './tickets.view.ts'
import { lockWhereItGoes, writeLocked, type Writing } from './writing-in.ts'
import { writeOnce } from './writing-once.ts'

export type GivenMessage = z.output<(typeof contract)['write']['body']>

/** For so long a reply can be taken back. */
export const undoMs = 10_000
const latestMs = 366 * 86_400_000

/**
 * Writes a reply, which leaves after ten seconds or at the time that was chosen, a note, which never leaves, or forwards
 * messages to somebody outside.
 * @returns the id of the message
 * @throws Problem not_found; conflict `replying.newer_message`, `requests.missing_fields`; invalid at recipients, files,
 *   from and time
 */
export async function writeMessage(config: MailConfig, tx: Tx, intoId: string, given: GivenMessage): Promise<string> {
  const { ticket, sources } = await lockWhereItGoes(tx, intoId)
  const all = [ticket.id, ...sources]
  await demandSeen(tx, all, given.seen)
  if (given.status === 'solved') await demandFields(tx, [ticket])
  const mailbox = given.kind === 'note' ? undefined : await findOutgoingMailbox(tx, ticket.mailbox_id)
  const sent = { ticketIds: all, chosen: given.from }
  const from = given.kind === 'note' ? '' : await ownAddressFor(tx, config, mailbox, sent)
  const writing = await writingOf(tx, { ticket, ticketIds: all, from }, given)
  const { row, untold } = await writeLocked(tx, ticket, writing, ourAddresses(config, mailbox))
  await tell(tx, untold)
  await keepBeside(tx, row, writing, given)
  return row.id
}

/**
 * The same once for each `Idempotency-Key`; it is no draft any more then.
 * @param over the text that its writer last knew to be kept as their draft; undefined: no draft stays
 */
export async function writeMessageOnce(
  config: MailConfig,
  tx: Tx,
  intoId: string,
  { key, over, ...given }: GivenMessage & { key: string | string[] | undefined },
): Promise<string> {
  const id = await writeOnce(tx, key, [intoId, given], () => writeMessage(config, tx, intoId, given))
  // Written in what was merged, it stands in the other.
  const ticketIds = (await listMessagesByIds(tx, [id])).map((row) => row.ticket_id)
  await dropSentDraft(tx, [...ticketIds, intoId], { text: given.text, fileIds: given.fileIds, over })
  return id
}

/** What else a message brings with it. */
async function keepBeside(tx: Tx, row: MessageRow, writing: Writing, given: GivenMessage): Promise<void> {
  if (given.kind === 'forward') await insertForwards(tx, row.id, given.messageIds)
  await updateUploader(
    tx,
    (writing.attachments ?? []).map(({ fileId }) => fileId),
    null,
  )
  if (writing.mentions?.length) await addMentioned(tx, row.ticket_id, writing.mentions)
  if (given.macroId !== undefined) await countMacroUse(tx, given.macroId)
}

/** Where a message goes: `ticketIds` are the ticket and what was merged into it, `from` is by what address it leaves. */
type Place = { ticket: TicketRow; ticketIds: readonly string[]; from: string }

/** A reply as it is written into a ticket. */
async function writingOf(tx: Tx, { ticket, ticketIds, from }: Place, given: GivenMessage): Promise<Writing> {
  const { text, status } = given
  const forwarded = await listForwardedFiles(tx, given.messageIds, ticketIds)
  const attachments = await attachmentsOf(tx, text, [...given.fileIds, ...forwarded], ticketIds)
  const common = { channel: 'email', text, html: htmlWorthKeeping(text), attachments, status } as const
  if (given.kind === 'note') {
    const names = await memberNames(tx)
    const nameable = [...names].map(([id, name]) => ({ id, name }))
    return { ...common, kind: 'note', author: await authorOf(tx, '', names), mentions: mentionsIn(text, nameable) }
  }
  const recipients = given.recipients ?? (await findRequester(tx, ticket))
  if (recipients.length === 0) throw invalidField('/body/recipients', 'replying.no_recipient')
  return {
    ...common,
    kind: given.kind,
    author: await authorOf(tx, from),
    ...{ recipients, copies: given.copies, blindCopies: given.blindCopies },
    ...{ sendAt: leavesAt(tx, given.sendAt), canBeTakenBack: true, macroId: given.macroId, leftOut: given.leftOut },
  }
}

/** Whoever asks, with the address from which the reply goes. A key writes as the company. @param names where they are known */
export async function authorOf(
  tx: Tx,
  address: string,
  names?: ReadonlyMap<string, string>,
): Promise<Writing['author']> {
  if (tx.actor.kind !== 'member') return { name: (await getWorkspace(tx)).name, address }
  const { memberId } = tx.actor
  return { memberId, name: (names ?? (await memberNames(tx))).get(memberId) ?? '', address }
}

/** Files below the text, and pictures in it. @throws Problem invalid */
async function attachmentsOf(tx: Tx, text: string, fileIds: readonly string[], ticketIds: readonly string[]) {
  const pictures = new Set(picturesIn(text))
  const ids = [...new Set([...fileIds, ...pictures])]
  if (ids.length > 20) throw invalidField('/body/fileIds', 'files.too_many', { most: 20 })
  const files = await demandFiles(tx, ids, ticketIds)
  return files.map(({ id }) => ({ fileId: id, ...(pictures.has(id) && { contentId: contentIdOf(id) }) }))
}

/** Plain text needs no HTML beside it. */
export function htmlWorthKeeping(text: string): string | undefined {
  const html = htmlOfText(text)
  return /<(?!\/|p>|br>)/.test(html) ? html : undefined
}

/** @throws Problem conflict that names who has written meanwhile */
async function demandSeen(tx: Tx, ticketIds: readonly string[], seen: string | undefined): Promise<void> {
  if (seen === undefined) return
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : undefined
  const newer = await listUnseen(tx, ticketIds, { seen, memberId })
  if (newer.length === 0) return
  const by = [...new Set(newer.map(({ name }) => name))].join(', ')
  const args = { count: newer.length, by }
  throw new Problem(
    'conflict',
    'replying.newer_message',
    args,
    newer.map(({ id, kind }) => ({
      field: '/body/seen',
      code: `replying.newer_${kind === 'message' ? 'customer_message' : kind}`,
      args: { id, by },
    })),
  )
}

function leavesAt(tx: Tx, chosen: string | undefined): Date {
  const soonest = tx.now.getTime() + undoMs
  const wanted = chosen === undefined ? soonest : Date.parse(chosen)
  if (wanted > tx.now.getTime() + latestMs) throw invalidField('/body/sendAt', 'replying.too_late')
  return new Date(Math.max(soonest, wanted))
}

/** What is nobody's but the workspace's, in lower case. @param mailbox any of it; undefined when it has none */
export function ourAddresses(config: MailConfig, mailbox: OutgoingMailbox | undefined): Set<string> {
  const own = [config.from, config.returns?.address].flatMap((one) => one?.toLowerCase() ?? [])
  return new Set([...own, ...(mailbox?.ownAddresses ?? [])])
}
