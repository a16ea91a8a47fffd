import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'
import { testWorkspace } from '../testing/workspace.ts'
import { runCommand } from './main.ts'

let house: TestHouse
let sql: pg.Client
let folder: string
let survey: string

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  folder = await mkdtemp(join(tmpdir(), 'lahko-import-'))
  await testWorkspace(house, 'acme')
  survey = (await sql.query<{ key: string }>('select key from surveys')).rows[0]!.key
})
after(async () => {
  await sql.end()
  await house.close()
  await rm(folder, { recursive: true })
})

/** Runs `lahko import` against the test's database, and tells what a shell would see. */
async function lahko(args: string[], typed = ''): Promise<{ exit: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({ write: (chunk, _, done) => ((said[name] += String(chunk)), done()) })
  const env = { DATABASE_URL: house.database.owner.connectionString, LAHKO_DATA: folder, PORT: '0' }
  const stdin = Readable.from(typed === '' ? [] : [Buffer.from(typed)]) as unknown as NodeJS.ReadStream
  const exit = await runCommand(['import', ...args], { stdin, stdout: into('out'), stderr: into('err'), env })
  return { exit, ...said }
}

const answers = async () =>
  (await sql.query("select score, attributes->>'topic' as topic from responses order by answered_at")).rows
const file = async (name: string, text: string) => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

test('what a file holds is no command to the terminal', async () => {
  const path = await file('evil.csv', 'Ocena;Področje\n9;a\n\x1b[2Jx;b\n')
  const dry = await lahko([path, '--survey', survey, '--dry-run'])
  assert.equal(dry.exit, 0)
  assert.match(dry.err, /line 3: "\[2Jx"/)
  assert.doesNotMatch(dry.out + dry.err, /[^\P{C}\n]/u)
  const wrong = await lahko([path, '--survey', 'x\x1b[2J', '--dry-run'])
  assert.equal(wrong.err, 'There is no survey "x [2J"; name one as in its address.\n')
})

test('a dry run says what would come in, and leaves nothing; the run brings it in, and undo takes it back', async () => {
  const path = await file(
    'old.csv',
    'Ocena;Datum;Področje;Blagajna\n9;31.5.2026;Vračila;x\n;1.6.2026;;\n12;2.6.2026;Vračila;\n',
  )
  const dry = await lahko([path, '--survey', survey, '--dry-run'])
  assert.deepEqual(
    [dry.exit, dry.out],
    [
      0,
      'score = Ocena, answeredAt = Datum, topic = Področje\nnot used: Blagajna\n3 rows: 1 answer to take in, 1 without a score, 0 known already, 1 refused\n',
    ],
  )
  assert.equal(dry.err, '  line 4: "12": The score must be a whole number from 1 to 10.\n')
  assert.deepEqual(await answers(), [])
  assert.deepEqual((await sql.query('select from imports')).rowCount, 0)

  const run = await lahko([path, '--survey', survey])
  assert.equal(run.exit, 0)
  const [, id = ''] = /1 answer came in\. To take them back: lahko import --undo (\S+)\n$/.exec(run.out) ?? []
  assert.deepEqual(await answers(), [{ score: 9, topic: 'Vračila' }])
  const again = await lahko([path, '--survey', survey])
  assert.match(again.out, /0 answers to take in, 1 without a score, 1 known already/)
  assert.match(again.err, /This file came in on/)

  const undo = await lahko(['--undo', id])
  assert.deepEqual([undo.exit, undo.out], [0, 'old.csv is taken back.\n'])
  assert.deepEqual(await answers(), [])
})

test('flags say what columns hold, and - that none does', async () => {
  const typed = '{"a":7,"b":3,"when":"2026-05-01","what":"Returns"}\n'
  const doubtful = await lahko(['-', '--survey', survey], typed)
  assert.deepEqual(
    [doubtful.exit, doubtful.err],
    [2, 'Several columns could hold the score: a, b. Choose one with --column.\n'],
  )
  const run = await lahko(['-', '--survey', survey, '--column', 'b', '--date', '-', '--attribute', 'topic=what'], typed)
  assert.equal(run.exit, 0)
  assert.match(run.err, /No column holds dates/)
  assert.deepEqual(await answers(), [{ score: 3, topic: 'Returns' }])
})

test('what cannot be meant, or cannot be done, is one sentence and leaves nothing', async () => {
  const path = await file('good.csv', 'score\n7\n')
  const kept = async () => (await readdir(join(folder, 'imports'), { recursive: true })).length
  const before = await kept()
  const wrong: [string[], number, RegExp][] = [
    [[], 2, /^Name the file to import, or - for standard input\.\n$/],
    [[path], 2, /^Name the survey with --survey/],
    [[path, '--survey', 'nothing'], 2, /^There is no survey "nothing"/],
    [[join(folder, 'none.csv'), '--survey', survey], 1, /^There is no file .*none\.csv\.\n$/],
    [[folder, '--survey', survey], 1, /is a folder\.\n$/],
    [[path, '--survey', survey, '--column', 'other'], 1, /has no column “other”/],
    [[path, '--survey', survey, '--time-zone', 'Mars'], 2, /^--time-zone is "Mars"/],
    [[path, '--survey', survey, '--attribute', 'topic'], 2, /^--attribute is "topic"/],
    [[await file('empty.csv', ''), '--survey', survey], 1, /^This file is empty\.\n$/],
    [['--undo', 'x'], 2, /^--undo takes the ID/],
  ]
  for (const [args, exit, sentence] of wrong) {
    const told = await lahko(args)
    assert.equal(told.exit, exit, args.join(' '))
    assert.match(told.err, sentence)
    assert.equal(told.out, '')
  }
  assert.equal(await kept(), before)
})
