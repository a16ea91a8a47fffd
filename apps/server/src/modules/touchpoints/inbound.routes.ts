import type { Readable } from 'node:stream'
import { touchpoints as contract, type InboundHook } from '@lahko/contract/touchpoints'
import { findOrigin } from '#accounts'
import type { House } from '#platform/house.ts'
import { apiPrefix, route, type Route } from '#platform/http.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import { system } from '#platform/store.ts'
import { changeHookSecret, createHook, endHook, getHook, receive } from './inbound.ts'
import { listHooks, type HookRow } from './inbound.queries.ts'
import { listUntaken } from './inbound-untaken.queries.ts'
import { tryAgain } from './trying-again.ts'

/** The addresses of help desks, and what these send to them. */
export function inboundRoutes(house: House, modules: readonly Module[]): Route[] {
  return [
    route(contract.listHooks, async ({ query, read, request }) => {
      const origin = await findOrigin(house, request)
      const rows = await read((db) => listHooks(db, { ...query, limit: query.limit + 1 }))
      const items = rows.slice(0, query.limit).map((row) => view(row, origin))
      return { items, next: rows.length > query.limit ? items.at(-1)!.id : null }
    }),
    route(contract.createHook, async ({ body, write, request }) => {
      const origin = await findOrigin(house, request)
      return write(async (tx) => {
        const { id, secret } = await createHook(tx, body)
        return { secret, hook: view(await getHook(tx, id), origin) }
      })
    }),
    route(contract.setHookSecret, async ({ params, body, write, request }) => {
      const origin = await findOrigin(house, request)
      return write(async (tx) => {
        const secret = await changeHookSecret(tx, params.id, body.secret)
        return { secret, hook: view(await getHook(tx, params.id), origin) }
      })
    }),
    route(contract.listUntaken, async ({ params, query, read }) => {
      const rows = await read(async (db) => {
        await getHook(db, params.id)
        return listUntaken(db, params.id, { ...query, limit: query.limit + 1 })
      })
      const items = rows.slice(0, query.limit).map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() }))
      return { items, next: rows.length > query.limit ? items.at(-1)!.id : null }
    }),
    route(contract.removeHook, ({ params, write }) => write((tx) => endHook(tx, params.id))),
    route(contract.receive, async ({ params, request, scope, language }) => {
      const body = await bytesOf(request.body as Readable)
      // Whoever signs is nobody's member: what they report is the house's own doing.
      const within = { workspaceId: scope.workspaceId, actor: system }
      const delivery = { ...params, headers: request.headers, body }
      const received = await tryAgain(() => house.store.write(within, (tx) => receive(tx, modules, delivery, language)))
      if (received instanceof Problem) throw received
      return { reason: null, ...received }
    }),
  ]
}

const mostBytes = contract.receive.mostBytes!

async function bytesOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of stream) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size > mostBytes) throw new Problem('too_large', 'platform.body_too_large')
  }
  return Buffer.concat(parts)
}

function view(row: HookRow, origin: string | null): InboundHook {
  return {
    id: row.id,
    system: row.system,
    name: row.name,
    url: origin && `${origin}${apiPrefix}/inbound/${row.system}/${row.id}`,
    hasSecret: row.secret !== null,
    createdAt: row.created_at.toISOString(),
    lastReceivedAt: row.last_received_at?.toISOString() ?? null,
  }
}
