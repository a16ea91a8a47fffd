import type { FastifyInstance } from 'fastify'
import { resolveTxt } from 'node:dns/promises'
import { flushCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { pino } from 'pino'
import { beginWork, buildApp, dueOf, keepOn, tasksOf } from './app.ts'
import { BadSetting, type Config, readConfig } from './config.ts'
import { systemClock } from './platform/clock.ts'
import { standAsWorker } from './platform/dead-workers.ts'
import { openDue } from './platform/due.ts'
import { announce, type Database, openDatabase, refusal, StartRefused } from './platform/embedded/index.ts'
import type { House } from './platform/house.ts'
import { internet } from './platform/internet.ts'
import { openJobs } from './platform/jobs.ts'
import { openLive } from './platform/live.ts'
import { openReceiving } from './platform/mail/receiving/opening.ts'
import { openSender } from './platform/mail/sending.ts'
import { migrate, MigrationRefused } from './platform/migrations.ts'
import { openStore } from './platform/store.ts'
import { environmentOf, refuseUnknownWorkspace, warnOfDeadLinks } from './starting.ts'

// Requests in flight that have not ended by then are cut off.
const patienceMs = 15_000

/** How to close what is open; the last opened is closed first. */
const open: (() => Promise<unknown>)[] = []
let stopping: Promise<void> | undefined
let cutRequests = () => {}
let heardAt = -Infinity

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear)
// Whoever started this process with a channel to it has died.
process.on('disconnect', () => void stop(0))
process.on('uncaughtException', fail)

const started = start().catch(fail)

async function start(): Promise<void> {
  const config = readConfig(environmentOf(process.argv.slice(2), process.env))
  const database = await openDatabase(config, { log: say, onLost: fail })
  open.push(database.close)
  if (stopping) return
  await prepare(database)
  if (stopping) return
  const app = await furnish(config, database)
  if (stopping) return
  const url = await listen(app, config)
  await announce(database, url)
  say(`Lahko is ready at ${url}`)
  await warnOfDeadLinks(config, database.owner, say)
  flushCompileCache()
}

async function prepare(database: Database): Promise<void> {
  try {
    await migrate(database.owner, (step) => say(`Bringing the database up to date: ${step}`))
  } catch (error) {
    throw refusal(error, database.folder)
  }
}

async function furnish(config: Config, database: Database): Promise<FastifyInstance> {
  const log = pino({ level: config.logLevel })
  const store = openStore(database.app, systemClock, ({ message }) => log.warn(message))
  open.push(store.close)
  await refuseUnknownWorkspace(config, store, database.owner)
  const live = openLive(database.app, log)
  open.push(live.close)
  const { folder, healthy } = database
  const house: House = { config, store, live, clock: systemClock, healthy, folder, resolveTxt, internet, log }
  open.push((await standAsWorker(database.owner)).leave)
  const jobs = openJobs(database.owner, store, tasksOf(house), log)
  open.push(jobs.stop)
  const app = await buildApp(house)
  cutRequests = () => app.server.closeAllConnections()
  open.push(() => closePatiently(app))
  await beginWork(house)
  await jobs.start()
  await startMail(house, database)
  return app
}

async function startMail(house: House, database: Database): Promise<void> {
  const sender = await openSender(house, database.app)
  open.push(sender.close)
  await sender.sweep()
  const due = openDue(house, [...dueOf(house), ...sender.due])
  open.push(due.stop)
  due.start()
  open.push((await openReceiving(house)).close)
  open.push(keepOn(house).stop)
}

/** Listens, and says at which address a person reaches it. */
async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ port, host: host ?? everyAddress() })
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, host, port)
  }
  const name = host === undefined || ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
  const { port: taken } = app.server.address() as AddressInfo
  return `http://${name.includes(':') ? `[${name}]` : name}:${taken}`
}

// `::` answers on IPv4 as well, but only exists where the machine speaks IPv6.
function everyAddress(): string {
  const speaksIpv6 = Object.values(networkInterfaces()).some((one) => one?.some(({ family }) => family === 'IPv6'))
  return speaksIpv6 ? '::' : '0.0.0.0'
}

function explained(error: NodeJS.ErrnoException, host: string | undefined, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartRefused(`Port ${port} is already in use. Choose another with PORT, such as PORT=${port + 1}.`)
    case 'EACCES':
      return new StartRefused(`This user may not listen on port ${port}. Choose one above 1023 with PORT.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartRefused(`HOST is "${host}", which is not an address of this machine.`)
    default:
      return error
  }
}

/** Stops in order: requests in flight end, then jobs, connections and PostgreSQL. */
function stop(code: number): Promise<void> {
  return (stopping ??= closeAll(code))
}

// A terminal sends a Ctrl-C to npm and to this process, and npm passes it on: the same one comes twice within
// milliseconds. One that comes later is from an impatient person, and requests in flight are waited for no longer.
function hear(): void {
  if (stopping && performance.now() - heardAt > 500) cutRequests()
  heardAt = performance.now()
  void stop(0)
}

async function closeAll(code: number): Promise<void> {
  await started
  for (const close of open.toReversed()) {
    await close().catch((error: unknown) => {
      console.error(error)
      code = 1
    })
  }
  process.exit(code)
}

async function closePatiently(app: FastifyInstance): Promise<void> {
  const patience = setTimeout(cutRequests, patienceMs)
  await app.close()
  clearTimeout(patience)
}

// Does not wait for the stop: the start may be what has failed, and the stop waits for it.
function fail(error: unknown): void {
  const explains = error instanceof StartRefused || error instanceof BadSetting || error instanceof MigrationRefused
  console.error(explains ? error.message : error)
  void stop(1)
}

function say(line: string): void {
  console.log(line)
}
