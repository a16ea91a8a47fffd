import { sql } from 'kysely'
import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { DB } from '#platform/database.generated.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'members' | 'workspaces'>>()

export type MemberRow = {
  id: string
  account_id: string
  role: Role
  created_at: Date
  name: string
  email: string
  language: Language
  is_demo: boolean
}

type Wanted = { ids?: readonly string[]; roles?: readonly Role[]; search?: string; after?: string; limit: number }

/** In the order in which they came, by key. @param wanted `search`: how a word of their name begins, or their address */
export async function listMembers(db: Db, wanted: Wanted): Promise<MemberRow[]> {
  const { ids, roles, search, after, limit } = wanted
  const { rows } = await sql<MemberRow>`select * from member_accounts(
    ${ids ?? null}, ${roles ?? null}, ${search ?? null}, ${after ?? null}, ${limit})`.execute(db.kysely)
  return rows
}

const most = 10_000

/** All who work here. */
export function everyMember(db: Db): Promise<MemberRow[]> {
  return listMembers(db, { limit: most })
}

/** @throws Problem not_found */
export async function getMember(db: Db, id: string): Promise<MemberRow> {
  const [row] = await listMembers(db, { ids: [id], limit: 1 })
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

/** Whoever changes members next waits for this transaction, so that two cannot both be last. */
export async function lockMembers(tx: Tx): Promise<void> {
  await on(tx)
    .selectFrom('workspaces')
    .select('workspace_id')
    .where('workspace_id', '=', tx.workspaceId)
    .forNoKeyUpdate()
    .execute()
}

export async function countOwners(db: Db): Promise<number> {
  const row = await on(db)
    .selectFrom('members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', db.workspaceId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow()
  return row.count
}

/** False when the account is a member already. */
export async function insertMember(tx: Tx, member: { id: string; accountId: string; role: Role }): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await on(tx)
    .insertInto('members')
    .values({
      workspace_id: tx.workspaceId,
      id: member.id,
      account_id: member.accountId,
      role: member.role,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'account_id']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function updateRole(tx: Tx, id: string, role: Role): Promise<void> {
  await on(tx)
    .updateTable('members')
    .set({ role })
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}

/** Whether a member wants the desk denser. */
export async function isCompact(db: Db, id: string): Promise<boolean> {
  const row = await on(db)
    .selectFrom('members')
    .select('compact')
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.compact ?? false
}

export async function setCompact(tx: Tx, id: string, compact: boolean): Promise<void> {
  await on(tx)
    .updateTable('members')
    .set({ compact })
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function deleteMember(tx: Tx, id: string): Promise<void> {
  await on(tx).deleteFrom('members').where('workspace_id', '=', tx.workspaceId).where('id', '=', id).execute()
}

/** The accounts of every member, before a workspace goes. */
export async function listAccountIds(db: Db): Promise<string[]> {
  const rows = await on(db)
    .selectFrom('members')
    .select('account_id')
    .where('workspace_id', '=', db.workspaceId)
    .execute()
  return rows.map((row) => row.account_id)
}
