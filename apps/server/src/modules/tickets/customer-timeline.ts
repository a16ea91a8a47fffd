import type { TimelineEntry } from '@lahko/contract/people'
import type { TimelinePage, TimelineSubject } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'
import { listTicketsOfCustomer } from './customer-timeline.queries.ts'

/** The tickets of a customer, for their timeline. */
export async function ticketTimeline(db: Db, about: TimelineSubject, page: TimelinePage): Promise<TimelineEntry[]> {
  if (!('customerId' in about)) return []
  const rows = await listTicketsOfCustomer(db, about.customerId, page)
  return rows.map(({ updated_at: at, ...ticket }) => ({ type: 'ticket', at: at.toISOString(), ...ticket }))
}
