import type { Ticket } from '@lahko/contract/tickets'
import { customerGroup } from '#people'
import type { Db } from '#platform/store.ts'
import { findBeside } from './beside.queries.ts'
import { viewReaders } from './reading.ts'
import type { TicketRow } from './tickets.queries.ts'

type Beside = Pick<
  Ticket,
  | ('followers' | 'following' | 'links' | 'probablySame' | 'readers')
  | ('mailbox' | 'participants' | 'sources' | 'draft')
>

/** Who else has to do with a ticket, and which other tickets have. @param names of the members */
export async function viewBeside(db: Db, row: TicketRow, names: ReadonlyMap<string, string>): Promise<Beside> {
  const me = db.actor.kind === 'member' ? db.actor.memberId : null
  const person = row.customer_id === null ? [] : await customerGroup(db, row.customer_id)
  const { followers, readers, alike, draft, ...rest } = await findBeside(db, row, { memberId: me, person })
  return {
    ...rest,
    followers: followers.map((id) => ({ id, name: names.get(id) ?? '' })),
    following: me !== null && followers.includes(me),
    probablySame: alike.map(({ updated_at: at, ...one }) => ({ ...one, updatedAt: new Date(at).toISOString() })),
    readers: viewReaders(db, readers, names),
    draft: draft && { ...draft.content, updatedAt: new Date(draft.updatedAt).toISOString() },
  }
}
