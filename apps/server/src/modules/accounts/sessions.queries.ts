import { sql, type Kysely } from 'kysely'
import type { Language } from '@lahko/contract/values'
import type { Db, Tx } from '#platform/store.ts'

export type NewSession = {
  hash: Buffer
  id: string
  accountId: string
  workspaceId: string
  host: string
  userAgent: string
  /** Kept for the demo’s visitors alone, who share one account. */
  language: Language
  expires: Date
}

/** False when the account is not a member of the workspace. */
export async function insertSession(tx: Tx, session: NewSession): Promise<boolean> {
  const { hash, id, accountId, workspaceId, host, userAgent, language, expires } = session
  const { rows } = await sql<{ started: boolean }>`
    select start_session(${hash}, ${id}, ${accountId}, ${workspaceId}, ${host}, ${userAgent}, ${language}, ${tx.now},
      ${expires}) as started`.execute(tx.kysely)
  return rows[0]!.started
}

/** For a visitor of the demo; anybody else has the language of their account. */
export async function updateSessionLanguage(tx: Tx, id: string, language: Language): Promise<void> {
  await sql`select speak_in_session(${id}, ${language})`.execute(tx.kysely)
}

export type OpenSessionRow = { id: string; user_agent: string; created_at: Date; seen_at: Date }

/** An account's sessions in all its workspaces, newest first, by key; with `only`, at most that one. */
export async function listSessions(
  db: Db,
  accountId: string,
  page: { after?: string; limit: number },
  only?: string,
): Promise<OpenSessionRow[]> {
  const { rows } = await sql<OpenSessionRow>`
    select * from sessions_of_account(${accountId}, ${page.after ?? null}, ${page.limit}, ${db.now}, ${only ?? null})`.execute(
    db.kysely,
  )
  return rows
}

/** The session stays as the mark of a known device, and opens nothing. */
export async function expireSession(tx: Tx, id: string): Promise<void> {
  await sql`select expire_session(${id}, ${tx.now})`.execute(tx.kysely)
}

/** False when the account has no such session. */
export async function deleteSession(tx: Tx, accountId: string, id: string): Promise<boolean> {
  const { rows } = await sql<{ ended: boolean }>`select end_session(${accountId}, ${id}, ${tx.now}) as ended`.execute(
    tx.kysely,
  )
  return rows[0]!.ended
}

/** @param where `here` ends those in this workspace, `everywhere` all */
export async function deleteSessions(
  tx: Tx,
  accountId: string,
  where: 'here' | 'everywhere',
  except?: string,
): Promise<void> {
  const workspaceId = where === 'here' ? tx.workspaceId : null
  await sql`select end_sessions(${accountId}, ${except ?? null}, ${workspaceId})`.execute(tx.kysely)
}

/** Whether a device holds a session of this account, be it over. */
export async function isKnownDevice(kysely: Kysely<unknown>, hash: Buffer, accountId: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`select is_known_device(${hash}, ${accountId}) as known`.execute(kysely)
  return rows[0]!.known
}
