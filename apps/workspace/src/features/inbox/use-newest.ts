import type { TicketEntry } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { entriesQuery } from './inbox-data.ts'

/**
 * Up to where its writer has read the conversation. What comes while something is being written has not been read
 * until they say so.
 */
export function useNewest(ticketId: string, writes: boolean) {
  const { data } = useInfiniteQuery(entriesQuery(ticketId))
  const entries = data?.pages[0]?.items ?? []
  const newest = entries[0]?.id
  const [seen, setSeen] = useState<string>()
  const [stopped, setStopped] = useState(false)
  if (!writes && newest !== seen) {
    setSeen(newest)
    setStopped(false)
  }
  const place = entries.findIndex(({ id }) => id === seen)
  const newer = (place < 0 ? [] : entries.slice(0, place)).filter((entry) => entry.type === 'message')
  return {
    newest,
    seen: seen ?? newest,
    newer: newer as Extract<TicketEntry, { type: 'message' }>[],
    /** The server knew of something newer. */
    stopped,
    stop: () => setStopped(true),
    /** They have read it. */
    read: () => {
      setSeen(newest)
      setStopped(false)
    },
  }
}
