import type { Module } from '#platform/module.ts'
import { ticketTimeline } from './customer-timeline.ts'
import { deskRoutes } from './desk.routes.ts'
import { readersDue } from './reading.ts'
import { replyMails } from './delivery.ts'
import { ticketsOfCustomer } from './erasing.ts'
import { forgetFilesTask } from './files.ts'
import { repliesDue, replyMailKind } from './leaving.ts'
import { macroRoutes, replyingRoutes } from './replying.routes.ts'
import { sentCopiesTask } from './sent-copies.ts'
import { forgetWriteKeysTask } from './writing-once.ts'
import { messagePageRoutes } from './message-page.routes.ts'
import { leaverTask, leaverTasks, timePassing } from './time-passing.ts'
import { judgeIncomingTask } from './judging-mail.jobs.ts'
import { mailboxTaker, readMailboxes } from './mailbox-reading.ts'
import { mailboxRoutes } from './mailboxes.routes.ts'
import { ticketRoutes } from './tickets.routes.ts'

/** Every channel's conversations with customers: mailboxes, tickets, and what is written in them. */
export const tickets: Module = {
  name: 'tickets',
  tables: [
    'files',
    'incoming_mails',
    'macros',
    'mailboxes',
    'ticket_attachments',
    'ticket_bounces',
    'ticket_drafts',
    'ticket_followers',
    'ticket_links',
    'ticket_merges',
    'ticket_messages',
    'ticket_numbers',
    'ticket_participants',
    'ticket_readers',
    'ticket_tags',
    'ticket_views',
    'ticket_write_keys',
    'tickets',
  ],
  routes: (house) => [
    ...ticketRoutes(house),
    ...deskRoutes(),
    ...replyingRoutes(house),
    ...macroRoutes(),
    ...mailboxRoutes(house),
    ...messagePageRoutes(),
  ],
  tasks: (house) => [
    ...leaverTasks(house),
    forgetFilesTask(house),
    forgetWriteKeysTask(house),
    sentCopiesTask(house),
    judgeIncomingTask(house),
  ],
  due: (house) => [...timePassing(house), ...readersDue(house), ...repliesDue(house)],
  keepOn: readMailboxes,
  takesMail: mailboxTaker,
  timeline: ticketTimeline,
  reactions: { 'member.removed': leaverTask },
  mails: { [replyMailKind]: replyMails },
  customers: ticketsOfCustomer,
}

export { openTicket } from './opening.ts'
export { keepPastTickets, type PastMessage, type PastTicket } from './past-tickets.ts'
export { writeIn } from './writing-in.ts'
