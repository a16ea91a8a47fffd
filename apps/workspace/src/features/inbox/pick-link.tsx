import type { TicketLine } from '@lahko/contract'
import { givenLinkKinds } from '@lahko/contract/ticket-lines'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from '../../platform/words.ts'
import { useFoundTickets } from './found-tickets.ts'
import { ticketQuery } from './inbox-data.ts'
import { linkWith } from './linking.ts'
import { PickDialog } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }

/** With which ticket others belong together, and how. */
export function PickLink({ ids, onClose }: Props) {
  const [other, setOther] = useState<TicketLine>()
  if (!other) return <WithWhich key="which" ids={ids} onPick={setOther} onClose={onClose} />
  const take = (id: string) => {
    onClose()
    const kind = givenLinkKinds.find((one) => one === id)
    if (kind) void linkWith(ids, other, kind)
  }
  return (
    <PickDialog
      key="how"
      title={t('inbox.linkWithNumber', { number: other.number })}
      label={t('inbox.linkHow')}
      options={givenLinkKinds.map((kind) => ({ id: kind, name: t(`inbox.linkAs.${kind}`) }))}
      onPick={take}
      onClose={onClose}
    >
      <p className="quiet">{other.subject}</p>
    </PickDialog>
  )
}

type WhichProps = { ids: readonly string[]; onPick: (line: TicketLine) => void; onClose: () => void }

/** The customer's own are offered first. */
function WithWhich({ ids, onPick, onClose }: WhichProps) {
  const [text, setText] = useState('')
  const { data: ticket } = useQuery(ticketQuery(ids[0] ?? ''))
  const { lines: found, waits } = useFoundTickets(text, ticket?.customer?.id)
  const others = found.filter(({ id, mergedInto }) => mergedInto === null && !ids.includes(id))
  return (
    <PickDialog
      title={t('inbox.linkWith')}
      label={t('inbox.numberOrWords')}
      options={others.map(({ id, number, subject, lastAuthor }) => ({
        ...{ id, name: `${number} ${subject}`, hint: lastAuthor },
      }))}
      onType={setText}
      waits={waits}
      onPick={(id) => {
        const line = others.find((one) => one.id === id)
        if (line) onPick(line)
      }}
      onClose={onClose}
    >
      <p className="quiet">{t('inbox.linkMeans')}</p>
    </PickDialog>
  )
}
