import { useSyncExternalStore } from 'react'

/** In which ticket one is writing just now: others are told. */
let where: string | undefined
const listeners = new Set<() => void>()

export function useWrites(ticketId: string): boolean {
  return useSyncExternalStore(subscribe, () => where === ticketId)
}

export function setWriting(ticketId: string | undefined): void {
  if (where === ticketId) return
  where = ticketId
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
