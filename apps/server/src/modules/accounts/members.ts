import { permissionsOfRole, roles, rolesGrantableBy, type Role } from '@lahko/contract'
import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Actor, Tx } from '#platform/store.ts'
import { deleteStrayAccounts } from './accounts.queries.ts'
import { countOwners, deleteMember, getMember, lockMembers, updateRole, type MemberRow } from './members.queries.ts'
import { deleteInvitationsBy } from './member-invitations.queries.ts'
import { deleteSessions } from './sessions.queries.ts'
import { voidLinksOfMember } from './tokens.queries.ts'

/** The roles that somebody may give: a member by the table of roles, a key only what it can do itself. */
function grantableBy(actor: Actor): readonly Role[] {
  if (actor.kind === 'system') return roles
  if (actor.kind === 'member') return rolesGrantableBy(actor.role)
  return roles.filter((role) => permissionsOfRole[role].every((permission) => actor.permissions.has(permission)))
}

/**
 * Gives a member another role. Who may give fewer roles than before has also handed out the last link: those that are
 * unused open nothing.
 * @throws Problem not_found, forbidden beyond one's own rights, conflict for the last owner
 */
export async function changeRole(tx: Tx, id: string, role: Role): Promise<MemberRow> {
  await lockMembers(tx)
  const member = await getMember(tx, id)
  demandGrantable(tx.actor, member.role, role)
  if (member.role === role) return member
  if (role !== 'owner') await keepAnOwner(tx, member)
  await updateRole(tx, id, role)
  const left = rolesGrantableBy(role)
  if (rolesGrantableBy(member.role).some((one) => !left.includes(one))) {
    await voidLinksOfMember(tx, id)
    await deleteInvitationsBy(tx, id)
  }
  await emit(tx, { type: 'member.role_changed', subjectId: id, data: { from: member.role, to: role } })
  return { ...member, role }
}

/**
 * Removes a member: their sessions here end, their unused links open nothing, and an account that is a member
 * nowhere else goes with them.
 * @throws Problem not_found, forbidden beyond one's own rights, conflict for the last owner
 */
export async function removeMember(tx: Tx, id: string): Promise<void> {
  await lockMembers(tx)
  const member = await getMember(tx, id)
  demandGrantable(tx.actor, member.role)
  await keepAnOwner(tx, member)
  await deleteSessions(tx, member.account_id, 'here')
  await voidLinksOfMember(tx, id)
  await deleteMember(tx, id)
  await deleteStrayAccounts(tx, [member.account_id])
  await emit(tx, { type: 'member.removed', subjectId: id, data: { role: member.role } })
}

/** @throws Problem forbidden when one of the roles is not theirs to give or take */
export function demandGrantable(actor: Actor, ...wanted: Role[]): void {
  const grantable = grantableBy(actor)
  const role = wanted.find((one) => !grantable.includes(one))
  if (role) throw new Problem('forbidden', 'accounts.role_beyond_own', { role })
}

async function keepAnOwner(tx: Tx, member: MemberRow): Promise<void> {
  if (member.role === 'owner' && (await countOwners(tx)) === 1) throw new Problem('conflict', 'accounts.last_owner')
}
