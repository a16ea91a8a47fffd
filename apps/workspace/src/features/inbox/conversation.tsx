import type { Ticket, TicketEntry } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { FactEntry } from './fact-entry.tsx'
import { isShown } from './facts.ts'
import { entriesQuery } from './inbox-data.ts'
import { useKeepEnd } from './keep-end.ts'
import { MessageEntry } from './message-entry.tsx'
import { MoreButton } from '../insight/more.tsx'

/** What was written and what happened, oldest first; it opens at its end. */
export function Conversation({ ticket }: { ticket: Ticket }) {
  const entries = useInfiniteQuery(entriesQuery(ticket.id))
  const { data, hasNextPage } = entries
  const shown = useMemo(() => (data ? oldestFirst(data.pages.flatMap(({ items }) => items)) : undefined), [data])
  if (entries.isError && !shown) return <Failed error={entries.error} retry={() => void entries.refetch()} />
  if (!shown) return <Waiting lines={6} />
  const doubtful = shown.findLast(isDoubtful)
  return (
    <Kept>
      {hasNextPage && (
        <div className="in-more">
          <MoreButton {...entries} label={t('inbox.earlierEntries')} />
        </div>
      )}
      <div className="timeline">
        {shown.map((entry) =>
          entry.type === 'message' ? (
            <MessageEntry key={entry.id} message={entry.message} ticket={ticket} byKey={entry === doubtful} />
          ) : (
            <FactEntry key={entry.id} fact={entry.fact} />
          ),
        )}
      </div>
    </Kept>
  )
}

function Kept({ children }: { children: ReactNode }) {
  return <div ref={useKeepEnd()}>{children}</div>
}

/** A mail of which nobody knows yet whether it is a member's. */
function isDoubtful(entry: TicketEntry): boolean {
  return entry.type === 'message' && entry.message.banners.includes('unverified_member')
}

function oldestFirst(entries: readonly TicketEntry[]): TicketEntry[] {
  const shown = entries.filter((entry) => entry.type === 'message' || isShown(entry.fact)).toReversed()
  return shown.toSorted((a, b) => (a.at === b.at ? rankOf(a) - rankOf(b) : a.at < b.at ? -1 : 1))
}

/** What happens in one moment: it is opened, something is written, and that has consequences. */
function rankOf(entry: TicketEntry): number {
  if (entry.type === 'message') return 1
  return entry.fact.type === 'ticket.opened' ? 0 : 2
}
