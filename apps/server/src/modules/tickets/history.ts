import { priorities, type HistoryChange, type HistoryEntry } from '@lahko/contract/tickets'
import type { Language } from '@lahko/contract/values'
import { findContacts, type Contact } from '#people'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { viewFact } from './entries.ts'
import { readPage, writePage } from './entry-pages.ts'
import { listFacts, type FactRow } from './facts.queries.ts'
import { sayValue } from './field-values.ts'
import { listFieldsById, type TicketFieldRow } from './ticket-fields.queries.ts'
import { findTicketRow, listMergedSources, listTicketLines } from './tickets.queries.ts'
import { memberNames } from './tickets.view.ts'
import { listWordings, type Words } from './wordings.queries.ts'

/** Every change of a ticket and of those merged into it, newest first. @throws Problem not_found, invalid */
export async function listHistory(
  db: Db,
  ticketId: string,
  { after, limit }: { after?: string; limit: number },
  language: Language,
): Promise<{ items: HistoryEntry[]; next: string | null }> {
  if (!(await findTicketRow(db, ticketId))) throw new Problem('not_found', 'platform.not_found')
  const ids = [ticketId, ...(await listMergedSources(db, ticketId))]
  const rows = await listFacts(db, ids, { before: readPage(after), limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const known = await whatIsKnown(db, shown, language)
  const numbers = new Map((await listTicketLines(db, ids)).map(({ id, number }) => [id, number]))
  const items = shown.map((row) => ({
    ...viewFact(row, known.members),
    ticketNumber: numbers.get(row.ticket_id) ?? 0,
    changes: changesOf(row, known),
  }))
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? writePage(last) : null }
}

/** Everything by which ids become what people call it. */
type Known = {
  members: ReadonlyMap<string, string>
  customers: ReadonlyMap<string, Contact>
  fields: ReadonlyMap<string, TicketFieldRow>
  wordings: ReadonlyMap<string, Words>
  language: Language
}

async function whatIsKnown(db: Db, rows: readonly FactRow[], language: Language): Promise<Known> {
  const told = rows.filter(
    ({ type }) => type === 'ticket.renamed' || type === 'ticket.fields' || type === 'ticket.customer',
  )
  const wordings = await listWordings(
    db,
    told.map(({ id }) => id),
  )
  const changed = rows.filter(({ type }) => type === 'ticket.customer')
  const customerIds = changed.flatMap(({ data }) => [data['from'], data['to']].flatMap((id) => textOf(id) ?? []))
  const fieldIds = [...wordings.values()].flatMap(({ fields }) => Object.keys(fields ?? {}))
  return {
    members: await memberNames(db),
    customers: await findContacts(db, customerIds),
    fields: await listFieldsById(db, fieldIds),
    wordings,
    language,
  }
}

/** What was before and after, in the words of the one who reads. Pure. */
function changesOf(row: FactRow, known: Known): HistoryChange[] {
  const { type, data } = row
  const from = textOf(data['from'])
  const to = textOf(data['to'])
  const number = numberOf(data['number'])
  switch (type) {
    case 'ticket.status':
    case 'ticket.topic':
    case 'ticket.language':
      return [part(type.slice('ticket.'.length) as 'status', from, to)]
    case 'ticket.prioritised':
      return [part('priority', priorities.find((one) => one === from) ?? null, to)]
    case 'ticket.assigned':
      return [part('owner', memberCalled(from, known), memberCalled(to, known))]
    case 'ticket.tagged':
      return [
        ...listOf(data['removed']).map((tag) => part('tag', tag, null)),
        ...listOf(data['added']).map((tag) => part('tag', null, tag)),
      ]
    case 'ticket.customer':
      return customerChanges(from, to, known, known.wordings.get(row.id) ?? {})
    case 'ticket.renamed':
    case 'ticket.fields':
      return wordingChanges(known.wordings.get(row.id) ?? {}, known)
    case 'ticket.snoozed':
    case 'ticket.woken':
      return [part('snoozed', from, textOf(data['until']))]
    case 'ticket.followed':
      return [part('follower', null, memberCalled(textOf(data['memberId']), known))]
    case 'ticket.unfollowed':
      return [part('follower', memberCalled(textOf(data['memberId']), known), null)]
    case 'ticket.linked':
      return [part('link', null, number, textOf(data['kind']))]
    case 'ticket.unlinked':
      return [part('link', number, null, textOf(data['kind']))]
    case 'ticket.merged':
      return [part('merged', null, numberOf(data['into']))]
    case 'ticket.unmerged':
      return [part('merged', numberOf(data['from']), null)]
    case 'ticket.gave_back':
      return [part('source', number, null)]
    case 'ticket.split':
      return [part('split', null, number)]
    default:
      return []
  }
}

function part(
  of: HistoryChange['of'],
  from: string | null,
  to: string | null,
  name: string | null = null,
): HistoryChange {
  return { of, name, from, to }
}

/** Whoever has left is nobody whose name is known: an empty one. */
function memberCalled(id: string | null, { members }: Known): string | null {
  return id === null ? null : (members.get(id) ?? '')
}

function customerChanges(
  from: string | null,
  to: string | null,
  { customers }: Known,
  { organisation }: Words,
): HistoryChange[] {
  const called = (id: string | null) => {
    const one = customers.get(id ?? '')
    return id === null ? null : (one?.name ?? one?.email ?? '')
  }
  return [part('customer', called(from), called(to)), ...(organisation ? [part('organisation', ...organisation)] : [])]
}

function wordingChanges({ subject, fields = {} }: Words, { fields: known, language }: Known): HistoryChange[] {
  const said = (id: string, kept: string | null) => {
    const field = known.get(id)
    return kept === null || !field ? kept : sayValue(field, kept, language, (key) => words(language, `requests.${key}`))
  }
  return [
    ...(subject ? [part('subject', ...subject)] : []),
    ...Object.entries(fields).map(([id, [from, to]]) =>
      part('field', said(id, from), said(id, to), known.get(id)?.name ?? null),
    ),
  ]
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function numberOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : null
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
