import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BenchResult } from './report.ts'

const house = fileURLToPath(new URL('../', import.meta.url))
const restarts = 5

/** From `git clone` to a product that answers, from `npm start` to the same again, and the memory of all of it at rest. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  try {
    // PostgreSQL's own user has to reach it when this runs as root.
    await chmod(folder, 0o755)
    return await measure(join(folder, 'clone'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(clone: string): Promise<BenchResult> {
  const cloned = performance.now()
  execFileSync('git', ['clone', '--quiet', house, clone], { stdio: 'inherit' })
  const first = await startLahko(clone)
  const cloneToReadyS = seconds(performance.now() - cloned)
  await stopLahko(first)
  const restartsS: number[] = []
  for (let turn = 1; turn <= restarts; turn++) {
    const began = performance.now()
    const again = await startLahko(clone)
    restartsS.push(seconds(performance.now() - began))
    if (turn === restarts) return report(cloneToReadyS, restartsS, await atRest(again, clone))
    await stopLahko(again)
  }
  throw new Error('unreachable')
}

type Memory = { part: string; pssMb: number }[]

async function atRest(lahko: ChildProcess, clone: string): Promise<Memory> {
  // Whatever the start has left to do is over by then.
  await wait(10_000)
  const postmaster = Number(readFileSync(join(clone, 'data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  const families = [
    { part: 'npm, its script and the server', pids: familyOf(lahko.pid ?? 0) },
    { part: 'PostgreSQL', pids: familyOf(postmaster) },
  ]
  const memory = families.map(({ part, pids }) => ({
    part: `${part} (${pids.length} processes)`,
    pssMb: pssMbOf(pids),
  }))
  await stopLahko(lahko)
  return memory
}

function report(cloneToReadyS: number, restartsS: number[], memory: Memory): BenchResult {
  const slowest = Math.max(...restartsS)
  const total = Math.round(memory.reduce((sum, { pssMb }) => sum + pssMb, 0))
  return {
    name: 'start',
    columns: ['what', 'value', 'unit'],
    rows: [
      ['clone to ready', cloneToReadyS, 's'],
      ...restartsS.map((value, index): [string, number, string] => [`restart ${index + 1}`, value, 's']),
      ...memory.map(({ part, pssMb }): [string, number, string] => [`memory at rest: ${part}`, pssMb, 'MB PSS']),
      ['memory at rest: everything', total, 'MB PSS'],
    ],
    checks: [
      { check: 'clone to ready', value: cloneToReadyS, wanted: '< 120 s', holds: cloneToReadyS < 120 },
      { check: 'slowest restart', value: slowest, wanted: '< 3 s', holds: slowest < 3 },
      { check: 'memory of everything at rest', value: total, wanted: '< 400 MB', holds: total < 400 },
    ],
  }
}

async function startLahko(clone: string): Promise<ChildProcess> {
  const port = await freePort()
  const { LAHKO_DATA: _data, DATABASE_URL: _database, ...environment } = process.env
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`Lahko ended at its start:\n${said}`)))
  await Promise.race([ready(port), ended])
  ended.catch(() => undefined)
  return child
}

async function ready(port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://localhost:${port}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await wait(20)
  }
}

async function stopLahko(lahko: ChildProcess): Promise<void> {
  lahko.kill('SIGTERM')
  if (lahko.exitCode === null) await once(lahko, 'exit')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function familyOf(root: number): number[] {
  const family = new Set([root])
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), parentOf(pid)] as const)
  for (let before = 0; before < family.size;) {
    before = family.size
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid)
  }
  return [...family]
}

function parentOf(pid: string): number {
  // The name before it stands in brackets and may hold anything.
  return Number(readProc(pid, 'stat').split(') ').at(-1)?.split(' ')[1])
}

/** What these processes hold, shared pages counted once in all. */
function pssMbOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(readProc(String(pid), 'smaps_rollup'))?.[1] ?? 0))
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 102.4) / 10
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

const seconds = (ms: number) => Math.round(ms / 10) / 100
