import type { HistoryEntry } from '@lahko/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Dialog } from '../../platform/dialog.tsx'
import { moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { iconOf } from './facts.ts'
import { historyQuery, ticketQuery } from './inbox-data.ts'
import { sayHistory } from './saying-history.ts'
import { MoreButton } from '../insight/more.tsx'

/** Every change of a ticket: from what to what, by whom and when. */
export function History({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const id = ids[0] ?? ''
  const { data: ticket } = useQuery(ticketQuery(id))
  return (
    <Dialog wide title={t('inbox.historyOf', { number: ticket?.number ?? '' })} onClose={onClose}>
      <Changes id={id} number={ticket?.number} />
    </Dialog>
  )
}

function Changes({ id, number }: { id: string; number: number | undefined }) {
  const history = useInfiniteQuery(historyQuery(id))
  const { data, hasNextPage } = history
  if (history.isError && !data) return <Failed error={history.error} retry={() => void history.refetch()} />
  if (!data) return <Waiting lines={6} />
  return (
    <>
      <section data-first className="in-history" tabIndex={0} aria-label={t('inbox.history')}>
        <ol>
          {data.pages
            .flatMap(({ items }) => items)
            .map((entry) => (
              <Happened key={entry.id} entry={entry} number={number} />
            ))}
        </ol>
      </section>
      {hasNextPage && (
        <div className="in-more">
          <MoreButton {...history} label={t('inbox.earlierEntries')} />
        </div>
      )}
    </>
  )
}

function Happened({ entry, number }: { entry: HistoryEntry; number: number | undefined }) {
  const { by, sentences } = sayHistory(entry)
  const isOther = number !== undefined && entry.ticketNumber !== number
  return (
    <li>
      <Icon name={iconOf(entry)} />
      <div>
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="quiet">
          {by && <>{by} · </>}
          <time dateTime={entry.at}>{moment(entry.at)}</time>
          {isOther && <> · {t('inbox.inTicket', { number: entry.ticketNumber })}</>}
        </p>
      </div>
    </li>
  )
}
