import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from '#platform/store.ts'
import type { TestDatabase } from '#platform/testing/database.ts'

/** Indexes of some tables that were gone through by some work, and tables that were read from end to end. */
export async function waysOf(db: Db, tables: readonly string[], work: () => Promise<unknown>): Promise<string[]> {
  const before = await scansOf(db, tables)
  await work()
  const after = await scansOf(db, tables)
  return [...after].flatMap(([name, scans]) => (scans > before.get(name)! ? name : [])).toSorted()
}

/** As this transaction itself has counted them: no other can be among them, and no plan is shown that nobody has gone. */
async function scansOf(db: Db, tables: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ name: string; scans: number }>`
    with known as (select oid, oid as table_oid from pg_class where oid = any(${tables}::regclass[])
      union all select i.indexrelid, i.indrelid from pg_index i where i.indrelid = any(${tables}::regclass[]))
    select oid::regclass::text as name, pg_stat_get_xact_numscans(oid) as scans from known`.execute(db.kysely)
  return new Map(rows.map(({ name, scans }) => [name, scans]))
}

/** How many rows of a table some work has had in its hands, found by an index or not. */
export async function rowsRead(db: Db, table: string, work: () => Promise<unknown>): Promise<number> {
  const before = await readOf(db, table)
  await work()
  return (await readOf(db, table)) - before
}

async function readOf(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid) as read
    from pg_class where oid = ${table}::regclass`.execute(db.kysely)
  return rows[0]!.read
}

/** Lets the database know what stands in tables, as it finds out by itself a minute later. */
export async function analyze({ owner }: TestDatabase, tables: readonly string[]): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  await client.query(`analyze ${tables.join(', ')}`)
  await client.end()
}
