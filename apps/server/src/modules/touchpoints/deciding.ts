import { findContacts, type Contact } from '#people'
import type { Db, Tx } from '#platform/store.ts'
import {
  listCustomersInside,
  listEndedSince,
  listRowsOfKind,
  lockUndecided,
  type UndecidedRow,
} from './deciding.queries.ts'

/** A touchpoint that has ended, and whom it was with: what is needed to decide whether to ask. */
export type UndecidedTouchpoint = {
  id: string
  kind: string
  endedAt: Date
  /** Outcome, channel, topic, team and agent stand among them; the kind does not. */
  attributes: Record<string, string>
  /** Null when nobody knows who it was. */
  customer: Contact | null
}

/**
 * Touchpoints that have ended and wait for a decision, oldest first. They belong to this transaction: others skip
 * them, and `markDecided` takes them off the list.
 */
export async function takeUndecided(tx: Tx, most: number): Promise<UndecidedTouchpoint[]> {
  return withContacts(tx, await lockUndecided(tx, most))
}

/** Touchpoints that ended since then, the last first, whether it was decided about them or not. */
export async function listEnded(db: Db, since: Date, most: number): Promise<UndecidedTouchpoint[]> {
  return withContacts(db, await listEndedSince(db, since, most))
}

async function withContacts(db: Db, rows: readonly UndecidedRow[]): Promise<UndecidedTouchpoint[]> {
  const contacts = await findContacts(
    db,
    rows.flatMap(({ customer_id: id }) => id ?? []),
  )
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    endedAt: row.ended_at,
    attributes: row.attributes,
    customer: contacts.get(row.customer_id ?? '') ?? null,
  }))
}

export type TouchpointWithContact = {
  id: string
  startedAt: Date | null
  endedAt: Date | null
  attributes: Record<string, string>
  customer: Contact | null
}

/** All touchpoints of a kind, page by page in the order in which they were reported, with whom they were. */
export async function listTouchpointsOfKind(
  db: Db,
  kind: string,
  page: { after?: string; limit: number },
): Promise<TouchpointWithContact[]> {
  const rows = await listRowsOfKind(db, kind, page)
  const contacts = await findContacts(
    db,
    rows.flatMap(({ customerId }) => customerId ?? []),
  )
  return rows.map(({ customerId, ...row }) => ({ ...row, customer: contacts.get(customerId ?? '') ?? null }))
}

/** A problem that nobody has closed for longer than this has been forgotten, not left open. */
const openDays = 90

/**
 * Which of these customers have a touchpoint, by whichever of their names, that began within 90 days and is open.
 * @param groups all customers that are one, by the ids of those who are meant
 */
export async function listOpenTouchpoints(
  db: Db,
  groups: ReadonlyMap<string, readonly string[]>,
): Promise<Set<string>> {
  const inside = await listCustomersInside(db, [...new Set([...groups.values()].flat())], openDays)
  return new Set([...groups].flatMap(([id, ids]) => (ids.some((one) => inside.has(one)) ? [id] : [])))
}
