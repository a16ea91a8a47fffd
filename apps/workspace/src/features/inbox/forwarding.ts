import type { MailAddress } from '@lahko/contract'
import { useSyncExternalStore } from 'react'

/** A message that is to be forwarded, and to whom, where that is known. */
export type Asked = { ticketId: string; messageId: string; to?: MailAddress }

let asked: Asked | undefined
const listeners = new Set<() => void>()

/** What the composer of a ticket is asked to forward. */
export function useAskedForward(): Asked | undefined {
  return useSyncExternalStore(subscribe, () => asked)
}

export function askForward(wanted: Asked | undefined): void {
  asked = wanted
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
