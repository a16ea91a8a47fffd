import type { MailAddress, Ticket } from '@lahko/contract'
import { useEffect, useState } from 'react'
import { Field } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { readAddresses, writeAddresses } from './addresses.ts'
import type { Written } from './use-draft.ts'

/** What stands in fields of recipients and is no address, by field: nothing is sent as long as there is any. */
export type Misread = Map<string, readonly string[]>
type Props = { ticket: Ticket; written: Written; write: (part: Partial<Written>) => void; misread: Misread }

/** To whom a mail goes: a reply to the requester unless somebody says otherwise, a forward to nobody until then. */
export function Recipients({ ticket, written, write, misread }: Props) {
  const { kind, recipients, copies, blindCopies } = written
  const [open, setOpen] = useState(copies.length + blindCopies.length > 0)
  const [added, setAdded] = useState(0)
  const others = ticket.participants.filter(
    ({ address, outside }) =>
      kind === 'reply' && !outside && ![...recipients, ...copies].some((one) => one.address === address),
  )
  const known = [...recipients, ...copies, ...blindCopies]
  const offered = ticket.alsoAsked.filter(
    ({ address }) => kind === 'reply' && !known.some((one) => one.address === address),
  )
  const alsoTo = offered.map((one) => (
    <button
      key={one.address}
      type="button"
      className="button"
      data-size="small"
      onClick={() => (write({ recipients: [...recipients, one] }), setAdded(added + 1))}
    >
      <Icon name="plus" /> {t('inbox.alsoTo', { name: one.name || one.address })}
    </button>
  ))
  const more = (
    <button type="button" className="button" data-size="small" data-tone="plain" onClick={() => setOpen(true)}>
      {t('inbox.copyShort')} <span className="visually-hidden">{t('inbox.changeRecipients')}</span>
    </button>
  )
  if (!open && kind !== 'forward')
    return (
      <>
        <span className="quiet in-to">{t('inbox.toWhom', { to: namesOf(recipients) || t('inbox.nobodyYet') })}</span>
        {alsoTo}
        {more}
      </>
    )
  return (
    <div className="in-recipients">
      <Addresses
        // Who is put there by a button is shown.
        key={`to ${added}`}
        label={t('inbox.to')}
        given={recipients}
        misread={misread}
        onChange={(list) => write({ recipients: list })}
      />
      {open ? (
        <>
          <Addresses
            // What is put there by the button below is shown.
            key={copies.length > 0 && others.length === 0 ? 'all' : 'some'}
            label={t('inbox.copy')}
            given={copies}
            misread={misread}
            onChange={(list) => write({ copies: list })}
          />
          <Addresses
            label={t('inbox.blindCopy')}
            given={blindCopies}
            misread={misread}
            onChange={(list) => write({ blindCopies: list })}
          />
        </>
      ) : (
        more
      )}
      {alsoTo}
      {others.length > 0 && (
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => write({ copies: [...copies, ...others.map(({ name, address }) => ({ name, address }))] })}
        >
          {t('inbox.copyOthers', { count: others.length })}
        </button>
      )}
    </div>
  )
}

type AddressesProps = {
  label: string
  given: readonly MailAddress[]
  misread: Misread
  onChange: (list: MailAddress[]) => void
}

function Addresses({ label, misread, ...props }: AddressesProps) {
  const [text, setText] = useState(() => writeAddresses(props.given))
  const { wrong } = readAddresses(text)
  useEffect(() => {
    misread.set(label, readAddresses(text).wrong)
    return () => void misread.delete(label)
  }, [misread, label, text])
  const [left, setLeft] = useState(false)
  return (
    <Field
      label={label}
      problem={left && wrong.length > 0 ? t('inbox.noAddress', { wrong: wrong.join(', ') }) : undefined}
    >
      {(field) => (
        <input
          className="input"
          type="text"
          inputMode="email"
          autoComplete="off"
          {...field}
          value={text}
          onBlur={() => setLeft(true)}
          onChange={(event) => {
            setText(event.target.value)
            props.onChange(readAddresses(event.target.value).addresses)
          }}
        />
      )}
    </Field>
  )
}

function namesOf(addresses: readonly MailAddress[]): string {
  return addresses.map(({ address }) => address).join(', ')
}
