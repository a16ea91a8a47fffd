import { Readable } from 'node:stream'
import { customerImports as contract, type CustomerImport } from '@lahko/contract/customer-imports'
import type { Language } from '@lahko/contract/values'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { sentenceFor, tooLarge } from '#platform/uploads.ts'
import { addCustomerImport, mostBytes, startCheck, startImport } from './customer-importing.ts'
import { getCustomerImport, listCustomerImports, type CustomerImportRow } from './customer-imports.queries.ts'

/** Customers by file. */
export function customerImportRoutes(house: House): Route[] {
  return [
    route(contract.upload, async ({ query, body, scope, language, request, read }) => {
      if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes)
      // A request without a body has no stream.
      const file = (body as unknown as Readable | undefined) ?? Readable.from([])
      const id = await addCustomerImport(house, scope, query.name, file)
      return read(async (db) => view(await getCustomerImport(db, id), language))
    }),
    route(contract.list, async ({ query, language, read }) => {
      const rows = await read((db) => listCustomerImports(db, { ...query, limit: query.limit + 1 }))
      const shown = rows.slice(0, query.limit)
      const next = rows.length > shown.length ? shown.at(-1)!.id : null
      return { items: shown.map((row) => view(row, language)), next }
    }),
    route(contract.get, ({ params, language, read }) =>
      read(async (db) => view(await getCustomerImport(db, params.id), language)),
    ),
    route(contract.check, ({ params, body, language, write }) =>
      write(async (tx) => {
        await startCheck(tx, params.id, body)
        return view(await getCustomerImport(tx, params.id), language)
      }),
    ),
    route(contract.run, ({ params, language, write }) =>
      write(async (tx) => {
        await startImport(house, tx, params.id)
        return view(await getCustomerImport(tx, params.id), language)
      }),
    ),
  ]
}

function shownRows(rows: CustomerImportRow['refused'], language: Language): CustomerImport['refused'] {
  return rows.map((one) => ({ line: one.line, value: one.value, reason: sentenceFor(language, one) }))
}

/** An import in the language of whoever reads it. */
function view(row: CustomerImportRow, language: Language): CustomerImport {
  return {
    id: row.id,
    fileName: row.file_name,
    state: row.state,
    columns: [...row.shape.columns],
    sample: row.shape.sample.map((record) => ({ ...record })),
    mapping: row.mapping ?? row.shape.guess,
    overwrite: row.overwrite,
    rowsRead: row.rows_read,
    rowsNew: row.rows_new,
    rowsChanged: row.rows_changed,
    rowsSame: row.rows_same,
    rowsRefused: row.rows_refused,
    refused: shownRows(row.refused, language),
    rowsPartly: row.rows_partly,
    partly: shownRows(row.partly, language),
    progress: row.progress,
    error: row.error && sentenceFor(language, row.error),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
  }
}
