/**
 * Row types out of the migrated database: `node apps/server/src/platform/testing/row-types.ts` writes
 * `database.generated.ts`, and a test calls `rowTypesDiffer`.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { testDatabase } from './database.ts'

const file = fileURLToPath(new URL('../database.generated.ts', import.meta.url))
const generator = fileURLToPath(new URL('../../../../../node_modules/kysely-codegen/dist/cli/bin.js', import.meta.url))

const settings = {
  '--dialect': 'postgres',
  '--out-file': file,
  '--date-parser': 'string',
  '--numeric-parser': 'number',
  '--include-pattern': 'public.*',
  '--type-mapping': '{"int8":"number"}',
}

async function generate(...flags: string[]): Promise<{ status: number | null; said: string }> {
  const database = await testDatabase()
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [generator, ...Object.entries(settings).flat(), '--url', database.owner.connectionString!, ...flags],
      { encoding: 'utf8' },
    )
    return { status, said: stdout + stderr }
  } finally {
    await database.drop()
  }
}

/** What the generator says when the committed types are not those of the migrations; undefined when they are. */
export async function rowTypesDiffer(): Promise<string | undefined> {
  const { status, said } = await generate('--verify')
  return status === 0 ? undefined : said
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { status, said } = await generate()
  process.stdout.write(said)
  process.exitCode = status ?? 1
}
