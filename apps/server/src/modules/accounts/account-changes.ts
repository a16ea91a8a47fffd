import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { House } from '#platform/house.ts'
import { hashPassword } from '#platform/secrets.ts'
import { system, type Tx } from '#platform/store.ts'
import { findAccount, listMemberships, updateAccount } from './accounts.queries.ts'
import { getMember, type MemberRow } from './members.queries.ts'
import { refuseWeakPassword } from './passwords.ts'
import { deleteSessions } from './sessions.queries.ts'
import { voidLinksOfAccount } from './tokens.queries.ts'

// As the contract takes them: with others nobody could sign in.
const [shortest, longest] = [10, 200]

export type AccountChange = { name?: string; language?: Language; passwordHash?: string }

/**
 * Changes a member's account. A new password ends every session of it, but the one in which it was changed, and voids
 * the links that came by mail.
 * @throws Problem conflict for the demo's visitor, whom everybody shares
 */
export async function changeAccount(tx: Tx, member: MemberRow, change: AccountChange): Promise<void> {
  if (member.is_demo) throw new Problem('conflict', 'accounts.demo_account')
  const fields = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (fields.length === 0) return
  await updateAccount(tx, member.account_id, change)
  if (change.passwordHash !== undefined) {
    const current = tx.actor.kind === 'member' ? tx.actor.sessionId : undefined
    await deleteSessions(tx, member.account_id, 'everywhere', current)
    await voidLinksOfAccount(tx, member.account_id)
  }
  await emit(tx, { type: 'member.changed', subjectId: member.id, data: { fields } })
}

/**
 * Sets the password of somebody who lost it, on the operator's word; all their sessions end.
 * @returns false when no member has the address
 * @throws Problem invalid for a password that is too short, too long or too easy to guess
 */
export async function setLostPassword(house: House, email: string, password: string): Promise<boolean> {
  const { outside } = house.store
  const account = await findAccount(outside, email)
  const [membership] = account ? await listMemberships(outside, account.id) : []
  if (!account || !membership) return false
  if (password.length < shortest) throw invalidField('/body/password', 'accounts.password_short', { shortest })
  if (password.length > longest) throw invalidField('/body/password', 'accounts.password_long', { longest })
  refuseWeakPassword('/body/password', password, [email, account.name])
  const passwordHash = await hashPassword(password)
  await house.store.write({ workspaceId: membership.workspace_id, actor: system }, async (tx) =>
    changeAccount(tx, await getMember(tx, membership.member_id), { passwordHash }),
  )
  return true
}
