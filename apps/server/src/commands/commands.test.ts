import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { readConfig } from '../config.ts'
import { warnOfDeadLinks } from '../starting.ts'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'
import { goodPassword, newWorkspace, signUpForm, visitor, type Visitor } from '../testing/visitor.ts'
import type { Terminal } from './command.ts'
import { checkPort, judgeClock, judgeDisk, judgePostgres } from './doctor-checks.ts'
import { checkLeaving, checkLinks } from './mail-checks.ts'
import { runCommand } from './main.ts'

let house: TestHouse
let sql: pg.Client
let folder: string
let owner: Visitor

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  folder = await mkdtemp(join(tmpdir(), 'lahko-commands-'))
  owner = (await newWorkspace(house, 'acme')).owner
})
after(async () => {
  await sql.end()
  await house.close()
  await rm(folder, { recursive: true })
})

/** Runs a command line against the test's database, and tells what a shell would see. */
async function lahko(line: string, typed = ''): Promise<{ exit: number; out: string; err: string }> {
  const [out, err] = [collect(), collect()]
  const env = { DATABASE_URL: house.database.owner.connectionString, LAHKO_DATA: folder, PORT: '0' }
  const stdin = Readable.from(typed === '' ? [] : [Buffer.from(typed)]) as unknown as NodeJS.ReadStream
  const exit = await runCommand(line.split(' '), { stdin, stdout: out.stream, stderr: err.stream, env })
  return { exit, out: out.text(), err: err.text() }
}

