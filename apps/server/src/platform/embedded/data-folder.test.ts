import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { chooseDataFolder, fallbackFolder, refuseForeign } from './data-folder.ts'
import { refusal, refusalFromOutput, StartRefused } from './start-refused.ts'

const isRoot = process.getuid?.() === 0

async function newFolder(t: TestContext, mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-test-'))
  await chmod(folder, mode)
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const usual = { dataFolder: undefined, databaseUrl: undefined }

test('the usual place is data in the clone', async (t) => {
  const clone = await newFolder(t)
  assert.equal((await chooseDataFolder(usual, clone)).path, join(clone, 'data'))
})

test('from a clone that only root can enter, root’s data goes where PostgreSQL’s user can reach it', async (t) => {
  const clone = await newFolder(t, 0o700)
  const fallback = fallbackFolder(clone)
  if (isRoot) t.after(() => rm(fallback, { recursive: true, force: true }))
  const { path, user } = await chooseDataFolder(usual, clone)
  assert.equal(path, isRoot ? fallback : join(clone, 'data'))
  assert.equal(user !== undefined, isRoot)
  assert.match(fallback, /^\/var\/lib\/lahko\/[0-9a-f]{8}$/)
})

test('data that is already there is kept to when the clone’s permissions change', async (t) => {
  const clone = await newFolder(t, 0o700)
  const first = await chooseDataFolder(usual, clone)
  if (isRoot) t.after(() => rm(first.path, { recursive: true, force: true }))
  await mkdir(join(first.path, 'postgres'))
  await chmod(clone, 0o755)
  assert.equal((await chooseDataFolder(usual, clone)).path, first.path)
})

test('a data folder of root’s own is opened just enough for PostgreSQL’s user', async (t) => {
  const folder = await newFolder(t, 0o700)
  await chooseDataFolder({ ...usual, dataFolder: folder })
  assert.equal((await stat(folder)).mode & 0o777, isRoot ? 0o711 : 0o700)
})

for (const [path, told] of [
  ['/dev/null/data', '/dev/null/data'],
  ['/dev/null', '/dev/null'],
  // Missing for whoever makes it, and yet its parent is there.
  ['/proc/data/of/lahko', '/proc/data'],
] as const) {
  test(`a folder that cannot be made is told in one sentence: ${path}`, async () => {
    const choosing = chooseDataFolder({ ...usual, dataFolder: path })
    await assert.rejects(choosing, (error) => error instanceof StartRefused && error.message.includes(told))
  })
}

test('another system user is told whose the data is', async (t) => {
  const folder = await newFolder(t)
  await mkdir(join(folder, 'postgres'))
  await refuseForeign(folder, process.getuid?.())
  await assert.rejects(refuseForeign(folder, 54_321), (error) => {
    return (
      error instanceof StartRefused &&
      error.message.includes(folder) &&
      /belongs to the system user/.test(error.message)
    )
  })
})

test('a full disk is told in one sentence, whoever notices it', () => {
  const full = [
    refusal(Object.assign(new Error('write'), { code: 'ENOSPC' }), '/data'),
    refusal(Object.assign(new Error('could not extend file'), { code: '53100' }), '/data'),
    refusalFromOutput('FATAL:  could not write lock file "postmaster.pid": No space left on device', '/data'),
  ]
  for (const error of full) {
    assert.ok(error instanceof StartRefused)
    assert.equal(error.message, 'The disk that holds /data is full. Make room and start again.')
  }
})

test('an error that nobody can mend stays as it is', () => {
  const error = new TypeError('a bug')
  assert.equal(refusal(error, '/data'), error)
})
