/** What tickets can be. Apart from the schemas, so that a screen that needs the names alone loads no more. */

/** new: nobody has answered yet; open: we are to answer; waiting: the customer is; on_hold: somebody else is. */
export const ticketStatuses = ['new', 'open', 'waiting', 'on_hold', 'solved', 'closed'] as const
export type TicketStatus = (typeof ticketStatuses)[number]
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]
export const channels = ['email', 'form', 'portal', 'api'] as const
export type Channel = (typeof channels)[number]
