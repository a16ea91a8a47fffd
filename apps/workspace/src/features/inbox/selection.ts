import { useSyncExternalStore } from 'react'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { atMost, most, through } from './choosing.ts'

/** Which tickets of the list are chosen, to be changed alike. */
let chosen: ReadonlySet<string> = new Set()
let anchor: string | undefined
const listeners = new Set<() => void>()

export function useSelection(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, () => chosen)
}

export function toggleSelected(id: string): void {
  const next = new Set(chosen)
  if (!next.delete(id)) next.add(id)
  anchor = id
  put(next)
}

/** Lets go of what is not listed any more: nothing is changed that nobody sees. */
export function keepSelected(ids: readonly string[]): void {
  const listed = new Set(ids)
  if ([...chosen].some((id) => !listed.has(id))) put(new Set([...chosen].filter((id) => listed.has(id))))
}

/** Chooses from the one that was last chosen to this one, both included. @param ids all, in their order */
export function selectThrough(id: string, ids: readonly string[]): void {
  const range = through(ids, anchor, id)
  if (range.length === 0) return toggleSelected(id)
  put(new Set([...chosen, ...range]))
}

export function selectAll(ids: readonly string[]): void {
  put(new Set(ids))
}

export function clearSelection(): void {
  anchor = undefined
  if (chosen.size > 0) put(new Set())
}

function put(next: ReadonlySet<string>): void {
  chosen = atMost(next)
  if (next.size > most) say(t('inbox.mostChosen', { count: most }))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
