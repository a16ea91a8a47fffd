import type { Ticket, TicketMessage } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { askForward, useAskedForward } from './forwarding.ts'
import { entriesQuery } from './inbox-data.ts'
import { turned, type useDraft, type Written } from './use-draft.ts'

/**
 * Turns what is written into a forward, with the message that somebody chose or else what the customer wrote last.
 * @returns also how often somebody was filled in to whom it goes: what shows them begins anew with it
 */
export function useForward(ticket: Ticket, { written, write }: ReturnType<typeof useDraft>, onBegun: () => void) {
  const { data } = useInfiniteQuery(entriesQuery(ticket.id))
  const messages = (data?.pages ?? []).flatMap(({ items }) =>
    items.flatMap((entry) => (entry.type === 'message' && isForwardable(entry.message) ? entry.message : [])),
  )
  const [times, setTimes] = useState(0)
  const begin = (messageId?: string, to?: Ticket['replyTo'][number]) => {
    if (staysNote(written)) return
    const first = messageId ?? messages.find(({ kind }) => kind === 'message')?.id
    write((before) => {
      const next = { ...before, ...turned(ticket, before, 'forward') }
      const messageIds = first ? [...new Set([...next.messageIds, first])] : next.messageIds
      return { ...next, messageIds, ...(to && { recipients: [to] }) }
    })
    if (to) setTimes((before) => before + 1)
    onBegun()
  }
  const asked = useAskedForward()
  const latest = useRef(begin)
  useEffect(() => {
    latest.current = begin
  })
  useEffect(() => {
    if (asked?.ticketId !== ticket.id) return
    askForward(undefined)
    latest.current(asked.messageId, asked.to)
  }, [asked, ticket.id])
  return { messages, begin, times }
}

/** What is written between members goes to nobody by a slip: it is added or emptied first. Says so. */
export function staysNote({ kind, text }: Written): boolean {
  const stays = kind === 'note' && text.trim() !== ''
  if (stays) say(t('inbox.isNote'))
  return stays
}

/** Notes stay here, and what has not left yet may still be taken back. */
export function isForwardable({ kind, delivery }: TicketMessage): boolean {
  return kind !== 'note' && delivery?.state !== 'undo' && delivery?.state !== 'scheduled'
}
