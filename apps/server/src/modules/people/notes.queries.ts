import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type NoteRow = {
  id: string
  /** About one of the two. */
  customer_id: string | null
  organisation_id: string | null
  member_id: string | null
  text: string
  created_at: Date
}
/** About all customers who are one person, or about all organisations that are one. */
export type NotesAbout = { customers: readonly string[] } | { organisations: readonly string[] }

/** Newest first. @param after the id of the last one before */
export async function listNotes(
  db: Db,
  about: NotesAbout,
  { after, limit }: { after?: string; limit: number },
): Promise<NoteRow[]> {
  const those =
    'customers' in about
      ? sql`customer_id = any(${about.customers}::uuid[])`
      : sql`organisation_id = any(${about.organisations}::uuid[])`
  const { rows } = await sql<NoteRow>`
    select id, customer_id, organisation_id, member_id, text, created_at from customer_notes
    where workspace_id = ${db.workspaceId} and ${those} ${after === undefined ? sql`` : sql`and id < ${after}`}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

export async function insertNote(tx: Tx, note: NoteRow): Promise<void> {
  await sql`
    insert into customer_notes (workspace_id, id, customer_id, organisation_id, member_id, text, created_at)
    values (${tx.workspaceId}, ${note.id}, ${note.customer_id}, ${note.organisation_id}, ${note.member_id},
      ${note.text}, ${note.created_at})`.execute(tx.kysely)
}

/** @returns about whom it was; undefined when it is not there */
export async function deleteNote(
  tx: Tx,
  id: string,
): Promise<Pick<NoteRow, 'customer_id' | 'organisation_id'> | undefined> {
  const { rows } = await sql<Pick<NoteRow, 'customer_id' | 'organisation_id'>>`
    delete from customer_notes where workspace_id = ${tx.workspaceId} and id = ${id}
    returning customer_id, organisation_id`.execute(tx.kysely)
  return rows[0]
}
