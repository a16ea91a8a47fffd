import type { Ticket } from '@lahko/contract'
import { useId } from 'react'
import { t } from '../../platform/words.ts'

/** From which of the mailbox's addresses a mail leaves, where it has several: that to which the customer wrote. */
export function FromWhere(props: { ticket: Ticket; from: string | undefined; onChange: (from: string) => void }) {
  const id = useId()
  const { mailbox } = props.ticket
  if (!mailbox || mailbox.addresses.length < 2) return null
  return (
    <span className="in-from">
      <label htmlFor={id}>{t('inbox.from')}</label>
      <select
        id={id}
        className="input"
        value={props.from ?? mailbox.answersFrom}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {mailbox.addresses.map((address) => (
          <option key={address}>{address}</option>
        ))}
      </select>
    </span>
  )
}
