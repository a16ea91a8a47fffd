import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { modules } from './app.ts'

/**
 * What import rules cannot see: a module's SQL stands in its `*.queries.ts` and names its own tables. What belongs to
 * another module is had through its door, under this module's transaction.
 */
const folder = fileURLToPath(new URL('./modules/', import.meta.url))

/** Where SQL stands elsewhere, and why it may. Neither names a table. */
const exceptions: Record<string, string> = {
  'surveys/batches.ts': 'many workspaces in one round trip, so that there is no Tx',
  'surveys/folding.ts': 'cells of many workspaces in one transaction',
}

type File = { module: string; path: string; text: string }
const files: File[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|(^|\/)example-|\/testing\/|wrong-cells/.test(path))
  .map((path) => ({ module: path.split('/')[0]!, path, text: readFileSync(`${folder}${path}`, 'utf8') }))

/** The tables that a file names, in SQL or through the query builder. */
function tablesIn(text: string, tables: readonly string[]): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return tables.filter((table) =>
    new RegExp(
      `\\b(from|join|into|update|only|using|table)\\s+${table}\\b(?!\\s*\\()|(From|Join|Into|Table)\\(\\[?'${table}\\b|<DB, [^>]*'${table}'|DB\\['${table}'\\]`,
    ).test(code),
  )
}

const isSql = /(['"`])\s*(select\s|insert into\s|update\s+\w+\s+set\s|delete from\s|with\s+\w+\s+as\s*\(|copy\s)/

test('a file that names another module’s table is found', () => {
  const tables = ['cells', 'members']
  for (const planted of [
    'sql`select * from cells c`',
    'sql`update cells set n = 1`',
    "on(db).selectFrom('cells as c')",
    "tablesOf<Pick<DB, 'surveys' | 'cells'>>()",
  ]) {
    assert.deepEqual(tablesIn(planted, tables), ['cells'])
  }
  assert.deepEqual(tablesIn('// taken from members\nimport { cells } from "./cells.ts"', tables), [])
})

test('a module names its own tables only', () => {
  assert.ok(files.length > 100)
  const found = files.flatMap(({ module, path, text }) => {
    const others = modules.filter(({ name }) => name !== module).flatMap(({ tables }) => [...tables])
    return tablesIn(text, others).map((table) => `${path}: ${table}`)
  })
  assert.deepEqual(found, [])
})

test('SQL stands in *.queries.ts', () => {
  const elsewhere = files.filter(({ path, text }) => !path.endsWith('.queries.ts') && isSql.test(text))
  assert.deepEqual(elsewhere.map(({ path }) => path).toSorted(), Object.keys(exceptions))
})
