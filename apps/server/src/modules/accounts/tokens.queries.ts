import { sql, type Kysely } from 'kysely'
import { hashToken, newToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'

/** What each kind of one-time token carries. */
export type TokenData = {
  member_link: { role: string; memberId: string | null }
  hand_over: { accountId: string; host: string }
  sign_up: Record<string, never>
}

type Kept<Kind extends keyof TokenData> = { workspaceId: string; data: TokenData[Kind] }
type Row<Kind extends keyof TokenData> = { workspace_id: string; data: TokenData[Kind] }

/** Makes a one-time token and keeps its hash. `workspaceId` is null for a token that belongs to none. */
export async function insertToken<Kind extends keyof TokenData>(
  tx: Tx,
  kind: Kind,
  workspaceId: string | null,
  data: TokenData[Kind],
  expires: Date,
): Promise<string> {
  const token = newToken()
  await sql`select keep_token(${hashToken(token)}, ${kind}, ${workspaceId}, ${JSON.stringify(data)}::jsonb, ${tx.now}, ${expires})`.execute(
    tx.kysely,
  )
  return token
}

/** What a token offers, without using it. */
export async function peekToken<Kind extends keyof TokenData>(
  kysely: Kysely<unknown>,
  kind: Kind,
  token: string,
  now: Date,
): Promise<Kept<Kind> | undefined> {
  const { rows } = await sql<Row<Kind>>`select * from peek_token(${hashToken(token)}, ${kind}, ${now})`.execute(kysely)
  return rows[0] && { workspaceId: rows[0].workspace_id, data: rows[0].data }
}

/** Uses a token up: of two at once, one gets it. */
export async function takeToken<Kind extends keyof TokenData>(
  tx: Tx,
  kind: Kind,
  token: string,
): Promise<Kept<Kind> | undefined> {
  const { rows } = await sql<Row<Kind>>`select * from take_token(${hashToken(token)}, ${kind}, ${tx.now})`.execute(
    tx.kysely,
  )
  return rows[0] && { workspaceId: rows[0].workspace_id, data: rows[0].data }
}

/** The links that a member handed out open nothing any more. */
export async function voidLinksOfMember(tx: Tx, memberId: string): Promise<void> {
  await sql`select void_links_of_member(${memberId})`.execute(tx.kysely)
}
