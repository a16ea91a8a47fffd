import { isCommonWord } from './common-words.ts'
import { wordsOf, type Word } from './analysing.ts'
import { readQuestion, type Question } from './question.ts'

/** A text that is one of a few. `languages`: those that it may be written, and asked for, in. */
export type FewText = { languages: readonly string[]; title: string; body: string }

/** Of each text its beginning. */
const longestText = 20_000
/** Of the words of a question that mean something, so many must be there. */
const leastShare = 0.5

/**
 * Those of somebody's own few texts that have at least half of the words of a question, the best first. Pure.
 *
 * They are no documents of the search: the words of documents become corrections and beginnings of words for everybody.
 * @param prefix whether somebody is still typing, so that the last word may go on
 */
export function findAmong<Text extends FewText>(
  texts: readonly Text[],
  question: string,
  { prefix = false }: { prefix?: boolean } = {},
): Text[] {
  const graded = texts.map((text) => ({ text, grades: bestOf(text, question, prefix) }))
  const having = new Map<string, number>()
  for (const { grades } of graded)
    for (const [word, grade] of grades) having.set(word, (having.get(word) ?? 0) + Math.sign(grade))
  const weight = ([word, grade]: [string, number]) =>
    grade * Math.log(1 + texts.length / Math.max(1, having.get(word)!))
  return graded
    .filter(({ grades }) => shareOf(grades) >= leastShare)
    .map(({ text, grades }) => ({ text, score: [...grades].reduce((sum, one) => sum + weight(one), 0) }))
    .toSorted((a, b) => b.score - a.score)
    .map(({ text }) => text)
}

type Grades = ReadonlyMap<string, number>

/** In the language in which most of a question is in a text. */
function bestOf(text: FewText, question: string, prefix: boolean): Grades {
  const all = text.languages.map((language) => gradesOf(text, language, readQuestion(language, question, { prefix })))
  return all.toSorted((a, b) => shareOf(b) - shareOf(a))[0] ?? new Map()
}

/** How well each word of a question is in a text: in its title more than below it. */
function gradesOf({ title, body }: FewText, language: string, { words, open }: Question): Grades {
  const places = [title, body.slice(0, longestText)].map((text) => wordsOf(language, text).flat())
  const meaning = words.filter(([first]) => first!.word === open || !isCommonWord(language, first!.word))
  return new Map(
    meaning.map((forms) => {
      const [inTitle, inBody] = places.map((those) =>
        those.some((one) => forms.some((form) => isSame(one, form, open))),
      )
      return [forms[0]!.word, inTitle ? 3 : inBody ? 1 : 0]
    }),
  )
}

function isSame(there: Word, asked: Word, open: string | undefined): boolean {
  return there.stem === asked.stem || (asked.word === open && there.word.startsWith(open))
}

function shareOf(grades: Grades): number {
  return grades.size === 0 ? 0 : [...grades.values()].filter((grade) => grade > 0).length / grades.size
}
