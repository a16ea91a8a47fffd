import { fold, stemOf, wordsOf, type Word } from './analysing.ts'

/** What somebody asks, read in one language. */
export type Question = {
  language: string
  /** Each once, in the order in which they were asked; what a hyphen joins in all its forms. */
  words: readonly Word[][]
  /** What stood in quotes: words as they are written that must follow each other. */
  phrases: readonly string[][]
  /** The last word may be the beginning of one. */
  open?: string
}

/** Of more words the first; a whole letter may be asked. */
const mostWords = 100
const mostPhrases = 5

/** @param prefix whether somebody is still typing, so that the last word may go on */
export function readQuestion(language: string, text: string, { prefix = false } = {}): Question {
  const phrases = [...text.matchAll(/["“„«»”]([^"“”„«»]+)["”“»«]/g)]
    .map(([, quoted]) => wordsOf(language, quoted!).map(([first]) => first!.word))
    .filter((words) => words.length > 0)
    .slice(0, mostPhrases)
  const all = wordsOf(language, text).filter((forms) => forms.length > 0)
  const words = [...new Map(all.map((forms) => [forms[0]!.stem, forms])).values()].slice(0, mostWords)
  const open = prefix ? /[\p{L}\p{N}]+$/u.exec(fold(text))?.[0] : undefined
  return { language, words, phrases, ...(open === undefined ? {} : { open }) }
}

/** Where a word that is made of two may be divided, with the letter that joins them or without. */
export function divisionsOf(language: string, word: string): [left: string, right: string][] {
  if (language !== 'nb' || word.length < shortestWhole) return []
  const divisions: [string, string][] = []
  for (let at = shortestPart; at <= word.length - shortestPart; at++) {
    const [left, right] = [word.slice(0, at), word.slice(at)]
    divisions.push([left, right])
    if (/[se]$/.test(left) && left.length > shortestPart) divisions.push([left.slice(0, -1), right])
  }
  return divisions
}
const shortestPart = 3
const shortestWhole = 7

/** The terms whose documents must be known before a question can be weighed. */
export function termsToCount({ language, words }: Question): string[] {
  const terms = new Set<string>([''])
  for (const { word, stem } of words.flat()) {
    for (const term of [stem, `=${word}`, `^${stem}`]) terms.add(term)
    for (const part of divisionsOf(language, word).flat()) terms.add(stemOf(language, part))
  }
  return [...terms]
}
