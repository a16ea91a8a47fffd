import { sql, type Kysely } from 'kysely'
import type { Permission, Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'

/** What is read before a workspace is known: each function takes a name or a secret and tells one workspace. */

export type HostRow = { workspace_id: string; language: Language; named: boolean }

/**
 * The workspace that a host serves; undefined while there is none at all.
 * @param preferred the address of the one that hosts without a name serve; undefined for the first
 */
export async function findHost(
  kysely: Kysely<unknown>,
  host: string,
  slug: string | null,
  preferred?: string,
): Promise<HostRow | undefined> {
  const { rows } = await sql<HostRow>`select * from workspace_of_host(${host}, ${slug}, ${preferred ?? null})`.execute(
    kysely,
  )
  return rows[0]
}

export type HomeRow = { slug: string; host: string | null; is_default: boolean }

export async function findHome(
  kysely: Kysely<unknown>,
  workspaceId: string,
  preferred?: string,
): Promise<HomeRow | undefined> {
  const { rows } = await sql<HomeRow>`select * from workspace_home(${workspaceId}, ${preferred ?? null})`.execute(
    kysely,
  )
  return rows[0]
}

export type KeyRow = {
  workspace_id: string
  key_id: string
  scopes: Permission[]
  language: Language
  last_used_at: Date | null
}

export async function findKey(kysely: Kysely<unknown>, hash: Buffer): Promise<KeyRow | undefined> {
  const { rows } = await sql<KeyRow>`select * from key_by_hash(${hash})`.execute(kysely)
  return rows[0]
}

export type SessionRow = {
  session_id: string
  account_id: string
  workspace_id: string
  member_id: string
  role: Role
  language: Language
  seen_at: Date
}

/** A session that is not over, of an account that is still a member. */
export async function findSession(
  kysely: Kysely<unknown>,
  hash: Buffer,
  host: string,
  now: Date,
): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`select * from session_by_token(${hash}, ${host}, ${now})`.execute(kysely)
  return rows[0]
}

export async function touchSession(
  kysely: Kysely<unknown>,
  sessionId: string,
  now: Date,
  expires: Date,
): Promise<void> {
  await sql`select touch_session(${sessionId}, ${now}, ${expires})`.execute(kysely)
}

export async function findWorkspaceBySlug(
  kysely: Kysely<unknown>,
  slug: string,
): Promise<{ workspace_id: string; kind: 'company' | 'demo' } | undefined> {
  const { rows } = await sql<{ workspace_id: string; kind: 'company' | 'demo' }>`
    select * from workspace_by_slug(${slug})`.execute(kysely)
  return rows[0]
}

export async function findDemo(kysely: Kysely<unknown>): Promise<string | undefined> {
  const { rows } = await sql<{ id: string | null }>`select demo_workspace() as id`.execute(kysely)
  return rows[0]?.id ?? undefined
}
