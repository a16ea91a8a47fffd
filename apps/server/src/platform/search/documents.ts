import { uuidv7 } from '../identifiers.ts'
import type { Tx } from '../store.ts'
import { wordsOf, type Word } from './analysing.ts'
import { deleteDocuments, putDocument } from './search.queries.ts'

/** Who may find a document: everybody, who is signed in, or who is of one of the organisations. */
export type Audience = 'public' | 'signed-in' | 'organisations'

/** What of a text is searched. Plain text: of Markdown or HTML only what a reader sees. */
export type SearchText = {
  language: string
  title: string
  body: string
  /** What else is said of it, such as its summary and headings; counts more than the text. */
  keywords?: string
}

export type SearchDocument = SearchText & {
  kind: string
  subjectId: string
  audience: Audience
  organisations: readonly string[]
}

/**
 * Writes what can be found: one document for each language of a subject, again when anything of it changes. Whoever may
 * not see the subject any more finds it no more from the same commit on.
 */
export async function writeDocument(tx: Tx, document: SearchDocument): Promise<void> {
  await putDocument(tx, uuidv7(tx.now.getTime()), document, termsOf(document))
}

/** Nothing of a subject is found any more, or not in one language. */
export async function removeDocuments(tx: Tx, what: { kind: string; subjectId: string; language?: string }) {
  await deleteDocuments(tx, what)
}

/** Where PostgreSQL stops counting. */
const lastPlace = 16_383
/** Between title, keywords and text: no phrase goes across. */
const gap = 10
/** Of a longer text its beginning. */
const longestText = 200_000

/** A text as PostgreSQL reads it (`'stem':1A,14 '=word':1A,14 '^stem':1`), and how many words it has. */
export function termsOf({ language, title, body, keywords = '' }: SearchText): { terms: string; length: number } {
  const places = new Map<string, string[]>()
  const add = (term: string, place: string) => {
    const known = places.get(term)
    if (known) known.push(place)
    else places.set(term, [place])
  }
  let next = 1
  let length = 0
  const addAll = (words: Word[][], weight: string) => {
    for (const forms of words) {
      const place = `${Math.min(next++, lastPlace)}${weight}`
      for (const { word, stem } of forms) {
        add(stem, place)
        add(`=${word}`, place)
        if (weight === 'A') add(`^${stem}`, place)
      }
    }
    length += words.length
    next += gap
  }
  addAll(wordsOf(language, title), 'A')
  addAll(wordsOf(language, keywords), 'B')
  addAll(wordsOf(language, body.slice(0, longestText)), '')
  // Letters and digits only, so that none needs escaping.
  return { terms: [...places].map(([term, at]) => `'${term}':${at.join(',')}`).join(' '), length }
}
