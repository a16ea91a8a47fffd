import type { FastifyReply } from 'fastify'
import { mailboxes as contract, type IncomingMail } from '@lahko/contract/mailboxes'
import { tickets } from '@lahko/contract/tickets'
import { id, type Language } from '@lahko/contract/values'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { acceptAuthor } from './accepting-authors.ts'
import { blockSender, listBlockedSenders, unblockSender } from './blocking-senders.ts'
import {
  findFileContent,
  findSourceOfMessage,
  findIncoming,
  listIncoming,
  type IncomingRow,
} from './incoming.queries.ts'
import { judgeOnceMore } from './judging-mail.jobs.ts'
import { tryMailbox } from './mailbox-trying.ts'
import { listMailboxRows } from './mailboxes.queries.ts'
import { addMailbox, changeMailbox, getMailbox, keepRefreshToken, removeMailbox } from './mailboxes.ts'
import { viewMailboxes } from './mailboxes.view.ts'

/** Where mail comes in, and the ledger of all that did. */
export function mailboxRoutes({ clock, store }: House): Route[] {
  const show = async (db: Db, mailboxId: string, language: Language) =>
    (await viewMailboxes(db, [await getMailbox(db, mailboxId)], language))[0]!
  return [
    route(contract.list, ({ query, read, language }) =>
      read(async (db) => {
        demandKey(query.after)
        const rows = await listMailboxRows(db, { ...query, limit: query.limit + 1 })
        const shown = rows.slice(0, query.limit)
        return {
          items: await viewMailboxes(db, shown, language),
          next: rows.length > query.limit ? shown.at(-1)!.id : null,
        }
      }),
    ),
    route(contract.create, ({ body, write, language }) =>
      write(async (tx) => show(tx, await addMailbox(tx, body), language)),
    ),
    route(contract.get, ({ params, read, language }) => read((db) => show(db, params.id, language))),
    route(contract.change, ({ params, body, write, language }) =>
      write(async (tx) => {
        await changeMailbox(tx, params.id, body)
        return show(tx, params.id, language)
      }),
    ),
    route(contract.remove, ({ params, write }) => write((tx) => removeMailbox(tx, params.id))),
    route(contract.test, async ({ params, language, read, scope }) => {
      const row = await read((db) => getMailbox(db, params.id))
      return tryMailbox(row, language, () => clock.now(), keepRefreshToken(store, scope))
    }),
    ...ledgerRoutes(),
    ...blockingRoutes(),
  ]
}

function blockingRoutes(): Route[] {
  return [
    route(contract.blocked, ({ query, read }) =>
      read((db) => {
        demandKey(query.after)
        return listBlockedSenders(db, query)
      }),
    ),
    route(contract.block, ({ body, write }) => write((tx) => blockSender(tx, body.sender))),
    route(contract.unblock, ({ params, query, write }) => write((tx) => unblockSender(tx, params.id, query.takeIn))),
  ]
}

function ledgerRoutes(): Route[] {
  return [
    route(contract.ledger, ({ query, read }) =>
      read(async (db) => {
        demandKey(query.after)
        const rows = await listIncoming(db, { ...query, limit: query.limit + 1 })
        const shown = rows.slice(0, query.limit)
        return { items: shown.map(viewIncoming), next: rows.length > query.limit ? shown.at(-1)!.id : null }
      }),
    ),
    route(contract.incomingSource, async ({ params, read, reply }) => {
      const raw = await read(async (db) => {
        const row = await getIncoming(db, params.id)
        return row.raw_file_id === null ? undefined : findFileContent(db, row.raw_file_id)
      })
      return sendSource(reply, params.id, raw)
    }),
    route(tickets.source, async ({ params, read, reply }) =>
      sendSource(reply, params.id, await read((db) => findSourceOfMessage(db, params.id))),
    ),
    route(tickets.acceptAuthor, ({ params, write }) => write((tx) => acceptAuthor(tx, params.id))),
    route(contract.retry, ({ params, write }) =>
      write(async (tx) => {
        await getIncoming(tx, params.id)
        await judgeOnceMore(tx, params.id)
        return viewIncoming(await getIncoming(tx, params.id))
      }),
    ),
  ]
}

/** A browser may show message/rfc822 as a page, and whoever wrote it is a stranger. */
function sendSource(reply: FastifyReply, name: string, raw: Buffer | undefined): FastifyReply {
  if (!raw) throw new Problem('not_found', 'platform.not_found')
  return reply
    .type('message/rfc822')
    .header('content-disposition', `attachment; filename="${name}.eml"`)
    .header('content-security-policy', "sandbox; default-src 'none'")
    .send(raw)
}

function demandKey(after: string | undefined): void {
  if (!id.optional().safeParse(after).success) throw invalidField('/query/after', 'mailboxes.bad_page')
}

async function getIncoming(db: Db, mailId: string): Promise<IncomingRow> {
  const row = await findIncoming(db, mailId)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

function viewIncoming(row: IncomingRow): IncomingMail {
  return {
    id: row.id,
    mailboxId: row.mailbox_id,
    receivedAt: row.received_at.toISOString(),
    sender: row.sender,
    subject: row.subject,
    size: row.size,
    outcome: row.outcome,
    reason: row.reason,
    status: row.status,
    says: row.says,
    retryAt: row.retry_at?.toISOString() ?? null,
    uid: row.uid,
    ticket:
      row.ticket_id === null || row.ticket_number === null ? null : { id: row.ticket_id, number: row.ticket_number },
    hasSource: row.raw_file_id !== null,
  }
}
