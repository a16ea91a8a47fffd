import type { Probe, WantedTerm } from './search.queries.ts'
import { quoted, type Group, type Term } from './weighing.ts'

/** What a question's words tell of a document. */
export type Score = {
  /** Orders the documents of one language. */
  score: number
  /** How far what is there goes beyond what a likely answer has at least, comparable between questions: 1 is just that. */
  fit: number
}

/** Words in more documents of a language than this rank, and select only where no other does. */
const commonest = (all: number) => Math.max(0.03 * all, 1_000)

const titleGain = 0.7

/**
 * What selects: words that are rare enough, and titles by words that are rare in titles. Where all are common: the two
 * rarest together.
 * @param all documents of the language
 */
export function probesOf(language: string, groups: readonly Group[], all: number): Probe[] {
  const most = commonest(all)
  const probes = groups.flatMap((group) => probesOfGroup(language, group, most))
  if (probes.length > 0) return withinBudget(probes, mostSelected * most)
  const rarest = groups
    .filter(({ terms }) => terms.length > 0)
    .toSorted((a, b) => b.rarity - a.rarity)
    .slice(0, 2)
    .map(({ terms }) => `(${terms.map(({ query }) => `(${query})`).join(' | ')})`)
  return rarest.length === 0 ? [] : [{ language, terms: rarest.join(' & '), gain: 1 }]
}

/** All words of a question together select at most so many times what one may. */
const mostSelected = 3

type Weighed = Probe & { documents: number }

/** The surest terms that are together rare enough. */
function probesOfGroup(language: string, { terms, rarity }: Group, most: number): Weighed[] {
  const surest = terms.toSorted((a, b) => b.weight - a.weight)
  const anywhere = withinBudget(surest, most)
  const inTitles = withinBudget(
    surest.filter((term) => term.inTitles > 0).map((term) => ({ ...term, documents: term.inTitles })),
    most,
  )
  const sum = (some: readonly Term[]) => some.reduce((all, { documents }) => all + documents, 0)
  const probe = (some: readonly Term[], queries: string[], gain: number) =>
    some.length > 0 ? [{ language, terms: queries.join(' | '), gain, documents: sum(some) }] : []
  return [
    ...probe(
      anywhere,
      anywhere.map(({ query }) => `(${query})`),
      rarity,
    ),
    ...probe(
      inTitles,
      inTitles.map(({ stem }) => quoted(`^${stem}`)),
      titleGain * rarity,
    ),
  ]
}

/** Those that have together at most so many documents, by turns; what is too much is passed by. */
function withinBudget<T extends { documents: number; gain?: number }>(some: readonly T[], most: number): T[] {
  let left = most
  return some
    .toSorted((a, b) => (b.gain ?? 0) - (a.gain ?? 0))
    .filter(({ documents }) => {
      if (documents > left) return false
      left -= documents
      return true
    })
}

export function termsOfGroups(language: string, groups: readonly Group[]): WantedTerm[] {
  return groups.flatMap(({ terms }, group) =>
    terms.map(({ query, weight }) => ({ language, group, terms: query, weight })),
  )
}

/** A text of this many words counts as it is, a longer one less: what stands in it among much else tells less. */
const usualLength = 200
const lengthCounts = 0.25
/** Beside how much of the question is there, what is there counts by itself. */
const partCounts = 1.5

/**
 * What a likely answer has at least, counted in words of the question that are matched wholly; of a short one less. By
 * language, as more of a question is recognised where words change less.
 */
const leastMatched: Record<string, number> = { en: 1.8, nb: 1.7, sl: 1.5 }
const leastOfEach = 0.4

/**
 * Whether a document answers is told by how many words it matches, how well, and how much of the question anybody here
 * writes about: words that stand in no document at all are the best sign of something that the company does not know. Of
 * a word whose meaning is guessed, by its parts or by everyday words, no more is known than how sure the guess is.
 * @param grades how well each group is matched, from 0 to 1
 * @param length of the document, in words
 */
export function scoreOf(language: string, grades: readonly number[], groups: readonly Group[], length: number): Score {
  const sumOf = (of: (grade: number, group: Group) => number) =>
    groups.reduce((sum, group, at) => sum + group.rarity * of(grades[at] ?? 0, group), 0)
  const whole = sumOf(() => 1)
  if (whole === 0) return { score: 0, fit: 0 }
  const told = sumOf((grade) => grade)
  const covered = sumOf((grade) => (grade > 0 ? 1 : 0)) / whole
  const known = sumOf((_, { terms }) => (terms.length > 0 ? 1 : 0)) / groups.reduce((sum, { asked }) => sum + asked, 0)
  const matched = groups.filter((_, at) => (grades[at] ?? 0) > 0).length
  const least = Math.min(leastMatched[language] ?? 1.7, leastOfEach * groups.length)
  const longer = 1 - lengthCounts + (lengthCounts * length) / usualLength
  return { score: (told * (partCounts + covered)) / longer, fit: (known * matched * told) / whole / least }
}
