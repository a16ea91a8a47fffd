import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient, type Client } from '@lahko/contract/client'
import type { ImportState } from '@lahko/contract/surveys'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'
import { serverEnvironment, serverFlags } from '../scripts/server-flags.mjs'
import { freePort } from './free-port.ts'
import type { BenchResult } from './report.ts'
import { seededRandom } from './seeded.ts'

const server = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
const rows = Number(process.env['LAHKO_BENCH_ROWS'] ?? 1_000_000)

type Stage = { api: Client; baseUrl: string; key: string; surveyId: string; folder: string; pid: number }
type Measured = { what: string; rows: number; seconds: number }

/** A file of old answers through the server's API: upload, dry run, import, undo; how long each takes, and the memory. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  try {
    // PostgreSQL's own user has to reach it when this runs as root.
    await chmod(folder, 0o755)
    const { key, surveyId } = await prepare(folder)
    const port = await freePort()
    const child = await startServer(folder, port)
    try {
      const baseUrl = `http://localhost:${port}`
      const api = createClient({ baseUrl, key })
      return await measure({ api, baseUrl, key, surveyId, folder, pid: child.pid! })
    } finally {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function prepare(folder: string): Promise<{ key: string; surveyId: string }> {
  const database = await openDatabase({ dataFolder: join(folder, 'data'), databaseUrl: undefined })
  await migrate(database.owner)
  const pool = new pg.Pool({ ...database.owner, max: 1 })
  const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows: shown } = await sql<Record<string, string>>`show ${sql.raw(name)}`.execute(owner)
    if (shown[0]?.[name] !== 'on') throw new Error(`${name} is ${shown[0]?.[name]}, not on.`)
  }
  const store = openStore(database.app, systemClock, () => undefined)
  const { workspaceId, surveyId } = await insertExampleSurvey(owner, { declared: ['channel', 'topic', 'language'] })
  const scopes = ['surveys.read', 'responses.import'] as const
  const made = await store.write({ workspaceId, actor: system }, (tx) => createKey(tx, { name: 'bench', scopes }))
  await store.close()
  await owner.destroy()
  await database.close()
  return { key: made.key, surveyId }
}

async function startServer(folder: string, port: number): Promise<ChildProcess> {
  const { DATABASE_URL: _, ...environment } = process.env
  const profile = process.env['LAHKO_BENCH_PROFILE']
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child = spawn(process.execPath, [...serverFlags, ...flags, server], {
    env: {
      ...serverEnvironment,
      ...environment,
      NODE_ENV: 'production',
      PORT: String(port),
      LAHKO_DATA: join(folder, 'data'),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while (!(await fetch(`http://localhost:${port}/readyz`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error('Lahko ended at its start.')
    await wait(100)
  }
  return child
}

async function measure(stage: Stage): Promise<BenchResult> {
  const restMb = memoryMb(stage.pid, 'VmRSS')
  const plain = await throughAll(stage, 'old answers', rows)
  const plainMb = memoryMb(stage.pid, 'VmHWM')
  const few = Math.round(rows / 5)
  const named = await throughAll(stage, 'with customers', few, (random) => `${Math.floor(random() * few)}@shop.example`)
  const peakMb = memoryMb(stage.pid, 'VmHWM')
  const taken = plain.find(({ what }) => what.startsWith('import'))!
  return {
    name: 'import',
    columns: ['what', 'rows', 'seconds', 'rows/s'],
    rows: [...plain, ...named].map((one) => [one.what, one.rows, one.seconds, Math.round(one.rows / one.seconds)]),
    checks: [
      {
        check: `import of ${rows.toLocaleString('en')} rows, s`,
        value: taken.seconds,
        wanted: '< 60',
        holds: taken.seconds < 60,
      },
      { check: 'server process, peak RSS, MB', value: peakMb, wanted: '< 300', holds: peakMb < 300 },
      { check: 'the same before customers came along, MB', value: plainMb, wanted: 'printed', holds: true },
      { check: 'the same at rest, MB', value: restMb, wanted: 'printed', holds: true },
    ],
  }
}

/** Upload, dry run, import, and undo of one file. */
async function throughAll(stage: Stage, name: string, count: number, email?: (random: () => number) => string) {
  const path = join(stage.folder, 'answers.csv')
  await pipeline(Readable.from(lines(count, email)), createWriteStream(path))
  const megabytes = Math.round((await stat(path)).size / 1e6)
  const params = { id: stage.surveyId }
  const measured: Measured[] = []
  const time = async (what: string, work: () => Promise<ImportState>) => {
    const began = performance.now()
    const state = await work()
    measured.push({
      what: `${what}, ${name}`,
      rows: count,
      seconds: Math.round((performance.now() - began) / 10) / 100,
    })
    return state
  }
  const uploaded = await time(`upload of ${megabytes} MB`, () => upload(stage, path))
  const one = { params: { ...params, importId: uploaded.id } }
  const checked = await time('dry run', async () => {
    await stage.api.surveys.checkImport({ ...one, body: uploaded.mapping! })
    return settled(stage, uploaded.id)
  })
  const done = await time('import', async () => {
    await stage.api.surveys.runImport(one)
    return settled(stage, uploaded.id)
  })
  if (done.state !== 'done' || done.rowsAccepted !== checked.rowsAccepted || done.rowsAccepted < count * 0.97)
    throw new Error(`The import ended ${done.state} with ${done.rowsAccepted} answers: ${done.error}`)
  const survey = await stage.api.surveys.get({ params })
  if (survey.versions[0]!.answers !== done.rowsAccepted)
    throw new Error(`${survey.versions[0]!.answers} answers count.`)
  await time('undo', async () => {
    await stage.api.surveys.undoImport(one)
    return settled(stage, uploaded.id)
  })
  return measured
}

