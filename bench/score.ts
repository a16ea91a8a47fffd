import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { BenchResult } from './report.ts'
import { seededRandom } from './seeded.ts'

const bin = fileURLToPath(new URL('../apps/cli/bin.mjs', import.meta.url))
const blockRows = 100_000
const wantedQuick = 5e6
const wantedOther = 4e5
const wantedMemory = 200

interface Answer {
  id: number
  score: number
  channel: string
  at: string
}

/** One kind of file: `head`, then the same block of 100,000 rows again and again. */
interface Kind {
  name: string
  args: string[]
  rows: number
  runs: number
  /** Sent through a pipe, else written to a file. */
  piped?: boolean
  head: Buffer
  block: Buffer
}

interface Run {
  seconds: number
  peakMb: number
}

/** `lahko score` from its start to its end, as a person meets it: rows a second of the median run, peak memory. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  const rows: (string | number)[][] = []
  const rates: number[] = []
  try {
    for (const kind of kinds()) {
      const typical = await typicalOf(kind, folder)
      const rate = kind.rows / typical.seconds
      rates.push(rate)
      rows.push([kind.name, kind.rows, round(typical.seconds, 2), Math.round(rate), Math.round(typical.peakMb)])
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const columns = ['file', 'rows', 'seconds', 'rows a second', 'peak memory, MB']
  return { name: 'score', columns, rows, checks: checksOf(rows, rates) }
}

function checksOf(rows: (string | number)[][], rates: number[]): BenchResult['checks'] {
  const [quick = 0, piped = 0, ...others] = rates
  const slowest = Math.min(...others)
  const largest = Number(rows[1]?.[4])
  const most = Math.max(...rows.map((row) => Number(row[4])))
  const mb = `< ${wantedMemory} MB`
  return [
    {
      check: 'unquoted two-column UTF-8, rows a second',
      value: Math.round(quick),
      wanted: `≥ ${wantedQuick}`,
      holds: quick >= wantedQuick,
    },
    {
      check: 'the same, 50 million through a pipe, rows a second',
      value: Math.round(piped),
      wanted: `≥ ${wantedQuick}`,
      holds: piped >= wantedQuick,
    },
    {
      check: 'slowest of all others, rows a second',
      value: Math.round(slowest),
      wanted: `≥ ${wantedOther}`,
      holds: slowest >= wantedOther,
    },
    { check: 'peak memory at 50 million rows', value: `${largest} MB`, wanted: mb, holds: largest < wantedMemory },
    { check: 'peak memory of all', value: `${most} MB`, wanted: mb, holds: most < wantedMemory },
  ]
}

function kinds(): Kind[] {
  const answers = drawAnswers()
  const text = (write: (answer: Answer) => string): Buffer => Buffer.from(answers.map(write).join(''))
  const two = { head: Buffer.from('id,score\n'), block: text(({ id, score }) => `${id},${score}\n`) }
  const four = {
    head: Buffer.from('id,score,channel,at\n'),
    block: text(({ id, score, channel, at }) => `${id},${score},${channel},${at}\n`),
  }
  const utf16 = (bytes: Buffer): Buffer => Buffer.from(bytes.toString(), 'utf16le')
  const some = { args: [] as string[], rows: 2_000_000, runs: 3 }
  return [
    { name: 'unquoted, two columns', args: [], rows: 20_000_000, runs: 3, ...two },
    { name: 'the same through a pipe', args: [], rows: 50_000_000, runs: 3, piped: true, ...two },
    {
      ...some,
      name: 'quoted, four columns',
      head: Buffer.from('"id","score","channel","at"\r\n'),
      block: text(({ id, score, channel, at }) => `"${id}","${score}","${channel}, ""x""","${at}"\r\n`),
    },
    {
      ...some,
      name: 'semicolons, decimal commas, Windows-1250',
      head: Buffer.from('id;ocena;\x9aifra\n', 'latin1'),
      block: Buffer.from(text(({ id, score }) => `${id};${score},0;\x8a${id}\n`).toString(), 'latin1'),
    },
    { ...some, name: 'UTF-16, two columns', head: utf16(Buffer.from(`\ufeff${two.head}`)), block: utf16(two.block) },
    {
      ...some,
      name: 'NDJSON',
      head: Buffer.alloc(0),
      block: text((answer) => `${JSON.stringify(answer)}\n`),
    },
    {
      ...some,
      name: 'NDJSON with objects inside',
      head: Buffer.alloc(0),
      block: text(({ id, score }) => `${JSON.stringify({ customer: { id }, score, note: 'a "quoted"\nnote' })}\n`),
    },
    { ...some, name: 'unquoted, --by 4 channels', args: ['--by', 'channel'], ...four },
    { ...some, name: 'unquoted, --by 100,000 ids', args: ['--by', 'id'], ...two },
    { ...some, name: 'unquoted, --over weeks in a zone', args: overWeeks, ...four },
    {
      ...some,
      name: 'NDJSON, --by and --over',
      args: ['--by', 'channel', ...overWeeks],
      head: Buffer.alloc(0),
      block: text((answer) => `${JSON.stringify(answer)}\n`),
    },
  ]
}

const overWeeks = ['--over', 'at', '--time-zone', 'Europe/Ljubljana']

function drawAnswers(): Answer[] {
  const random = seededRandom(4)
  const pick = (n: number): number => Math.floor(random() * n)
  const start = Date.UTC(2024, 0, 1)
  return Array.from({ length: blockRows }, (_, id) => ({
    id,
    score: 1 + pick(10),
    channel: ['mail', 'phone', 'chat', 'web'][pick(4)]!,
    at: new Date(start + pick(2 * 365 * 86_400) * 1000).toISOString().replace('.000', ''),
  }))
}

async function typicalOf(kind: Kind, folder: string): Promise<Run> {
  const file = join(folder, 'answers')
  if (!kind.piped) await finished(Readable.from(bytesOf(kind)).pipe(createWriteStream(file)))
  const runs: Run[] = []
  for (let i = 0; i < kind.runs; i++) runs.push(await measured(kind, file))
  await rm(file, { force: true })
  return {
    seconds: runs.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)]!,
    peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)),
  }
}

function* bytesOf({ head, block, rows }: Kind): Generator<Buffer> {
  yield head
  for (let done = 0; done < rows; done += blockRows) yield block
}

async function measured(kind: Kind, file: string): Promise<Run> {
  const args = [bin, 'score', kind.piped ? '-' : file, '--json', '--scale', 'ces-10', ...kind.args]
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: [kind.piped ? 'pipe' : 'ignore', 'pipe', 'inherit'] })
  const memory = watchMemory(child.pid)
  if (child.stdin) Readable.from(bytesOf(kind)).pipe(child.stdin)
  let out = ''
  child.stdout?.on('data', (part: Buffer) => (out += part.toString()))
  const [code] = await once(child, 'close')
  const seconds = (performance.now() - started) / 1000
  const { rows, n } = code === 0 ? JSON.parse(out) : { rows: 0, n: 0 }
  if (rows !== kind.rows || n !== kind.rows)
    throw new Error(`${kind.name}: ${n} answers in ${rows} rows of ${kind.rows}`)
  return { seconds, peakMb: memory.end() }
}

/** Linux keeps the peak of a living process; asked often enough, the last answer is its own. */
function watchMemory(pid: number | undefined): { end: () => number } {
  let peakKb = 0
  const look = async (): Promise<void> => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    peakKb = Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? peakKb)
  }
  const timer = setInterval(look, 20)
  return {
    end() {
      clearInterval(timer)
      return peakKb === 0 ? Number.NaN : peakKb / 1024
    },
  }
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}
