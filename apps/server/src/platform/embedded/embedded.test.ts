import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { announce, borrowDatabase, type Database, openDatabase, StartRefused } from './index.ts'
import { connected } from './roles.ts'

const leftovers = new WeakMap<TestContext, (() => unknown)[]>()

/** Does the work after the test, the last asked for first. */
function afterwards(t: TestContext, work: () => unknown): void {
  const works = leftovers.get(t) ?? []
  if (works.length === 0) {
    t.after(async () => {
      for (const one of works.toReversed()) await one()
    })
  }
  leftovers.set(t, works)
  works.push(work)
}

// Making a database takes a second: the first test does it, and tests that leave no process behind share it.
let made: string

before(async () => {
  made = await mkdtemp(join(tmpdir(), 'lahko-made-'))
  await chmod(made, 0o755)
})

after(() => rm(made, { recursive: true, force: true }))

async function copyOfMade(t: TestContext, within = ''): Promise<string> {
  const folder = join(await newFolder(t), within)
  await mkdir(folder, { recursive: true })
  await promisify(execFile)('cp', ['-a', `${made}/.`, folder])
  return folder
}

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-test-'))
  await chmod(folder, 0o755)
  afterwards(t, () => rm(folder, { recursive: true, maxRetries: 20 }))
  return folder
}

const at = (dataFolder: string) => ({ dataFolder, databaseUrl: undefined })

async function openAt(t: TestContext, dataFolder: string): Promise<Database> {
  const database = await openDatabase(at(dataFolder))
  afterwards(t, database.close)
  return database
}

async function ask(connection: pg.ClientConfig, query: string): Promise<unknown> {
  return connected(connection, async (client) => Object.values((await client.query(query)).rows[0] as object)[0])
}

