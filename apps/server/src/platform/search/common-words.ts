import { fold } from './analysing.ts'
import { perLanguage, readLines } from './word-lists.ts'

/** Folded. */
export const commonWords = perLanguage(
  (language) => new Set(readLines('common-words', language).flatMap((line) => fold(line).split(' '))),
)

/**
 * Whether any question may have a word, whatever it is about. Rarity alone does not tell: *I* and *bought* are rare in
 * what a company writes, and so would count the most.
 */
export function isCommonWord(language: string, word: string): boolean {
  return commonWords(language).has(word)
}
