import { sql } from 'kysely'
import { findContacts } from '#people'
import type { Db } from '#platform/store.ts'
import type { UndecidedRow } from './deciding.queries.ts'
import type { UndecidedTouchpoint } from './deciding.ts'

/** Touchpoints that ended since then, the last first, whether it was decided about them or not. */
export async function listEnded(db: Db, since: Date, most: number): Promise<UndecidedTouchpoint[]> {
  const { rows } = await sql<UndecidedRow>`
    select t.id, t.kind, t.ended_at, t.attributes, t.customer_id from touchpoints t
    where t.workspace_id = ${db.workspaceId} and t.ended_at >= ${since} and t.ended_at <= ${db.now}
    order by t.ended_at desc, t.id desc limit ${most}`.execute(db.kysely)
  const contacts = await findContacts(
    db,
    rows.flatMap(({ customer_id: id }) => id ?? []),
  )
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    endedAt: row.ended_at,
    attributes: row.attributes,
    customer: contacts.get(row.customer_id ?? '') ?? null,
  }))
}
