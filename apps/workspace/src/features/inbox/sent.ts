import type { Draft } from '@lahko/contract'
import { useSyncExternalStore } from 'react'
import { api } from '../../platform/api.ts'
import { sayFailure } from '../../platform/toasts.tsx'
import { takeBackChange } from './changing.ts'
import { keepBegun } from './begun-ticket.ts'
import { refreshTickets } from './inbox-data.ts'
import { settleDraft } from './kept-drafts.ts'
import { openTicket } from './opening.ts'
import { pick } from './picking.ts'

export type Sent = {
  messageId: string
  ticketId: string
  kind: 'reply' | 'forward'
  to: string
  /** By the browser's clock. */
  until: number
  /** Its ticket was begun with it. */
  begins?: boolean
  /** What a macro changed with it. */
  undo?: Parameters<typeof takeBackChange>[0]
}

/** How long the server keeps a reply before it leaves. */
export const undoMs = 10_000

type Restored = { times: number; draft: Draft }
type State = { sent: Sent | undefined; restored: ReadonlyMap<string, Restored> }
let state: State = { sent: undefined, restored: new Map() }
const listeners = new Set<() => void>()

/** The reply that can still be taken back. */
export function useSent(): Sent | undefined {
  return useSyncExternalStore(subscribe, () => state.sent)
}

/** What was put back from outside, and how often: the composer begins anew with it each time. */
export function useRestored(ticketId: string): Restored | undefined {
  return useSyncExternalStore(subscribe, () => state.restored.get(ticketId))
}

export function setSent(sent: Sent | undefined): void {
  put({ ...state, sent })
}

/** Takes a reply back that has not left yet; its text is in the composer again. */
export async function takeBack({
  messageId,
  ticketId,
  undo,
  begins,
}: Omit<Sent, 'to' | 'until' | 'kind'>): Promise<void> {
  try {
    // What was begun meanwhile stands below it.
    await settleDraft(ticketId)
    // Nobody looks at it while it goes.
    if (begins) await openTicket(undefined)
    const { newTicket, ...draft } = await api.tickets.takeBack({ params: { id: messageId } })
    if (newTicket) return await beginAgain(messageId, newTicket.subject, draft)
    if (undo && undo.length > 0) await takeBackChange(undo)
    if (state.sent?.messageId === messageId) setSent(undefined)
    await refreshTickets()
    restore(ticketId, draft)
    await openTicket(ticketId)
  } catch (error) {
    sayFailure(error)
    void refreshTickets()
  }
}

/** The ticket is there no more: what it was to be is written on in the dialog in which it was begun. */
async function beginAgain(messageId: string, subject: string, { text, recipients, from = '' }: Draft): Promise<void> {
  const [to] = recipients
  keepBegun({ by: 'member', name: to?.name ?? '', address: to?.address ?? '', subject, text, sentFrom: from })
  if (state.sent?.messageId === messageId) setSent(undefined)
  await refreshTickets()
  pick('new', [])
}

function restore(ticketId: string, draft: Draft): void {
  const times = (state.restored.get(ticketId)?.times ?? 0) + 1
  put({ ...state, restored: new Map(state.restored).set(ticketId, { times, draft }) })
}

/** Whoever has left finds what the server keeps. */
export function forgetRestored(ticketId: string): void {
  const restored = new Map(state.restored)
  if (restored.delete(ticketId)) put({ ...state, restored })
}

function put(next: State): void {
  state = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
