import type { Customer, TimelineEntry } from '@lahko/contract/people'
import type { Module, TimelinePage, TimelineSubject } from '#platform/module.ts'
import { invalidField } from '#platform/problem.ts'
import { isMoment } from '#platform/moments.ts'
import type { Db } from '#platform/store.ts'
import { getCustomer, listCustomersByIds } from './customers.queries.ts'
import { viewCustomer, viewCustomers } from './customers.view.ts'
import { customerGroup } from './merging.queries.ts'

type CustomerTimeline = { customer: Customer; merged: Customer[]; items: TimelineEntry[]; next: string | null }

/**
 * A customer, who was merged into them, and a page of what happened with all of these, whichever module knows it.
 * @throws Problem not_found; invalid `people.bad_page`
 */
export async function viewTimeline(
  db: Db,
  modules: readonly Module[],
  id: string,
  { after, limit }: { after?: string; limit: number },
): Promise<CustomerTimeline> {
  const [root = id, ...others] = await customerGroup(db, id)
  const customer = await viewCustomer(db, await getCustomer(db, root))
  const merged = await viewCustomers(db, await listCustomersByIds(db, others))
  return { customer, merged, ...(await happenedWith(db, modules, [root, ...others], { after, limit })) }
}

/** A page of what happened with some customers, newest first. @throws Problem invalid `people.bad_page` */
export async function happenedWith(
  db: Db,
  modules: readonly Module[],
  customerIds: readonly string[],
  { after, limit }: { after?: string; limit: number },
): Promise<{ items: TimelineEntry[]; next: string | null }> {
  const before = after === undefined ? undefined : readEnd(after)
  const all = await listHappenings(db, modules, { customerIds }, { before, limit: limit + 1 })
  const items = all.slice(0, limit)
  return { items, next: all.length > limit ? endAfter(items.at(-1)!) : null }
}

/** What all modules know to have happened: a page, newest first. */
export async function listHappenings(
  db: Db,
  modules: readonly Module[],
  about: TimelineSubject,
  page: TimelinePage,
): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = []
  for (const module of modules) entries.push(...((await module.timeline?.(db, about, page)) ?? []))
  return entries.toSorted(newestFirst).slice(0, page.limit)
}

/** As the database orders moments and ids. */
function newestFirst(a: TimelineEntry, b: TimelineEntry): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1
  return a.id < b.id ? 1 : -1
}

function endAfter({ at, id }: TimelineEntry): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

function readEnd(text: string): { at: string; id: string } {
  const [, at, id] =
    /^([12]\d{3}-[\d:T.-]+Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      Buffer.from(text, 'base64url').toString(),
    ) ?? []
  if (at === undefined || id === undefined || !isMoment(at)) throw invalidField('/query/after', 'people.bad_page')
  return { at, id }
}
