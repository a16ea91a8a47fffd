import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { testHouse, type TestHouse } from '../apps/server/src/platform/testing/house.ts'
import { newWorkspace, visitor } from '../apps/server/src/testing/visitor.ts'
import { openBrowser, openPage } from './browser.ts'

// The package as whoever installs it has it: packed, in an empty folder, on the Node of the machine and in a browser.

const house = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const run = promisify(execFile)
let folder: string
let server: TestHouse
let origin: string
let key: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lahko-client-'))
  await run('npm', ['pack', '--pack-destination', folder, '-w', '@lahko/client'], { cwd: house })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  const packed = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed}`], { cwd: folder })
  server = await testHouse()
  await server.app.listen({ port: 0, host: 'localhost' })
  origin = `http://localhost:${(server.app.server.address() as AddressInfo).port}`
  const { owner } = await newWorkspace(server, 'acme', visitor(server))
  const scopes = ['responses.write', 'responses.read', 'touchpoints.write', 'insight.read', 'surveys.read']
  key = (await owner.ask('POST', '/keys', { name: 'client', scopes })).json().key
  const { items } = (await owner.ask('GET', '/surveys')).json()
  surveyKey = items[0].key
})
after(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})
let surveyKey: string

test('it installs nothing but itself', () => {
  assert.deepEqual(readdirSync(join(folder, 'node_modules/@lahko')), ['client'])
  assert.deepEqual(
    readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['@lahko'],
  )
  assert.deepEqual(readdirSync(join(folder, 'node_modules/@lahko/client')).toSorted(), [
    'README.md',
    'dist',
    'package.json',
  ])
})

const documents = ['packages/client/README.md', 'docs/integrate/client.md']
const examples = documents.flatMap((document) =>
  [...readFileSync(join(house, document), 'utf8').matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code], index) => ({
    name: `${basename(document)} ${index + 1}`,
    code: code!,
  })),
)

for (const { name, code } of examples) {
  test(`${name} runs as it stands there`, async () => {
    const file = `${name.replaceAll(/\W+/g, '-')}.js`
    const here = code.replaceAll('http://localhost:3000', origin).replaceAll('a-solved-request', surveyKey)
    writeFileSync(join(folder, file), here)
    const { stdout } = await run('node', [file], { cwd: folder, env: { ...process.env, LAHKO_KEY: key } })
    const told = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, said]) => said)
    for (const said of told) assert.ok(stdout.includes(said!), `${said} is not in ${stdout}`)
    const mayBeSilent = code.includes('for await')
    assert.ok(mayBeSilent || stdout.trim() !== '', 'an example says what it did')
    assert.doesNotMatch(stdout, /^undefined$/m)
  })
}

test('its types need nothing else, and refuse what the contract refuses', async () => {
  const good = `import { createClient, everyItem } from '@lahko/client'
const lahko = createClient({ baseUrl: '' })
export async function names(): Promise<(string | null)[]> {
  const all: (string | null)[] = []
  for await (const { name } of everyItem(lahko.people.listCustomers, { query: { limit: 2 } })) all.push(name)
  const { results } = await lahko.surveys.ingest({ body: { survey: 'x', score: 1 } })
  const status: 'accepted' | 'repeated' | 'refused' = results[0]!.status
  await lahko.people.customer({ params: { id: status } })
  return all
}
`
  const bad = `import { createClient } from '@lahko/client'
const lahko = createClient({ baseUrl: '' })
void lahko.people.customer()
void lahko.people.listCustomers({ query: { limt: 2 } })
`
  writeFileSync(join(folder, 'good.ts'), good)
  writeFileSync(join(folder, 'bad.ts'), bad)
  const compile = (file: string) =>
    run(
      process.execPath,
      [
        join(house, 'node_modules/typescript/bin/tsc'),
        ...['--ignoreConfig', '--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'],
        ...['--lib', 'es2024,dom,dom.iterable', '--types', '', file],
      ],
      { cwd: folder },
    )
  await compile('good.ts')
  const refused = (await compile('bad.ts').catch((error: unknown) => error)) as { stdout: string }
  assert.match(refused.stdout, /bad\.ts\(3,/)
  assert.match(refused.stdout, /bad\.ts\(4,.*limt/)
})

test('a browser loads it without a bundler, and calls the API with it', async () => {
  const browser = await openBrowser()
  const page = await openPage(browser, { javaScriptEnabled: true })
  const dist = join(folder, 'node_modules/@lahko/client/dist')
  await page.route('**/vendor/*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', path: join(dist, basename(route.request().url())) }),
  )
  await page.goto(`${origin}/healthz`)
  const found = await page.evaluate(
    `import('/vendor/index.js').then(async ({ createClient, everyItem, ApiProblem }) => {
      const lahko = createClient({ baseUrl: '', key: ${JSON.stringify(key)} })
      const keys = []
      for await (const survey of everyItem(lahko.surveys.list, { query: { limit: 1 } })) keys.push(survey.key)
      const problem = await lahko.accounts.listMembers().catch((error) => error instanceof ApiProblem && error.problem.status)
      return { keys, problem }
    })`,
  )
  assert.deepEqual(found, { keys: [surveyKey], problem: 403 })
  await browser.close()
})
