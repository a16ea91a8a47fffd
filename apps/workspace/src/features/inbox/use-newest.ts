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
  // Ids stand in the order of arrival; a mail may have been written before something that came earlier.
  const newest = entries.reduce<string | undefined>((most, { id }) => (most && most > id ? most : id), undefined)
  const [seen, setSeen] = useState<string>()
  const [stopped, setStopped] = useState(false)
  if (!writes && newest !== seen) {
    setSeen(newest)
    setStopped(false)
  }
  const newer = entries.filter((entry) => entry.type === 'message' && seen !== undefined && entry.id > seen)
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