async function postmasterOf(dataFolder: string): Promise<number> {
  const text = await readFile(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** A process that opens the database and does nothing until it is killed. */
async function ownerProcess(t: TestContext, dataFolder: string): Promise<ChildProcess> {
  const door = new URL('./index.ts', import.meta.url)
  const code = `import { openDatabase } from ${JSON.stringify(door.href)}
    await openDatabase({ dataFolder: ${JSON.stringify(dataFolder)} })
    process.stdout.write('open')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'pipe'] })
  afterwards(t, () => child.kill('SIGKILL'))
  let complaint = ''
  child.stderr.on('data', (text) => (complaint += text))
  const ended = once(child, 'close').then(() => assert.fail(complaint))
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => undefined)
  return child
}

async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function refused(opening: Promise<Database>): Promise<string> {
  const error = await opening.then(
    async (database) => database.close(),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof StartRefused, `not refused: ${String(error)}`)
  return error.message
}

async function until(holds: () => boolean): Promise<void> {
  const given = AbortSignal.timeout(10_000)
  while (!holds()) {
    given.throwIfAborted()
    await wait(20)
  }
}

describe('the embedded PostgreSQL', () => {
  test('starts in an empty folder, safe by its settings, and stops cleanly', async (t) => {
    const database = await openAt(t, made)
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      assert.equal(await ask(database.owner, `show ${setting}`), 'on')
    }
    assert.equal(await ask(database.owner, 'show listen_addresses'), '')
    assert.equal(await ask(database.owner, "select lower('ČŠŽ')"), 'čšž')
    assert.equal((await stat(join(made, 'socket'))).mode & 0o777, 0o700)
    assert.equal((await stat(join(made, 'run.json'))).mode & 0o777, 0o600)
    const group = await readFile(`/proc/${await postmasterOf(made)}/stat`, 'utf8').catch(() => '')
    if (group) assert.notEqual(group.split(') ')[1]?.split(' ')[2], String(process.pid), 'a group of its own')
    await database.close()
    assert.deepEqual((await readdir(made)).toSorted(), ['postgres', 'socket'])
    assert.ok(!existsSync(join(made, 'postgres', 'postmaster.pid')))
  })

  test('a command beside a server knows where that is reached', async (t) => {
    const database = await openAt(t, made)
    await announce(database, 'http://localhost:4321')
    const beside = await borrowDatabase(at(made), { purpose: 'a command' })
    assert.equal(beside.servedAt, 'http://localhost:4321')
    await beside.close()
    await database.close()
  })

  test('knows letters beyond English when it compares trigrams', async (t) => {
    const { owner } = await openAt(t, made)
    const similarity = "select similarity('čaša', 'čaše') from (select 1) x"
    await connected(owner, (client) => client.query('create extension pg_trgm'))
    assert.ok(Number(await ask(owner, similarity)) > 0.3)
  })

  test('the application runs as a role that owns nothing and bypasses nothing', async (t) => {
    const { owner, app } = await openAt(t, made)
    assert.equal(await ask(owner, 'select current_user'), 'lahko_owner')
    assert.equal(await ask(app, 'select current_user'), 'lahko_app')
    const rights =
      'select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user'
    assert.equal(await ask(app, rights), false)
    await assert.rejects(ask(app, 'create table public.mine ()'), /permission denied/)
  })

  test('a second start on the same data is refused and names the first', async (t) => {
    await openAt(t, made)
    const sentence = await refused(openDatabase(at(made)))
    assert.match(sentence, /already running/)
    assert.ok(sentence.includes(made) && sentence.includes(`server, process ${process.pid}`), sentence)
  })

  test('a command works beside a server, and alone by starting and stopping PostgreSQL', async (t) => {
    const alone = await borrowDatabase(at(made), { purpose: 'key' })
    assert.equal(await ask(alone.app, 'select current_user'), 'lahko_app')
    assert.match(await refused(openDatabase(at(made))), /key, process/)
    await alone.close()
    assert.ok(!existsSync(join(made, 'postgres', 'postmaster.pid')))

    const server = await openAt(t, made)
    const beside = await borrowDatabase(at(made), { purpose: 'key' })
    assert.equal(await ask(beside.owner, 'select current_user'), 'lahko_owner')
    await beside.close()
    assert.equal(await ask(server.app, 'select current_user'), 'lahko_app')
    assert.match(await refused(borrowDatabase(at(made), { purpose: 'restore', exclusive: true })), /already running/)
  })

  test('PostgreSQL killed under a living owner comes back with everything committed', async (t) => {
    const database = await openAt(t, made)
    await connected(database.owner, (client) => client.query('create table kept as select 7 as seven'))
    const before = await postmasterOf(made)
    process.kill(before, 'SIGKILL')
    await until(() => !database.healthy())
    await until(database.healthy)
    assert.equal(await ask(database.owner, 'select seven from kept'), 7)
    assert.notEqual(await postmasterOf(made), before)
    assert.match(await refused(openDatabase(at(made))), /already running/)
  })

  test('an owner whose lock went to somebody else is told that it is lost', async (t) => {
    let reason: StartRefused | undefined
    const database = await openDatabase(at(made), { onLost: (given) => (reason = given) })
    afterwards(t, database.close)
    const other = new pg.Client({ ...database.owner, database: 'postgres', application_name: 'another' })
    await other.connect()
    afterwards(t, () => other.end().catch(() => undefined))
    other.on('error', () => undefined)
    const holder = "from pg_locks where locktype = 'advisory' and granted"
    const { rows } = await other.query(`select pid, classid::int as class, objid::int as object ${holder}`)
    const taken = other.query('select pg_advisory_lock($1, $2)', [rows[0].class, rows[0].object])
    await ask(database.owner, `select pg_terminate_backend(${Number(rows[0].pid)})`)
    await taken
    await until(() => reason !== undefined)
    assert.match(reason?.message ?? '', /already running.*another/)
    assert.equal(database.healthy(), false)
    process.kill(await postmasterOf(made), 'SIGINT')
  })

  test('a pid file that names somebody else’s process does not hold up the start', async (t) => {
    await (await openDatabase(at(made))).close()
    const stale = [process.pid, join(made, 'postgres'), '1', '5432', join(made, 'socket'), '', '1 2', 'ready', '']
    await writeFile(join(made, 'postgres', 'postmaster.pid'), stale.join('\n'))
    const database = await openAt(t, made)
    assert.notEqual(await postmasterOf(made), process.pid)
    assert.equal(database.healthy(), true)
  })

  for (const [major, way] of [
    ['19', /Update Lahko/],
    ['17', /backup/],
  ] as const) {
    test(`a database of PostgreSQL ${major} is refused`, async (t) => {
      const folder = await newFolder(t)
      await mkdir(join(folder, 'postgres'))
      await writeFile(join(folder, 'postgres', 'PG_VERSION'), `${major}\n`)
      const sentence = await refused(openDatabase(at(folder)))
      assert.match(sentence, way)
      assert.ok(sentence.includes(folder) && sentence.includes(`PostgreSQL ${major}`), sentence)
    })
  }

  test('settings that PostgreSQL refuses are told by its own reason and its log', async (t) => {
    const file = join(made, 'postgres', 'postgresql.conf')
    const before = await readFile(file)
    afterwards(t, () => writeFile(file, before))
    await writeFile(file, "shared_buffers = 'plenty'\n", { flag: 'a' })
    const sentence = await refused(openDatabase(at(made)))
    assert.match(sentence, /^PostgreSQL does not start: .*errors.*server\.log/)
  })
})

// Taking over takes three seconds, so these wait together.
describe('the embedded PostgreSQL after others', { concurrency: true }, () => {
  test('two first starts at once: one owns, the other is refused', async (t) => {
    const folder = await newFolder(t)
    const outcomes = await Promise.allSettled([ownerProcess(t, folder), ownerProcess(t, folder)])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    const loser = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    assert.match(String(loser.reason), /already running/)
    process.kill(await postmasterOf(folder), 'SIGINT')
  })

  test('a command waits for another one that is starting, and joins it', async (t) => {
    const folder = await copyOfMade(t)
    const { owner } = await openAt(t, folder)
    // What an owner writes last.
    const run = await readFile(join(folder, 'run.json'))
    await rm(join(folder, 'run.json'))
    const said: string[] = []
    const log = (line: string) => void said.push(line)
    const second = borrowDatabase(at(folder), { purpose: 'second', log })
    await Promise.race([second, until(() => said.some((line) => line.includes('waiting for it')))])
    await writeFile(join(folder, 'run.json'), run)
    assert.equal((await second).owner.host, owner.host)
  })

  test('after kill -9 of the owner the next start adopts the running PostgreSQL as it is', async (t) => {
    const folder = await copyOfMade(t)
    const owner = await ownerProcess(t, folder)
    const orphan = await postmasterOf(folder)
    await killHard(owner)
    const began = performance.now()
    const database = await openAt(t, folder)
    assert.ok(performance.now() - began >= 2_900, 'held for three seconds before it acts')
    assert.equal(await postmasterOf(folder), orphan)
    assert.equal(await ask(database.app, 'select current_user'), 'lahko_app')
  })

  test('an orphan with other settings is started again', async (t) => {
    const folder = await copyOfMade(t)
    const owner = await ownerProcess(t, folder)
    const orphan = await postmasterOf(folder)
    const file = join(folder, 'postgres', 'lahko.conf')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace(/lahko.settings = '.*'/, "lahko.settings = 'another'"))
    process.kill(orphan, 'SIGHUP')
    await killHard(owner)
    const database = await openAt(t, folder)
    assert.notEqual(await postmasterOf(folder), orphan)
    assert.notEqual(await ask(database.owner, 'show lahko.settings'), 'another')
  })

  test('after kill -9 of owner and PostgreSQL the next start recovers by itself', async (t) => {
    const folder = await copyOfMade(t)
    const owner = await ownerProcess(t, folder)
    process.kill(await postmasterOf(folder), 'SIGKILL')
    await killHard(owner)
    const database = await openAt(t, folder)
    assert.equal(await ask(database.app, 'select current_user'), 'lahko_app')
  })

  test('a data folder with a long path gets its socket elsewhere, removed at the end', async (t) => {
    const folder = await copyOfMade(t, `a folder’s long name${'/and a longer one'.repeat(6)}`)
    const database = await openAt(t, folder)
    const socketFolder = String(database.owner.host)
    assert.ok(!socketFolder.startsWith(folder))
    assert.equal((await stat(socketFolder)).mode & 0o777, 0o700)
    assert.equal(await ask(database.app, 'select current_user'), 'lahko_app')
    await database.close()
    assert.ok(!existsSync(socketFolder))
  })
})
