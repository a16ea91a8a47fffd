import type { FieldValue, Ticket, TicketFieldValue } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Field, SelectField } from '../../platform/field.tsx'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { readValue } from './field-value.ts'
import { focusReading } from './keep-end.ts'
import { nothingMissing } from './missing-fields.ts'

/** What is asked of a ticket besides its text; each value is kept as soon as it is there. */
export function SideFields({ ticket }: { ticket: Ticket }) {
  const { id, topic, updatedAt } = ticket
  const may = useMay('tickets.write')
  const values = useQuery({
    queryKey: ['ticketValues', id, topic, updatedAt],
    queryFn: ({ signal }) => api.contactForm.values({ params: { id }, signal }),
    placeholderData: (before) => before,
    meta: { subjectId: id },
  })
  if (!values.data || values.data.length === 0) return null
  const keep = async (fieldId: string, value: FieldValue | null) => {
    try {
      const now = await api.contactForm.setValues({ params: { id }, body: { values: { [fieldId]: value } } })
      queries.setQueryData(['ticketValues', id, topic, updatedAt], now)
      if (now.every(({ missing }) => !missing)) nothingMissing()
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <section>
      <h2>{t('requests.fields')}</h2>
      <fieldset className="stack" data-gap="3" disabled={!may}>
        {values.data.map((one) => (
          <div key={`${id} ${one.field.id}`} data-missing={one.missing || undefined}>
            <Value {...one} onKeep={(value) => keep(one.field.id, value)} />
          </div>
        ))}
      </fieldset>
    </section>
  )
}

type Given = TicketFieldValue & { onKeep: (value: FieldValue | null) => Promise<void> }

function Value({ field, value, missing, onKeep }: Given) {
  const hint = missing ? t('requests.requiredOnSolving') : undefined
  if (field.kind === 'choice' || field.kind === 'yes_no') {
    const options =
      field.kind === 'choice'
        ? withChosen(field.choices, value).map((one) => [one, one] as const)
        : ([
            ['yes', t('requests.yes')],
            ['no', t('requests.no')],
          ] as const)
    const chosen = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? '')
    return (
      <SelectField
        label={field.name}
        hint={hint}
        value={chosen}
        options={[['', t('requests.nothing')], ...options]}
        onChange={(now) => void onKeep(now === '' ? null : field.kind === 'yes_no' ? now === 'yes' : now)}
      />
    )
  }
  return <Line field={field} value={value} hint={hint} onKeep={onKeep} />
}

/** What can be chosen, and what was chosen when it still could be. */
function withChosen(choices: TicketFieldValue['field']['choices'], chosen: FieldValue | null): string[] {
  const values = choices.map(({ value }) => value)
  return typeof chosen !== 'string' || values.includes(chosen) ? values : [...values, chosen]
}

/** What is typed; what is not of the field's kind stays as it was typed, and the value as it was. */
function Line({ field, value, hint, onKeep }: Omit<Given, 'missing'> & { hint: string | undefined }) {
  const saved = value === null ? '' : String(value)
  const [typed, setTyped] = useState<string>()
  const [wrong, setWrong] = useState(false)
  const text = typed ?? saved
  const keep = async (input: HTMLInputElement) => {
    const given = readValue(field.kind, text)
    const isWrong = given === undefined || input.validity.badInput
    setWrong(isWrong)
    if (isWrong) return
    if (text.trim() !== saved) await onKeep(given)
    setTyped(undefined)
  }
  return (
    <Field label={field.name} hint={hint} problem={wrong ? sayWanted(field.kind, saved) : undefined}>
      {(control) => (
        <input
          className="input"
          {...control}
          type={field.kind === 'date' ? 'date' : 'text'}
          inputMode={field.kind === 'number' ? 'decimal' : undefined}
          maxLength={2000}
          value={text}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={({ target }) => void keep(target)}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Enter') void keep(currentTarget)
            // The keys of the desk are where one reads; what was typed is kept as the field is left.
            if (key === 'Escape') focusReading()
          }}
        />
      )}
    </Field>
  )
}

function sayWanted(kind: string, saved: string): string {
  if (kind === 'date') return t('requests.wantsDate')
  return saved === '' ? t('requests.wantsNumberFirst') : t('requests.wantsNumber', { value: saved })
}
