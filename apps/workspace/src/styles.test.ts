import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const features = join(import.meta.dirname, 'features')
const sheets = readdirSync(features, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.css'))

/** Classes that a sheet gives a look by their name alone. */
function classesIn(sheet: string): string[] {
  const text = readFileSync(join(features, sheet), 'utf8')
  return [...text.matchAll(/^ {2}\.([\w-]+)(?:,| \{)$/gm)].map(([, name]) => name!)
}

// Sheets stay once their screens were seen: the same name in another feature would look different after that.
test('no class belongs to two features', () => {
  const owners = new Map<string, string>()
  assert.ok(sheets.length > 5)
  for (const sheet of sheets) {
    const feature = dirname(sheet)
    for (const name of classesIn(sheet)) {
      assert.equal(owners.get(name) ?? feature, feature, `.${name} of ${sheet} is also in ${owners.get(name)}`)
      owners.set(name, feature)
    }
  }
})
