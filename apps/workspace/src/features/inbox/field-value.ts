import type { FieldValue, TicketField } from '@lahko/contract'

/** What was typed into a field as its value, null for nothing; undefined when it is not of the field's kind. Pure. */
export function readValue(kind: TicketField['kind'], typed: string): FieldValue | null | undefined {
  const text = typed.trim()
  if (text === '') return null
  if (kind !== 'number') return text
  const plain = text.replaceAll(/[\s']/g, '').replace(',', '.')
  return /^[-+]?\d{1,15}(\.\d{1,9})?$/.test(plain) ? Number(plain) : undefined
}
