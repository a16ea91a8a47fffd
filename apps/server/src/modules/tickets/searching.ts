import type { TicketLine } from '@lahko/contract/tickets'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import type { Db } from '#platform/store.ts'
import { findByNumber, listOfAddress, searchWords, writeChangedWords } from './searching.queries.ts'
import { findMergeTarget, listMerges, listTicketLines } from './tickets.queries.ts'
import { viewLines } from './tickets.view.ts'

const largestNumber = 2 ** 31 - 1

/** Tickets by number, address, or words in them, what was sought exactly first. What was merged stands in its target. */
export async function searchTickets(
  db: Db,
  { query, limit }: { query: string; limit: number },
): Promise<{ items: TicketLine[]; more: boolean }> {
  const found = await targetsOf(db, await idsOf(db, query.trim()), limit + 1)
  const rows = new Map((await listTicketLines(db, found)).map((row) => [row.id, row]))
  const shown = found.slice(0, limit).flatMap((id) => rows.get(id) ?? [])
  return { items: await viewLines(db, shown), more: found.length > limit }
}

const mostAtOnce = 500

/** Finds tickets by what their customers are called now: a part of one's tickets at a time. */
export function changedWordsDue({ store }: House): DueKind {
  return { name: 'ticket_words', work: (scope) => store.write(scope, (tx) => writeChangedWords(tx, mostAtOnce)) }
}

async function idsOf(db: Db, query: string): Promise<string[]> {
  const [, digits] = /^#?(\d{1,10})$/.exec(query) ?? []
  const number = Number(digits ?? 0)
  const isAddress = /^[^\s@]+@[^\s@]+$/.test(query)
  return [
    ...(number > 0 && number <= largestNumber ? await findByNumber(db, number) : []),
    ...(isAddress ? await listOfAddress(db, query.toLowerCase()) : []),
    ...(await searchWords(db, query)),
  ]
}

/** Each once, as far as they are shown. */
async function targetsOf(db: Db, ids: readonly string[], most: number): Promise<string[]> {
  const found = new Set<string>()
  const all = [...new Set(ids)]
  for (let from = 0; from < all.length && found.size < most; from += most) {
    const some = all.slice(from, from + most)
    const merged = await listMerges(db, some)
    for (const id of some) found.add(merged.has(id) ? ((await findMergeTarget(db, id)) ?? id) : id)
  }
  return [...found].slice(0, most)
}
