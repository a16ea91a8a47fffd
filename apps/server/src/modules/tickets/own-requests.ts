import { customerGroup, findCustomerByAddress, findCustomers, listAddressesOf, listColleagues } from '#people'
import type { Language } from '@lahko/contract/values'
import { Problem } from '#platform/problem.ts'
import { hashToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import { changeTicket } from './changing.ts'
import type { SignedIn } from './customer-sessions.ts'
import { openTicket } from './opening.ts'
import {
  findReadableFile,
  findRequestOf,
  listRequestIdsOf,
  listRequestsOf,
  listSaid,
  listUnsentTurns,
  type ReadableFile,
  type Readers,
  type SaidRow,
} from './own-requests.queries.ts'
import type { SentForm } from './reading-forms.ts'
import { attachUploads } from './request-files.ts'
import { findSentForm, insertSentForm, lockForm } from './sent-forms.queries.ts'
import { insertLink } from './threading.queries.ts'
import { listAttachments, type AttachmentRow } from './ticket-messages.queries.ts'
import { findMergeTarget, findTicketRow, listMergedSources, type TicketRow } from './tickets.queries.ts'
import { writeIn } from './writing-in.ts'

/** A customer who is signed in: all that is the same person, and whose requests besides their own they may follow. */
export type Viewer = {
  id: string
  name: string
  address: string
  own: readonly string[]
  colleagues: readonly string[]
}

/** Whoever is signed in: whose address it is now. Undefined when it is nobody's any more. */
export async function viewerOf(db: Db, { address }: Pick<SignedIn, 'address'>): Promise<Viewer | undefined> {
  const id = await findCustomerByAddress(db, address)
  if (id === undefined) return undefined
  const name = (await findCustomers(db, [id])).get(id)?.name ?? ''
  return { id, name, address, own: await customerGroup(db, id), colleagues: await listColleagues(db, id) }
}

/** Own requests, or those of one's organisation. */
export type Whose = 'own' | 'organisation'
type Page = { before?: { at: string; id: string }; limit: number }

export async function listRequests(db: Db, viewer: Viewer, whose: Whose, page: Page) {
  const ids = whose === 'own' ? viewer.own : [...new Set([...viewer.own, ...viewer.colleagues])]
  const rows = await listRequestsOf(db, ids, { ...page, limit: page.limit + 1 })
  const items = await asSent(db, rows.slice(0, page.limit))
  const last = items.at(-1)
  const askers = await askersOf(db, viewer, items)
  return { items, askers, next: rows.length > page.limit && last ? { at: last.key, id: last.id } : undefined }
}

/** What those are called who asked in the viewer's place, by their ids. */
async function askersOf(db: Db, { own }: Viewer, rows: readonly TicketRow[]): Promise<Map<string, string>> {
  const others = rows.flatMap(({ customer_id: id }) => (id === null || own.includes(id) ? [] : id))
  const found = await findCustomers(db, others)
  return new Map([...found].map(([id, { name, email }]) => [id, name || email || '']))
}

/** Tickets as their customers see them: an answer that has not left yet has changed nothing. */
export async function asSent<Row extends TicketRow>(db: Db, rows: readonly Row[]): Promise<Row[]> {
  const turns = await listUnsentTurns(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const turn = turns.get(row.id)
    return turn?.after === row.status ? { ...row, status: turn.before } : row
  })
}

/** A request that somebody may follow, what of it is shown as one, and who may read what in it. */
export type OwnRequest = { ticket: TicketRow; ticketIds: readonly string[]; readers: Readers }

/**
 * A request by its number. One that was merged is that into which it was, where that is the viewer's too.
 * @throws Problem not_found, also for what is others'
 */
