import type { CustomerNote } from '@lahko/contract/people'
import { listMembers } from '#accounts'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { demandCustomer } from './customers.queries.ts'
import { customerGroup } from './merging.queries.ts'
import { deleteNote, insertNote, listNotes, type CustomerNoteRow } from './notes.queries.ts'

const mostMembers = 1_000

/** What members wrote about a customer, newest first; also about those who were merged into them. @throws Problem */
export async function viewNotes(
  db: Db,
  customerId: string,
  { after, limit }: { after?: string; limit: number },
): Promise<{ items: CustomerNote[]; next: string | null }> {
  const ids = await customerGroup(db, customerId)
  if (ids.length === 0) throw new Problem('not_found', 'platform.not_found')
  const rows = await listNotes(db, ids, { after, limit: limit + 1 })
  const names = new Map((await listMembers(db, { limit: mostMembers })).map(({ id, name }) => [id, name]))
  const items = rows.slice(0, limit).map((row) => viewNote(row, names.get(row.member_id ?? '')))
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/** Writes a note about a customer, for members alone. @throws Problem not_found */
export async function addNote(tx: Tx, customerId: string, text: string): Promise<CustomerNote> {
  await demandCustomer(tx, customerId)
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  const row = { id: uuidv7(tx.now.getTime()), customer_id: customerId, member_id: memberId, text, created_at: tx.now }
  await insertNote(tx, row)
  await emit(tx, { type: 'customer.noted', subjectId: customerId, data: { noteId: row.id } })
  const members = memberId ? await listMembers(tx, { limit: mostMembers }) : []
  return viewNote(row, members.find(({ id }) => id === memberId)?.name)
}

/** @throws Problem not_found */
export async function removeNote(tx: Tx, id: string): Promise<void> {
  const customerId = await deleteNote(tx, id)
  if (!customerId) throw new Problem('not_found', 'platform.not_found')
  await emit(tx, { type: 'customer.note_removed', subjectId: customerId, data: { noteId: id } })
}

function viewNote(row: CustomerNoteRow, name = ''): CustomerNote {
  const by = row.member_id ? { id: row.member_id, name } : null
  return { id: row.id, text: row.text, by, at: row.created_at.toISOString() }
}
