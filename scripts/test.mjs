// Plain JavaScript until Node 24 runs. `npm test` is everything, `npm run check` the half that takes under a minute,
// `npm run test:external` the database tests on Debian's PostgreSQL 15, and mail over Debian's postfix and dovecot.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureInstalled, house, node24 } from './install.mjs'

const only = process.argv.find(
  (argument) => argument === '--check' || argument === '--external' || argument === '--only',
)
// `--only WORD`: the test files whose path has the word in it, and no other check.
const word = only === '--only' ? process.argv[process.argv.indexOf('--only') + 1] : undefined
const counts = { passed: 0, failed: 0, skipped: 0 }
const overBudget = []
/** So many files that fail in the whole run are tried a second time; where more fail, it is no accident. */
const mostAgain = 3
const again = []

await ensureInstalled({ quiet: true })
const node = node24()
const scratch = mkdtempSync(join(tmpdir(), 'lahko-test-'))
const environment = { ...process.env, TMPDIR: scratch, NODE_COMPILE_CACHE: join(house, 'node_modules/.cache/compile') }
delete environment.NODE_TEST_CONTEXT

try {
  if (only === undefined || only === '--check') await checks()
  if (only !== '--check') await withDatabase(only === '--external' ? 'debian' : 'embedded', databaseLanes)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
for (const line of overBudget) console.log(line)
for (const file of again) console.log(`${file} passed only when it was tried again.`)
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1

async function checks() {
  await lane('types, lint, format', 35, () =>
    Promise.all([
      step('types of server, packages and tests', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']),
      step('types of the workspace', ['node_modules/typescript/bin/tsc', '-p', 'apps/workspace/tsconfig.json']),
      step('lint and import rules', ['node_modules/oxlint/bin/oxlint', '--type-aware', '--quiet']),
      step('format', ['node_modules/oxfmt/bin/oxfmt', '--check', '.']),
      step('no unused file, export or dependency', ['node_modules/knip/bin/knip.js', '--no-progress']),
    ]),
  )
  await lane('unit', 25, () => nodeTests(['packages', 'apps/workspace/src', 'scripts']))
}

async function databaseLanes(address) {
  const withAddress = { LAHKO_TEST_DATABASE: address, LAHKO_TEST_SERVER: only === '--external' ? 'debian' : 'embedded' }
  if (only === '--only')
    return lane(`files with "${word}"`, 600, () =>
      nodeTests(['packages', 'apps', 'scripts', 'e2e', 'bench'], withAddress),
    )
  await lane('database', 240, () =>
    nodeTests(['apps/server/src'], withAddress, 2, only === '--external' ? '/embedded.test.ts' : undefined),
  )
  if (only === '--external') {
    return lane('Debian’s postfix and dovecot', 60, () =>
      nodeTests(['apps/server/src'], withAddress, 1, undefined, true),
    )
  }
  await lane('terminal', 90, () => nodeTests(['apps/cli/src'], withAddress))
  await lane('workspace application', 60, () =>
    step('build', ['--eval', "import('./scripts/build-workspace.mjs').then(({ buildWorkspace }) => buildWorkspace())"]),
  )
  await lane('whole product', 400, () => nodeTests(['e2e'], withAddress, 1))
  await lane('killed under load', 180, () => nodeTests(['bench'], withAddress, 1))
}

async function lane(name, budgetSeconds, work) {
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  console.log(`  ${name}: ${seconds.toFixed(1)} s of ${budgetSeconds}`)
  if (seconds > budgetSeconds)
    overBudget.push(`The lane "${name}" took ${seconds.toFixed(0)} s; its budget is ${budgetSeconds}.`)
}

async function step(name, args) {
  const { code, output } = await run(node, args)
  if (code === 0) counts.passed++
  else {
    counts.failed++
    console.log(`\n✖ ${name}\n${output}`)
  }
}

async function nodeTests(folders, more = {}, concurrency = 2, leaveOut = '\0', external = false) {
  const files = folders.flatMap((folder) => testFilesIn(folder, external)).filter((file) => !file.includes(leaveOut))
  if (files.length === 0) return
  const seen = await runFiles(files, more, concurrency)
  const failing = Object.keys(seen).filter((file) => seen[file].failed > 0)
  if (only === undefined && failing.length <= mostAgain && failing.every((file) => files.includes(file)))
    Object.assign(seen, await runAgain(failing, more))
  for (const one of Object.values(seen)) for (const name of Object.keys(counts)) counts[name] += one[name]
}

/** Files that failed in the whole run, by themselves: what passes now depends on the moment, which is said. */
async function runAgain(failing, more) {
  const seen = {}
  for (const file of failing) {
    Object.assign(seen, await runFiles([file], more, 1))
    if (seen[file]?.failed === 0) again.push(file)
  }
  return seen
}

/** @returns what passed, failed and was skipped of each file */
async function runFiles(files, more, concurrency) {
  const countsFile = join(scratch, `counts-${Math.random()}.json`)
  const flags = [`--test-concurrency=${concurrency}`, '--test-timeout=180000', '--test-reporter=./scripts/reporter.mjs']
  const { code } = await run(
    node,
    ['--import=./scripts/properties.mjs', '--test', ...flags, '--test-reporter-destination=stdout', ...files],
    { ...more, LAHKO_TEST_COUNTS: countsFile },
    true,
  )
  const seen = existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) : {}
  const isExplained = code === 0 || Object.values(seen).some(({ failed }) => failed > 0)
  return isExplained ? seen : { ...seen, '': { passed: 0, failed: 1, skipped: 0 } }
}

/** @param external those that need what Debian has, instead of all others */
function testFilesIn(folder, external) {
  return readdirSync(join(house, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter(
      (file) =>
        file.endsWith('.test.ts') &&
        file.endsWith('.external.test.ts') === external &&
        !file.includes('node_modules') &&
        (!word || file.includes(word)),
    )
    .toSorted()
}

function run(command, args, more = {}, show = false) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: house,
      env: { ...environment, ...more },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += data))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** Starts a PostgreSQL for the tests, and ends it: it lives as long as its standard input stays open. */
async function withDatabase(kind, work) {
  const script = 'apps/server/src/platform/testing/server.ts'
  const child = spawn(node, [script, kind, scratch], {
    cwd: house,
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const address = await Promise.race([firstLine(child.stdout), ended.then(() => undefined)])
  if (!address) {
    counts.failed++
    return console.log('✖ no PostgreSQL for the tests could be started')
  }
  try {
    await work(address)
  } finally {
    child.stdin.end()
    await ended
  }
}

async function firstLine(stream) {
  let text = ''
  for await (const part of stream) {
    text += part
    if (text.includes('\n')) return text.split('\n')[0]
  }
}
