import { IntlMessageFormat } from 'intl-messageformat'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { languages, type Language } from '@lahko/contract/values'

const source = fileURLToPath(new URL('..', import.meta.url))
const catalogues = readCatalogues()
const formatters = new Map<string, IntlMessageFormat>()

/** The locale whose dates, numbers and plurals a language uses. English reads dates as in Europe. */
export const localeOf: Readonly<Record<Language, string>> = { en: 'en-GB', sl: 'sl-SI', nb: 'nb-NO' }

/**
 * A sentence of the product in one language.
 * @param key as in the catalogues beside the modules, `<module>.<name>`
 * @throws Error when no catalogue has the key: a bug, found by the test of the catalogues
 */
export function words(language: Language, key: string, args: Record<string, unknown> = {}): string {
  const id = `${language}:${key}`
  let formatter = formatters.get(id)
  if (!formatter) {
    const message = catalogues[language].get(key)
    if (message === undefined) throw new Error(`No catalogue has the words "${key}" in "${language}".`)
    formatter = new IntlMessageFormat(message, localeOf[language], undefined, { ignoreTag: true })
    formatters.set(id, formatter)
  }
  return String(formatter.format(args as Record<string, string>))
}

/** All catalogues, for the test that compares them. */
export function allWords(): Readonly<Record<Language, ReadonlyMap<string, string>>> {
  return catalogues
}

/**
 * The first of the product's languages that an `Accept-Language` header asks for (RFC 9110, 12.5.4).
 * @param among the languages to choose from, all unless given
 */
export function acceptedLanguage(
  header: string | undefined,
  fallback: Language,
  among: readonly Language[] = languages,
): Language {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.find((parameter) => parameter.trim().startsWith('q='))
      return { tag, quality: quality ? Number(quality.trim().slice(2)) : 1 }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  for (const { tag } of wanted) {
    const language = tag.split('-')[0] === 'no' || tag.split('-')[0] === 'nn' ? 'nb' : tag.split('-')[0]
    if (isLanguage(language) && among.includes(language)) return language
  }
  return fallback
}

export function isLanguage(value: unknown): value is Language {
  return (languages as readonly unknown[]).includes(value)
}

function readCatalogues(): Record<Language, Map<string, string>> {
  const result = { en: new Map<string, string>(), sl: new Map<string, string>(), nb: new Map<string, string>() }
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  for (const file of files) {
    const match = /([a-z-]+)\.(en|sl|nb)\.json$/.exec(file)
    if (!match) continue
    const content = JSON.parse(readFileSync(`${source}/${file}`, 'utf8')) as Record<string, string>
    for (const [name, message] of Object.entries(content))
      result[match[2] as Language].set(`${match[1]}.${name}`, message)
  }
  return result
}
