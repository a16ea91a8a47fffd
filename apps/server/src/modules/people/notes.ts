import type { CustomerNote } from '@lahko/contract/people'
import { listMembers } from '#accounts'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { demandCustomer } from './customers.queries.ts'
import { customerGroup } from './merging.queries.ts'
import { deleteNote, insertNote, listNotes, type NoteRow, type NotesAbout } from './notes.queries.ts'
import { lockOrganisations, organisationGroup } from './organisations.queries.ts'

const mostMembers = 1_000

type Page = { after?: string; limit: number }
type Notes = { items: CustomerNote[]; next: string | null }

/** What members wrote about a customer, newest first; also about those who were merged into them. @throws Problem */
export async function viewNotes(db: Db, customerId: string, page: Page): Promise<Notes> {
  return notesAbout(db, { customers: thoseThere(await customerGroup(db, customerId)) }, page)
}

/** The same about an organisation. @throws Problem not_found */
export async function viewOrganisationNotes(db: Db, id: string, page: Page): Promise<Notes> {
  return notesAbout(db, { organisations: thoseThere(await organisationGroup(db, id)) }, page)
}

function thoseThere(ids: string[]): string[] {
  if (ids.length === 0) throw new Problem('not_found', 'platform.not_found')
  return ids
}

async function notesAbout(db: Db, about: NotesAbout, { after, limit }: Page): Promise<Notes> {
  const rows = await listNotes(db, about, { after, limit: limit + 1 })
  const names = new Map((await listMembers(db, { limit: mostMembers })).map(({ id, name }) => [id, name]))
  const items = rows.slice(0, limit).map((row) => viewNote(row, names.get(row.member_id ?? '')))
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/** Writes a note about a customer, for members alone. @throws Problem not_found */
export async function addNote(tx: Tx, customerId: string, text: string): Promise<CustomerNote> {
  await demandCustomer(tx, customerId)
  return keepNote(tx, { customer_id: customerId, organisation_id: null, text })
}

/** The same about an organisation. @throws Problem not_found */
export async function addOrganisationNote(tx: Tx, organisationId: string, text: string): Promise<CustomerNote> {
  thoseThere(await lockOrganisations(tx, [organisationId]))
  return keepNote(tx, { customer_id: null, organisation_id: organisationId, text })
}

async function keepNote(
  tx: Tx,
  about: Pick<NoteRow, 'customer_id' | 'organisation_id' | 'text'>,
): Promise<CustomerNote> {
  const memberId = tx.actor.kind === 'member' ? tx.actor.memberId : null
  const row = { ...about, id: uuidv7(tx.now.getTime()), member_id: memberId, created_at: tx.now }
  await insertNote(tx, row)
  await emit(tx, factOf(about, 'noted', row.id))
  const members = memberId ? await listMembers(tx, { limit: mostMembers }) : []
  return viewNote(row, members.find(({ id }) => id === memberId)?.name)
}

/** @throws Problem not_found */
export async function removeNote(tx: Tx, id: string): Promise<void> {
  const about = await deleteNote(tx, id)
  if (!about) throw new Problem('not_found', 'platform.not_found')
  await emit(tx, factOf(about, 'note_removed', id))
}

function factOf(
  { customer_id: customerId, organisation_id: organisationId }: Pick<NoteRow, 'customer_id' | 'organisation_id'>,
  what: 'noted' | 'note_removed',
  noteId: string,
) {
  const type = `${customerId ? 'customer' : 'organisation'}.${what}`
  return { type, subjectId: (customerId ?? organisationId)!, data: { noteId } }
}

function viewNote(row: NoteRow, name = ''): CustomerNote {
  const by = row.member_id ? { id: row.member_id, name } : null
  return { id: row.id, text: row.text, by, at: row.created_at.toISOString() }
}
