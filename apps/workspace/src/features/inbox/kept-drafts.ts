import type { Draft, Ticket } from '@lahko/contract'
import { queries } from '../../platform/api.ts'
import { ticketQuery } from './inbox-data.ts'

/** What was read so recently is read only once. */
const freshMs = 2_000

/** How composers that are open keep at once what they hold, and what those that were left are still keeping. */
const open = new Map<string, () => Promise<void>>()
const leaving = new Map<string, Promise<void>>()

/** @param keep keeps what is written in a ticket at once. @returns to be called when its composer is left */
export function watchDraft(id: string, keep: () => Promise<void>): () => void {
  open.set(id, keep)
  return () => {
    if (open.get(id) === keep) open.delete(id)
    leaving.set(
      id,
      Promise.all([leaving.get(id), keep()]).then(() => undefined),
    )
  }
}

/** Once what is written in a ticket here is on the server. */
export async function settleDraft(id: string): Promise<void> {
  await leaving.get(id)
  await open.get(id)?.()
}

/** What the server keeps now: another device may have written since the ticket was read, or this one. */
export async function readDraft(id: string): Promise<Ticket['draft']> {
  const last = leaving.get(id)
  if (last) {
    await last
    if (leaving.get(id) === last) leaving.delete(id)
    await queries.cancelQueries({ queryKey: ticketQuery(id).queryKey })
  }
  return (await queries.fetchQuery({ ...ticketQuery(id), staleTime: last ? 0 : freshMs })).draft
}

/** Lets whoever opens the ticket again begin with what was left there. It is as old otherwise as it was. */
export function showDraft(id: string, draft: Draft | null): void {
  const { queryKey } = ticketQuery(id)
  const updatedAt = queries.getQueryState(queryKey)?.dataUpdatedAt
  queries.setQueryData(
    queryKey,
    (before) => before && { ...before, draft: draft && { ...draft, updatedAt: before.updatedAt } },
    { updatedAt },
  )
}

const compared = [
  ...(['kind', 'text', 'recipients', 'copies', 'blindCopies', 'from', 'fileIds', 'messageIds'] as const),
  ...(['macroId', 'leftOut'] as const),
]

/** Whether two drafts say the same. Pure. */
export function isSameDraft(one: Draft | null, other: Draft | null): boolean {
  return one === other || compared.every((name) => JSON.stringify(one?.[name]) === JSON.stringify(other?.[name]))
}
