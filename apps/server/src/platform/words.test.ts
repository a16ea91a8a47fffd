import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { acceptedLanguage, allWords, localeOf } from './words.ts'
import { languages } from '@lahko/contract/values'

const catalogues = allWords()

test('no catalogue has a sentence twice: the second would be the only one', () => {
  const source = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(en|sl|nb)\.json$/.test(file),
  )
  assert.ok(files.length > 20)
  for (const file of files) {
    const keys = [...readFileSync(`${source}/${file}`, 'utf8').matchAll(/^  "([^"]+)": /gm)].map(([, key]) => key)
    assert.deepEqual(
      keys.filter((key, place) => keys.indexOf(key) !== place),
      [],
      file,
    )
  }
})

test('every sentence stands in all three languages', () => {
  for (const language of languages)
    assert.deepEqual([...catalogues[language].keys()].toSorted(), [...catalogues.en.keys()].toSorted(), language)
})

test('every language uses the same arguments, and every plural has all its forms', () => {
  for (const key of catalogues.en.keys()) {
    const wanted = argumentsOf(parse(catalogues.en.get(key)!))
    for (const language of languages) {
      const elements = parse(catalogues[language].get(key)!)
      assert.deepEqual(argumentsOf(elements), wanted, `${language} ${key}`)
      for (const forms of pluralsOf(elements)) {
        const needed = new Intl.PluralRules(localeOf[language]).resolvedOptions().pluralCategories
        for (const form of needed) assert.ok(forms.includes(form), `${language} ${key} lacks the plural form "${form}"`)
      }
    }
  }
})

test('no sentence shouts, begs or excuses', () => {
  for (const language of languages)
    for (const [key, message] of catalogues[language])
      assert.doesNotMatch(message, /!(?!=)|\bplease\b|\boops\b|\bprosim|\bvennligst\b/i, `${language} ${key}`)
})

test('every problem code that the server uses has a sentence', () => {
  const source = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  let found = 0
  for (const file of files) {
    const text = readFileSync(`${source}/${file}`, 'utf8')
    for (const [, code] of text.matchAll(
      /(?:Problem\(\s*'[a-z_]+',|invalidField\(\s*[^,]+,|unusable\()\s*'([a-z-]+\.[a-z_]+)'/g,
    )) {
      const [space, name] = code!.split('.')
      assert.ok(catalogues.en.has(`${space}.problem.${name}`), `${file} uses ${code}, which has no sentence`)
      found++
    }
  }
  assert.ok(found > 5)
})

// Where a file makes its codes of names: what it calls, and the space that it puts before.
const makers = [
  { file: 'accepting.ts', calls: 'invalid|gone', space: 'surveys' },
  { file: 'import-rows.ts', calls: 'refuse', space: 'importing' },
]
for (const { file, calls, space } of makers) {
  test(`every code that ${file} makes of a name has a sentence`, () => {
    const text = readFileSync(fileURLToPath(new URL(`../modules/surveys/${file}`, import.meta.url)), 'utf8')
    const made = [...text.matchAll(new RegExp(`\\b(?:${calls})\\(([^)]*)`, 'g'))]
    const names = made.flatMap(([, given]) =>
      [...given!.matchAll(/'([a-z]+_[a-z_]+|closed)'/g)].map(([, name]) => name!),
    )
    const literal = [...text.matchAll(new RegExp(`code: '${space}\\.([a-z_]+)'`, 'g'))].map(([, name]) => name!)
    assert.ok(names.length >= 3, `found only ${names.join()}`)
    for (const name of [...names, ...literal]) {
      const told = ['problem', 'remark'].some((kind) => catalogues.en.has(`${space}.${kind}.${name}`))
      assert.ok(told, `${space}.${name} has no sentence`)
    }
  })
}

test('the language is the first that the browser asks for and the product has', () => {
  assert.equal(acceptedLanguage('sl-SI,sl;q=0.9,en;q=0.8', 'en'), 'sl')
  assert.equal(acceptedLanguage('de, no;q=0.7, en;q=0.5', 'sl'), 'nb')
  assert.equal(acceptedLanguage('en;q=0, fr', 'nb'), 'nb')
  assert.equal(acceptedLanguage(undefined, 'sl'), 'sl')
})

function argumentsOf(elements: readonly MessageFormatElement[]): string[] {
  const names = new Set<string>()
  walk(elements, (element) => {
    if (element.type !== TYPE.literal && element.type !== TYPE.pound && element.type !== TYPE.tag)
      names.add(element.value)
  })
  // Slovenian has a case for *until the first of March*, so it takes a date in two parts.
  if (names.has('day') && names.delete('month') && names.delete('day')) names.add('date')
  return [...names].toSorted()
}

function pluralsOf(elements: readonly MessageFormatElement[]): string[][] {
  const plurals: string[][] = []
  walk(elements, (element) => {
    if (element.type === TYPE.plural && element.pluralType === 'cardinal') plurals.push(Object.keys(element.options))
  })
  return plurals
}

function walk(elements: readonly MessageFormatElement[], visit: (element: MessageFormatElement) => void): void {
  for (const element of elements) {
    visit(element)
    if (element.type === TYPE.plural || element.type === TYPE.select)
      for (const { value } of Object.values(element.options)) walk(value, visit)
    if (element.type === TYPE.tag) walk(element.children, visit)
  }
}
