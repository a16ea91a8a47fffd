import type { Translated } from '@lahko/contract/values'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type FormTopic = { name: string; label: Translated }
export type ContactFormRow = { open: boolean; intro: Translated; topics: FormTopic[]; form_key: Buffer }

/** Undefined as long as nobody has set it up: then it is closed. */
export async function findContactForm(db: Db): Promise<ContactFormRow | undefined> {
  const { rows } = await sql<ContactFormRow>`
    select open, intro, topics, form_key from contact_forms where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0]
}

/** Whether customers can ask for help by the form. */
export async function isFormOpen(db: Db): Promise<boolean> {
  return (await findContactForm(db))?.open ?? false
}

/** Whether customers have requests that they may follow, or can make one. */
export async function hasRequests(db: Db): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from contact_forms where workspace_id = ${db.workspaceId} and open)
      or exists (select from tickets where workspace_id = ${db.workspaceId}) as has`.execute(db.kysely)
  return rows[0]!.has
}

export async function upsertContactForm(tx: Tx, form: Omit<ContactFormRow, 'form_key'>): Promise<void> {
  const [intro, topics] = [JSON.stringify(form.intro), JSON.stringify(form.topics)]
  await sql`
    insert into contact_forms (workspace_id, open, intro, topics)
    values (${tx.workspaceId}, ${form.open}, ${intro}, ${topics})
    on conflict (workspace_id) do update set open = excluded.open, intro = excluded.intro, topics = excluded.topics`.execute(
    tx.kysely,
  )
}
