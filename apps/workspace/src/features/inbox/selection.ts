import { useSyncExternalStore } from 'react'

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

/** Chooses from the one that was last chosen to this one, both included. @param ids all, in their order */
export function selectThrough(id: string, ids: readonly string[]): void {
  const from = anchor === undefined ? -1 : ids.indexOf(anchor)
  const to = ids.indexOf(id)
  if (from < 0 || to < 0) return toggleSelected(id)
  put(new Set([...chosen, ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)]))
}

export function selectAll(ids: readonly string[]): void {
  put(new Set(ids))
}

export function clearSelection(): void {
  anchor = undefined
  if (chosen.size > 0) put(new Set())
}

function put(next: ReadonlySet<string>): void {
  chosen = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
