import type { TimelineEntry } from '@lahko/contract'
import type { ComponentProps } from 'react'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { TimelineEntryView } from './timeline-entry.tsx'

type Shown = ComponentProps<typeof More> & {
  isError: boolean
  isPending: boolean
  error: Error | null
  refetch: () => unknown
}

/** What happened, newest first, as far as it has been loaded. */
export function Happened({ timeline, entries: given }: { timeline: Shown; entries: TimelineEntry[] | undefined }) {
  const entries = withoutTwins(given)
  return (
    <section aria-labelledby="happened">
      <h2 id="happened">{t('people.happened')}</h2>
      {timeline.isError && <Failed error={timeline.error} retry={() => void timeline.refetch()} />}
      {timeline.isPending && <Waiting lines={3} />}
      {entries?.length === 0 && <p className="quiet">{t('people.nothingHappened')}</p>}
      <div className="timeline">
        {entries?.map((entry) => (
          <TimelineEntryView key={entry.id} entry={entry} />
        ))}
      </div>
      <More {...timeline} />
    </section>
  )
}

/** A ticket of this desk is its own touchpoint, and stands there once. */
function withoutTwins(entries: TimelineEntry[] | undefined): TimelineEntry[] | undefined {
  const tickets = new Set(entries?.map((entry) => (entry.type === 'ticket' ? `ticket:${entry.number}` : '')))
  return entries?.filter((entry) => entry.type !== 'touchpoint' || !tickets.has(entry.externalId ?? ' '))
}
