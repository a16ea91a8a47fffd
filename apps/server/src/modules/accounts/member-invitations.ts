import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { MailKind } from '#platform/mail/kinds.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { writeMemberInvitation } from './account-mails.ts'
import { findAccount, listMemberships } from './accounts.queries.ts'
import { originForMail } from './entering.ts'
import {
  countInvitations,
  deleteInvitation,
  deleteInvitationsEnded,
  findInvitation,
  insertInvitation,
  updateInvitedAgain,
  updateMailState,
  type MemberInvitationRow,
} from './member-invitations.queries.ts'
import { memberLinkMs } from './member-links.ts'
import { demandGrantable } from './members.ts'
import { getMember } from './members.queries.ts'
import { insertToken, voidLinksOfInvitation } from './tokens.queries.ts'
import { getWorkspace } from './workspaces.queries.ts'

/** The token is for a link that can also be handed over without the mail. */
export type Invited = { invitation: MemberInvitationRow; token: string }

const mostWaiting = 200
const pauseMs = 60_000
/** So long an invitation whose link is over stands in the list, to be sent again. */
const keptEndedMs = 30 * 86_400_000

/**
 * Invites somebody by mail.
 * @throws Problem forbidden beyond one's own rights, invalid for the address of a member or of somebody invited already,
 *   conflict when too many have not answered
 */
export async function inviteByMail(
  house: House,
  tx: Tx,
  { email, role, language }: { email: string; role: Role; language: Language },
): Promise<Invited> {
  demandGrantable(tx.actor, role)
  if (await isMember(tx, email)) throw invalidField('/body/email', 'accounts.member_already')
  await deleteInvitationsEnded(tx, new Date(tx.now.getTime() - keptEndedMs))
  if ((await countInvitations(tx)) >= mostWaiting) {
    throw new Problem('conflict', 'accounts.too_many_invited', { most: mostWaiting })
  }
  const id = uuidv7(tx.now.getTime())
  const invitation = { id, email, role, language, invited_by: inviterOf(tx), expires_at: endOf(tx) }
  if (!(await insertInvitation(tx, invitation))) throw invalidField('/body/email', 'accounts.invited_already')
  await emit(tx, { type: 'member.invited', subjectId: id, data: { role } })
  return mailInvitation(house, tx, id)
}

/**
 * Writes once more, with a new link that is good for seven days; the one before opens nothing any more.
 * @throws Problem not_found, forbidden beyond one's own rights, rate_limited within a minute
 */
export async function inviteAgain(house: House, tx: Tx, id: string): Promise<Invited> {
  const { role, mailed_at: mailedAt } = await getInvitation(tx, id)
  demandGrantable(tx.actor, role)
  const retryAfterSeconds = Math.ceil((mailedAt.getTime() + pauseMs - tx.now.getTime()) / 1000)
  if (retryAfterSeconds > 0) throw new Problem('rate_limited', 'accounts.invited_just_now', { retryAfterSeconds })
  await voidLinksOfInvitation(tx, id)
  await updateInvitedAgain(tx, id, { invitedBy: inviterOf(tx), expiresAt: endOf(tx) })
  await emit(tx, { type: 'member.invited', subjectId: id, data: { role } })
  return mailInvitation(house, tx, id)
}

/** Takes an invitation back: its link opens nothing. @throws Problem not_found, forbidden beyond one's own rights */
export async function withdrawInvitation(tx: Tx, id: string): Promise<void> {
  const { role } = await getInvitation(tx, id)
  demandGrantable(tx.actor, role)
  await voidLinksOfInvitation(tx, id)
  await deleteInvitation(tx, id)
  await emit(tx, { type: 'member.invitation_withdrawn', subjectId: id, data: { role } })
}

/** Only the latest mail has a link that opens something. Number 0 is the first. */
export const memberInvitationMails: MailKind = {
  to: 'members',
  async claimed(tx, { subjectId, number }) {
    const invitation = await findInvitation(tx, subjectId)
    return invitation?.mails === number + 1 ? undefined : 'link_over'
  },
  sent: (tx, { subjectId, number }) => updateMailState(tx, subjectId, number + 1, 'sent'),
  failed: (tx, { subjectId, number }) => updateMailState(tx, subjectId, number + 1, 'failed'),
  async uncertain(tx, subjectId) {
    const invitation = await findInvitation(tx, subjectId)
    if (invitation) await updateMailState(tx, subjectId, invitation.mails, 'uncertain')
  },
}

async function mailInvitation(house: House, tx: Tx, id: string): Promise<Invited> {
  const invitation = await getInvitation(tx, id)
  const { email, role, language, mails, invited_by: memberId, expires_at: expiresAt } = invitation
  const token = await insertToken(
    tx,
    'member_link',
    tx.workspaceId,
    { role, memberId, invitationId: id, email },
    expiresAt,
  )
  const workspace = await getWorkspace(tx)
  const written = writeMemberInvitation({
    ...{ workspace, language, role, expiresAt },
    inviter: memberId === null ? null : (await getMember(tx, memberId)).name,
    url: `${await originForMail(house, tx)}/app/join/${token}`,
  })
  await queueMail(tx, house.config.mail, {
    ...{ kind: 'member_invitation', subjectId: id, number: mails - 1, fromName: workspace.name, recipient: email },
    ...{ urgent: true, secret: true, expiresAt, ...written },
  })
  return { invitation, token }
}

async function getInvitation(tx: Tx, id: string): Promise<MemberInvitationRow> {
  const invitation = await findInvitation(tx, id)
  if (!invitation) throw new Problem('not_found', 'platform.not_found')
  return invitation
}

async function isMember(tx: Tx, email: string): Promise<boolean> {
  const account = await findAccount(tx.kysely, email)
  const memberships = account ? await listMemberships(tx.kysely, account.id) : []
  return memberships.some((one) => one.workspace_id === tx.workspaceId)
}

const inviterOf = ({ actor }: Tx) => (actor.kind === 'member' ? actor.memberId : null)
const endOf = (tx: Tx) => new Date(tx.now.getTime() + memberLinkMs)