export async function getRequest(db: Db, viewer: Viewer, number: number): Promise<OwnRequest> {
  const seen = [...new Set([...viewer.own, ...viewer.colleagues])]
  const found = await findRequestOf(db, number, seen)
  const [asked] = await asSent(db, found ? [found] : [])
  if (!asked) throw new Problem('not_found', 'platform.not_found')
  const targetId = await findMergeTarget(db, asked.id)
  const into = targetId ? await findTicketRow(db, targetId) : undefined
  const [target] = await asSent(db, into ? [into] : [])
  const ticket = target && seen.includes(target.customer_id ?? '') ? target : asked
  const sources = await listRequestIdsOf(db, await listMergedSources(db, ticket.id), seen)
  const requester = ticket.customer_id ? await customerGroup(db, ticket.customer_id) : []
  const customerIds = [...new Set([...seen, ...requester])]
  const addresses = await listAddressesOf(db, [...new Set([...viewer.own, ...requester])])
  const status = ticket === asked && target ? target.status : ticket.status
  return {
    ticket: { ...ticket, status },
    ticketIds: [ticket.id, ...sources],
    readers: { customerIds, addresses: [...new Set([...addresses, viewer.address])] },
  }
}

export type Said = SaidRow & { files: AttachmentRow[] }

/** What was said, oldest first; `earlier`: where more of it ends. */
export async function listConversation(
  db: Db,
  { ticketIds, readers }: OwnRequest,
  page: Page,
): Promise<{ said: Said[]; earlier?: { at: string; id: string } }> {
  const rows = await listSaid(db, ticketIds, readers, { ...page, limit: page.limit + 1 })
  const shown = rows.slice(0, page.limit)
  const ids = shown.map(({ id }) => id)
  const files = Map.groupBy(await listAttachments(db, ids), ({ messageId }) => messageId)
  const first = shown.at(-1)
  return {
    said: shown.toReversed().map((row) => ({ ...row, files: files.get(row.id) ?? [] })),
    ...(rows.length > page.limit && first && { earlier: { at: first.at.toISOString(), id: first.id } }),
  }
}

/** @throws Problem not_found, also for a file of others or of a note */
export async function getFile(db: Db, { ticketIds, readers }: OwnRequest, fileId: string): Promise<ReadableFile> {
  const file = await findReadableFile(db, fileId, ticketIds, readers)
  if (!file) throw new Problem('not_found', 'platform.not_found')
  return file
}

export type Answer = { text: string; token: string; sent: SentForm; language: Language }

/**
 * What a customer adds to a request: it is ours to answer again. A closed one goes on in another. The same form twice
 * is one message.
 * @returns the number under which it stands
 */
export async function answerRequest(tx: Tx, viewer: Viewer, request: OwnRequest, answer: Answer): Promise<number> {
  const tokenHash = hashToken(answer.token)
  await lockForm(tx, tokenHash)
  const known = await findSentForm(tx, tokenHash)
  if (known) return known.number
  const { ticket } = request
  const attachments = await attachUploads(tx, tokenHash, answer.sent)
  const author = { customerId: viewer.id, name: viewer.name, address: viewer.address }
  const said = { kind: 'message', channel: 'portal', author, text: answer.text, attachments } as const
  const goesOn = ticket.status === 'closed' ? await openAnew(tx, ticket, said, answer.language) : undefined
  if (!goesOn) await writeIn(tx, ticket.id, said)
  await insertSentForm(tx, tokenHash, goesOn?.id ?? ticket.id)
  return goesOn?.number ?? ticket.number
}

async function openAnew(
  tx: Tx,
  closed: TicketRow,
  first: Parameters<typeof writeIn>[2],
  language: Language,
): Promise<{ id: string; number: number }> {
  const opened = await openTicket(tx, {
    ...{ subject: closed.subject, channel: 'portal', priority: 'normal', language, first },
    ...(closed.topic && { topic: closed.topic }),
    ...(closed.mailbox_id && { mailboxId: closed.mailbox_id }),
    ...(closed.customer_id && { customerId: closed.customer_id }),
  })
  await insertLink(tx, opened.id, closed.id, 'continues')
  return opened
}

/** The customer says that it is solved, or that it is not. Doing it twice is doing it once. */
export async function turnRequest(tx: Tx, { ticket }: OwnRequest, to: 'solved' | 'open'): Promise<void> {
  const over = ticket.status === 'solved' || ticket.status === 'closed'
  if (over === (to === 'solved') || ticket.status === 'closed') return
  const targetId = (await findMergeTarget(tx, ticket.id)) ?? ticket.id
  await changeTicket(tx, targetId, { status: to })
}
