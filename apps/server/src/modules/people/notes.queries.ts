import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type CustomerNoteRow = {
  id: string
  customer_id: string
  member_id: string | null
  text: string
  created_at: Date
}

/** Newest first. @param after the id of the last one before */
export async function listNotes(
  db: Db,
  customerIds: readonly string[],
  { after, limit }: { after?: string; limit: number },
): Promise<CustomerNoteRow[]> {
  const { rows } = await sql<CustomerNoteRow>`
    select id, customer_id, member_id, text, created_at from customer_notes
    where workspace_id = ${db.workspaceId} and customer_id = any(${customerIds}::uuid[])
      ${after === undefined ? sql`` : sql`and id < ${after}`}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

export async function insertNote(tx: Tx, note: CustomerNoteRow): Promise<void> {
  await sql`
    insert into customer_notes (workspace_id, id, customer_id, member_id, text, created_at)
    values (${tx.workspaceId}, ${note.id}, ${note.customer_id}, ${note.member_id}, ${note.text}, ${note.created_at})`.execute(
    tx.kysely,
  )
}

/** @returns about whom it was; undefined when it is not there */
export async function deleteNote(tx: Tx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    delete from customer_notes where workspace_id = ${tx.workspaceId} and id = ${id} returning customer_id as id`.execute(
    tx.kysely,
  )
  return rows[0]?.id
}
