import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'
import { newWorkspace, type Visitor } from '../testing/visitor.ts'
import { runCommand } from './main.ts'

let house: TestHouse
let owner: Visitor
let folder: string

before(async () => {
  house = await testHouse()
  owner = (await newWorkspace(house, 'acme')).owner
  folder = await mkdtemp(join(tmpdir(), 'lahko-articles-'))
  await chmod(folder, 0o755)
})
after(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

/** Runs `lahko articles …` against the test's database, and tells what a shell would see. */
async function articles(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({ write: (chunk, _, done) => ((said[name] += String(chunk)), done()) })
  const env = { DATABASE_URL: house.database.owner.connectionString, LAHKO_DATA: join(folder, 'data'), PORT: '0' }
  const stdin = Readable.from([]) as unknown as NodeJS.ReadStream
  const exit = await runCommand(['articles', ...args], { stdin, stdout: into('out'), stderr: into('err'), env })
  return { exit, ...said }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

test('a folder comes in, says what became of each file, and goes out the same', async () => {
  const zip = '---\ntitle: Mend a zip\nsummary: With pliers.\n---\nSee [soles](../soles/resole.md).\n'
  await put('in/zips/mend.en.md', zip)
  await put('in/zips/bad.en.md', 'no head')
  await put('in/.git/config', 'hidden')
  const dry = await articles('import', join(folder, 'in'), '--dry-run')
  assert.deepEqual([dry.exit, (await owner.ask('GET', '/articles')).json().items], [1, []])
  const first = await articles('import', join(folder, 'in'))
  assert.equal(
    first.out,
    'refused  zips/bad.en.md: The file does not begin with title and summary between two lines of ---.\n' +
      'new      zips/mend.en.md\n' +
      'look at  zips/mend.en.md: It links to resole.md, which is not there.\n' +
      '1 new, 0 changed, 0 as they were, 1 refused\n',
  )
  assert.deepEqual([first.exit, dry.out, (await owner.ask('GET', '//help/en/mend')).statusCode], [1, first.out, 200])
  await rm(join(folder, 'in/zips/bad.en.md'))
  const again = await articles('import', join(folder, 'in'))
  assert.deepEqual([again.exit, again.out.split('\n').at(-2)], [0, '0 new, 0 changed, 1 as they were, 0 refused'])
  const out = await articles('export', join(folder, 'out'))
  assert.deepEqual([out.exit, out.out], [0, `1 article text written to ${join(folder, 'out')}\n`])
  assert.equal(await readFile(join(folder, 'out/zips/mend.en.md'), 'utf8'), zip)
  const over = await articles('export', join(folder, 'out'))
  assert.deepEqual([over.exit, over.err], [1, `"${join(folder, 'out')}" is not empty; name a new folder.\n`])
})

test('what cannot be meant is said', async () => {
  assert.deepEqual(await articles('publish'), {
    ...{ exit: 2, out: '', err: '"lahko articles publish" is not a command; there are import and export.\n' },
  })
  const missing = await articles('import', join(folder, 'nowhere'))
  assert.deepEqual([missing.exit, missing.err], [1, `There is no folder "${join(folder, 'nowhere')}".\n`])
})
