import { retractMails } from '#notices'
import { listAddressesOf } from '#people'
import { removeMails } from '#platform/mail/mails.queries.ts'
import type { Module } from '#platform/module.ts'
import { forgetContacts } from '#touchpoints'
import { confirmationKind } from './confirming.ts'
import {
  blankMessages,
  blankTickets,
  deleteFilesOf,
  deleteParticipant,
  listMessageIdsOf,
  listMessagesOf,
  listTicketsOf,
  lockTicketsOf,
} from './erasing.queries.ts'
import { replyMailKind } from './leaving.ts'

const most = 10_000

/** What a customer wrote and was written, and that it is nobody's any more: of a ticket stays that there was one. */
export const ticketsOfCustomer: NonNullable<Module['customers']> = {
  async export(db, customerId) {
    return {
      tickets: await listTicketsOf(db, customerId, most),
      ticketMessages: await listMessagesOf(db, customerId, most),
    }
  },
  async erase(tx, customerId) {
    const addresses = await listAddressesOf(tx, [customerId])
    const tickets = await lockTicketsOf(tx, customerId)
    const messages = await listMessageIdsOf(tx, customerId, tickets, addresses)
    await removeMails(tx, replyMailKind, messages)
    await deleteFilesOf(tx, messages, addresses)
    await blankMessages(tx, messages)
    await blankTickets(tx, tickets)
    await forgetContacts(tx, tickets)
    // Mails to members quote the subject, and the words.
    await retractMails(tx, [...tickets, ...messages])
    await removeMails(tx, 'request_received', tickets)
    await removeMails(tx, confirmationKind, tickets)
    for (const address of addresses) await deleteParticipant(tx, address)
  },
}
