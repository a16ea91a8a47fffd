import { existsSync, readFileSync } from 'node:fs'
import { meaningsAmong, stemsOfPhrase } from './phrases.ts'
import type { Question } from './question.ts'
import type { Synonyms } from './weighing.ts'

/** Groups of stems that lead to each other in a language, read once. */
const known = new Map<string, string[][]>()

function groupsIn(language: string): string[][] {
  let groups = known.get(language)
  if (!groups) {
    groups = readGroups(language)
    known.set(language, groups)
  }
  return groups
}

function readGroups(language: string): string[][] {
  const file = new URL(`everyday-words.${language}.txt`, import.meta.url)
  if (!/^[a-z]{2}$/.test(language) || !existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [...new Set(line.split(',').map((words) => stemsOfPhrase(language, words)))])
}

/** What customers of any company mean by the words and phrases of a question. */
export function everydayMeanings(question: Question): Synonyms {
  return meaningsAmong(question, groupsIn(question.language))
}
