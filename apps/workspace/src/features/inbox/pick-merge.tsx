import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { t } from '../../platform/words.ts'
import { linesOf } from './changing.ts'
import { ticketQuery } from './inbox-data.ts'
import { mergeInto } from './merging.ts'
import { PickDialog } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }

/** Into which ticket another is merged: found by number or words; the customer's own are offered first. */
export function PickMerge({ ids, onClose }: Props) {
  const [text, setText] = useState('')
  const id = ids[0] ?? ''
  const { data: ticket } = useQuery(ticketQuery(id))
  const customer = ticket?.customer?.id
  const query = text.trim()
  const found = useQuery({
    queryKey: ['tickets', 'merge', query, customer],
    queryFn: async ({ signal }) =>
      query === ''
        ? (await api.tickets.list({ query: { customer, limit: 10 }, signal })).items
        : (await api.tickets.search({ query: { query, limit: 10 }, signal })).items,
    enabled: query !== '' || customer !== undefined,
    placeholderData: keepPreviousData,
  })
  const others = (found.data ?? []).filter((other) => other.id !== id && other.mergedInto === null)
  const take = (intoId: string) => {
    onClose()
    const source = ticket ?? linesOf([id])[0]
    const into = others.find((other) => other.id === intoId)
    if (source && into) void mergeInto(source, into)
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
      onPick={take}
      onClose={onClose}
    >
      <p className="quiet">{t('inbox.mergeMeans')}</p>
    </PickDialog>
  )
}
