import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { tmpdir } from 'node:os'
import { pino } from 'pino'
import { readConfig } from '../../config.ts'
import { fixedClock } from '#platform/clock.ts'
import type { House } from '#platform/house.ts'
import { openLive } from '#platform/live.ts'
import { openStore } from '#platform/store.ts'
import { testDatabase } from '#platform/testing/database.ts'

/** A house without routes, for tests of verbs: a database of its own, a clock that stands still, and the owner's view. */
export type ExampleHouse = House & {
  clock: ReturnType<typeof fixedClock>
  owner: Kysely<unknown>
  close(): Promise<void>
}

export async function exampleHouse(): Promise<ExampleHouse> {
  const database = await testDatabase()
  const clock = fixedClock('2026-11-20T10:00:00Z')
  const log = pino({ level: process.env['LAHKO_TEST_LOG'] ?? 'silent' })
  const store = openStore(database.app, clock, () => undefined)
  const live = openLive(database.app, log)
  const owner = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...database.owner, max: 2 }).on('error', () => undefined) }),
  })
  return {
    config: readConfig({}),
    store,
    live,
    clock,
    healthy: () => true,
    resolveTxt: async () => [],
    internet: { addressesOf: async () => [], mayCall: () => false },
    folder: tmpdir(),
    log,
    owner,
    async close() {
      await live.close()
      await store.close()
      await owner.destroy()
      await database.drop()
    },
  }
}
