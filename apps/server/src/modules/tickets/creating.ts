import type { tickets as contract } from '@lahko/contract/tickets'
import type { z } from 'zod'
import { ensureCustomers } from '#people'
import { invalidField } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import type { MailConfig } from '../../config.ts'
import { openTicket } from './opening.ts'
import { findMailboxWith, findOutgoingMailbox } from './outgoing-mailboxes.queries.ts'
import { authorOf, htmlWorthKeeping, ourAddresses, undoMs } from './replying.ts'
import type { Writing } from './writing-in.ts'

type GivenTicket = z.output<(typeof contract)['create']['body']>

/**
 * A ticket that a customer has told by another way, or that a member begins with a mail to the customer.
 * @returns the id of its first message
 * @throws Problem invalid for an address that is none of ours
 */
export async function createTicket(config: MailConfig, tx: Tx, given: GivenTicket): Promise<string> {
  const { from, text, by, sentFrom, ...rest } = given
  const [customerId] = await ensureCustomers(tx, [{ email: from.address, ...(from.name && { name: from.name }) }])
  if (by === 'customer') {
    const author = { customerId, name: from.name, address: from.address }
    const first: Writing = { kind: 'message', channel: 'api', author, text, subject: given.subject }
    const { message } = await openTicket(tx, { ...rest, channel: 'api', customerId, first })
    return message.id
  }
  const mailbox = await (sentFrom === undefined ? findOutgoingMailbox(tx, null) : findMailboxWith(tx, sentFrom))
  if (sentFrom !== undefined && !mailbox)
    throw invalidField('/body/sentFrom', 'replying.no_such_address', { from: sentFrom })
  const first: Writing = {
    ...{ kind: 'reply', channel: 'email', text, html: htmlWorthKeeping(text), subject: given.subject },
    author: await authorOf(tx, sentFrom ?? mailbox?.address ?? config.from ?? ''),
    recipients: [from],
    ...{ sendAt: new Date(tx.now.getTime() + undoMs), canBeTakenBack: true },
  }
  const opening = { ...rest, channel: 'email', customerId, mailboxId: mailbox?.id, first } as const
  const { message } = await openTicket(tx, opening, ourAddresses(config, mailbox))
  return message.id
}
