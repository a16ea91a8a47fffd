import { invalidField } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import type { MailConfig } from '../../config.ts'
import { findAddressWrittenTo, findOutgoingMailbox, type OutgoingMailbox } from './outgoing-mailboxes.queries.ts'
import { replyAddress, type MemberWords } from './reply-tokens.ts'
import type { MessageRow } from './ticket-messages.queries.ts'
import { findTicketRow } from './tickets.queries.ts'

type Addresses = Pick<OutgoingMailbox, 'address' | 'aliases'>

/** All addresses at which a mailbox gets mail and from which it may write, in lower case, the first one first. */
export function addressesOf({ address, aliases }: Addresses): string[] {
  return [...new Set([address, ...aliases.map((alias) => alias.toLowerCase())])]
}

/**
 * From which address a mail of some tickets leaves: the one that was chosen, else that to which the customer wrote last.
 * @throws Problem invalid at `/body/from` for an address that is not the mailbox's
 */
export async function ownAddressFor(
  db: Db,
  config: MailConfig,
  mailbox: OutgoingMailbox | undefined,
  about: { ticketIds: readonly string[]; chosen?: string },
): Promise<string> {
  const { ticketIds, chosen } = about
  const own = mailbox ? addressesOf(mailbox) : []
  if (chosen !== undefined) {
    if (own.includes(chosen)) return chosen
    throw invalidField('/body/from', 'replying.not_own_address', { from: chosen })
  }
  const written = own.length > 1 ? await findAddressWrittenTo(db, ticketIds, own) : undefined
  return written ?? own[0] ?? config.from ?? ''
}

/** From which of several addresses a message was to leave; undefined where there is no choice. */
export async function chosenAddress(
  db: Db,
  { ticket_id: id, from_address: from }: MessageRow,
): Promise<string | undefined> {
  const ticket = await findTicketRow(db, id)
  const mailbox = ticket && (await findOutgoingMailbox(db, ticket.mailbox_id))
  const own = mailbox ? addressesOf(mailbox) : []
  return own.length > 1 ? own.find((one) => one === from) : undefined
}

/**
 * Where answers to a message arrive: at the plain address when the mailbox's server takes no other; then only
 * Message-ID and References say to what they belong.
 * @param address any of the mailbox's
 * @param by for a mail that goes to a member
 */
export function answersTo(
  { plusAddresses, replyKey }: Pick<OutgoingMailbox, 'plusAddresses' | 'replyKey'>,
  address: string,
  messageId: string,
  by?: MemberWords,
): string {
  return plusAddresses ? replyAddress(address, replyKey, messageId, by) : address
}
