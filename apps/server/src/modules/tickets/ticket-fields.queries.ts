import type { FieldKind, GivenTicketField } from '@lahko/contract/contact-form'
import type { Translated } from '@lahko/contract/values'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type TicketFieldRow = {
  id: string
  name: string
  label: Translated
  kind: FieldKind
  choices: { value: string; label: Translated }[]
  topics: string[]
  on_form: 'no' | 'optional' | 'required'
  required_on_solving: boolean
  removed_at: Date | null
}

const columns = sql.raw(
  ['id', 'name', 'label', 'kind', 'choices', 'topics', 'on_form', 'required_on_solving', 'removed_at']
    .map((name) => `f.${name}`)
    .join(', '),
)
export const mostFields = 60

/** Those that are there, in their order. */
export async function listFields(db: Db): Promise<TicketFieldRow[]> {
  const { rows } = await sql<TicketFieldRow>`
    select ${columns} from ticket_fields f where f.workspace_id = ${db.workspaceId} and f.removed_at is null
    order by f.position, f.id limit ${mostFields}`.execute(db.kysely)
  return rows
}

/** By their ids, those that were removed too. */
export async function listFieldsById(db: Db, ids: readonly string[]): Promise<Map<string, TicketFieldRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<TicketFieldRow>`
    select ${columns} from ticket_fields f
    where f.workspace_id = ${db.workspaceId} and f.id = any(${ids}::uuid[])`.execute(db.kysely)
  return new Map(rows.map((row) => [row.id, row]))
}

/** One of them, also when it was removed; nobody else changes it until the transaction ends. */
export async function lockField(tx: Tx, id: string): Promise<TicketFieldRow | undefined> {
  const { rows } = await sql<TicketFieldRow>`
    select ${columns} from ticket_fields f where f.workspace_id = ${tx.workspaceId} and f.id = ${id} for update`.execute(
    tx.kysely,
  )
  return rows[0]
}

export async function insertField(tx: Tx, id: string, given: GivenTicketField): Promise<void> {
  await sql`
    insert into ticket_fields (workspace_id, id, name, label, kind, choices, topics, on_form, required_on_solving,
      position, created_at)
    values (${tx.workspaceId}, ${id}, ${given.name}, ${JSON.stringify(given.label)}, ${given.kind},
      ${JSON.stringify(given.choices)}, ${given.topics}, ${given.onForm}, ${given.requiredOnSolving},
      (select coalesce(max(position), 0) + 1 from ticket_fields where workspace_id = ${tx.workspaceId}), ${tx.now})`.execute(
    tx.kysely,
  )
}

/** Changes one; it is there again if it was removed. */
export async function updateField(tx: Tx, id: string, given: GivenTicketField): Promise<void> {
  await sql`
    update ticket_fields set name = ${given.name}, label = ${JSON.stringify(given.label)}, kind = ${given.kind},
      choices = ${JSON.stringify(given.choices)}, topics = ${given.topics}, on_form = ${given.onForm},
      required_on_solving = ${given.requiredOnSolving}, removed_at = null
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

export async function updateFieldRemoved(tx: Tx, id: string): Promise<void> {
  await sql`
    update ticket_fields set removed_at = coalesce(removed_at, ${tx.now})
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Those that are not named keep their order behind the others. */
export async function updateFieldOrder(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    update ticket_fields f set position = o.position from (
      select f.id, row_number() over (order by g.place nulls last, f.position, f.id) as position
      from ticket_fields f left join unnest(${ids}::uuid[]) with ordinality g(id, place) on g.id = f.id
      where f.workspace_id = ${tx.workspaceId}) o
    where f.workspace_id = ${tx.workspaceId} and f.id = o.id`.execute(tx.kysely)
}

export async function hasValues(db: Db, fieldId: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from ticket_field_values where workspace_id = ${db.workspaceId} and field_id = ${fieldId})
      as has`.execute(db.kysely)
  return rows[0]!.has
}

export type FieldWithValue = TicketFieldRow & { value: string | null }

/** The fields that belong to a ticket by its topic, and those of others that it has a value of. */
export async function listFieldsOf(db: Db, ticketId: string, topic: string | null): Promise<FieldWithValue[]> {
  const { rows } = await sql<FieldWithValue>`
    select ${columns}, v.value from ticket_fields f
    left join ticket_field_values v on v.workspace_id = f.workspace_id and v.field_id = f.id and v.ticket_id = ${ticketId}
    where f.workspace_id = ${db.workspaceId} and (v.value is not null or f.removed_at is null
      and (f.topics = '{}' or ${topic}::text = any(f.topics)))
    order by f.position, f.id limit 200`.execute(db.kysely)
  return rows
}

/** The fields that are required on solving by the topic of any of these tickets, and that it has no value of, with those tickets. */
export async function listMissingFields(
  db: Db,
  tickets: readonly { id: string; topic: string | null }[],
): Promise<{ id: string; name: string; ticketIds: string[] }[]> {
  if (tickets.length === 0) return []
  const { rows } = await sql<{ id: string; name: string; ticketIds: string[] }>`
    select f.id, f.name, array_agg(t.id) as "ticketIds" from ticket_fields f,
      unnest(${tickets.map(({ id }) => id)}::uuid[], ${tickets.map(({ topic }) => topic)}::text[]) t(id, topic)
    where f.workspace_id = ${db.workspaceId} and f.removed_at is null and f.required_on_solving
      and (f.topics = '{}' or t.topic = any(f.topics)) and not exists (select from ticket_field_values v
        where v.workspace_id = f.workspace_id and v.ticket_id = t.id and v.field_id = f.id)
    group by f.id, f.name, f.position order by f.position, f.id limit ${mostFields}`.execute(db.kysely)
  return rows
}

/** Sets values of a ticket; null takes one away. */
export async function writeValues(
  tx: Tx,
  ticketId: string,
  values: readonly { fieldId: string; value: string | null }[],
): Promise<void> {
  if (values.length === 0) return
  const given = sql`unnest(${values.map(({ fieldId }) => fieldId)}::uuid[], ${values.map(({ value }) => value)}::text[])
    g(field_id, value)`
  await sql`
    with gone as (
      delete from ticket_field_values v using ${given}
      where v.workspace_id = ${tx.workspaceId} and v.ticket_id = ${ticketId} and v.field_id = g.field_id
        and g.value is null
    )
    insert into ticket_field_values (workspace_id, ticket_id, field_id, value)
    select ${tx.workspaceId}, ${ticketId}, g.field_id, g.value from ${given} where g.value is not null
    on conflict (workspace_id, ticket_id, field_id) do update set value = excluded.value`.execute(tx.kysely)
}
