import type { FieldValue, GivenTicketField, TicketField, TicketFieldValue } from '@lahko/contract/contact-form'
import { emit, emitBatch } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { keptValue, valueOf } from './field-values.ts'
import {
  hasValues,
  insertField,
  listFields,
  listFieldsOf,
  listMissingFields,
  lockField,
  mostFields,
  updateField,
  updateFieldOrder,
  updateFieldRemoved,
  writeValues,
  type TicketFieldRow,
} from './ticket-fields.queries.ts'
import { findTicketRow, lockTicket, type TicketRow } from './tickets.queries.ts'
import { insertWordings } from './wordings.queries.ts'

type Solved = { id: string; number: number; topic: string | null }
/** So many tickets a refusal names. */
const mostNamed = 5

/** @throws Problem conflict `requests.too_many_fields` */
export async function createField(tx: Tx, given: GivenTicketField): Promise<TicketField> {
  if ((await listFields(tx)).length >= mostFields) {
    throw new Problem('conflict', 'requests.too_many_fields', { most: mostFields })
  }
  const id = uuidv7(tx.now.getTime())
  await insertField(tx, id, given)
  await emit(tx, { type: 'ticket_field.created', subjectId: id })
  return { id, ...given }
}

/**
 * Changes a field; one that was removed is there again.
 * @throws Problem not_found; conflict `requests.field_in_use` when its kind would change and tickets have values of it
 */
export async function changeField(tx: Tx, id: string, given: GivenTicketField): Promise<TicketField> {
  const field = await lockField(tx, id)
  if (!field) throw new Problem('not_found', 'platform.not_found')
  if (field.kind !== given.kind && (await hasValues(tx, id))) throw new Problem('conflict', 'requests.field_in_use')
  await updateField(tx, id, given)
  await emit(tx, { type: 'ticket_field.changed', subjectId: id })
  return { id, ...given }
}

/** Asks for it no more; values are kept. @throws Problem not_found */
export async function removeField(tx: Tx, id: string): Promise<void> {
  const field = await lockField(tx, id)
  if (!field) throw new Problem('not_found', 'platform.not_found')
  if (field.removed_at) return
  await updateFieldRemoved(tx, id)
  await emit(tx, { type: 'ticket_field.removed', subjectId: id })
}

export async function orderFields(tx: Tx, ids: readonly string[]): Promise<TicketField[]> {
  await updateFieldOrder(tx, ids)
  return (await listFields(tx)).map(viewField)
}

export function viewField(row: TicketFieldRow): TicketField {
  const { id, name, label, kind, choices, topics, on_form: onForm, required_on_solving: requiredOnSolving } = row
  return { id, name, label, kind, choices, topics, onForm, requiredOnSolving }
}

/** The fields of a ticket with their values. @throws Problem not_found */
export async function listFieldValues(db: Db, ticketId: string): Promise<TicketFieldValue[]> {
  const ticket = await findTicketRow(db, ticketId)
  if (!ticket) throw new Problem('not_found', 'platform.not_found')
  return (await listFieldsOf(db, ticketId, ticket.topic)).map((row) => ({
    field: viewField(row),
    value: row.value === null ? null : valueOf(row, row.value),
    missing: isMissing(row),
  }))
}

/**
 * What members must have said of tickets before they solve them.
 * @throws Problem conflict `requests.missing_fields`, which names the fields; of several tickets
 *   `requests.missing_fields_in`, which names them too
 */
export async function demandFields(db: Db, tickets: readonly Solved[]): Promise<void> {
  const missing = await listMissingFields(db, tickets)
  if (missing.length === 0) return
  const code = 'requests.missing_fields'
  const errors = missing.map(({ id, name }) => ({ field: `/fields/${id}`, code, args: { names: name } }))
  const names = missing.map(({ name }) => name).join(', ')
  if (tickets.length === 1) throw new Problem('conflict', code, { names }, errors)
  const lacking = new Set(missing.flatMap(({ ticketIds }) => ticketIds))
  const numbers = tickets.filter(({ id }) => lacking.has(id)).map((ticket) => ticket.number)
  const named = numbers.slice(0, mostNamed).join(', ')
  const args = { names, tickets: numbers.length > mostNamed ? `${named} …` : named }
  throw new Problem('conflict', `${code}_in`, args, errors)
}

function isMissing(row: { removed_at: Date | null; required_on_solving: boolean; value: string | null }): boolean {
  return row.removed_at === null && row.required_on_solving && row.value === null
}

/**
 * Sets values of fields; null takes one away, what is left out stays.
 * @throws Problem not_found; invalid `requests.no_field`, `requests.not_of_kind`, which name the field
 */
export async function setFieldValues(
  tx: Tx,
  ticketId: string,
  given: Readonly<Record<string, FieldValue | null>>,
): Promise<void> {
  const ticket = await lockTicket(tx, ticketId)
  if (!ticket) throw new Problem('not_found', 'platform.not_found')
  const fields = new Map((await listFields(tx)).map((field) => [field.id, field]))
  const values = Object.entries(given).map(([id, value]) => {
    const field = fields.get(id.toLowerCase())
    if (!field) throw invalidField(`/body/values/${id}`, 'requests.no_field')
    const kept = value === null ? null : keptValue(field, value)
    if (kept === undefined) throw invalidField(`/body/values/${id}`, 'requests.not_of_kind', { kind: field.kind })
    return { fieldId: field.id, value: kept }
  })
  await keepValues(tx, ticket, values)
}

/** Writes what differs, and says from what to what. */
async function keepValues(tx: Tx, { id, topic }: Pick<TicketRow, 'id' | 'topic'>, values: readonly KeptValue[]) {
  const before = new Map((await listFieldsOf(tx, id, topic)).map((field) => [field.id, field.value]))
  const news = values.filter(({ fieldId, value }) => value !== (before.get(fieldId) ?? null))
  if (news.length === 0) return
  await writeValues(tx, id, news)
  const fields = news.map(({ fieldId }) => fieldId)
  const [eventId] = await emitBatch(tx, [{ type: 'ticket.fields', subjectId: id, data: { fields } }])
  const fromTo = news.map(({ fieldId, value }) => [fieldId, [before.get(fieldId) ?? null, value]])
  await insertWordings(tx, [{ eventId: eventId!, ticketId: id, words: { fields: Object.fromEntries(fromTo) } }])
}

type KeptValue = { fieldId: string; value: string | null }
