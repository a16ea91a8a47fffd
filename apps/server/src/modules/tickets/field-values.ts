import { fieldDate, type FieldValue } from '@lahko/contract/contact-form'
import type { Language } from '@lahko/contract/values'
import { localeOf } from '#platform/words.ts'
import type { TicketFieldRow } from './ticket-fields.queries.ts'

type Of = Pick<TicketFieldRow, 'kind' | 'choices'>

/** What a field keeps of a value; undefined when it is not of its kind. */
export function keptValue({ kind, choices }: Of, given: FieldValue): string | undefined {
  if (kind === 'number') return typeof given === 'number' ? String(given) : undefined
  if (kind === 'yes_no') return typeof given === 'boolean' ? (given ? 'yes' : 'no') : undefined
  if (typeof given !== 'string') return undefined
  if (kind === 'date') return fieldDate.safeParse(given).data
  return kind === 'choice' && !choices.some(({ value }) => value === given) ? undefined : given
}

/** The same of what somebody typed or chose in a form. Numbers may have either decimal mark. */
export function typedValue(field: Of, typed: string): string | undefined {
  if (field.kind === 'yes_no') return typed === 'yes' || typed === 'no' ? typed : undefined
  if (field.kind !== 'number') return keptValue(field, typed)
  const plain = typed.replaceAll(/[\s']/g, '').replace(',', '.')
  return /^[-+]?\d{1,15}(\.\d{1,9})?$/.test(plain) ? String(Number(plain)) : undefined
}

/** A kept value as the API says it. */
export function valueOf({ kind }: Of, kept: string): string | number | boolean {
  if (kind === 'number') return Number(kept)
  return kind === 'yes_no' ? kept === 'yes' : kept
}

/** What customers read beside a field, or a choice of it. */
export function labelOf({ name, label }: Pick<TicketFieldRow, 'name' | 'label'>, language: Language): string {
  return label[language] || name
}

/** A kept value in the words of a language. */
export function sayValue({ kind, choices }: Of, kept: string, language: Language, say: (key: string) => string) {
  if (kind === 'yes_no') return say(kept)
  if (kind === 'number')
    return new Intl.NumberFormat(localeOf[language], { maximumFractionDigits: 9, useGrouping: false }).format(+kept)
  if (kind === 'date') {
    return new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(kept))
  }
  return choices.find(({ value }) => value === kept)?.label[language] || kept
}
