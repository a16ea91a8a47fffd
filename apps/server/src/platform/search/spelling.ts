import { stemOf } from './analysing.ts'
import { commonWords } from './common-words.ts'
import { everydayWords } from './everyday-words.ts'
import { meantBy, type Alike } from './weighing.ts'
import { perLanguage } from './word-lists.ts'

/** Words that are spelt right though the company writes none of them, by how they begin. */
const listed = perLanguage((language) => {
  const words = new Set([...commonWords(language), ...everydayWords(language)])
  return {
    words,
    stems: new Set([...words].map((word) => stemOf(language, word))),
    byLetter: Map.groupBy(words, ([letter]) => letter!),
  }
})

/** Whether a word is one of the language's own, whoever writes it. */
export function isListed(language: string, word: string): boolean {
  const { words, stems } = listed(language)
  return words.has(word) || stems.has(stemOf(language, word))
}

/** Listed words for which a misspelt one may stand; a first letter is seldom missed. */
export function listedNear(language: string, word: string): Alike[] {
  const near = (listed(language).byLetter.get(word[0] ?? '') ?? [])
    .filter((other) => Math.abs(other.length - word.length) <= 2)
    .map((other) => ({ given: word, word: other, documents: 0, likeness: 1 }))
  return meantBy(word, near)
}
