import { wordsOf } from './analysing.ts'
import type { Question } from './question.ts'
import type { Synonyms } from './weighing.ts'

/** Longer phrases than this are sentences. */
export const longestPhrase = 4

/** A word or phrase as stems, with a space between them. */
export function stemsOfPhrase(language: string, phrase: string): string {
  return wordsOf(language, phrase)
    .flatMap(([first]) => first?.stem ?? [])
    .join(' ')
}

/** Every run of words of a question that may be a phrase. */
export function phrasesOf({ words }: Question): string[] {
  const stems = words.map(([first]) => first!.stem)
  return stems.flatMap((_, from) =>
    Array.from({ length: Math.min(longestPhrase, stems.length - from) }, (_, more) =>
      stems.slice(from, from + more + 1).join(' '),
    ),
  )
}

/** What the words and phrases of a question mean otherwise, among groups of what means the same. */
export function meaningsAmong(question: Question, groups: readonly (readonly string[])[]): Synonyms {
  const asked = new Set(phrasesOf(question))
  const meanings = new Map<string, Set<string>>()
  for (const group of groups) {
    for (const phrase of group.filter((one) => asked.has(one))) {
      // What a phrase means is looked for in place of its first word.
      const [first] = phrase.split(' ') as [string]
      const others = meanings.get(first) ?? new Set()
      for (const other of group) if (other !== phrase) others.add(other)
      meanings.set(first, others)
    }
  }
  return new Map([...meanings].map(([stem, others]) => [stem, [...others]]))
}
