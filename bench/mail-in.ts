import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
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
import { openImapServer, type ImapServer } from '../apps/server/src/platform/testing/imap-server.ts'
import type { BenchResult } from './report.ts'

const server = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
const mails = Number(process.env['LAHKO_BENCH_ROWS'] ?? 3_000)
const kills = 3
const profile = process.env['LAHKO_BENCH_PROFILE']

/** Mails from a real IMAP server on the same machine to committed rows of tickets, and `kill -9` meanwhile. */
export async function run(): Promise<BenchResult> {
  const { perSecond, kept, lost, doubled } = await fetchAndKill(mails, kills, Math.floor((mails * 2) / 3))
  return {
    name: 'mail-in',
    columns: ['mails', 'kills', 'in tickets', 'lost', 'twice', 'mails a second'],
    rows: [[mails, kills, kept, lost, doubled, Math.round(perSecond)]],
    checks: [
      { check: 'mails a second', value: Math.round(perSecond), wanted: 'at least 150', holds: perSecond >= 150 },
      { check: 'mails that were lost', value: lost, wanted: '0', holds: lost === 0 },
      { check: 'mails that came twice', value: doubled, wanted: '0', holds: doubled === 0 },
    ],
  }
}

/** What became of all mails, and how many came in a second while nothing was killed. */
export type FetchRun = { perSecond: number; kept: number; lost: number; doubled: number }

/**
 * Has a server fetch the mails of a mailbox, and kills it with `kill -9` meanwhile: while it writes them into its ledger,
 * and while it makes tickets of them.
 * @param peaceful so many of them are fetched before, and measured
 */
export async function fetchAndKill(count: number, times: number, peaceful: number): Promise<FetchRun> {
  return withMailbox(async ({ sql, imap, url, folder }) => {
    fill(imap, 0, peaceful)
    const perSecond = peaceful === 0 ? 0 : await measure(sql, url, folder, peaceful)
    fill(imap, peaceful, count)
    const step = Math.ceil((count - peaceful) / (times + 1))
    for (let kill = 1; kill <= times; kill++) {
      const child = await startLahko(url, folder)
      await arrived(sql, peaceful + step * kill, kill % 2 === 0 ? inTickets : inLedger)
      await stopLahko(child, 'SIGKILL')
    }
    const child = await startLahko(url, folder)
    await arrived(sql, count, inTickets)
    await stopLahko(child, 'SIGTERM')
    return { perSecond, ...(await lookAt(sql, count)) }
  })
}

/**
 * Has two servers at once fetch the mails of one mailbox: a half that lies there already, and one that comes while both
 * wait for it.
 */
export async function fetchByTwo(count: number): Promise<Omit<FetchRun, 'perSecond'>> {
  return withMailbox(async ({ sql, imap, url, folder }) => {
    const half = Math.floor(count / 2)
    fill(imap, 0, half)
    const children = await Promise.all(['one', 'other'].map((name) => startLahko(url, join(folder, name))))
    await arrived(sql, half, inTickets)
    fill(imap, half, count)
    await arrived(sql, count, inTickets)
    await Promise.all(children.map((child) => stopLahko(child, 'SIGTERM')))
    return lookAt(sql, count)
  })
}

type Setting = { sql: pg.Client; imap: ImapServer; url: string; folder: string }

/** A database with one workspace, and an empty mailbox that it reads. */
async function withMailbox<Result>(work: (setting: Setting) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-mail-in-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({ dataFolder: join(folder, 'data'), databaseUrl: undefined })
  const sql = new pg.Client(database.owner)
  await sql.connect()
  const imap = await openImapServer()
  try {
    await migrate(database.owner)
    await addMailbox(sql, imap.port)
    const { host, port, user, database: name } = database.owner
    const url = `postgres://${String(user)}:x@${encodeURIComponent(host!)}:${port}/${String(name)}`
    return await work({ sql, imap, url, folder })
  } finally {
    await imap.close()
    await sql.end()
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A median of 8 kB, 300 kB at the 95th percentile, one in ten with something attached. */
function fill(imap: ImapServer, from: number, to: number): void {
  for (let place = from; place < to; place++) imap.put(mailNumber(place))
}

function mailNumber(place: number): string {
  const line = 'A line of a mail as people write them, neither short nor long.\r\n'
  const text = line.repeat(40 + (place % 80) * 2)
  const head = `From: Customer ${place % 700} <c${place % 700}@mail.example>\r\nTo: bench@shop.example\r\nSubject: Number ${place}\r\nMessage-ID: <${place}@mail.example>\r\n`
  // Every third answers the one before.
  const answers = place % 3 === 2 ? `In-Reply-To: <${place - 1}@mail.example>\r\n` : ''
  if (place % 10 !== 0) return `${head}${answers}\r\n${text}`
  const size = place % 20 === 0 ? 220_000 : 60_000
  const attached = randomBytes(size)
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\r\n')
  return `${head}${answers}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\nContent-Type: image/jpeg; name=photo.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n${attached}\r\n--b--\r\n`
}

async function addMailbox(sql: pg.Client, port: number): Promise<void> {
  const workspaceId = randomUUID()
  await sql.query(
    `insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
     values ($1, 'bench', 'Bench', 'en', 'UTC', now())`,
    [workspaceId],
  )
  const imap = { host: '127.0.0.1', port, secure: false, user: 'testuser', folder: 'INBOX', password: 'testpass' }
  await sql.query(
    `insert into mailboxes (workspace_id, id, name, address, imap, created_at)
     values ($1, $2, 'Bench', 'bench@shop.example', $3, now())`,
    [workspaceId, randomUUID(), JSON.stringify(imap)],
  )
}

async function startLahko(url: string, folder: string): Promise<ChildProcess> {
  const env = {
    ...process.env,
    ...{ LAHKO_DATA: join(folder, 'own'), PORT: '0', HOST: '127.0.0.1', DATABASE_URL: url, LAHKO_SMTP_URL: '' },
  }
  const profiled = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child = spawn(process.execPath, [...profiled, server], { env, stdio: ['ignore', 'pipe', 'inherit'] })
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

/** From the first mail that is in a ticket to the last. @returns mails a second */
async function measure(sql: pg.Client, url: string, folder: string, count: number): Promise<number> {
  const child = await startLahko(url, folder)
  const first = await arrived(sql, 1, inTickets)
  const began = performance.now()
  await arrived(sql, count, inTickets)
  const perSecond = (count - first) / ((performance.now() - began) / 1000)
  await stopLahko(child, 'SIGTERM')
  return perSecond
}

const inLedger = 'select count(*)::integer as n from incoming_mails'
const inTickets = "select count(*)::integer as n from incoming_mails where outcome = 'kept'"

/** @returns how many there are, once it is so many */
async function arrived(sql: pg.Client, many: number, counting: string): Promise<number> {
  const deadline = performance.now() + 300_000
  for (;;) {
    const { n } = (await sql.query(counting)).rows[0] as { n: number }
    if (n >= many) return n
    if (performance.now() > deadline) throw new Error(`Only ${n} of ${many} mails are there.`)
    await wait(20)
  }
}

async function lookAt(sql: pg.Client, count: number): Promise<{ kept: number; lost: number; doubled: number }> {
  const { rows } = await sql.query(
    'select count(*)::integer as kept, count(distinct message_id)::integer as different from ticket_messages',
  )
  const { kept, different } = rows[0] as { kept: number; different: number }
  return { kept, lost: count - different, doubled: kept - different }
}
