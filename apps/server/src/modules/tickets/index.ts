import type { Module } from '#platform/module.ts'
import { ticketTimeline } from './customer-timeline.ts'
import { contactFormRoutes } from './contact-form.routes.ts'
import { isFormOpen } from './contact-forms.queries.ts'
import { saysSignedIn, signedInBy } from './customer-sessions.ts'
import { deskRoutes } from './desk.routes.ts'
import { findOwnRequests } from './finding-own-requests.ts'
import { requestLinkTask } from './entering-requests.ts'
import { readersDue } from './reading.ts'
import { changedWordsDue } from './searching.ts'
import { confirmationMails, replyMails } from './delivery.ts'
import { ticketsOfCustomer } from './erasing.ts'
import { forgetFilesTask } from './files.ts'
import { repliesDue, replyMailKind } from './leaving.ts'
import { macroRoutes, replyingRoutes } from './replying.routes.ts'
import { sentCopiesTask } from './sent-copies.ts'
import { forgetWriteKeysTask } from './writing-once.ts'
import { screenRoutes } from './screen.routes.ts'
import { listKnownMailboxes, listKnownTickets } from './notices.queries.ts'
import { onePersonReactions, onePersonTask } from './one-person.ts'
import { receivedKind, requestLinks } from './request-mails.ts'
import { requestPages } from './requests.pages.ts'
import { tidyRequestsTask } from './tidying-requests.ts'
import { tellingReactions, tellingTasks } from './telling-members.ts'
import { unownedDue, unownedReactions, unownedTasks } from './telling-unowned.ts'
import { leaverTask, leaverTasks, timePassing } from './time-passing.ts'
import { confirmationKind } from './confirming.ts'
import { judgeIncomingTask } from './judging-mail.jobs.ts'
import { mailboxTaker, readMailboxes } from './mailbox-reading.ts'
import { mailboxRoutes } from './mailboxes.routes.ts'
import { ticketRoutes } from './tickets.routes.ts'

/** Every channel's conversations with customers: mailboxes, tickets, and what is written in them. */
export const tickets: Module = {
  name: 'tickets',
  tables: [
    'agent_rules',
    'blocked_senders',
    'contact_forms',
    'customer_links',
    'customer_sessions',
    'desk_rules',
    'incoming_mails',
    'kept_uploads',
    'macros',
    'mailboxes',
    'sent_forms',
    'ticket_attachments',
    'ticket_attempts',
    'ticket_bounces',
    'ticket_claims',
    'ticket_drafts',
    'ticket_field_values',
    'ticket_fields',
    'ticket_followers',
    'ticket_forwards',
    'ticket_links',
    'ticket_mentions',
    'ticket_merges',
    'ticket_messages',
    'ticket_numbers',
    'ticket_participants',
    'ticket_readers',
    'ticket_tags',
    'ticket_views',
    'ticket_wordings',
    'ticket_word_changes',
    'ticket_words',
    'ticket_write_keys',
    'tickets',
    'unowned_watches',
  ],
  routes: (house) => [
    ...ticketRoutes(house),
    ...deskRoutes(),
    ...replyingRoutes(house),
    ...macroRoutes(),
    ...mailboxRoutes(house),
    ...screenRoutes(house),
    ...contactFormRoutes(house),
  ],
  tasks: (house) => [
    ...leaverTasks(house),
    ...tellingTasks(house),
    forgetFilesTask(house),
    forgetWriteKeysTask(house),
    sentCopiesTask(house),
    judgeIncomingTask(house),
    onePersonTask(house),
    ...unownedTasks(house),
    requestLinkTask(house),
    tidyRequestsTask(house),
  ],
  due: (house) => [
    ...timePassing(house),
    unownedDue(house),
    ...readersDue(house),
    changedWordsDue(house),
    ...repliesDue(house),
  ],
  keepOn: readMailboxes,
  takesMail: mailboxTaker,
  timeline: ticketTimeline,
  reactions: { 'member.removed': leaverTask, ...tellingReactions, ...onePersonReactions, ...unownedReactions },
  customers: ticketsOfCustomer,
  mails: {
    [replyMailKind]: replyMails,
    [confirmationKind]: confirmationMails(confirmationKind),
    [receivedKind]: confirmationMails(receivedKind),
    ...requestLinks,
  },
  noticeTopics: {
    ticket_assigned: listKnownTickets,
    ticket_mentioned: listKnownTickets,
    ticket_message: listKnownTickets,
    ticket_new: listKnownTickets,
    ticket_unowned: listKnownTickets,
    ticket_woken: listKnownTickets,
    mailbox_failing: listKnownMailboxes,
  },
  pages: requestPages,
  desk: {
    findForm: async (db) => ((await isFormOpen(db)) ? '/requests/new' : undefined),
    findSignedIn: async (db, request) => (await signedInBy(db, request))?.address,
    findOwn: findOwnRequests,
    saysSignedIn,
  },
}

export { changeTickets } from './changing.ts'
export { listTickets } from './listing.ts'
export { createMacro } from './macros.ts'
export { linkAsExample } from './example-customer.ts'
export { countContacts, insertAttempts } from './attempts.queries.ts'
export { hasRequests, isFormOpen } from './contact-forms.queries.ts'
export { findMailboxCalled, importMails, type Imported, type TooLarge } from './importing-mail.ts'
export { tryMailbox } from './mailbox-trying.ts'
export type { ImapSettings } from './mailboxes.queries.ts'
export { openTicket } from './opening.ts'
export { keepPastTickets, type PastMessage, type PastTicket } from './past-tickets.ts'
export { writeIn } from './writing-in.ts'
export { readRequestsAtHome, type RequestAtHome, type RequestsAtHome } from './requests-at-home.ts'
export { setUpContactForm } from './setting-up-contact-form.ts'
