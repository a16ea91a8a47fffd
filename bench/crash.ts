import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { insertExampleSurvey, type ExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { findWrongCells } from '../apps/server/src/modules/surveys/wrong-cells.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'
import { findUnsafeSettings } from './safe-settings.ts'
import type { BenchResult } from './report.ts'

const server = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
const victims = ['both', 'postgres', 'server'] as const
const connections = 16

/** What one kill left: of the acknowledged answers, those that are missing or there twice, and cells that are wrong. */
export type Crash = {
  killed: (typeof victims)[number]
  acknowledged: number
  missing: number
  twice: number
  wrongCells: number
  recoveryMs: number
}

/** `kill -9` of server and PostgreSQL under load, ten times: every acknowledged answer is there, once. */
export async function run(): Promise<BenchResult> {
  const crashes = await crash(10)
  const total = (name: 'missing' | 'twice' | 'wrongCells') => crashes.reduce((sum, one) => sum + one[name], 0)
  const none = (check: string, value: number) => ({ check, value, wanted: '0', holds: value === 0 })
  const least = Math.min(...crashes.map(({ acknowledged }) => acknowledged))
  return {
    name: 'crash',
    columns: ['killed', 'acknowledged', 'missing', 'twice', 'wrong cells', 'ready again ms'],
    rows: crashes.map((one) => [
      one.killed,
      one.acknowledged,
      one.missing,
      one.twice,
      one.wrongCells,
      Math.round(one.recoveryMs),
    ]),
    checks: [
      none('acknowledged answers that are missing', total('missing')),
      none('answers that are there twice', total('twice')),
      none('cells that disagree with the answers', total('wrongCells')),
      { check: 'acknowledged before each kill, at least', value: least, wanted: 'above 0', holds: least > 0 },
    ],
  }
}

/**
 * Starts Lahko, sends answers, kills, looks at what is there, and does it again on the same data. What is refused is
 * sent again under the same external id, as a program would.
 */
export async function crash(times: number): Promise<Crash[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-crash-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const dataFolder = join(folder, 'data')
  try {
    const target = await prepare(dataFolder)
    const acknowledged = new Set<string>()
    const crashes: Crash[] = []
    for (let turn = 0; turn < times; turn++) {
      const killed = victims[turn % victims.length]!
      const before = acknowledged.size
      await runAndKill(dataFolder, target.key, turn, killed, acknowledged)
      const found = await lookAt(dataFolder, target, acknowledged)
      crashes.push({ killed, acknowledged: acknowledged.size - before, ...found })
    }
    return crashes
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Target = ExampleSurvey & { key: string }

async function prepare(dataFolder: string): Promise<Target> {
  return withDatabase(dataFolder, async (database, owner) => {
    await migrate(database.owner)
    const unsafe = await findUnsafeSettings(owner)
    if (unsafe.length > 0) throw new Error(`These settings are off: ${unsafe.join(', ')}.`)
    const survey = await insertExampleSurvey(owner)
    const store = openStore(database.app, systemClock, () => undefined)
    const { key } = await store.write({ workspaceId: survey.workspaceId, actor: system }, (tx) =>
      createKey(tx, { name: 'crash', scopes: ['responses.write'] }),
    )
    await store.close()
    return { ...survey, key }
  })
}

async function runAndKill(
  dataFolder: string,
  key: string,
  turn: number,
  killed: Crash['killed'],
  acknowledged: Set<string>,
) {
  let lahko = await startLahko(dataFolder)
  let over = false
  const senders = Array.from({ length: connections }, (_, sender) =>
    send(
      () => lahko.url,
      key,
      `${turn}-${sender}`,
      acknowledged,
      () => over,
    ),
  )
  // Without a database for half a minute it ends, and whoever keeps it running starts it again.
  const startAgain = async () => {
    if (lahko.child.exitCode !== null) lahko = await startLahko(dataFolder)
  }
  try {
    await enough(acknowledged, acknowledged.size + 200)
    if (killed !== 'server') killPostgres(dataFolder)
    if (killed === 'postgres') await enough(acknowledged, acknowledged.size + 200, startAgain)
  } catch (error) {
    throw new Error(`${String(error)} PostgreSQL says: ${endOfLog(dataFolder)} Lahko says: ${lahko.said()}`)
  } finally {
    await killLahko(lahko.child)
    if (killed === 'both') killPostgres(dataFolder)
    over = true
    await Promise.all(senders)
  }
}

async function killLahko(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function endOfLog(dataFolder: string): string {
  return readFileSync(join(dataFolder, 'postgres', 'server.log'), 'utf8').slice(-3_000)
}

/** Waits until so many answers were acknowledged. */
async function enough(acknowledged: ReadonlySet<string>, many: number, meanwhile = async () => {}): Promise<void> {
  const patience = Date.now() + 130_000
  while (acknowledged.size < many) {
    await meanwhile()
    if (Date.now() > patience)
      throw new Error(`After two minutes ${many - acknowledged.size} answers were still missing.`)
    await wait(20)
  }
}

/** One customer's program: what is refused because something is away is sent again, under the same external id. */
async function send(
  url: () => string,
  key: string,
  name: string,
  acknowledged: Set<string>,
  over: () => boolean,
): Promise<void> {
  for (let index = 0; !over(); index++) {
    const externalId = `${name}-${index}`
    const body = JSON.stringify({
      survey: 'help',
      score: 1 + (index % 10),
      externalId,
      attributes: { channel: `c${index % 3}`, topic: `t${index % 7}` },
    })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
    let sent = false
    while (!sent && !over()) {
      const reply = await fetch(`${url()}/api/v1/responses`, { method: 'POST', headers, body }).catch(() => undefined)
      sent = reply?.ok === true
      if (sent) acknowledged.add(externalId)
      else await wait(50)
    }
  }
}

async function lookAt(dataFolder: string, { surveyId }: Target, acknowledged: ReadonlySet<string>) {
  const began = performance.now()
  return withDatabase(dataFolder, async (_, owner) => {
    const recoveryMs = performance.now() - began
    const { rows } = await sql<{ id: string; n: number }>`
      select external_id as id, count(*) as n from responses where survey_id = ${surveyId} group by 1`.execute(owner)
    const there = new Map(rows.map(({ id, n }) => [id, n]))
    return {
      missing: [...acknowledged].filter((id) => !there.has(id)).length,
      twice: rows.filter(({ n }) => n > 1).length,
      wrongCells: (await findWrongCells(owner, surveyId)).length,
      recoveryMs,
    }
  })
}

async function withDatabase<T>(
  dataFolder: string,
  work: (database: Database, owner: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ dataFolder, databaseUrl: undefined })
  const pool = new pg.Pool({ ...database.owner, max: 2 })
  // PostgreSQL may stop before a connection that is being closed is gone.
  pool.on('error', () => undefined)
  const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    return await work(database, owner)
  } finally {
    await owner.destroy()
    await database.close()
  }
}

type Lahko = { child: ChildProcess; url: string; said(): string }

async function startLahko(dataFolder: string): Promise<Lahko> {
  const env = { ...process.env, LAHKO_DATA: dataFolder, PORT: '0', HOST: '127.0.0.1', DATABASE_URL: '' }
  const child = spawn(process.execPath, [server], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr!.on('data', (data) => void (said = (said + String(data)).slice(-3_000)))
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /ready at http:\/\/[^ ]*:(\d+)/.exec(line)?.[1]
    if (port) return { child, url: `http://127.0.0.1:${port}`, said: () => said }
  }
  throw new Error(`Lahko ended before it was ready: ${said}`)
}

/** The postmaster and every process that it has started, at once. */
function killPostgres(dataFolder: string): void {
  const postmaster = postmasterOf(dataFolder)
  if (postmaster === undefined) return
  // Stopped first, it starts no child that would outlive it and hold its shared memory.
  signal(postmaster, 'SIGSTOP')
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
  for (const pid of [postmaster, ...children]) signal(pid, 'SIGKILL')
}

function signal(pid: string, name: NodeJS.Signals): void {
  try {
    process.kill(Number(pid), name)
  } catch {
    // It has just ended by itself.
  }
}

function postmasterOf(dataFolder: string): string | undefined {
  try {
    return readFileSync(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]
  } catch {
    return undefined
  }
}

function parentOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]
  } catch {
    return undefined
  }
}
