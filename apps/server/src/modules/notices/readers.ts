import { permissionOfNotice, noticeKinds, permissionsOfRole, type NoticeKind } from '@lahko/contract'
import type { MemberRow } from '#accounts'
import { Problem } from '#platform/problem.ts'
import type { Actor } from '#platform/store.ts'
import type { Reader } from './notices.queries.ts'

/** What somebody may be told. */
export function readerOf(actor: Actor): Reader {
  return {
    memberId: actor.kind === 'member' ? actor.memberId : null,
    kinds: ['test', ...noticeKinds.filter((kind) => actor.permissions.has(permissionOfNotice[kind]))],
  }
}

/** The same of a member who is not asking. */
export function readerOfMember({ id, role }: Pick<MemberRow, 'id' | 'role'>): Reader {
  return { memberId: id, kinds: noticeKinds.filter((kind) => mayBeTold(role, kind)) }
}

export function mayBeTold(role: MemberRow['role'], kind: NoticeKind): boolean {
  return permissionsOfRole[role].includes(permissionOfNotice[kind])
}

/** @throws Problem forbidden for a key, which has no bell */
export function memberIdOf(actor: Actor): string {
  if (actor.kind !== 'member') throw new Problem('forbidden', 'notices.members_only')
  return actor.memberId
}
