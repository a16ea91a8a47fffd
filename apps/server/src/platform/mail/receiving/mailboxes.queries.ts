import { sql } from 'kysely'
import type { Store } from '../../store.ts'

/** How far a mailbox has been read, and how that goes. */
export type MailboxRow = {
  uidValidity: number
  lastUid: number
  checkedAt: Date | null
  failingSince: Date | null
  error: string | null
}

/** @param name `user@host/folder` @returns undefined before it was read for the first time */
export async function findMailbox({ outside }: Store, name: string): Promise<MailboxRow | undefined> {
  const { rows } = await sql<MailboxRow>`
    select uid_validity as "uidValidity", last_uid as "lastUid", checked_at as "checkedAt",
      failing_since as "failingSince", error from return_mailbox(${name})`.execute(outside)
  return rows[0]
}

/** Everything up to a message has been taken in. */
export async function moveMailbox(
  { outside }: Store,
  name: string,
  uidValidity: number,
  lastUid: number,
): Promise<void> {
  await sql`select move_return_mailbox(${name}, ${uidValidity}, ${lastUid})`.execute(outside)
}

/** @param error null when it has been read to its end */
export async function noteMailbox({ outside }: Store, name: string, at: Date, error: string | null): Promise<void> {
  await sql`select note_return_mailbox(${name}, ${at}, ${error})`.execute(outside)
}
