import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

// One installation's life, told in order: each test goes on where the one before it stopped.

const script = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url))
let folder: string
let port: number

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lahko-life-'))
  await chmod(folder, 0o755)
  port = await freePort()
})

after(() => rm(folder, { recursive: true, force: true }))

type Lahko = { child: ChildProcess; said: () => string; complained: () => string }

function launch(t: TestContext, environment: Record<string, string> = {}, args: string[] = [], channel?: 'ipc'): Lahko {
  const { DATABASE_URL: _database, HOST: _host, ...inherited } = process.env
  const env = { ...inherited, PORT: String(port), LAHKO_DATA: folder, ...environment }
  const child = spawn(process.execPath, [script, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', channel ?? 'ignore'],
  })
  t.after(() => child.kill('SIGTERM'))
  const output = { said: '', complained: '' }
  child.stdout?.on('data', (data) => (output.said += data))
  child.stderr?.on('data', (data) => (output.complained += data))
  return { child, said: () => output.said, complained: () => output.complained }
}

async function ready(lahko: Lahko): Promise<void> {
  await until(() => lahko.said().includes('Lahko is ready') || lahko.child.exitCode !== null)
  assert.equal(lahko.child.exitCode, null, lahko.complained())
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const given = AbortSignal.timeout(60_000)
  while (!(await holds())) {
    given.throwIfAborted()
    await wait(20)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

async function stop({ child }: Lahko): Promise<number | null> {
  child.kill('SIGTERM')
  return ended(child)
}

const runFile = () =>
  JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { pid: number; socketFolder: string }
const pidFile = () => join(folder, 'postgres', 'postmaster.pid')
const postmaster = () => Number(readFileSync(pidFile(), 'utf8').split('\n')[0])

async function acceptsNoMore(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => 'open'),
    once(socket, 'error').then(() => 'refused'),
  ]).catch(() => 'refused')
  socket.destroy()
  return outcome === 'refused'
}

/** A request whose second half is sent when `finish` is called; the server has read the first. */
async function beginRequest(): Promise<{ finish(): Promise<string> }> {
  const socket = connect(port, 'localhost')
  const body = '{"responses":[]}'
  const head = [
    'POST /api/v1/responses HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    'Content-Type: application/json',
  ]
  socket.write([...head, `Content-Length: ${body.length}`, 'Expect: 100-continue', '', ''].join('\r\n'))
  const [first] = await once(socket, 'data')
  assert.match(String(first), /^HTTP\/1\.1 100 /)
  return {
    finish: () => {
      socket.write(body)
      return text(socket)
    },
  }
}

test('the first start makes everything, says where, and answers on every address of localhost', async (t) => {
  const lahko = launch(t)
  await ready(lahko)
  assert.ok(lahko.said().includes(`The data is in ${folder}\n`), lahko.said())
  assert.ok(lahko.said().includes(`\nLahko is ready at http://localhost:${port}\n`), lahko.said())
  const speaksIpv6 = networkInterfaces()['lo']?.some(({ family }) => family === 'IPv6')
  for (const host of ['127.0.0.1', 'localhost', ...(speaksIpv6 ? ['[::1]'] : [])]) {
    assert.equal((await fetch(`http://${host}:${port}/healthz`)).status, 200, host)
  }
  assert.equal(await stop(lahko), 0)
})

test('SIGTERM lets a request in flight end, then PostgreSQL stops cleanly', async (t) => {
  const lahko = launch(t)
  await ready(lahko)
  const request = await beginRequest()
  lahko.child.kill('SIGTERM')
  await until(acceptsNoMore)
  const answer = await request.finish()
  assert.match(answer, /^HTTP\/1\.1 4\d\d /, answer)
  assert.equal(await ended(lahko.child), 0, lahko.complained())
  assert.ok(!existsSync(pidFile()) && !existsSync(join(folder, 'run.json')))
  assert.equal(lahko.complained(), '')
})

test('a second start on the same data, and one on the same port, are refused in one sentence', async (t) => {
  const first = launch(t)
  await ready(first)
  const sameData = launch(t, { PORT: String(await freePort()) })
  assert.equal(await ended(sameData.child), 1)
  assert.match(sameData.complained(), /^Lahko is already running on the data in .*\n$/)
  assert.equal(await stop(first), 0)

  const other = createServer().listen(port)
  await once(other, 'listening')
  t.after(() => other.close())
  const samePort = launch(t)
  assert.equal(await ended(samePort.child), 1)
  assert.match(samePort.complained(), new RegExp(`^Port ${port} is already in use.*\\n$`))
  assert.ok(!existsSync(pidFile()))
})

test('after kill -9 of the server and of PostgreSQL the next start recovers', async (t) => {
  const lahko = launch(t)
  await ready(lahko)
  process.kill(runFile().pid, 'SIGKILL')
  process.kill(postmaster(), 'SIGKILL')
  assert.equal(await ended(lahko.child), null)
  assert.equal(lahko.child.signalCode, 'SIGKILL')
  const again = launch(t)
  await ready(again)
  assert.equal((await fetch(`http://localhost:${port}/readyz`)).status, 200)
  assert.equal(await stop(again), 0)
})

test('PostgreSQL killed under a living Lahko: nothing is served meanwhile, and it comes back by itself', async (t) => {
  const lahko = launch(t)
  await ready(lahko)
  const ask = async () => (await fetch(`http://localhost:${port}/api/v1/start`)).status
  assert.equal(await ask(), 200)
  const seen = new Set<number>()
  process.kill(postmaster(), 'SIGKILL')
  await until(async () => {
    seen.add(await ask())
    return lahko.said().includes('PostgreSQL is back')
  })
  await until(async () => (await fetch(`http://localhost:${port}/readyz`)).status === 200)
  assert.equal(await ask(), 200)
  assert.ok(seen.has(503) && [...seen].every((status) => status === 200 || status === 503), [...seen].join())
  assert.equal(await stop(lahko), 0)
})

test('a flag that the start does not know is refused in one sentence, and so is a workspace that is not there', async (t) => {
  const flag = launch(t, {}, ['--port', '8080'])
  assert.equal(await ended(flag.child), 1)
  assert.match(flag.complained(), /^The start takes --workspace NAME and nothing else.*\n$/)
  const nowhere = launch(t, {}, ['--workspace', 'nowhere'])
  assert.equal(await ended(nowhere.child), 1)
  assert.match(nowhere.complained(), /^There is no workspace "nowhere".*\n$/)
})

test('a script that is followed over a channel starts the server as a child, which stops when the script is killed', async (t) => {
  const lahko = launch(t, {}, [], 'ipc')
  await ready(lahko)
  lahko.child.kill('SIGKILL')
  await until(() => !existsSync(pidFile()))
})

test('a setting that makes no sense is refused by its name', async (t) => {
  const lahko = launch(t, { PORT: 'many' })
  assert.equal(await ended(lahko.child), 1)
  assert.equal(lahko.complained(), 'PORT is "many"; it must be a whole number from 0 to 65535.\n')
})

test('a database of a newer Lahko is refused in one sentence', async (t) => {
  const lahko = launch(t)
  await ready(lahko)
  const client = new pg.Client({ host: runFile().socketFolder, user: 'lahko_owner', database: 'lahko' })
  await client.connect()
  await client.query("insert into migrations (name, hash) values ('9999_future.sql', '')")
  await client.end()
  assert.equal(await stop(lahko), 0)
  const refused = launch(t)
  assert.equal(await ended(refused.child), 1)
  assert.match(refused.complained(), /^The database was made by a newer version of Lahko\..*\n$/)
})
