import type { ViewFilter } from '@lahko/contract/tickets'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import type { TicketSort } from './listing.queries.ts'

export type ViewRow = {
  id: string
  name: string
  member_id: string | null
  filter: ViewFilter
  sort: TicketSort
}
const columns = sql.raw('v.id, v.name, v.member_id, v.filter, v.sort')
export const mostViews = 100

/** A member's own and everybody's, in their order; of a key everybody's. */
export async function listViewRows(db: Db, memberId: string | null): Promise<ViewRow[]> {
  const { rows } = await sql<ViewRow>`
    select ${columns} from ticket_views v
    where v.workspace_id = ${db.workspaceId} and (v.member_id is null or v.member_id = ${memberId}::uuid)
    order by v.position, v.id limit ${mostViews}`.execute(db.kysely)
  return rows
}

export async function insertView(tx: Tx, row: ViewRow): Promise<void> {
  await sql`
    insert into ticket_views (workspace_id, id, name, member_id, filter, sort, position, created_at)
    select ${tx.workspaceId}, ${row.id}, ${row.name}, ${row.member_id}, ${JSON.stringify(row.filter)}, ${row.sort},
      coalesce(max(position) + 1, 0), ${tx.now} from ticket_views where workspace_id = ${tx.workspaceId}`.execute(
    tx.kysely,
  )
}

/** A view that somebody may see; nobody else changes it meanwhile. */
export async function lockView(tx: Tx, id: string, memberId: string | null): Promise<ViewRow | undefined> {
  const { rows } = await sql<ViewRow>`
    select ${columns} from ticket_views v where v.workspace_id = ${tx.workspaceId} and v.id = ${id}
      and (v.member_id is null or v.member_id = ${memberId}::uuid) for update`.execute(tx.kysely)
  return rows[0]
}

export async function updateView(tx: Tx, row: ViewRow): Promise<void> {
  await sql`
    update ticket_views set name = ${row.name}, member_id = ${row.member_id}, filter = ${JSON.stringify(row.filter)},
      sort = ${row.sort} where workspace_id = ${tx.workspaceId} and id = ${row.id}`.execute(tx.kysely)
}

export async function deleteView(tx: Tx, id: string): Promise<void> {
  await sql`delete from ticket_views where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Tags that begin so, each found by its own step along the index. */
export async function listTagsBeginning(db: Db, begins: string, most: number): Promise<string[]> {
  const after = (bound: ReturnType<typeof sql>) => sql`
    select g.tag from ticket_tags g where g.workspace_id = ${db.workspaceId} and ${bound}
      and g.tag < ${begins}::text || chr(1114111) order by g.tag limit 1`
  const { rows } = await sql<{ tag: string }>`
    with recursive found as (
      (${after(sql`g.tag >= ${begins}`)})
      union all
      select (${after(sql`g.tag > found.tag`)}) from found where found.tag is not null
    ) select tag from found where tag is not null limit ${most}`.execute(db.kysely)
  return rows.map(({ tag }) => tag)
}

export async function listMailboxNames(
  db: Db,
): Promise<{ id: string; name: string; address: string; aliases: string[] }[]> {
  const { rows } = await sql<{ id: string; name: string; address: string; aliases: string[] }>`
    select id, name, address, aliases from mailboxes where workspace_id = ${db.workspaceId}
    order by name, id limit 200`.execute(db.kysely)
  return rows
}

/** In which languages the newest tickets are. */
export async function listLanguages(db: Db): Promise<string[]> {
  const { rows } = await sql<{ language: string }>`
    select distinct language from (
      select t.language from tickets t where t.workspace_id = ${db.workspaceId} and t.shelf = 'unsolved'
      order by t.updated_at desc, t.id desc limit 2000) t
    where language is not null order by language limit 50`.execute(db.kysely)
  return rows.map(({ language }) => language)
}
