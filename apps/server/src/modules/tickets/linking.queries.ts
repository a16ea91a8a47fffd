import type { GivenLinkKind } from '@lahko/contract/tickets'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** What members have said of two tickets, as the first sees it; undefined when nothing. */
export async function findGivenLink(db: Db, id: string, otherId: string): Promise<GivenLinkKind | undefined> {
  const { rows } = await sql<{ kind: GivenLinkKind }>`
    select case when kind = 'causes' and ticket_id = ${otherId} then 'caused_by' else kind end as kind from ticket_links
    where workspace_id = ${db.workspaceId} and kind in ('related', 'causes')
      and (ticket_id = ${id} and other_id = ${otherId} or ticket_id = ${otherId} and other_id = ${id})
    limit 1`.execute(db.kysely)
  return rows[0]?.kind
}

/** With how many tickets members have linked one. */
export async function countGivenLinks(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from ticket_links where workspace_id = ${db.workspaceId} and ticket_id = ${id}
        and kind in ('related', 'causes'))
      + (select count(*) from ticket_links where workspace_id = ${db.workspaceId} and other_id = ${id}
        and kind in ('related', 'causes')) as count`.execute(db.kysely)
  return Number(rows[0]!.count)
}

export async function insertGivenLink(tx: Tx, id: string, otherId: string, kind: GivenLinkKind): Promise<void> {
  const [from, to] = kind === 'caused_by' ? [otherId, id] : [id, otherId]
  await sql`
    insert into ticket_links (workspace_id, ticket_id, other_id, kind, at)
    values (${tx.workspaceId}, ${from}, ${to}, ${kind === 'related' ? 'related' : 'causes'}, ${tx.now})`.execute(
    tx.kysely,
  )
}

export async function deleteGivenLink(tx: Tx, id: string, otherId: string): Promise<void> {
  await sql`
    delete from ticket_links where workspace_id = ${tx.workspaceId} and kind in ('related', 'causes')
      and (ticket_id = ${id} and other_id = ${otherId} or ticket_id = ${otherId} and other_id = ${id})`.execute(
    tx.kysely,
  )
}
