import type { GivenLinkKind } from '@lahko/contract/tickets'
import { emitBatch } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { lockTickets } from './changing.queries.ts'
import { countGivenLinks, deleteGivenLink, findGivenLink, insertGivenLink } from './linking.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

type LinkOfTwo = { id: string; linkedId: string; kind: GivenLinkKind | null }

/** As many as are shown beside a ticket. */
const most = 50

const inverse = { related: 'related', causes: 'caused_by', caused_by: 'causes' } as const

/**
 * Says how two tickets belong together. One thing is said of two: another takes its place.
 * @param kind as the first sees it
 * @throws Problem not_found; conflict `desk.same_ticket`, `desk.too_many_links`
 */
export async function link(tx: Tx, id: string, otherId: string, kind: GivenLinkKind): Promise<void> {
  const [one, other] = await lockBoth(tx, id, otherId)
  if (one.id === other.id) throw new Problem('conflict', 'desk.same_ticket')
  const before = await findGivenLink(tx, one.id, other.id)
  if (before === kind) return
  if (before) await deleteGivenLink(tx, one.id, other.id)
  else for (const { id: either } of [one, other]) await demandRoom(tx, either)
  await insertGivenLink(tx, one.id, other.id, kind)
  await emitBatch(tx, [
    { type: 'ticket.linked', subjectId: one.id, data: { otherId: other.id, number: other.number, kind } },
    { type: 'ticket.linked', subjectId: other.id, data: { otherId: one.id, number: one.number, kind: inverse[kind] } },
  ])
}

/**
 * Says it of many, or of none; null takes back what was said.
 * @returns what takes all of it back
 * @throws Problem as `link` does
 */
export async function linkAll(tx: Tx, links: readonly LinkOfTwo[]): Promise<{ undo: LinkOfTwo[] }> {
  // In one order, so that two who do this wait for each other in no circle.
  await lockTickets(tx, [...new Set(links.flatMap(({ id, linkedId }) => [id, linkedId]))])
  const undo: LinkOfTwo[] = []
  for (const { id, linkedId, kind } of links) {
    undo.unshift({ id, linkedId, kind: (await findGivenLink(tx, id, linkedId)) ?? null })
    await (kind ? link(tx, id, linkedId, kind) : unlink(tx, id, linkedId))
  }
  return { undo }
}

/** Takes back what members have said of two tickets. Doing it twice is doing it once. @throws Problem not_found */
export async function unlink(tx: Tx, id: string, otherId: string): Promise<void> {
  const [one, other] = await lockBoth(tx, id, otherId)
  const before = await findGivenLink(tx, one.id, other.id)
  if (!before) return
  await deleteGivenLink(tx, one.id, other.id)
  const said = (about: TicketRow, kind: GivenLinkKind) => ({ otherId: about.id, number: about.number, kind })
  await emitBatch(tx, [
    { type: 'ticket.unlinked', subjectId: one.id, data: said(other, before) },
    { type: 'ticket.unlinked', subjectId: other.id, data: said(one, inverse[before]) },
  ])
}

async function lockBoth(tx: Tx, ...ids: [string, string]): Promise<[TicketRow, TicketRow]> {
  const rows = await lockTickets(tx, ids)
  const [one, other] = ids.map((id) => rows.find((row) => row.id === id.toLowerCase()))
  if (!one || !other) throw new Problem('not_found', 'platform.not_found')
  return [one, other]
}

async function demandRoom(db: Db, id: string): Promise<void> {
  if ((await countGivenLinks(db, id)) >= most) throw new Problem('conflict', 'desk.too_many_links', { most })
}
