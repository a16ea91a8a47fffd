import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { system, type Tx } from '#platform/store.ts'
import { insertAccount } from './accounts.queries.ts'
import { demandGrantable } from './members.ts'
import { deleteInvitation } from './member-invitations.queries.ts'
import { insertMember } from './members.queries.ts'
import { insertToken, peekToken, takeToken } from './tokens.queries.ts'
import { getWorkspace, type WorkspaceRow } from './workspaces.queries.ts'

/** A link for a member is good for a week. */
export const memberLinkMs = 7 * 86_400_000

/** Who accepts a link: an account that proved itself, or a new one. */
export type Newcomer = { accountId: string } | { email: string; name: string; language: Language; passwordHash: string }

/** Makes a link that adds one member. @throws Problem forbidden beyond one's own rights */
export async function inviteMember(tx: Tx, role: Role): Promise<{ token: string; expiresAt: Date }> {
  demandGrantable(tx.actor, role)
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  const expiresAt = new Date(tx.now.getTime() + memberLinkMs)
  const token = await insertToken(tx, 'member_link', tx.workspaceId, { role, memberId }, expiresAt)
  await emit(tx, { type: 'member.invited', subjectId: memberId ?? tx.workspaceId, data: { role } })
  return { token, expiresAt }
}

/** What a link offers; the address is that to which it was mailed. */
type Offer = { workspace: WorkspaceRow; role: Role; email: string | null }

/** @throws Problem gone when the link was used, is over, or never was */
export async function readMemberLink(house: House, token: string): Promise<Offer> {
  const offer = await peekToken(house.store.outside, 'member_link', token, house.clock.now())
  if (!offer) throw new Problem('gone', 'accounts.link_gone')
  const workspace = await house.store.read({ workspaceId: offer.workspaceId, actor: system }, getWorkspace)
  return { workspace, role: offer.data.role as Role, email: offer.data.email ?? null }
}

/**
 * Uses a link up and adds the member. Whoever is one already keeps their role.
 * @throws Problem gone when somebody else was faster, conflict when the e-mail address has an account by now
 */
export async function acceptMemberLink(tx: Tx, token: string, newcomer: Newcomer): Promise<{ accountId: string }> {
  const offer = await takeToken(tx, 'member_link', token)
  if (!offer) throw new Problem('gone', 'accounts.link_gone')
  if (offer.data.invitationId !== undefined) await deleteInvitation(tx, offer.data.invitationId)
  const accountId = 'accountId' in newcomer ? newcomer.accountId : uuidv7(tx.now.getTime())
  if (!('accountId' in newcomer) && !(await insertAccount(tx, { id: accountId, isDemo: false, ...newcomer }))) {
    throw new Problem('conflict', 'accounts.email_taken')
  }
  const id = uuidv7(tx.now.getTime())
  if (await insertMember(tx, { id, accountId, role: offer.data.role as Role })) {
    await emit(tx, { type: 'member.joined', subjectId: id, data: { role: offer.data.role } })
  }
  return { accountId }
}
