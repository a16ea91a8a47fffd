import { Buffer } from 'node:buffer'
import {
  createTally,
  openTable,
  type TableSource,
  type TallyColumns,
  type TallyOptions,
  type TallyResult,
} from './index.ts'
import type { TableRow } from './index.ts'

/** A source that hands out `bytes` in pieces of at most `size` bytes. */
export async function* inPieces(bytes: Uint8Array | string, size = 65_536): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes)
  for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size)
}

/** All rows of a source. */
export async function rowsOf(source: TableSource, batch?: number): Promise<TableRow[]> {
  const table = await openTable(source)
  const rows: TableRow[] = []
  for await (const part of table.rows(batch === undefined ? {} : { batch })) rows.push(...part)
  return rows
}

/** A source counted; 0 to 10 unless told. */
export async function tallyOf(
  source: TableSource,
  columns: TallyColumns,
  options: Partial<TallyOptions> = {},
): Promise<TallyResult> {
  const tally = createTally({ min: 0, max: 10, ...options })
  await tally.add(await openTable(source), columns)
  return tally.result()
}
