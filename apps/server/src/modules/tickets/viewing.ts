import type { Ticket } from '@lahko/contract/tickets'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { viewBeside } from './beside.ts'
import { viewDraft } from './drafts.ts'
import { findRequester } from './requester.ts'
import {
  findTicketRow,
  listMergedSources,
  listParticipants,
  listTicketRowsByIds,
  type TicketRow,
} from './tickets.queries.ts'
import { findOutgoingMailbox } from './outgoing-mailboxes.queries.ts'
import { viewLines } from './tickets.view.ts'

/** One ticket with all that stands beside its conversation. @throws Problem not_found */
export async function viewTicket(db: Db, id: string): Promise<Ticket> {
  const row = await findTicketRow(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const [line] = await viewLines(db, [row])
  const participants = await listParticipants(db, id)
  const sources = await listTicketRowsByIds(db, await listMergedSources(db, id))
  return {
    ...line!,
    language: row.language,
    mailbox: await viewMailbox(db, row),
    ...(await viewBeside(db, row)),
    participants,
    sources: sources.map((one) => ({ id: one.id, number: one.number, subject: one.subject })),
    draft: await viewDraft(db, id),
    touchpointId: row.touchpoint_id,
    replyTo: await findRequester(db, row),
  }
}

/** By which the ticket is answered. */
async function viewMailbox(db: Db, { mailbox_id: mailboxId }: TicketRow): Promise<Ticket['mailbox']> {
  const mailbox = await findOutgoingMailbox(db, mailboxId)
  return mailbox ? { id: mailbox.id, name: mailbox.name, address: mailbox.address } : null
}
