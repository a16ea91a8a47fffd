import { wordsOf } from './analysing.ts'
import { isCommonWord } from './common-words.ts'

/**
 * What the same question has in common however it is asked: its stems by the alphabet, without words that any question
 * may have, unless it has no others. Empty for what has no words.
 */
export function sameQuestion(language: string, text: string): string {
  const words = wordsOf(language, text).flatMap(([first]) => first ?? [])
  const telling = words.filter(({ word }) => !isCommonWord(language, word))
  const stems = (telling.length > 0 ? telling : words).map(({ stem }) => stem)
  return [...new Set(stems)].toSorted().join(' ')
}
