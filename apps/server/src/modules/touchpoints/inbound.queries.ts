import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type HelpDesk = 'zendesk' | 'freshdesk' | 'zammad'
export type HookRow = {
  id: string
  system: HelpDesk
  name: string
  secret: string | null
  created_at: Date
  last_received_at: Date | null
}

const columns = sql.raw('id, system, name, secret, created_at, last_received_at')

/** A page, newest first. */
export async function listHooks(db: Db, page: { after?: string; limit: number }): Promise<HookRow[]> {
  const { rows } = await sql<HookRow>`
    select ${columns} from inbound_hooks where workspace_id = ${db.workspaceId}
      ${page.after ? sql`and id < ${page.after}` : sql``}
    order by id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

export async function findHook(db: Db, id: string): Promise<HookRow | undefined> {
  const { rows } = await sql<HookRow>`
    select ${columns} from inbound_hooks where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

export async function countHooks(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from inbound_hooks where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0]!.n
}

export async function insertHook(
  tx: Tx,
  { id, system, name, secret }: Omit<HookRow, 'created_at' | 'last_received_at'>,
) {
  await sql`
    insert into inbound_hooks (workspace_id, id, system, name, secret, created_at)
    values (${tx.workspaceId}, ${id}, ${system}, ${name}, ${secret}, ${tx.now})`.execute(tx.kysely)
}

export async function setSecret(tx: Tx, id: string, secret: string): Promise<void> {
  await sql`
    update inbound_hooks set secret = ${secret} where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(
    tx.kysely,
  )
}

/** Once a minute at most, so that tickets that are solved together do not wait for each other. */
export async function touchHook(tx: Tx, id: string): Promise<void> {
  await sql`
    update inbound_hooks set last_received_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and id = ${id}
      and (last_received_at is null or last_received_at < ${tx.now}::timestamptz - interval '1 minute')`.execute(
    tx.kysely,
  )
}

/** @returns whether it was there */
export async function removeHook(tx: Tx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from inbound_hooks where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
  return numAffectedRows === 1n
}

/** A touchpoint was open at a moment, as its help desk says. */
export async function noteOpen(tx: Tx, id: string, at: string): Promise<void> {
  await sql`
    update touchpoints set open_at = least(${at}::timestamptz, ${tx.now})
    where workspace_id = ${tx.workspaceId} and id = ${id} and (open_at is null or open_at < ${at})`.execute(tx.kysely)
}

/** Whether a touchpoint was open after a moment, as its help desk says. */
export async function wasOpenAfter(db: Db, id: string, at: string): Promise<boolean> {
  const { rows } = await sql`
    select from touchpoints where workspace_id = ${db.workspaceId} and id = ${id} and open_at > ${at}`.execute(
    db.kysely,
  )
  return rows.length > 0
}
