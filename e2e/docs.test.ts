import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onePixel } from './browser.ts'

/** The commands that the documents tell, run as they stand there against a Lahko of their own. */
const house = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const documents = [
  ...readdirSync(house).filter((file) => file.endsWith('.md')),
  ...['docs', 'packages', 'apps'].flatMap((folder) =>
    readdirSync(join(house, folder), { recursive: true, encoding: 'utf8' })
      // The shop's articles link to each other as `lahko articles import` reads them.
      .filter((file) => file.endsWith('.md') && !file.includes('node_modules') && !file.includes('demo/help/'))
      .map((file) => `${folder}/${file}`),
  ),
]

type Told = { document: string; command: string }
const told: Told[] = documents.flatMap((document) =>
  [...readFileSync(join(house, document), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block!
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((command) => ({ document, command })),
  ),
)
// They start or check the whole house, which is what runs right now.
const isOfTheHouse = ({ command }: Told) => /^(npm|node scripts\/)/.test(command)

/** `npx` finds the command in a clone only, so its commands run in one. */
const isOfAClone = ({ command }: Told) => command.startsWith('npx ')
const answers = 'score,topic\n9,Returns\n3,Returns\n10,Delivery\n8,Delivery\n'

let folder: string
let clone: string
let port: number
let server: ChildProcess
let environment: NodeJS.ProcessEnv

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lahko-docs-'))
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'answers.csv'), answers)
  writeFileSync(join(folder, 'zip.png'), onePixel)
  clone = join(folder, 'clone')
  copyClone(clone)
  port = await freePort()
  environment = {
    ...process.env,
    PORT: String(port),
    LAHKO_DATA: join(folder, 'data'),
  }
  server = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: house,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await said(server.stdout, 'Lahko is ready')
  await run('npx lahko demo', clone)
  const { stdout } = await run(
    'npx lahko key create --workspace demo --scope responses.write --scope responses.read --scope surveys.read --scope insight.read --scope touchpoints.read --scope touchpoints.write --scope tickets.read --scope tickets.write --scope articles.write',
    clone,
  )
  environment['LAHKO_KEY'] = stdout.trim()
  environment['TICKET'] = await newTicket(stdout.trim())
})
/** What the documents call `TICKET`. */
async function newTicket(key: string): Promise<string> {
  const reply = await fetch(`http://localhost:${port}/api/v1/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ subject: 'A zip', text: 'It broke.', from: { address: 'nives@example.com' } }),
  })
  const { id } = (await reply.json()) as { id: string }
  return id
}
after(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true })
})

for (const one of told.filter((command) => !isOfTheHouse(command))) {
  test(`${one.document}: ${one.command.slice(0, 90)}`, async () => {
    const { stdout } = await run(one.command, isOfAClone(one) ? clone : folder)
    assert.notEqual(stdout.trim(), '')
    assert.doesNotMatch(stdout, /"status":"refused"|"requestId"/)
  })
}

test('npx lahko in a clone that has nothing yet installs what is missing', async () => {
  rmSync(join(clone, 'node_modules'))
  const npx = spawn('npx', ['lahko', 'version'], { cwd: clone, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  await said(npx.stderr, 'Installing what Lahko needs')
  const ended = new Promise((resolve) => npx.once('close', resolve))
  process.kill(-npx.pid!, 'SIGTERM')
  await ended
})

test('the scripts of npm that the documents name are there', () => {
  const { scripts } = JSON.parse(readFileSync(join(house, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const { command, document } of told.filter(isOfTheHouse)) {
    const name = /^npm (?:run )?([a-z:]+)/.exec(command)?.[1]
    if (name) assert.ok(scripts[name], `${document} tells ${command}`)
  }
})

test('the files that the documents name are there', () => {
  for (const document of documents) {
    const text = readFileSync(join(house, document), 'utf8')
    const named = [...text.matchAll(/(?:`|^node )((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|sql|json|md))\b/gm)]
    for (const [, file] of named) {
      const places = [
        house,
        join(house, document, '..'),
        join(house, 'apps/server/src'),
        join(house, 'apps/server/src/modules'),
      ]
      assert.ok(
        places.some((place) => existsSync(join(place, file!))),
        `${document} names ${file}`,
      )
    }
  }
})

const inline = documents.flatMap((document) =>
  [...readFileSync(join(house, document), 'utf8').matchAll(/`(?:npx )?lahko ([a-z]+)/g)].map(([, command]) => command!),
)
for (const command of new Set(inline.filter((name) => name !== 'help'))) {
  test(`lahko help ${command}`, async () => {
    const { stdout } = await run(`lahko help ${command}`)
    assert.ok(stdout.includes(`lahko ${command}`), stdout)
  })
}

test('the index of decisions lists each of them', () => {
  const folder = join(house, 'docs/decisions')
  const index = readFileSync(join(folder, 'README.md'), 'utf8')
  const records = readdirSync(folder).filter((file) => /^\d{4}-/.test(file))
  assert.deepEqual(
    records.filter((file) => !index.includes(`](${file})`)),
    [],
  )
})

test('links between documents lead somewhere', () => {
  for (const document of documents) {
    const text = readFileSync(join(house, document), 'utf8')
    for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:|file:)([^)#\s]+)/g)) {
      assert.doesNotThrow(() => readdirOrFile(join(house, document, '..', target!)), `${document} → ${target}`)
    }
  }
})

function readdirOrFile(path: string): void {
  try {
    readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error
  }
}

function run(command: string, cwd = folder): Promise<{ stdout: string; stderr: string }> {
  const here = command.replaceAll('localhost:3000', `localhost:${port}`)
  return promisify(execFile)('bash', ['-ec', here], { cwd, env: environment, timeout: 120_000 })
}

/** What a clone of the house holds, with a file of answers and what the house has installed. */
function copyClone(to: string): void {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: house, encoding: 'utf8' }).split('\0')
  for (const file of files.filter((name) => name !== '' && existsSync(join(house, name)))) {
    cpSync(join(house, file), join(to, file))
  }
  symlinkSync(join(house, 'node_modules'), join(to, 'node_modules'))
  writeFileSync(join(to, 'answers.csv'), answers)
}

async function said(output: Readable | null, words: string): Promise<void> {
  let text = ''
  for await (const part of output!) {
    text += String(part)
    if (text.includes(words)) return void output!.resume()
  }
  throw new Error(`It ended without "${words}":\n${text}`)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, resolve))
  const { port: free } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return free
}
