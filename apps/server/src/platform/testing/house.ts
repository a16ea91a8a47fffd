import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { FastifyInstance } from 'fastify'
import { buildApp, dueOf, tasksOf } from '../../app.ts'
import { readConfig } from '../../config.ts'
import { fixedClock } from '../clock.ts'
import { openDue, type Due } from '../due.ts'
import type { House } from '../house.ts'
import type { Internet } from '../internet.ts'
import { openJobs, type Jobs } from '../jobs.ts'
import { openLive } from '../live.ts'
import { openSender, type Sender } from '../mail/sending.ts'
import { openStore } from '../store.ts'
import { testDatabase, type TestDatabase } from './database.ts'

/** A whole house for one test file: a database of its own, a clock that stands still, jobs that run when told. */
export type TestHouse = House & {
  clock: ReturnType<typeof fixedClock>
  app: FastifyInstance
  jobs: Jobs
  /** What becomes due at the house's time is done when told. */
  due: Due
  sender: Sender
  database: TestDatabase
  /** TXT records by their names, in their pieces; there are no others. */
  dns: Record<string, string[][]>
  /** Addresses by their names. There are no others, and of them only 127.0.0.1 stands for the public Internet. */
  names: Record<string, string[]>
  /** What the owner of an embedded database knows of it. */
  state: { healthy: boolean }
  close(): Promise<void>
}

/** @param environment settings that differ from the usual ones */
export async function testHouse(environment: Record<string, string> = {}): Promise<TestHouse> {
  const database = await testDatabase()
  const clock = fixedClock('2026-11-20T10:00:00Z')
  const log = pino({ level: process.env['LAHKO_TEST_LOG'] ?? 'silent' })
  const store = openStore(database.app, clock, () => undefined)
  const live = openLive(database.app, log)
  const folder = await mkdtemp(join(tmpdir(), 'lahko-test-'))
  const state = { healthy: true }
  const healthy = () => state.healthy
  const dns: TestHouse['dns'] = {}
  const resolveTxt = async (name: string) => {
    if (!dns[name]) throw Object.assign(new Error(`no TXT for ${name}`), { code: 'ENODATA' })
    return dns[name]
  }
  const names: TestHouse['names'] = {}
  const internet: Internet = {
    async addressesOf(name) {
      if (!names[name]) throw new Error(`no address of ${name}`)
      return names[name]
    },
    mayCall: (address) => address === '127.0.0.1',
  }
  const outside = { resolveTxt, internet }
  const house: House = { config: readConfig({ ...environment }), store, live, clock, healthy, folder, ...outside, log }
  const app = await buildApp(house)
  const jobs = openJobs(database.owner, store, tasksOf(house), log)
  const sender = await openSender(house, database.app)
  const due = openDue(house, [...dueOf(house), ...sender.due])
  return {
    ...house,
    clock,
    app,
    jobs,
    due,
    sender,
    database,
    dns,
    names,
    state,
    async close() {
      await app.close()
      await due.stop()
      await sender.close()
      await jobs.stop()
      await live.close()
      await store.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
