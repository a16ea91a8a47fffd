import { useSyncExternalStore } from 'react'

/** What is being chosen for some tickets; one dialog at a time. */
export type Picking = {
  kind:
    | 'assign'
    | 'snooze'
    | 'tag'
    | 'priority'
    | 'status'
    | 'merge'
    | 'history'
    | 'link'
    | 'subject'
    | 'topic'
    | 'language'
    | 'customer'
    | 'narrow'
    | 'whose'
    | 'new'
    | 'article'
    | 'gap'
  ids: readonly string[]
}

let picking: Picking | undefined
const listeners = new Set<() => void>()

export function usePicking(): Picking | undefined {
  return useSyncExternalStore(subscribe, () => picking)
}

export function pick(kind: Picking['kind'], ids: readonly string[]): void {
  if (ids.length > 0 || kind === 'new' || kind === 'narrow' || kind === 'whose') put({ kind, ids })
}

export function stopPicking(): void {
  put(undefined)
}

function put(next: Picking | undefined): void {
  picking = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
