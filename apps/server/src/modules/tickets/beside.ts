import type { Ticket } from '@lahko/contract/tickets'
import type { Db } from '#platform/store.ts'
import { listFollowers, listLinks, listProbablySame } from './beside.queries.ts'
import { viewReaders } from './reading.ts'
import { memberNames } from './tickets.view.ts'
import type { TicketRow } from './tickets.queries.ts'

type Beside = Pick<Ticket, 'followers' | 'following' | 'links' | 'probablySame' | 'readers'>

/** Who else has to do with a ticket, and which other tickets have. */
export async function viewBeside(db: Db, row: TicketRow): Promise<Beside> {
  const me = db.actor.kind === 'member' ? db.actor.memberId : null
  const names = await memberNames(db)
  const followers = await listFollowers(db, row.id)
  const alike = row.spam_at ? [] : await listProbablySame(db, row)
  return {
    followers: followers.map((id) => ({ id, name: names.get(id) ?? '' })),
    following: me !== null && followers.includes(me),
    links: await listLinks(db, row.id),
    probablySame: alike.map(({ updated_at: at, ...one }) => ({ ...one, updatedAt: at.toISOString() })),
    readers: await viewReaders(db, row.id, names),
  }
}
