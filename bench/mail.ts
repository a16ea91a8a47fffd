import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { serverEnvironment, serverFlags } from '../scripts/server-flags.mjs'
import { testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import { faultsIn, look, type Faults } from './mail-fates.ts'
import { fillLedger, isReminder, prepareAsking, type Asking } from './mail-stage.ts'
import type { BenchResult } from './report.ts'

const server = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
/** What becomes of those who come back at the same time is written together: with twice as many it is a third more. */
export const connections = 16
const kills = 5
const mails = Number(process.env['LAHKO_BENCH_ROWS'] ?? 12_000)

/** What became of all mails. */
export type MailRun = Faults & {
  received: number
  reminders: number
  uncertain: number
  /** From the moment at which a server was ready: of the half in peace, and of all. */
  perSecond: { inPeace: number; overall: number }
}

/** Due invitations and reminders through a real mail server, and `kill -9` meanwhile: none twice, few uncertain. */
export async function run(): Promise<BenchResult> {
  const result = await sendAndKill(mails, kills)
  const { received, reminders, uncertain, perSecond } = result
  const rate = Math.round(Math.min(perSecond.inPeace, perSecond.overall))
  const none = (check: string, value: number) => ({ check, value, wanted: '0', holds: value === 0 })
  return {
    name: 'mail',
    columns: ['invitations due', 'connections', 'kills', 'received', 'reminders', 'uncertain', 'in peace/s', 'all/s'],
    rows: [
      [
        ...[mails, connections, kills, received, reminders, uncertain],
        ...[Math.round(perSecond.inPeace), Math.round(perSecond.overall)],
      ],
    ],
    checks: [
      { check: 'mails a second, queued and sent', value: rate, wanted: 'at least 300', holds: rate >= 300 },
      none('mails that came twice', result.twice),
      none('mails that neither came nor are listed as uncertain', result.missing),
      none('lines of the ledger that say something else', result.wrongLines),
      none('sums of the funnel that disagree with the ledger', result.wrongSums),
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
 * Queues and sends half of what is due in peace, and the rest with so many kills on the way.
 * @param count of invitations that are due, or whose reminder is; @param times of `kill -9`
 */
export async function sendAndKill(count: number, times: number): Promise<MailRun> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-mail-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const stage = { dataFolder: join(folder, 'data'), smtp: await testSmtp(), runMs: 0 }
  try {
    return await onStage(stage, await prepareAsking(stage.dataFolder), count, times)
  } finally {
    await stage.smtp.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** `runMs`: how long there was a server that could send, in all. */
type Stage = { dataFolder: string; smtp: TestSmtp; runMs: number }

async function onStage(stage: Stage, asking: Asking, count: number, times: number): Promise<MailRun> {
  const { dataFolder, smtp } = stage
  const half = Math.floor(count / 2)
  await fillLedger(dataFolder, asking, 0, half)
  await stopLahko(await runUntil(stage, half), 'SIGTERM')
  const inPeace = half / (stage.runMs / 1000)
  await fillLedger(dataFolder, asking, half, count - half)
  const each = Math.floor((count - half) / (times + 2))
  for (let kill = 0; kill < times; kill++) {
    await stopLahko(await runUntil(stage, smtp.received.length + each), 'SIGKILL')
  }
  const last = await runUntil(stage, undefined)
  const overall = smtp.received.length / (stage.runMs / 1000)
  const seen = await look(last.url, asking.key)
  await stopLahko(last, 'SIGTERM')
  return {
    ...faultsIn(smtp.received, seen, count),
    received: smtp.received.length,
    reminders: smtp.received.filter(({ to }) => isReminder(to[0]!)).length,
    uncertain: seen.uncertain.length,
    perSecond: { inPeace, overall },
  }
}

type Lahko = { child: ChildProcess; url: string }

async function startLahko({ dataFolder, smtp }: Stage): Promise<Lahko> {
  const env = {
    ...serverEnvironment,
    ...process.env,
    ...{ LAHKO_DATA: dataFolder, PORT: '0', HOST: '127.0.0.1', DATABASE_URL: '' },
    ...{ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_MAIL_PACE: '0' },
    LAHKO_SMTP_CONNECTIONS: String(connections),
  }
  const child = spawn(process.execPath, [...serverFlags, server], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /ready at http:\/\/[^ ]*:(\d+)/.exec(line)?.[1]
    if (port) return { child, url: `http://127.0.0.1:${port}` }
  }
  throw new Error('Lahko ended before it was ready.')
}

async function stopLahko({ child }: Lahko, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** A server that runs when so many mails have arrived; without a number when none comes any more. */
async function runUntil(stage: Stage, many: number | undefined): Promise<Lahko> {
  const lahko = await startLahko(stage)
  const began = performance.now()
  stage.runMs += (await (many === undefined ? silence(stage.smtp) : arrival(stage.smtp, many))) - began
  return lahko
}

/** @returns the moment at which so many were there */
async function arrival({ received }: TestSmtp, many: number): Promise<number> {
  const patience = performance.now() + 120_000
  while (received.length < many) {
    if (performance.now() > patience) throw new Error(`After two minutes ${many - received.length} mails were missing.`)
    await wait(5)
  }
  return performance.now()
}

/** @returns the moment after which none came for three seconds */
async function silence({ received }: TestSmtp): Promise<number> {
  let [before, at] = [received.length, performance.now()]
  while (performance.now() - at < 3_000) {
    await wait(5)
    if (received.length !== before) [before, at] = [received.length, performance.now()]
  }
  return at
}
