import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compileCache, ensureInstalled, house, run24 } from './install.mjs'

const [wanted] = process.argv.slice(2)
await ensureInstalled({ quiet: true })

if (wanted === '--run') await runHere(process.argv[3])
else process.exitCode = await benchAll(wanted)

/** Runs one bench, or each in a process of its own; 1 when a check fails. */
async function benchAll(name) {
  const names = benches()
  if (name !== undefined && !names.includes(name)) {
    console.error(`There is no bench ${name}. There are: ${names.join(', ')}.`)
    return 1
  }
  let failed = 0
  for (const one of name === undefined ? names : [name]) {
    failed += (await run24(['scripts/bench.mjs', '--run', one], { detached: false })) === 0 ? 0 : 1
  }
  return failed === 0 ? 0 : 1
}

async function runHere(name) {
  // Servers start as `npm start` starts them.
  process.env.NODE_COMPILE_CACHE ??= compileCache
  const { run } = await import(join(house, 'bench', `${name}.ts`))
  const { printReport, writeReport } = await import(join(house, 'bench', 'report.ts'))
  const result = await run()
  printReport(result)
  console.log(await writeReport(result))
  process.exit(result.checks.every(({ holds }) => holds) ? 0 : 1)
}

// What `bench/*.ts` shares has no `run`; asking for the text is cheaper than running each file.
function benches() {
  const folder = join(house, 'bench')
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  return files.filter((file) => exportsRun(join(folder, file))).map((file) => file.slice(0, -3))
}

function exportsRun(file) {
  return /^export (async )?function run\b|^export const run\b/m.test(readFileSync(file, 'utf8'))
}
