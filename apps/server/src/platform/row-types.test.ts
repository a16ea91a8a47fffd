import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { modules } from '../app.ts'
import { rowTypesDiffer } from './testing/row-types.ts'

test('the row types are those of the migrations', async () => {
  assert.equal(await rowTypesDiffer(), undefined)
})

const source = fileURLToPath(new URL('../modules', import.meta.url))
const tables = modules.flatMap((module) => module.tables.map((table) => ({ table, owner: module.name })))

for (const { name } of modules) {
  test(`${name} names no other module’s table in its SQL`, () => {
    const files = readdirSync(`${source}/${name}`, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^(?!testing\/|example-).*(?<!\.test)\.ts$/.test(file),
    )
    for (const file of files) {
      const text = readFileSync(`${source}/${name}/${file}`, 'utf8')
      for (const { table, owner } of tables) {
        if (owner === name) continue
        const named = new RegExp(
          `\\b(from|join|into|update)\\s+"?${table}\\b|(selectFrom|insertInto|updateTable|deleteFrom|[jJ]oin)\\(\\s*['"\`]${table}\\b`,
          'i',
        )
        assert.doesNotMatch(text, named, `${file} reads ${table}, which belongs to ${owner}`)
      }
    }
  })
}
