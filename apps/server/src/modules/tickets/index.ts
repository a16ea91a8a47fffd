import type { Module } from '#platform/module.ts'
import { deskRoutes } from './desk.routes.ts'
import { readersDue } from './reading.ts'
import { leaverTask, leaverTasks, timePassing } from './time-passing.ts'
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
  routes: () => [...ticketRoutes(), ...deskRoutes()],
  tasks: (house) => leaverTasks(house),
  due: (house) => [...timePassing(house), ...readersDue(house)],
  reactions: { 'member.removed': leaverTask },
}

export { openTicket } from './opening.ts'
export { keepPastTickets, type PastMessage, type PastTicket } from './past-tickets.ts'
export { writeIn } from './writing-in.ts'
