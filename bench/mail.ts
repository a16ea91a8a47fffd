import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { openDatabase } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { headerOf, testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import type { BenchResult } from './report.ts'

const server = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
const connections = 8
const kills = 5
const mails = Number(process.env['LAHKO_BENCH_ROWS'] ?? 6_000)

/** What became of all mails, and how fast they went while nothing was killed. */
export type MailRun = { sent: number; twice: number; missing: number; uncertain: number; perSecond: number }

/** Mails through a real server on the same machine, and `kill -9` while they go: none twice, few uncertain. */
export async function run(): Promise<BenchResult> {
  const { sent, twice, missing, uncertain, perSecond } = await sendAndKill(mails, kills)
  return {
    name: 'mail',
    columns: ['mails', 'connections', 'kills', 'received', 'uncertain', 'mails a second'],
    rows: [[mails, connections, kills, sent, uncertain, Math.round(perSecond)]],
    checks: [
      { check: 'mails a second', value: Math.round(perSecond), wanted: 'at least 300', holds: perSecond >= 300 },
      { check: 'mails that came twice', value: twice, wanted: '0', holds: twice === 0 },
      { check: 'mails that neither came nor are uncertain', value: missing, wanted: '0', holds: missing === 0 },
      {
        check: 'uncertain mails',
        value: uncertain,
        wanted: `at most ${kills * connections}`,
        holds: uncertain <= kills * connections,
      },
    ],
  }
}

/**
 * Sends half of the mails in peace, and measures; the rest with so many kills on the way.
 * @param count of mails; @param times of `kill -9`
 */
export async function sendAndKill(count: number, times: number): Promise<MailRun> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-mail-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const dataFolder = join(folder, 'data')
  const smtp = await testSmtp()
  try {
    const half = Math.floor(count / 2)
    await fill(dataFolder, half)
    const perSecond = await measure(dataFolder, smtp, half)
    await fill(dataFolder, count - half)
    for (let kill = 0; kill < times; kill++) {
      await runUntil(dataFolder, smtp, smtp.received.length + Math.floor((count - half) / (times + 2)))
    }
    await runUntil(dataFolder, smtp, undefined)
    return { ...(await lookAt(dataFolder, smtp)), perSecond }
  } finally {
    await smtp.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function withOwner<T>(dataFolder: string, work: (sql: pg.Client) => Promise<T>): Promise<T> {
  const database = await openDatabase({ dataFolder, databaseUrl: undefined })
  const sql = new pg.Client(database.owner)
  await sql.connect()
  try {
    await migrate(database.owner)
    return await work(sql)
  } finally {
    await sql.end()
    await database.close()
  }
}

/** A workspace with mails that wait, to addresses of many domains, each as large as an invitation. */
async function fill(dataFolder: string, count: number): Promise<void> {
  await withOwner(dataFolder, async (sql) => {
    const workspaceId = randomUUID()
    await sql.query(
      `insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
       values ($1, $2, 'Bench', 'en', 'UTC', now())`,
      [workspaceId, `bench-${workspaceId.slice(0, 8)}`],
    )
    await sql.query(
      `insert into mails (workspace_id, id, kind, subject_id, number, from_name, recipient, message_id, subject, text,
         html, headers, created_at, due_at)
       select $1, id, 'note', id, 0, 'Bench', 'customer-' || place || '@domain-' || place % 500 || '.example',
         '<' || id || '@shop.example>', 'How easy was it?', repeat('A line of text. ', 60), repeat('<p>A line.</p>', 400),
         '{}', now(), now()
       from (select gen_random_uuid() as id, place from generate_series(1, $2) place) new`,
      [workspaceId, count],
    )
  })
}

async function startLahko(dataFolder: string, { url }: TestSmtp): Promise<ChildProcess> {
  const env = {
    ...process.env,
    ...{ LAHKO_DATA: dataFolder, PORT: '0', HOST: '127.0.0.1', DATABASE_URL: '' },
    ...{ LAHKO_SMTP_URL: url, LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_MAIL_PACE: '0' },
    LAHKO_SMTP_CONNECTIONS: String(connections),
  }
  const child = spawn(process.execPath, [server], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.includes('ready at')) return child
  }
  throw new Error('Lahko ended before it was ready.')
}

async function stopLahko(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** From the first mail that arrives to the last. @returns mails a second */
async function measure(dataFolder: string, smtp: TestSmtp, count: number): Promise<number> {
  const child = await startLahko(dataFolder, smtp)
  await arrived(smtp, 1)
  const [first, began] = [smtp.received.length, performance.now()]
  await arrived(smtp, count)
  const perSecond = (count - first) / ((performance.now() - began) / 1000)
  await stopLahko(child, 'SIGTERM')
  return perSecond
}

/** Kills when so many mails have arrived; without a number it waits until none comes any more, and stops in order. */
async function runUntil(dataFolder: string, smtp: TestSmtp, many: number | undefined): Promise<void> {
  const child = await startLahko(dataFolder, smtp)
  if (many !== undefined) {
    await arrived(smtp, many)
    return stopLahko(child, 'SIGKILL')
  }
  let before = -1
  while (before !== smtp.received.length) {
    before = smtp.received.length
    await wait(3_000)
  }
  await stopLahko(child, 'SIGTERM')
}

async function arrived({ received }: TestSmtp, many: number): Promise<void> {
  const patience = performance.now() + 120_000
  while (received.length < many) {
    if (performance.now() > patience) throw new Error(`After two minutes ${many - received.length} mails were missing.`)
    await wait(5)
  }
}

async function lookAt(dataFolder: string, { received }: TestSmtp): Promise<Omit<MailRun, 'perSecond'>> {
  const ids = received.map(({ raw }) => headerOf(raw, 'Message-ID')!)
  const there = new Set(ids)
  const rows = await withOwner(dataFolder, async (sql) => {
    const found = await sql.query<{ id: string; state: string }>('select message_id as id, state from mails')
    return found.rows
  })
  return {
    sent: there.size,
    twice: ids.length - there.size,
    missing: rows.filter(({ id, state }) => state !== 'uncertain' && !there.has(id)).length,
    uncertain: rows.filter(({ state }) => state === 'uncertain').length,
  }
}
