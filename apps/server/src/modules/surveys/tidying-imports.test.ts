import assert from 'node:assert/strict'
import { chownSync, existsSync, mkdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { createClient, type ApiProblem, type Client } from '@lahko/contract/client'
import type { ImportState } from '@lahko/contract/surveys'
import pg from 'pg'
import { keepHouse } from '#platform/jobs.ts'
import { Problem } from '#platform/problem.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace } from '../../testing/workspace.ts'
import { keepUpload } from '#platform/uploads.ts'
import { beginImports, tidyTask } from './tidying-imports.ts'

let house: TestHouse
let owner: pg.Client
let api: Client
let surveyId: string
let workspaceId: string

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  owner = new pg.Client(house.database.owner)
  await owner.connect()
  const baseUrl = await house.app.listen({ port: 0, host: '127.0.0.1' })
  api = createClient({ baseUrl, key: await keyOf(house, await testWorkspace(house, 'ours')), language: 'en' })
  surveyId = (await api.surveys.list()).items[0]!.id
  const { rows } = await owner.query<{ id: string }>('select workspace_id as id from surveys where id = $1', [surveyId])
  workspaceId = rows[0]!.id
})
after(async () => {
  await owner.end()
  await house.close()
})

const at = (importId: string) => ({ params: { id: surveyId, importId } })
const upload = (name: string, file: string) =>
  api.surveys.upload({ params: { id: surveyId }, query: { name }, upload: file })
const check = (one: ImportState) => api.surveys.checkImport({ ...at(one.id), body: one.mapping! })
const read = (one: ImportState) => api.surveys.getImport(at(one.id))
const pathOf = (id: string) => join(house.folder, 'imports', workspaceId, id)

async function takenIn(file: string): Promise<ImportState> {
  const one = await upload('answers.csv', file)
  await check(one)
  await api.surveys.runImport(at(one.id))
  await house.jobs.settle()
  return one
}

/** Counts scores of an import's answers. */
async function scoresOf(one: ImportState): Promise<number[]> {
  const { rows } = await owner.query<{ score: number }>(
    'select score from responses where import_id = $1 order by score',
    [one.id],
  )
  return rows.map(({ score }) => score)
}

const problem = (code: string) => (error: unknown) => {
  assert.equal((error as ApiProblem).problem?.code, code, String(error))
  return true
}

test('a start goes on with what a dead process left, and removes files that nobody needs', async () => {
  const left = await upload('left.csv', 'score,channel\n7,left behind\n')
  const done = await takenIn('score,channel\n7,long done\n')
  await check(left)
  await owner.query(`update imports set state = 'running', started_at = now() where id = $1`, [left.id])
  await owner.query(`update imports set finished_at = $2 where id = $1`, [done.id, '2026-11-12T09:00:00Z'])
  await beginImports(house)
  await house.jobs.settle()
  assert.equal((await read(left)).state, 'done')
  assert.deepEqual([existsSync(pathOf(left.id)), existsSync(pathOf(done.id))], [true, false])
  await api.surveys.undoImport(at(done.id))
  await house.jobs.settle()
  await assert.rejects(api.surveys.runImport(at(done.id)), problem('uploads.file_gone'))
  assert.equal((await read(done)).state, 'undone')
})

test('every day files go a week after their import ended and a day after an upload that broke off', async () => {
  const start = house.clock.now()
  const one = await takenIn('score,channel\n7,daily\n')
  const broken = '01900000-0000-7000-8000-0000000000aa'
  writeFileSync(pathOf(broken), 'score\n')
  utimesSync(pathOf(broken), start, start)
  const tidy = async () => {
    await keepHouse(house.store, [tidyTask(house)])
    await house.jobs.settle()
  }
  try {
    house.clock.set(new Date(statSync(pathOf(broken)).mtimeMs + 86_400_000 - 60_000))
    await tidy()
    assert.ok(existsSync(pathOf(broken)))
    house.clock.advance(120_000)
    await tidy()
    assert.equal(existsSync(pathOf(broken)), false)
    await owner.query('update imports set finished_at = $2 where id = $1', [one.id, house.clock.now()])
    house.clock.advance(7 * 86_400_000)
    await tidy()
    assert.ok(existsSync(pathOf(one.id)))
    house.clock.advance(1)
    await tidy()
    assert.equal(existsSync(pathOf(one.id)), false)
  } finally {
    house.clock.set(start)
  }
})

