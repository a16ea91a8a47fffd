import type { FastifyRequest } from 'fastify'
import { listAddressesOf } from '#people'
import { findAmong } from '#platform/search/index.ts'
import type { Db } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { signedInBy } from './customer-sessions.ts'
import { listRequestsOf, listSaid } from './own-requests.queries.ts'
import { asSent, viewerOf, type Viewer } from './own-requests.ts'
import type { TicketRow } from './tickets.queries.ts'

/** A request of one's own that was searched for: how it stands, in the language of the page. */
export type FoundRequest = { number: number; subject: string; standing: string }

/** The latest of each, which is all that nearly everybody has. */
const most = { requests: 200, said: 300 }

/**
 * Requests of whoever is signed in, never another's, by their number, their subject, and what they may read in them;
 * while they type by the first two alone. Nothing for anybody else.
 */
export async function findOwnRequests(
  db: Db,
  request: FastifyRequest,
  { text, limit, typing }: { text: string; limit: number; typing: boolean },
): Promise<FoundRequest[]> {
  const customer = await signedInBy(db, request)
  const viewer = customer && (await viewerOf(db, customer))
  if (!viewer) return []
  const rows = await asSent(db, await listRequestsOf(db, viewer.own, { limit: most.requests }))
  const [, digits] = /^\s*#?(\d{1,10})\s*$/.exec(text) ?? []
  const numbered = rows.filter(({ number }) => String(number) === digits)
  const said = typing ? new Map<string, string>() : await saidIn(db, viewer, rows)
  const texts = rows.map((row) => ({
    ...{ row, languages: [...new Set([request.language, row.language ?? request.language])] },
    ...{ title: row.subject, body: said.get(row.id) ?? '' },
  }))
  const found = findAmong(texts, text, { prefix: typing }).map(({ row }) => row)
  return [...new Set([...numbered, ...found])].slice(0, limit).map(({ number, subject, status }) => ({
    ...{ number, subject, standing: words(request.language, `requests.status_${status}`) },
  }))
}

/** What may be read in each. */
async function saidIn(db: Db, viewer: Viewer, rows: readonly TicketRow[]): Promise<Map<string, string>> {
  const ids = rows.map(({ id }) => id)
  const addresses = [...(await listAddressesOf(db, [...viewer.own])), viewer.address]
  const said = await listSaid(db, ids, { customerIds: viewer.own, addresses }, { limit: most.said })
  const texts = Map.groupBy(said, ({ ticket_id: id }) => id)
  return new Map([...texts].map(([id, those]) => [id, those.map(({ text }) => text).join('\n')]))
}
