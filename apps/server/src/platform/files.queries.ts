import { sql } from 'kysely'
import { uuidv7 } from './identifiers.ts'
import type { Db, Tx } from './store.ts'

/** What belongs to a message, a picture of an article: its bytes lie in the database, beside what refers to it. */
export type FileRow = { id: string; name: string; mediaType: string; size: number }
/** `uploadedBy`: whose upload waits to be sent; null: something refers to it. */
type NewFile = { name: string; mediaType: string; content: Buffer; uploadedBy: string | null }
export type WholeFile = FileRow & { content: Buffer }

/** Of `files f`, without the bytes. */
export const fileColumns = sql`f.id, f.name, f.media_type as "mediaType", f.size`

export async function insertFile(tx: Tx, { name, mediaType, content, uploadedBy }: NewFile): Promise<FileRow> {
  const id = uuidv7(tx.now.getTime())
  await sql`
    insert into files (workspace_id, id, name, media_type, size, content, created_at, uploaded_by)
    values (${tx.workspaceId}, ${id}, ${name}, ${mediaType}, ${content.length}, ${content}, ${tx.now},
      ${uploadedBy})`.execute(tx.kysely)
  return { id, name, mediaType, size: content.length }
}

/** Files with their bytes, by their ids, in no order. */
export async function listWholeFiles(db: Db, ids: readonly string[]): Promise<WholeFile[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<WholeFile>`
    select ${fileColumns}, f.content from files f
    where f.workspace_id = ${db.workspaceId} and f.id = any(${ids}::uuid[])`.execute(db.kysely)
  return rows
}

export async function deleteFiles(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`delete from files where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[])`.execute(tx.kysely)
}
