import { existsSync, readFileSync } from 'node:fs'

/** The lines of a list that belongs to a language, `NAME.LANGUAGE.txt`; of a language without one none. */
export function readLines(name: string, language: string): string[] {
  const file = new URL(`${name}.${language}.txt`, import.meta.url)
  if (!/^[a-z]{2}$/.test(language) || !existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** What is made once for each language. */
export function perLanguage<T>(make: (language: string) => T): (language: string) => T {
  const made = new Map<string, T>()
  return (language) => {
    if (!made.has(language)) made.set(language, make(language))
    return made.get(language)!
  }
}