test('the files of a workspace have an end, in number and in size', async () => {
  const heavy = '01900000-0000-7000-8000-0000000000bb'
  writeFileSync(pathOf(heavy), '')
  truncateSync(pathOf(heavy), 10 * 2 ** 30 - 5)
  await assert.rejects(upload('x.csv', 'score\n7\n'), problem('uploads.shelf_full'))
  truncateSync(pathOf(heavy), 10 * 2 ** 30)
  await assert.rejects(upload('x.csv', 'score\n7\n'), problem('uploads.shelf_full'))
  truncateSync(pathOf(heavy), 0)
  await upload('x.csv', 'score\n7\n')

  const light = Array.from({ length: 200 }, (_, n) => `01900000-0000-7000-8000-0000000${String(n).padStart(5, '0')}`)
  for (const id of light) writeFileSync(pathOf(id), '')
  await assert.rejects(upload('x.csv', 'score\n7\n'), problem('uploads.shelf_full'))
  for (const id of [heavy, ...light]) rmSync(pathOf(id))
  await upload('x.csv', 'score\n7\n')
})

test('files that come at once share the room that is left', async () => {
  const [heavy, late] = ['01900000-0000-7000-8000-0000000000bb', '01900000-0000-7000-8000-0000000000cc']
  const body = Readable.from(
    (function* () {
      yield Buffer.from('score')
      writeFileSync(pathOf(heavy), '')
      truncateSync(pathOf(heavy), 10 * 2 ** 30)
      yield Buffer.alloc(64 * 2 ** 20)
    })(),
  )
  const kept = keepUpload({ folder: house.folder, workspaceId }, late, body)
  await assert.rejects(kept, (error) => error instanceof Problem && error.code === 'uploads.shelf_full')
  assert.equal(existsSync(pathOf(late)), false)
  rmSync(pathOf(heavy))
})

test('folders and files belong to whom the data folder belongs to', async () => {
  if (process.getuid?.() === 0) chownSync(house.folder, 12_345, 12_345)
  rmSync(join(house.folder, 'imports'), { recursive: true })
  const { id } = await upload('x.csv', 'score\n7\n')
  const { uid } = statSync(house.folder)
  for (const path of [pathOf(id), dirname(pathOf(id)), dirname(dirname(pathOf(id)))]) {
    assert.equal(statSync(path).uid, uid, path)
  }
})

test('an import that no attempt could take in fails, says so, and comes in when it is asked for again', async () => {
  const one = await upload('x.csv', 'score,channel\n7,given\n8,up\n')
  await check(one)
  await api.surveys.runImport(at(one.id))
  await breaking(one, () => house.jobs.settle())
  const failed = await read(one)
  assert.equal(failed.state, 'failed')
  assert.match(failed.error!, /^Lahko tried many times and could not finish this\./)
  const { rowCount } = await owner.query(`select from events where subject_id = $1 and type = 'import.failed'`, [
    one.id,
  ])
  assert.equal(rowCount, 1)
  await api.surveys.runImport(at(one.id))
  await house.jobs.settle()
  assert.deepEqual([(await read(one)).state, await scoresOf(one)], ['done', [7, 8]])
})

test('an undo that was given up half way is undone or comes in again as a whole', async () => {
  const one = await takenIn('score,channel\n5,half\n6,way\n')
  await api.surveys.undoImport(at(one.id))
  await owner.query(
    'create function refuse() returns trigger language plpgsql as $$ begin raise exception $m$no$m$; end $$',
  )
  await owner.query('create trigger refuse before delete on responses for each row execute function refuse()')
  await lastAttempt(() => house.jobs.settle())
  await owner.query('drop function refuse cascade')
  assert.equal((await read(one)).state, 'failed')

  await owner.query('delete from responses where import_id = $1 and score = 5', [one.id])
  await api.surveys.runImport(at(one.id))
  await house.jobs.settle()
  const { state, rowsRead, rowsAccepted, rowsRepeated } = await read(one)
  assert.deepEqual({ state, rowsRead, rowsAccepted, rowsRepeated }, { ...allOf(2), state: 'done' })
  assert.deepEqual(await scoresOf(one), [5, 6])
  await api.surveys.undoImport(at(one.id))
  await house.jobs.settle()
  assert.deepEqual([(await read(one)).state, await scoresOf(one)], ['undone', []])
})

const allOf = (n: number) => ({ rowsRead: n, rowsAccepted: n, rowsRepeated: 0 })

/** Meanwhile nothing reads the import's file, and a job has one attempt. */
async function breaking(one: ImportState, work: () => Promise<void>): Promise<void> {
  const path = pathOf(one.id)
  rmSync(path)
  mkdirSync(path)
  await lastAttempt(work)
  rmSync(path, { recursive: true })
  writeFileSync(path, 'score,channel\n7,given\n8,up\n')
}

async function lastAttempt(work: () => Promise<void>): Promise<void> {
  await owner.query('update graphile_worker._private_jobs set max_attempts = 1')
  await work()
}
