import { sql } from 'kysely'
import { fileColumns, type FileRow, type WholeFile } from '#platform/files.queries.ts'
import type { Db, Tx } from '#platform/store.ts'

/** One that a member uploaded, or that is attached to a message: a mail as it came is no attachment. */
export async function findFile(db: Db, id: string): Promise<WholeFile | undefined> {
  const { rows } = await sql<WholeFile>`
    select ${fileColumns}, f.content from files f where f.workspace_id = ${db.workspaceId} and f.id = ${id}
      and (f.uploaded_by is not null or exists (select from ticket_attachments a
        where a.workspace_id = f.workspace_id and a.file_id = f.id))`.execute(db.kysely)
  return rows[0]
}

/** Those of these files that can be sent with a ticket: uploaded and not sent yet, or attached to one of its messages. */
export async function listSendable(db: Db, ids: readonly string[], ticketIds: readonly string[]): Promise<FileRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FileRow>`
    select ${fileColumns} from files f where f.workspace_id = ${db.workspaceId} and f.id = any(${ids}::uuid[])
      and (f.uploaded_by is not null or exists (select from ticket_attachments a
        join ticket_messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
        where a.workspace_id = f.workspace_id and a.file_id = f.id and m.ticket_id = any(${ticketIds}::uuid[])))`.execute(
    db.kysely,
  )
  return rows
}

/** What was sent is kept. @param by null: it was sent; else who has it to send again, as if uploaded just now */
export async function updateUploader(tx: Tx, ids: readonly string[], by: string | null): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update files f set uploaded_by = ${by}, created_at = case when ${by}::uuid is null then f.created_at else ${tx.now} end
    where f.workspace_id = ${tx.workspaceId} and f.id = any(${ids}::uuid[])
      and (${by}::uuid is null or not exists (select from ticket_attachments a
        where a.workspace_id = f.workspace_id and a.file_id = f.id))`.execute(tx.kysely)
}

/** Forgets uploads from before a moment with which nothing was sent, and that no draft names. @returns how many there were */
export async function deleteUnused(tx: Tx, before: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from files where workspace_id = ${tx.workspaceId} and id in (
      select f.id from files f where f.workspace_id = ${tx.workspaceId} and f.uploaded_by is not null
        and f.created_at < ${before} and not exists (select from ticket_attachments a
          where a.workspace_id = f.workspace_id and a.file_id = f.id)
        and not exists (select from ticket_drafts d
          where d.workspace_id = f.workspace_id and d.content -> 'fileIds' ? f.id::text) limit ${most})`.execute(
    tx.kysely,
  )
  return Number(numAffectedRows ?? 0)
}

/** How many bytes wait to be sent. */
export async function countUnusedBytes(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(size), 0)::bigint as bytes from files
    where workspace_id = ${db.workspaceId} and uploaded_by is not null`.execute(db.kysely)
  return rows[0]!.bytes
}
