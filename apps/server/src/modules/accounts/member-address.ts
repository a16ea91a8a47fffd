import type { Db } from '#platform/store.ts'
import { getMember } from './members.queries.ts'

/** The address of the member who asks; undefined when nobody with one does. */
export async function findMemberAddress(db: Db): Promise<string | undefined> {
  return db.actor.kind === 'member' ? (await getMember(db, db.actor.memberId)).email : undefined
}
