import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

const most = 1_000

/** Tickets by words in them, the best of the newest 1,000 that match first. */
export async function searchWords(db: Db, words: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from search_tickets(${words}, ${most}) id`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Writes anew what some tickets of a customer who has changed are found by. @returns whether there was such a customer */
export async function writeChangedWords(tx: Tx, most: number): Promise<boolean> {
  const { rows } = await sql<{ worked: boolean }>`select write_changed_ticket_words(${most}) as worked`.execute(
    tx.kysely,
  )
  return rows[0]!.worked
}

export async function findByNumber(db: Db, number: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from tickets t where t.workspace_id = ${db.workspaceId} and t.number = ${number}`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Tickets in which an address takes part, the newest first. */
export async function listOfAddress(db: Db, address: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from ticket_participants p join tickets t on t.workspace_id = p.workspace_id and t.id = p.ticket_id
    where p.workspace_id = ${db.workspaceId} and p.address = ${address}
    order by t.updated_at desc, t.id desc limit ${most}`.execute(db.kysely)
  return rows.map(({ id }) => id)
}