async function upload({ baseUrl, key, surveyId }: Stage, path: string): Promise<ImportState> {
  const reply = await fetch(`${baseUrl}/api/v1/surveys/${surveyId}/imports?name=answers.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' },
    body: Readable.toWeb(createReadStream(path)) as ReadableStream,
    duplex: 'half',
  } as RequestInit)
  if (!reply.ok) throw new Error(await reply.text())
  return (await reply.json()) as ImportState
}

async function settled({ api, surveyId }: Stage, importId: string): Promise<ImportState> {
  for (;;) {
    const state = await api.surveys.getImport({ params: { id: surveyId, importId } })
    if (!['checking', 'running', 'undoing'].includes(state.state)) return state
    await wait(200)
  }
}

const channels = ['mail', 'phone', 'chat', 'form']
const languages = ['en', 'sl', 'nb']
const remarks = ['Solved at once', 'I had to say it twice', 'Waited for an hour, "again"', 'Hvala, hitro in prijazno']

/** Two years of answers in the order of their dates, as a help desk exports them. */
async function* lines(count: number, email: ((random: () => number) => string) | undefined): AsyncGenerator<string> {
  const random = seededRandom(20_261_122)
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!
  const began = Date.UTC(2024, 9, 1)
  const step = (730 * 86_400_000) / count
  let part = `Answered;Score;Channel;Topic;Language;Comment${email ? ';E-mail' : ''}\n`
  for (let n = 0; n < count; n++) {
    const at = new Date(began + n * step).toISOString().slice(0, 19).replace('T', ' ')
    const score = random() < 0.01 ? '' : String(1 + Math.floor(random() * 10))
    const comment = random() < 0.25 ? `"${pick(remarks).replaceAll('"', '""')}, no. ${n}"` : ''
    part += `${at};${score};${pick(channels)};topic ${Math.floor(random() * 16)};${pick(languages)};${comment}${email ? `;${email(random)}` : ''}\n`
    if (part.length > 1_000_000) {
      yield part
      part = ''
    }
  }
  yield part
}

/** `VmRSS`: what the process holds now; `VmHWM`: the most that it ever held. In megabytes. */
function memoryMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 102.4) / 10
}
