import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from '../../platform/words.ts'
import { linesOf } from './changing.ts'
import { useFoundTickets } from './found-tickets.ts'
import { ticketQuery } from './inbox-data.ts'
import { mergeInto } from './merging.ts'
import { PickDialog } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }

/** Into which ticket others are merged: found by number or words; those that are chosen and the customer's own are offered first. */
export function PickMerge({ ids, onClose }: Props) {
  const [text, setText] = useState('')
  const id = ids[0] ?? ''
  const { data: ticket } = useQuery(ticketQuery(id))
  const customer = ticket?.customer?.id
  const { lines: found, waits } = useFoundTickets(text, customer)
  // Of several, one of themselves may be the one.
  const chosen = ids.length > 1 ? linesOf(ids) : []
  const known = new Map([...(text.trim() === '' ? chosen : []), ...found].map((line) => [line.id, line]))
  const others = [...known.values()].filter((other) => other.mergedInto === null && (ids.length > 1 || other.id !== id))
  const take = (intoId: string) => {
    onClose()
    const sources = ids.length > 1 ? chosen : [ticket ?? linesOf([id])].flat()
    const into = known.get(intoId)
    if (into)
      void mergeInto(
        sources.filter((source) => source.id !== intoId),
        into,
      )
  }
  return (
    <PickDialog
      title={t('inbox.mergeInto')}
      label={t('inbox.numberOrWords')}
      options={others.map(({ id: otherId, number, subject, lastAuthor }) => ({
        id: otherId,
        name: `${number} ${subject}`,
        hint: lastAuthor,
      }))}
      onType={setText}
      waits={waits}
      onPick={take}
      onClose={onClose}
    >
      <p className="quiet">{t('inbox.mergeMeans')}</p>
    </PickDialog>
  )
}
