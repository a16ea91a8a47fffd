import { resolveTxt } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import type pg from 'pg'
import { pino } from 'pino'
import { beginWork, buildApp, dueOf, tasksOf } from '../apps/server/src/app.ts'
import { readConfig } from '../apps/server/src/config.ts'
import { openDue } from '../apps/server/src/platform/due.ts'
import type { House } from '../apps/server/src/platform/house.ts'
import { openJobs } from '../apps/server/src/platform/jobs.ts'
import { internet } from '../apps/server/src/platform/internet.ts'
import { openLive } from '../apps/server/src/platform/live.ts'
import { openSender } from '../apps/server/src/platform/mail/sending.ts'
import { openStore } from '../apps/server/src/platform/store.ts'

/** What a server of these benches is started with, as JSON in its first argument. */
export type DeskServerOrder = {
  app: pg.ClientConfig
  owner: pg.ClientConfig
  /** At what time it believes to have started; time then passes as usual. */
  now: string
  environment: Record<string, string>
}

/** The whole server with its jobs and mails, which tells its port and its process to whoever started it. */
async function start({ app: connection, owner, now, environment }: DeskServerOrder): Promise<void> {
  const log = pino({ level: 'warn' }, pino.destination(2))
  const ahead = Date.parse(now) - Date.now()
  const clock = { now: () => new Date(Date.now() + ahead) }
  const store = openStore(connection, clock, (error) => log.warn(error))
  const live = openLive(connection, log)
  const config = readConfig(environment)
  const house: House = { config, store, live, clock, healthy: () => true, resolveTxt, internet, folder: tmpdir(), log }
  await openJobs(owner, store, tasksOf(house), log).start()
  const app = await buildApp(house)
  await beginWork(house)
  const sender = await openSender(house, connection)
  openDue(house, [...dueOf(house), ...sender.due]).start()
  await app.listen({ port: 0, host: '127.0.0.1' })
  process.send!({ port: (app.server.address() as AddressInfo).port, pid: process.pid })
}

process.on('disconnect', () => process.exit(0))
await start(JSON.parse(process.argv[2]!) as DeskServerOrder)
