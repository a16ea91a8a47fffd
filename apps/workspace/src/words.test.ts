import { IntlMessageFormat } from 'intl-messageformat'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'

const source = import.meta.dirname
const languages = ['en', 'sl', 'nb'] as const
const locales = { en: 'en-GB', sl: 'sl-SI', nb: 'nb-NO' }
type Language = (typeof languages)[number]

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
const features = files.filter((file) => file.endsWith('.en.json')).map((file) => file.slice(0, -'.en.json'.length))

function catalogue(feature: string, language: Language): Record<string, string> {
  return JSON.parse(readFileSync(join(source, `${feature}.${language}.json`), 'utf8')) as Record<string, string>
}

type Node = ReturnType<IntlMessageFormat['getAst']>[number]

function parse(message: string, language: Language): Node[] {
  return new IntlMessageFormat(message, locales[language]).getAst()
}

/** Everything in a message, however deep. */
function walk(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => {
    const inner = 'options' in node ? Object.values(node.options).flatMap(({ value }) => walk(value)) : []
    return [node, ...inner, ...('children' in node ? walk(node.children) : [])]
  })
}

const literal = 0
const pound = 7

function argumentsOf(message: string, language: Language): string[] {
  const named = walk(parse(message, language)).filter(({ type }) => type !== literal && type !== pound)
  return [...new Set(named.map((node) => String((node as { value: string }).value)))].toSorted()
}

for (const feature of features) {
  test(`${basename(feature)} says everything in three languages, with the same arguments`, () => {
    const english = catalogue(feature, 'en')
    for (const language of languages) {
      const words = catalogue(feature, language)
      assert.deepEqual(Object.keys(words).toSorted(), Object.keys(english).toSorted(), language)
      for (const [key, message] of Object.entries(words)) {
        assert.notEqual(message.trim(), '', `${language} ${key}`)
        assert.deepEqual(argumentsOf(message, language), argumentsOf(english[key] ?? '', 'en'), `${language} ${key}`)
      }
    }
  })

  test(`${basename(feature)} has each form that its languages count in`, () => {
    for (const language of languages) {
      for (const [key, message] of Object.entries(catalogue(feature, language))) {
        for (const node of walk(parse(message, language))) {
          if (!('pluralType' in node)) continue
          const kinds = new Intl.PluralRules(locales[language], { type: node.pluralType }).resolvedOptions()
            .pluralCategories
          for (const kind of kinds) assert.ok(kind in node.options, `${language} ${key} lacks ${kind}`)
        }
      }
    }
  })

  test(`${basename(feature)} keeps to the manners: no shouting, no begging`, () => {
    for (const language of languages)
      for (const [key, message] of Object.entries(catalogue(feature, language)))
        assert.doesNotMatch(message, /!(?!=)|\b(please|oops|prosimo|vennligst)\b/i, `${language} ${key}`)
  })
}

test('every sentence is said somewhere', () => {
  const code = files
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
    .map((file) => readFileSync(join(source, file), 'utf8'))
    .join('\n')
  const dynamic = [...code.matchAll(/`([a-z]+\.[\w.-]*)\$\{/g)].map(([, start]) => start ?? '')
  const silent = features
    .flatMap((feature) => Object.keys(catalogue(feature, 'en')).map((key) => `${basename(feature)}.${key}`))
    .filter((key) => !code.includes(`'${key}'`) && !dynamic.some((start) => key.startsWith(start)))
  assert.deepEqual(silent, [])
})

test('Slovenian counts in the dual', () => {
  const { answersCount } = catalogue('features/insight/insight', 'sl')
  const say = (count: number) =>
    new IntlMessageFormat(answersCount ?? '', 'sl-SI').format({ count, shown: String(count) })
  assert.deepEqual([1, 2, 3, 5, 101, 102].map(say), [
    '1 odgovor',
    '2 odgovora',
    '3 odgovori',
    '5 odgovorov',
    '101 odgovor',
    '102 odgovora',
  ])
})