function collect() {
  let all = ''
  const stream = new Writable({ write: (chunk, _, done) => ((all += String(chunk)), done()) })
  return { stream, text: () => all }
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const me = (key: string) => visitor(house).ask('GET', '/me', undefined, { authorization: `Bearer ${key}` })

describe('lahko key', () => {
  test('prints a key that works, and nothing else', async () => {
    const { exit, out, err } = await lahko(
      'key create --workspace acme --scope workspace.read --scope responses.write --name Shop',
    )
    assert.deepEqual([exit, err], [0, ''])
    assert.match(out, /^lahko_[\w-]{43}\n$/)
    assert.deepEqual((await me(out.trim())).json().permissions, ['workspace.read', 'responses.write'])
    const { rows } = await sql.query(
      "select actor_kind from events where type = 'key.created' order by at desc limit 1",
    )
    assert.deepEqual(rows, [{ actor_kind: 'system' }])
  })

  test('without a workspace takes the one that localhost serves', async () => {
    const { out } = await lahko('key create --scope workspace.read')
    assert.equal((await me(out.trim())).json().workspace.slug, 'acme')
  })

  test('lists keys without showing them, and revokes by the beginning', async () => {
    const { out: made } = await lahko('key create --scope members.read --name Revoked')
    const list = await lahko('key list --workspace acme')
    const line = list.out.split('\n').find((one) => one.includes('Revoked'))!
    assert.match(line, /^lahko_[\w-]{4} {2}Revoked .*members\.read .*\d{4}-\d\d-\d\d .*never$/)
    assert.ok(!list.out.includes(made.trim()))
    const { exit, err } = await lahko(`key revoke ${line.slice(0, 10)}`)
    assert.deepEqual([exit, err], [0, `The key ${line.slice(0, 10)}… (Revoked) opens nothing any more.\n`])
    assert.equal((await me(made.trim())).statusCode, 401)
    const again = await lahko(`key revoke ${line.slice(0, 10)}`)
    assert.deepEqual([again.exit, again.out], [1, ''])
  })

  for (const [line, sentence] of [
    ['key', /"lahko key " is not a command; there are create, list and revoke\./],
    ['key make', /"lahko key make"/],
    ['key create', /Say what the key may do, such as --scope responses\.write\./],
    ['key create --scope responses:write', /There is no scope "responses:write"; there are workspace\.read,/],
    ['key create --scope', /--scope needs a value\./],
    ['key create --scop x', /There is no flag --scop\./],
    ['key create responses.write', /scopes are given with --scope\./],
    ['key create --scope responses.write --workspace nowhere', /There is no workspace "nowhere"; there is acme\./],
    ['key revoke', /Name the key to revoke/],
    ['nothing', /There is no command "nothing"; there are articles, demo, /],
    ['toString', /There is no command "toString"/],
    ['member password', /Name the e-mail address of the member\./],
    ['member forget x', /"lahko member forget"/],
    ['member password a b', /"b" is one too many/],
    ['doctor now', /takes nothing after it/],
    ['signup now', /takes nothing after it/],
  ] as const) {
    test(`lahko ${line}: one sentence, exit 2`, async () => {
      const { exit, out, err } = await lahko(line)
      assert.deepEqual([exit, out], [2, ''])
      assert.match(err, sentence)
      assert.equal(err.split('\n').length, 2)
    })
  }
})

describe('lahko host', () => {
  test('gives a workspace a name that its links begin with, lists it, and takes it away', async () => {
    const added = await lahko('host add Pomoč.Acme.example.')
    assert.deepEqual(
      [added.exit, added.err],
      [0, 'xn--pomo-jua.acme.example leads to the workspace, and its links begin with it.\n'],
    )
    assert.equal((await lahko('host list --workspace acme')).out, 'xn--pomo-jua.acme.example\n')
    const later = await lahko('host add zadnji.acme.example')
    assert.match(later.err, /^zadnji\.acme\.example leads .* begin with xn--pomo-jua\.acme\.example, the first of its/)
    assert.equal((await lahko('host remove zadnji.acme.example')).exit, 0)
    house.clock.advance(6_000)
    const made = await owner.ask('POST', '/surveys', { name: 'Named', libraryId: 'ces-7' })
    assert.equal(made.json().url, 'http://xn--pomo-jua.acme.example/s/named')
    assert.equal((await lahko('host remove pomoč.acme.example')).exit, 0)
    const again = await lahko('host remove pomoč.acme.example')
    assert.deepEqual(
      [again.exit, again.err],
      [1, 'The workspace has no host xn--pomo-jua.acme.example; lahko host list shows those it has.\n'],
    )
    assert.deepEqual((await lahko('host list')).out, '')
  })

  for (const name of ['localhost', 'acme.localhost', '10.0.0.4', 'https://acme.example', 'acme', 'a_b.example']) {
    test(`${name} is no name that one workspace can have`, async () => {
      const { exit, err } = await lahko(`host add ${name}`)
      assert.equal(exit, 2)
      assert.match(err, /is no name that one workspace can have/)
    })
  }
})

describe('lahko member password', () => {
  test('takes the first line of standard input, and signs the member out everywhere', async () => {
    assert.equal((await owner.ask('GET', '/me')).statusCode, 200)
    const { exit, out, err } = await lahko('member password OWNER@acme.example', 'seven quiet harbours\r\nmore\n')
    assert.deepEqual(
      [exit, out, err],
      [0, '', 'owner@acme.example has a new password, and is signed out everywhere.\n'],
    )
    const { rows } = await sql.query('select 1 from sessions')
    assert.equal(rows.length, 0)
    const signIn = (password: string) =>
      visitor(house).ask('POST', '/sessions', { email: 'owner@acme.example', password })
    assert.equal((await signIn(goodPassword)).statusCode, 401)
    assert.equal((await signIn('seven quiet harbours')).statusCode, 201)
  })

  test('says what is wrong', async () => {
    for (const [line, typed, sentence] of [
      [
        'member password nobody@acme.example',
        'seven quiet harbours\n',
        'No member has the e-mail address nobody@acme.example.\n',
      ],
      ['member password owner@acme.example', '', 'There is no password on standard input.\n'],
      ['member password owner@acme.example', 'short\n', 'A password has at least 10 characters.\n'],
      ['member password owner@acme.example', `${'violin '.repeat(29)}\n`, 'A password has at most 200 characters.\n'],
    ] as const) {
      const { exit, err } = await lahko(line, typed)
      assert.deepEqual([exit, err], [1, sentence])
    }
    assert.match((await lahko('member password owner@acme.example', 'password123\n')).err, /guess/)
  })

  test('at a terminal it is typed twice, and never shown', async () => {
    const keys = Object.assign(new PassThrough(), {
      isTTY: true,
      raw: [] as boolean[],
      setRawMode: (on: boolean) => void keys.raw.push(on),
    })
    const [out, err] = [collect(), collect()]
    const env = { DATABASE_URL: house.database.owner.connectionString, LAHKO_DATA: folder }
    keys.write('sevenx\u007f quiet harbours\r')
    const asked = new Writable({
      write(chunk, _, done) {
        err.stream.write(chunk)
        if (String(chunk).includes('again')) setImmediate(() => keys.write('seven quiet harbours\r'))
        done()
      },
    })
    const terminal = {
      stdin: keys as unknown as NodeJS.ReadStream,
      stdout: out.stream,
      stderr: asked,
      env,
    } satisfies Terminal
    assert.equal(await runCommand(['member', 'password', 'owner@acme.example'], terminal), 0)
    assert.ok(!(out.text() + err.text()).includes('quiet'))
    assert.deepEqual(keys.raw, [true, false, true, false])
  })
})

test('a command whose database goes away says so in one sentence', async () => {
  const client = new pg.Client(house.database.owner)
  await client.connect()
  try {
    await client.query('begin; lock table workspaces')
    const listing = lahko('key list --workspace acme')
    const waiting = `select pid from pg_locks join pg_stat_activity using (pid)
      where not granted and datname = current_database()`
    let pid: number | undefined
    while (pid === undefined) pid = (await sql.query<{ pid: number }>(waiting)).rows[0]?.pid
    await sql.query('select pg_terminate_backend($1)', [pid])
    const { exit, err } = await listing
    assert.deepEqual([exit, err], [1, 'The database went away meanwhile. Do it again; what was kept stays kept.\n'])
  } finally {
    await client.end()
  }
})

test('lahko signup prints a link that makes one more workspace', async () => {
  const { exit, out } = await lahko('signup')
  assert.equal(exit, 0)
  const token = new URL(out).searchParams.get('token')
  assert.equal((await visitor(house).ask('POST', '/sign-ups', signUpForm('invited', { token }))).statusCode, 201)
})

describe('lahko doctor', () => {
  test('finds nothing wrong with a sound installation', async () => {
    const { exit, out } = await lahko('doctor')
    assert.equal(exit, 0, out)
    for (const what of ['Node', 'Data folder', 'Disk', 'PostgreSQL', 'Role', 'Schema', 'Clock', 'Jobs', 'Port']) {
      assert.match(out, new RegExp(`^ok +${what} `, 'm'))
    }
    assert.match(out, /Nothing is wrong\.\n$/)
  })

  test('names jobs that were given up, and how to mend it', async () => {
    await sql.query(
      `insert into failed_jobs select workspace_id, gen_random_uuid(), 'send_mail', '{}', 'no server', now() from workspaces limit 1`,
    )
    const { exit, out } = await lahko('doctor')
    assert.equal(exit, 1)
    assert.match(
      out,
      /^BAD +Jobs +given up: 1 × send_mail in acme, last on .*\n +→ Run lahko jobs list --workspace acme:/m,
    )
    assert.match(out, /1 thing is wrong\.\n$/)
    await sql.query('delete from failed_jobs')
  })

  test('names a schema that is behind, or ahead', async () => {
    const { rows } = await sql.query("delete from migrations where name like '0004%' returning *")
    assert.match((await lahko('doctor')).out, /^look +Schema +0004_surveys\.sql not applied yet\n +→ Start Lahko/m)
    await sql.query("insert into migrations select '0004_surveys.sql', $1", [rows[0].hash])
    await sql.query("insert into migrations values ('9999_future.sql', '')")
    const ahead = await lahko('doctor')
    assert.match(ahead.out, /^BAD +Schema +9999_future\.sql came from a newer Lahko/m)
    assert.deepEqual(await lahko('key list'), {
      exit: 1,
      out: '',
      err: 'The database was made by a newer version of Lahko. Update Lahko, or restore an older backup.\n',
    })
    await sql.query("delete from migrations where name = '9999_future.sql'")
  })

  test('judges settings, disk and clock', () => {
    const sound = {
      server_version: '18.4',
      server_version_num: '180004',
      server_encoding: 'UTF8',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
    }
    assert.deepEqual(
      judgePostgres(sound).map((one) => one.state),
      ['good', 'good'],
    )
    assert.deepEqual(judgePostgres({ ...sound, synchronous_commit: 'remote_apply' })[1]!.state, 'good')
    assert.match(
      judgePostgres({ ...sound, fsync: 'off', synchronous_commit: 'off' })[1]!.says,
      /^fsync and synchronous_commit off/,
    )
    assert.equal(judgePostgres({ ...sound, server_version_num: '140012' })[0]!.state, 'bad')
    assert.deepEqual(
      [100e6, 1e9, 50e9].map((free) => judgeDisk(free).state),
      ['bad', 'warning', 'good'],
    )
    const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20) + seconds * 1000)
    assert.equal(judgeClock(at(0), at(2), at(-9)).state, 'good')
    assert.equal(judgeClock(at(0), at(9), at(-9)).state, 'bad')
    assert.equal(judgeClock(at(0), at(0), at(3600)).state, 'bad')
  })

  test('finds the server of this data on another port than the settings name', async () => {
    const url = await house.app.listen({ port: 0, host: '127.0.0.1' })
    const free = await freePort()
    const found = await checkPort(undefined, free, url)
    assert.deepEqual(found, { what: 'Port', state: 'good', says: `Lahko is ready on ${url}` })
    const gone = await checkPort(undefined, free + 1, `http://127.0.0.1:${free}`)
    assert.deepEqual([gone.state, gone.says], ['bad', `Lahko runs at http://127.0.0.1:${free}, and does not answer`])
  })

  test('names links of mails that lead customers nowhere, as the start does', async () => {
    const mail = { LAHKO_SMTP_URL: 'smtp://127.0.0.1:2525', LAHKO_MAIL_FROM: 'feedback@shop.example', PORT: '4321' }
    const said: string[] = []
    await warnOfDeadLinks(readConfig(mail), house.database.owner, (line) => said.push(line))
    assert.equal(said.length, 1)
    assert.match(said[0]!, /^Warning: links in mails of \S+ begin with http:\/\/localhost:4321, .*Set LAHKO_BASE_URL /)
    const [finding] = await checkLinks(readConfig(mail), sql)
    assert.deepEqual([finding!.what, finding!.state], ['Links', 'bad'])
    assert.deepEqual(await checkLinks(readConfig({}), sql), [])
    assert.deepEqual(await checkLinks(readConfig({ ...mail, LAHKO_BASE_URL: 'https://acme.example' }), sql), [])
    await sql.query("insert into hosts select slug || '.mail.example', workspace_id from workspaces")
    assert.deepEqual(await checkLinks(readConfig(mail), sql), [])
    await sql.query("delete from hosts where host like '%.mail.example'")
  })

  test('says since when no mail has left, and why', async () => {
    const { mail } = readConfig({ LAHKO_SMTP_URL: 'smtp://127.0.0.1:2525', LAHKO_MAIL_FROM: 'feedback@shop.example' })
    assert.deepEqual(await checkLeaving(mail, sql), [])
    await sql.query(`insert into mails (workspace_id, id, kind, subject_id, number, from_name, recipient, message_id,
        subject, created_at, due_at, hindered_since, reply)
      select workspace_id, gen_random_uuid(), 'note', gen_random_uuid(), 0, 'A', 'a@b.example', '<a@b>', 's', now(), now(),
        '2026-11-27T08:00:00Z', '535 5.7.8 wrong password' from workspaces limit 1`)
    const [finding] = await checkLeaving(mail, sql)
    assert.deepEqual([finding!.what, finding!.state], ['Mail', 'bad'])
    assert.equal(finding!.says, 'no mail has left since 2026-11-27T08:00:00.000Z: 535 5.7.8 wrong password')
    await sql.query(`delete from mails where message_id = '<a@b>'`)
  })

  test('says what keeps it from the database', async () => {
    const [out, err] = [collect(), collect()]
    const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing', LAHKO_DATA: folder, PORT: '0' }
    const stdin = Readable.from([]) as unknown as NodeJS.ReadStream
    assert.equal(await runCommand(['doctor'], { stdin, stdout: out.stream, stderr: err.stream, env }), 1)
    assert.match(out.text(), /^BAD +Database +.*Check DATABASE_URL\.$/m)
  })
})

test('every command explains itself', async () => {
  for (const name of ['key', 'host', 'member', 'doctor', 'signup']) {
    const { exit, out } = await lahko(`${name} --help`)
    assert.equal(exit, 0)
    assert.match(out, new RegExp(`^lahko ${name}[^\n]*\n[A-Z][^\n]+\\.\n`))
    assert.match(out, /\nExamples?\n {2}/)
    assert.ok(
      out.split('\n').every((line) => line.length <= 120),
      name,
    )
  }
})
