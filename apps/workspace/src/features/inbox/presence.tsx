import type { Ticket } from '@lahko/contract'
import { useEffect, useRef } from 'react'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { list } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { useWrites } from './writing.ts'

const everyMs = 20_000

/** Tells the others that one is here, and who of them is. */
export function Presence({ ticket }: { ticket: Ticket }) {
  const { id } = ticket
  const writes = useWrites(id)
  const { data, refetch } = useQuery({
    queryKey: ['presence', id],
    queryFn: () => api.tickets.read({ params: { id }, body: { writes } }),
    refetchInterval: everyMs,
    refetchIntervalInBackground: true,
    gcTime: 0,
    staleTime: 0,
    retry: false,
    meta: { subjectId: id },
  })
  const told = useRef(writes)
  useEffect(() => {
    if (told.current === writes) return
    told.current = writes
    void refetch()
  }, [writes, refetch])
  useEffect(
    () => () => {
      // Whoever goes without saying so is forgotten within half a minute.
      void api.tickets.leave({ params: { id } }).catch(() => undefined)
    },
    [id],
  )
  const readers = data?.readers ?? ticket.readers
  if (readers.length === 0) return null
  const writing = readers.filter((one) => one.writes).map(({ member }) => member.name)
  const reading = readers.filter((one) => !one.writes).map(({ member }) => member.name)
  return (
    <p className="in-presence" aria-live="polite">
      <Icon name="person" />
      <span>
        {writing.length > 0 && t('inbox.areWriting', { names: list(writing), count: writing.length })}{' '}
        {reading.length > 0 && t('inbox.areReading', { names: list(reading), count: reading.length })}
      </span>
    </p>
  )
}
