import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** The workspace's own hosts, by name. */
export async function listHosts(db: Db): Promise<string[]> {
  const { rows } = await sql<{ host: string }>`select * from hosts_of_workspace()`.execute(db.kysely)
  return rows.map(({ host }) => host)
}

/** False when the host is another workspace's. */
export async function insertHost(tx: Tx, host: string): Promise<boolean> {
  const { rows } = await sql<{ given: boolean }>`select give_host(${host}) as given`.execute(tx.kysely)
  return rows[0]!.given
}

/** False when the workspace has no such host. */
export async function deleteHost(tx: Tx, host: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select take_host(${host}) as taken`.execute(tx.kysely)
  return rows[0]!.taken
}
