import type { TimelineEntry } from '@lahko/contract/people'
import type { TimelinePage, TimelineSubject } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'
import { listTicketsOfCustomers } from './customer-timeline.queries.ts'

/** The tickets of customers, for their timeline. */
export async function ticketTimeline(db: Db, about: TimelineSubject, page: TimelinePage): Promise<TimelineEntry[]> {
  if (!('customerIds' in about)) return []
  const rows = await listTicketsOfCustomers(db, about.customerIds, page)
  return rows.map(({ updated_at: at, ...ticket }) => ({ type: 'ticket', at: at.toISOString(), ...ticket }))
}
