import type { BlockedSender } from '@lahko/contract/mailboxes'
import { everyMember } from '#accounts'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { enqueue } from '#platform/jobs.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import {
  deleteBlocked,
  findBlockedRow,
  insertBlocked,
  listBlockedRows,
  updateBlockedWaiting,
  type BlockedRow,
} from './blocked-senders.queries.ts'
import { listOwnAddresses } from './mailboxes.queries.ts'
import { judgeTaskName } from './taking-mail-in.ts'
import { memberNames } from './tickets.view.ts'

/** By what an address can be blocked: itself, or with an @ before it its domain or one above that. */
export function namesOfSender(address: string): string[] {
  const at = address.lastIndexOf('@')
  if (at < 0) return []
  const labels = address.slice(at + 1).split('.')
  const domains = labels.slice(0, -1).map((_, place) => `@${labels.slice(place).join('.')}`)
  return [address.toLowerCase(), ...domains.map((domain) => domain.toLowerCase())]
}

/**
 * From now on mail from a sender is set aside. Doing it twice is doing it once.
 * @param sender an address, or a domain with an @ before it
 * @throws Problem invalid `mailboxes.own_sender` for what is the workspace's own, or a member's
 */
export async function blockSender(tx: Tx, sender: string): Promise<BlockedSender> {
  const members = (await everyMember(tx)).map((member) => member.email)
  const own = [...(await listOwnAddresses(tx)), ...members]
  if (own.some((address) => namesOfSender(address).includes(sender))) {
    throw invalidField('/body/sender', 'mailboxes.own_sender', { sender })
  }
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  const fresh = uuidv7(tx.now.getTime())
  const id = await insertBlocked(tx, fresh, sender, memberId)
  if (id === fresh) await emit(tx, { type: 'sender.blocked', subjectId: id })
  return getBlocked(tx, id)
}

/**
 * Mail from a sender comes in again.
 * @param takeIn what was set aside meanwhile comes in too
 * @throws Problem not_found
 */
export async function unblockSender(tx: Tx, id: string, takeIn: boolean): Promise<void> {
  await getBlocked(tx, id)
  if (takeIn) {
    for (const mailboxId of await updateBlockedWaiting(tx, id)) {
      await enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`)
    }
  }
  await deleteBlocked(tx, id)
  await emit(tx, { type: 'sender.unblocked', subjectId: id })
}

/** @throws Problem not_found */
async function getBlocked(db: Db, id: string): Promise<BlockedSender> {
  const row = await findBlockedRow(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return (await view(db, [row]))[0]!
}

/** Newest first. */
export async function listBlockedSenders(
  db: Db,
  page: { after?: string; limit: number },
): Promise<{ items: BlockedSender[]; next: string | null }> {
  const rows = await listBlockedRows(db, { ...page, limit: page.limit + 1 })
  const shown = rows.slice(0, page.limit)
  return { items: await view(db, shown), next: rows.length > page.limit ? shown.at(-1)!.id : null }
}

async function view(db: Db, rows: readonly BlockedRow[]): Promise<BlockedSender[]> {
  const names = await memberNames(db)
  return rows.map((row) => ({
    id: row.id,
    sender: row.sender,
    by: row.member_id === null ? null : { id: row.member_id, name: names.get(row.member_id) ?? '' },
    setAside: row.set_aside,
    createdAt: row.created_at.toISOString(),
  }))
}
