import { wordsOf } from './analysing.ts'
import { meaningsAmong, stemsOfPhrase } from './phrases.ts'
import type { Question } from './question.ts'
import type { Synonyms } from './weighing.ts'
import { perLanguage, readLines } from './word-lists.ts'

/** Groups of stems that lead to each other. */
const groupsIn = perLanguage((language) =>
  readLines('everyday-words', language).map((line) => [
    ...new Set(line.split(',').map((words) => stemsOfPhrase(language, words))),
  ]),
)

/** Every word of the list, folded. */
export const everydayWords = perLanguage(
  (language) =>
    new Set(
      readLines('everyday-words', language).flatMap((line) => wordsOf(language, line).map(([first]) => first!.word)),
    ),
)

/** What customers of any company mean by the words and phrases of a question. */
export function everydayMeanings(question: Question): Synonyms {
  return meaningsAmong(question, groupsIn(question.language))
}

/** The same of one word, by its stem. */
export function everydayOf(language: string, stem: string): readonly string[] {
  return groupsIn(language)
    .filter((group) => group.includes(stem))
    .flatMap((group) => group.filter((other) => other !== stem))
}
