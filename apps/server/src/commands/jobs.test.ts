import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'
import { newWorkspace } from '../testing/visitor.ts'
import { runCommand } from './main.ts'

let house: TestHouse
let sql: pg.Client
let folder: string

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  folder = await mkdtemp(join(tmpdir(), 'lahko-jobs-'))
  await newWorkspace(house, 'acme')
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
  const stdin = Readable.from([]) as unknown as NodeJS.ReadStream
  const env = { DATABASE_URL: house.database.owner.connectionString, LAHKO_DATA: folder }
  const exit = await runCommand(line.split(' '), { stdin, stdout: into('out'), stderr: into('err'), env })
  return { exit, ...said }
}

/** @returns the id */
async function givenUp(task: string): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into failed_jobs select workspace_id, gen_random_uuid(), $1, '{"surveyId":"x"}', 'no server', now()
     from workspaces limit 1 returning id`,
    [task],
  )
  return rows[0]!.id
}

async function waiting(): Promise<unknown[]> {
  const { rows } = await sql.query(
    `select t.identifier as task, payload->>'surveyId' as survey, attempts
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     join workspaces w on w.workspace_id = (payload->>'workspaceId')::uuid order by 1`,
  )
  return rows
}

test('lahko jobs lists what was given up and why, and tries it again', async () => {
  const before = await waiting()
  assert.deepEqual(await lahko('jobs list'), { exit: 0, out: '', err: 'No work was given up.\n' })
  const [one] = [await givenUp('send_mail'), await givenUp('tidy'), await givenUp('rebuild')]
  const { exit, out } = await lahko('jobs list --workspace acme')
  assert.equal(exit, 0)
  assert.match(out, new RegExp(`^${one}  20.*Z  send_mail: no server$`, 'm'))
  assert.equal(out.trim().split('\n').length, 3)

  assert.equal((await lahko(`jobs retry ${one}`)).err, '1 to be tried again.\n')
  const again = await lahko(`jobs retry ${one}`)
  assert.deepEqual([again.exit, again.err], [1, 'No work of this id was given up, or it was tried again.\n'])
  assert.equal((await lahko('jobs retry all')).err, '2 to be tried again.\n')
  assert.deepEqual(
    (await waiting()).slice(before.length),
    ['rebuild', 'send_mail', 'tidy'].map((task) => ({ task, survey: 'x', attempts: 0 })),
  )
  assert.equal((await lahko('jobs list')).out, '')
})

test('lahko jobs says what it takes', async () => {
  for (const [line, sentence] of [
    ['jobs', '"lahko jobs " is not a command; there are list and retry.\n'],
    ['jobs retry', 'Name what to try again by its id in lahko jobs list, or all.\n'],
    ['jobs retry seven', '"seven" is no id as lahko jobs list shows it, nor all.\n'],
    ['jobs list all', '"all" is one too many.\n'],
  ] as const) {
    const { exit, err } = await lahko(line)
    assert.deepEqual([exit, err], [2, sentence])
  }
})
