import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'
import { newWorkspace, type Visitor } from '../testing/visitor.ts'
import { runCommand } from './main.ts'

let house: TestHouse
let sql: pg.Client
let folder: string
let owner: Visitor

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  folder = await mkdtemp(join(tmpdir(), 'lahko-rebuild-'))
  owner = (await newWorkspace(house, 'acme')).owner
})
after(async () => {
  await sql.end()
  await house.close()
  await rm(folder, { recursive: true })
})

async function lahko(line: string): Promise<{ exit: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({ write: (chunk, _, done) => ((said[name] += String(chunk)), done()) })
  const env = { DATABASE_URL: house.database.owner.connectionString, LAHKO_DATA: folder, PORT: '0' }
  const stdin = Readable.from([]) as unknown as NodeJS.ReadStream
  const exit = await runCommand(line.split(' '), { stdin, stdout: into('out'), stderr: into('err'), env })
  return { exit, ...said }
}

test('lahko rebuild mends what differs and lists it, for all surveys or one, and a second time finds nothing', async () => {
  const made = (await owner.ask('POST', '/surveys', { name: 'Help', libraryId: 'ces-7' })).json() as { id: string }
  await owner.ask('POST', `/surveys/${made.id}/versions`, {})
  const answered = await owner.ask('POST', '/responses', { survey: 'help', score: 3, attributes: { channel: 'mail' } })
  assert.equal(answered.statusCode, 200, answered.body)
  await sql.query('select fold_cells(array(select workspace_id from workspaces))')
  await sql.query("update cells set c3 = 0 where survey_id = $1 and grain = 'd' and segment = 0", [made.id])
  const agrees = 'Help: every figure agrees\n'

  const other = await lahko('rebuild --workspace acme --survey nobody')
  assert.deepEqual([other.exit, other.out], [2, ''])
  const first = await lahko('rebuild --workspace acme --survey help')
  assert.deepEqual([first.exit, first.err], [0, ''])
  assert.match(first.out, /^Help: 1 cells? corrected\n {2}day \d{4}-\d\d-\d\d, all answers, wording 1: score 3 \+1\n$/)
  assert.deepEqual(await lahko('rebuild --workspace acme --survey help'), { exit: 0, out: agrees, err: '' })
  assert.ok((await lahko('rebuild --workspace acme')).out.includes(agrees))
})
