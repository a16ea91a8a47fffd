import { sql, type Kysely } from 'kysely'
import type { Language } from '@lahko/contract/values'
import { hashToken, newToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'

/** Whose account a link by mail opens. */
type AccountLink = { accountId: string; email: string }
export type AccountLinkKind = 'password_link' | 'sign_in_link'

/** What each kind of one-time token carries. */
export type TokenData = {
  member_link: { role: string; memberId: string | null; invitationId?: string; email?: string }
  hand_over: { accountId: string; host: string; language: Language }
  sign_up: Record<string, never>
  password_link: AccountLink
  sign_in_link: AccountLink
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

/** The links in mails about an invitation open nothing any more. */
export async function voidLinksOfInvitation(tx: Tx, invitationId: string): Promise<void> {
  await sql`select void_invitation_links(${invitationId})`.execute(tx.kysely)
}

/** How many unused links of a kind are in somebody's mail box. */
export async function countLinksOfAccount(tx: Tx, accountId: string, kind: AccountLinkKind): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count_account_links(${accountId}, ${kind}, ${tx.now}) as count`.execute(tx.kysely)
  return rows[0]!.count
}

/** No link that came by mail opens the account any more. */
export async function voidLinksOfAccount(tx: Tx, accountId: string): Promise<void> {
  await sql`select void_account_links(${accountId})`.execute(tx.kysely)
}
