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

/** What customers of any company mean by the words and phrases of a question. */
export function everydayMeanings(question: Question): Synonyms {
  return meaningsAmong(question, groupsIn(question.language))
}
