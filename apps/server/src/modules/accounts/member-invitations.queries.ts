import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { DB } from '#platform/database.generated.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'member_invitations'>>()

export type InvitationMailState = 'waiting' | 'sent' | 'uncertain' | 'failed'

export type MemberInvitationRow = {
  id: string
  email: string
  role: Role
  language: Language
  invited_by: string | null
  mails: number
  mail_state: InvitationMailState
  mailed_at: Date
  expires_at: Date
}

/** In the order in which they were invited, by key. */
export async function listInvitations(
  db: Db,
  { after, limit }: { after?: string; limit: number },
): Promise<MemberInvitationRow[]> {
  const all = on(db).selectFrom('member_invitations').selectAll().where('workspace_id', '=', db.workspaceId)
  const page = after === undefined ? all : all.where('id', '>', after)
  return (await page.orderBy('id').limit(limit).execute()) as MemberInvitationRow[]
}

/** How many links are still good. */
export async function countInvitations(db: Db): Promise<number> {
  const { count } = await on(db)
    .selectFrom('member_invitations')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', db.workspaceId)
    .where('expires_at', '>', db.now)
    .executeTakeFirstOrThrow()
  return count
}

export async function findInvitation(db: Db, id: string): Promise<MemberInvitationRow | undefined> {
  const row = await on(db)
    .selectFrom('member_invitations')
    .selectAll()
    .where('workspace_id', '=', db.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row as MemberInvitationRow | undefined
}

export type NewInvitation = Pick<
  MemberInvitationRow,
  'id' | 'email' | 'role' | 'language' | 'invited_by' | 'expires_at'
>

/** False when the address has been invited already. */
export async function insertInvitation(tx: Tx, invitation: NewInvitation): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await on(tx)
    .insertInto('member_invitations')
    .values({ workspace_id: tx.workspaceId, created_at: tx.now, mailed_at: tx.now, ...invitation })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'email']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** One more mail, by whoever asks for it now. */
export async function updateInvitedAgain(
  tx: Tx,
  id: string,
  { invitedBy, expiresAt }: { invitedBy: string | null; expiresAt: Date },
): Promise<void> {
  await on(tx)
    .updateTable('member_invitations')
    .set((eb) => ({
      mails: eb('mails', '+', 1),
      mail_state: 'waiting',
      mailed_at: tx.now,
      invited_by: invitedBy,
      expires_at: expiresAt,
    }))
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}

/** What became of its latest mail; of an earlier one nobody wants to know. @param mails how many there were by then */
export async function updateMailState(tx: Tx, id: string, mails: number, state: InvitationMailState): Promise<void> {
  await on(tx)
    .updateTable('member_invitations')
    .set({ mail_state: state })
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .where('mails', '=', mails)
    .execute()
}

/** False when it is not there. */
export async function deleteInvitation(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await on(tx)
    .deleteFrom('member_invitations')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Those that ended before a moment, which nobody renewed. */
export async function deleteInvitationsEnded(tx: Tx, before: Date): Promise<void> {
  await on(tx)
    .deleteFrom('member_invitations')
    .where('workspace_id', '=', tx.workspaceId)
    .where('expires_at', '<', before)
    .execute()
}

/** Those of a member who may no longer hand them out. */
export async function deleteInvitationsBy(tx: Tx, memberId: string): Promise<void> {
  await on(tx)
    .deleteFrom('member_invitations')
    .where('workspace_id', '=', tx.workspaceId)
    .where('invited_by', '=', memberId)
    .execute()
}
