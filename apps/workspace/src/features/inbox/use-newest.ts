import type { TicketEntry } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { entriesQuery } from './inbox-data.ts'
import type { useDraft } from './use-draft.ts'

/**
 * Up to where its writer has read the conversation. What comes after a text was begun has not been read until they say
 * so; a draft that was kept knows up to where that was.
 */
export function useNewest(ticketId: string, { written, write, see }: ReturnType<typeof useDraft>) {
  const { data } = useInfiniteQuery(entriesQuery(ticketId))
  const entries = data?.pages[0]?.items ?? []
  // Ids stand in the order of arrival; a mail may have been written before something that came earlier.
  const newest = entries.reduce<string | undefined>((most, { id }) => (most && most > id ? most : id), undefined)
  const { seen } = written
  // Whatever is seen since, it holds no more.
  const [stoppedAt, setStoppedAt] = useState<string>()
  const isBegun = written.text !== '' && seen !== undefined
  useEffect(() => {
    if (!isBegun && newest !== undefined && (seen === undefined || newest > seen)) see(newest)
  }, [isBegun, newest, seen, see])
  const newer = entries.filter((entry) => isMessage(entry) && seen !== undefined && isBegun && entry.id > seen)
  return {
    newest,
    seen: seen ?? newest,
    newer: newer as Extract<TicketEntry, { type: 'message' }>[],
    /** The server knew of something newer. */
    stopped: seen !== undefined && stoppedAt === seen,
    stop: () => setStoppedAt(seen),
    /** They have read it. */
    read: () => {
      if (newest !== undefined) write({ seen: newest })
    },
  }
}

/** What the product itself has written stops nobody. */
function isMessage(entry: TicketEntry): boolean {
  return entry.type === 'message' && !entry.message.automatic
}
