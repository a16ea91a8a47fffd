import { sql, type Kysely } from 'kysely'
import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { Tx } from '#platform/store.ts'

export type AccountRow = {
  id: string
  name: string
  language: Language
  password_hash: string | null
  is_demo: boolean
}

export async function findAccount(kysely: Kysely<unknown>, email: string): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`select * from account_by_email(${email})`.execute(kysely)
  return rows[0]
}

export type NewAccount = {
  id: string
  email: string
  name: string
  language: Language
  passwordHash: string | null
  isDemo: boolean
}

/** False when the address has an account already. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<boolean> {
  const { id, email, name, language, passwordHash, isDemo } = account
  const { rows } = await sql<{ made: boolean }>`
    select create_account(${id}, ${email}, ${name}, ${language}, ${passwordHash}, ${isDemo}, ${tx.now}) as made`.execute(
    tx.kysely,
  )
  return rows[0]!.made
}

/** Changes what is given. False when the account is not a member of this workspace. */
export async function updateAccount(
  tx: Tx,
  id: string,
  change: { name?: string; language?: Language; passwordHash?: string },
): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select change_account(${id}, ${change.name ?? null}, ${change.language ?? null}, ${change.passwordHash ?? null}) as changed`.execute(
    tx.kysely,
  )
  return rows[0]!.changed
}

/** Deletes those of the accounts that are no longer a member anywhere. */
export async function deleteStrayAccounts(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`select remove_stray_accounts(${ids}::uuid[])`.execute(tx.kysely)
}

/** Whether anybody but the demo's visitor has an account. */
export async function hasAccounts(kysely: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select has_accounts(false) as taken`.execute(kysely)
  return rows[0]!.taken
}

/** The same, and whoever asks next waits until this transaction ends. */
export async function hasAccountsWaiting(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select has_accounts(true) as taken`.execute(tx.kysely)
  return rows[0]!.taken
}

export type MembershipRow = {
  workspace_id: string
  slug: string
  name: string
  kind: 'company' | 'demo'
  member_id: string
  role: Role
}

/** Where an account is a member, companies first. */
export async function listMemberships(kysely: Kysely<unknown>, accountId: string): Promise<MembershipRow[]> {
  const { rows } = await sql<MembershipRow>`select * from workspaces_of_account(${accountId})`.execute(kysely)
  return rows
}

/** Counts an attempt for each key, or tells how many seconds to wait. */
export async function countAttempt(
  kysely: Kysely<unknown>,
  limits: readonly { key: Buffer; free: number }[],
  now: Date,
): Promise<number> {
  const [keys, free] = [limits.map((limit) => limit.key), limits.map((limit) => limit.free)]
  const { rows } = await sql<{ seconds: number }>`
    select try_sign_in(${keys}::bytea[], ${free}::integer[], ${now}) as seconds`.execute(kysely)
  return rows[0]!.seconds
}

export async function forgiveAttempt(kysely: Kysely<unknown>, accountKey: Buffer, addressKey: Buffer): Promise<void> {
  await sql`select forgive_sign_in(${accountKey}, ${addressKey})`.execute(kysely)
}
