import type { Ticket } from '@lahko/contract/tickets'
import { customerGroup } from '#people'
import type { Db } from '#platform/store.ts'
import { findBeside, type BesideRow } from './beside.queries.ts'
import { viewReaders } from './reading.ts'
import { addressesOf } from './own-addresses.ts'
import type { TicketRow } from './tickets.queries.ts'

type Beside = Pick<
  Ticket,
  | ('followers' | 'following' | 'links' | 'probablySame' | 'readers' | 'tried')
  | ('mailbox' | 'participants' | 'sources' | 'draft')
> & { round: number; otherCustomerIds: string[] }

/**
 * Who else has to do with a ticket, and which other tickets have.
 * @param names of the members
 * @returns with it `otherCustomerIds`: other people who asked in what was merged into it
 */
export async function viewBeside(db: Db, row: TicketRow, names: ReadonlyMap<string, string>): Promise<Beside> {
  const me = db.actor.kind === 'member' ? db.actor.memberId : null
  const person = row.customer_id === null ? [] : await customerGroup(db, row.customer_id)
  const found = await findBeside(db, row, { memberId: me, person })
  const { followers, readers, alike, draft, sources, mailbox, ...rest } = found
  return {
    ...rest,
    followers: followers.map((id) => ({ id, name: names.get(id) ?? '' })),
    following: me !== null && followers.includes(me),
    probablySame: alike.map(({ updated_at: at, ...one }) => ({ ...one, updatedAt: new Date(at).toISOString() })),
    sources: sources.map(({ id, number, subject }) => ({ id, number, subject })),
    otherCustomerIds: [...new Set(sources.flatMap(({ customerId }) => customerId ?? []))].filter(
      (id) => !person.includes(id),
    ),
    readers: viewReaders(db, readers, names),
    mailbox: mailbox && viewMailbox(mailbox),
    draft: draft && { ...draft.content, updatedAt: new Date(draft.updatedAt).toISOString() },
  }
}

function viewMailbox(row: NonNullable<BesideRow['mailbox']>): Ticket['mailbox'] {
  const { id, name, address, writtenTo } = row
  return { id, name, address, addresses: addressesOf(row), answersFrom: writtenTo ?? address }
}
