import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type KeptUpload = { id: string; name: string; size: number }

/** The files of a form that came back, in their order. */
export async function listKeptUploads(db: Db, tokenHash: Buffer): Promise<KeptUpload[]> {
  const { rows } = await sql<KeptUpload>`
    select f.id, f.name, f.size from kept_uploads k
    join files f on f.workspace_id = k.workspace_id and f.id = k.file_id
    where k.workspace_id = ${db.workspaceId} and k.token_hash = ${tokenHash} order by f.id limit 20`.execute(db.kysely)
  return rows
}

/** How many bytes wait with forms that came back. */
export async function sumKeptUploads(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(f.size), 0)::bigint as bytes from kept_uploads k
    join files f on f.workspace_id = k.workspace_id and f.id = k.file_id
    where k.workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0]!.bytes
}

export async function insertKeptUploads(tx: Tx, tokenHash: Buffer, fileIds: readonly string[]): Promise<void> {
  await sql`
    insert into kept_uploads (workspace_id, token_hash, file_id, at)
    select ${tx.workspaceId}, ${tokenHash}, id, ${tx.now} from unnest(${fileIds}::uuid[]) id`.execute(tx.kysely)
}

/** The files stay: a message has them now. */
export async function deleteKeptUploads(tx: Tx, tokenHash: Buffer): Promise<void> {
  await sql`
    delete from kept_uploads where workspace_id = ${tx.workspaceId} and token_hash = ${tokenHash}`.execute(tx.kysely)
}

/** Forgets what was kept of forms before a moment, with the files. */
export async function deleteOldUploads(tx: Tx, before: Date): Promise<void> {
  await sql`
    delete from files f using kept_uploads k
    where k.workspace_id = ${tx.workspaceId} and k.at < ${before}
      and f.workspace_id = k.workspace_id and f.id = k.file_id`.execute(tx.kysely)
}
