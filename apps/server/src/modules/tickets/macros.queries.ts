import type { MacroActions } from '@lahko/contract/macros'
import type { Translated } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type MacroRow = {
  id: string
  name: string
  memberId: string | null
  texts: Translated
  actions: MacroActions
  used: number
  usedAt: Date | null
}
export type MacroContent = Pick<MacroRow, 'name' | 'memberId' | 'texts' | 'actions'>

const columns = sql`id, name, member_id as "memberId", texts, actions, used, used_at as "usedAt"`
const ofAll = (memberId: string | null) => sql`(member_id is null or member_id = ${memberId})`

/** Everybody's and this member's, by name. @param page `after` is the name and id of the last one before */
export async function listMacroRows(
  db: Db,
  memberId: string | null,
  { search, after, limit }: { search?: string; after?: { name: string; id: string }; limit: number },
): Promise<MacroRow[]> {
  const holds = search ? sql`and name ilike ${`%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}` : sql``
  const { rows } = await sql<MacroRow>`
    select ${columns} from macros where workspace_id = ${db.workspaceId} and ${ofAll(memberId)} ${holds}
      ${after ? sql`and (name, id) > (${after.name}, ${after.id})` : sql``}
    order by name, id limit ${limit}`.execute(db.kysely)
  return rows
}

export async function findMacroRow(db: Db, id: string, memberId: string | null): Promise<MacroRow | undefined> {
  const { rows } = await sql<MacroRow>`
    select ${columns} from macros
    where workspace_id = ${db.workspaceId} and id = ${id} and ${ofAll(memberId)}`.execute(db.kysely)
  return rows[0]
}

export async function insertMacro(tx: Tx, { name, memberId, texts, actions }: MacroContent): Promise<string> {
  const id = uuidv7(tx.now.getTime())
  await sql`
    insert into macros (workspace_id, id, name, member_id, texts, actions, created_at)
    values (${tx.workspaceId}, ${id}, ${name}, ${memberId}, ${JSON.stringify(texts)}, ${JSON.stringify(actions)},
      ${tx.now})`.execute(tx.kysely)
  return id
}

export async function updateMacro(tx: Tx, id: string, { name, memberId, texts, actions }: MacroContent): Promise<void> {
  await sql`
    update macros set name = ${name}, member_id = ${memberId}, texts = ${JSON.stringify(texts)},
      actions = ${JSON.stringify(actions)}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

export async function deleteMacro(tx: Tx, id: string): Promise<void> {
  await sql`delete from macros where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** A message was written with it; one that has been removed meanwhile counts nothing. */
export async function countMacroUse(tx: Tx, id: string): Promise<void> {
  await sql`
    update macros set used = used + 1, used_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** What was written with it was taken back. */
export async function uncountMacroUse(tx: Tx, id: string): Promise<void> {
  await sql`
    update macros set used = greatest(0, used - 1)
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
