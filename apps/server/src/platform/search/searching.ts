import type { Db } from '../store.ts'
import { fold, stemOf } from './analysing.ts'
import { everydayMeanings, everydayOf } from './everyday-words.ts'
import { readQuestion, termsToCount, type Question } from './question.ts'
import { probesOf, scoreOf, termsOfGroups } from './ranking.ts'
import {
  countDocuments,
  listAlike,
  listBeginning,
  listCandidates,
  type Candidate,
  type Viewer,
} from './search.queries.ts'
import { isListed, listedNear } from './spelling.ts'
import { meaningsOf, type TriedSynonyms } from './synonyms.ts'
import { groupsOf, isKnown, quoted, type Alike, type Counts, type Group } from './weighing.ts'

/** A document that was found. The module that owns its kind reads what it says, under its own rules. */
export type Hit = {
  kind: string
  subjectId: string
  language: string
  /** Orders the hits of one language. */
  score: number
  /** From 1 on it is likely an answer. */
  fit: number
}

export type Found = {
  /** Everything that fits in some way, the best first: all of the first language before those of the others. */
  hits: Hit[]
  /** Of these what is likely an answer. Where there is none, say that nothing fits. */
  suggestions: Hit[]
  /** The question without its misspelt words, where there were any. */
  corrected?: string
}

/** What is asked, by whom, and of what. */
export type Search = {
  text: string
  /** The reader's own first. */
  languages: readonly string[]
  viewer: Viewer
  kinds?: readonly string[]
  limit: number
  /** Whether somebody is still typing, so that the last word may be the beginning of one. */
  prefix?: boolean
  /** Synonyms of the first language that are tried out. */
  tried?: TriedSynonyms
}

/** So many are looked at closely, however many match. */
const mostCandidates = 100
/** Of more words the rarest. */
const mostGroups = 24
const mostAlike = 30

type Reading = { question: Question; groups: Group[]; all: number }

/** Documents that answer a question in somebody's own words, misspelt or without accents. */
export async function search(db: Db, { text, languages, viewer, kinds, limit, prefix, tried }: Search): Promise<Found> {
  const readings: Reading[] = []
  for (const language of languages)
    readings.push(await read(db, readQuestion(language, text, { prefix }), { own: language === languages[0], tried }))
  const { phrases } = readings[0]!.question
  const asked = {
    probes: readings.flatMap(({ question, groups, all }) => probesOf(question.language, groups, all)),
    terms: readings.flatMap(({ question, groups }) => termsOfGroups(question.language, groups)),
    needed: phrases.length === 0 ? null : phrases.map(phraseAsWritten).join(' & '),
  }
  const found =
    asked.probes.length === 0 ? [] : await listCandidates(db, asked, { viewer, kinds, most: mostCandidates })
  const hits = rank(found, readings)
  const corrected = correctedText(text, readings[0]!, found)
  return {
    hits: hits.slice(0, limit),
    suggestions: hits.filter(({ fit }) => fit >= 1).slice(0, limit),
    ...(corrected === text ? {} : { corrected }),
  }
}

const phraseAsWritten = (words: readonly string[]) => `(${words.map((word) => quoted(`=${word}`)).join(' <-> ')})`

/**
 * What the words of a question mean among the documents of its language. In a language that the reader does not ask in,
 * only what is written the same can be meant.
 */
async function read(
  db: Db,
  question: Question,
  { own, tried }: { own: boolean; tried: TriedSynonyms | undefined },
): Promise<Reading> {
  const { language } = question
  const synonyms = own ? await meaningsOf(db, question, tried) : new Map<string, string[]>()
  const everyday = own ? everydayMeanings(question) : new Map<string, string[]>()
  const others = [...synonyms.values(), ...everyday.values()].flat().flatMap((stems) => stems.split(' '))
  const counts = await countDocuments(db, language, [...termsToCount(question), ...others.flatMap(withTitle)])
  const alike = own ? await findAlike(db, question, counts) : []
  const meant = alike.map(({ word }) => stemOf(language, word)).flatMap((stem) => [stem, ...everydayOf(language, stem)])
  const knowledge = { counts: await countMore(db, language, meant, counts), alike, synonyms, everyday }
  const groups = groupsOf(question, knowledge)
  const rarest = new Set(groups.toSorted((a, b) => b.rarity - a.rarity).slice(0, mostGroups))
  // Those that stand nowhere come last: nothing is looked for in their place.
  const standsNowhere = ({ terms }: Group) => Number(terms.length === 0)
  const kept = groups.filter((group) => rarest.has(group)).toSorted((a, b) => standsNowhere(a) - standsNowhere(b))
  return { question, groups: kept, all: counts.get('') ?? 0 }
}

const withTitle = (stem: string) => [stem, `^${stem}`]

async function findAlike(db: Db, question: Question, counts: Counts): Promise<Alike[]> {
  const { language, words, open } = question
  const unknown = words
    .filter((forms) => !isKnown(counts, forms) && !isListed(language, forms[0]!.word))
    .map(([first]) => first!.word)
  return [
    ...(await listAlike(db, language, { words: unknown, parts: partsToFind(question) }, mostAlike)),
    ...unknown.flatMap((word) => listedNear(language, word)),
    ...(open === undefined ? [] : await listBeginning(db, language, open, mostAlike)),
  ]
}

async function countMore(db: Db, language: string, stems: readonly string[], counts: Counts): Promise<Counts> {
  const unknown = stems
    .flatMap((stem) => stem.split(' '))
    .filter((stem) => !counts.has(stem))
    .flatMap(withTitle)
  return unknown.length === 0 ? counts : new Map([...counts, ...(await countDocuments(db, language, unknown))])
}

/** Norwegian words that others may be made of: long enough to mean something. */
function partsToFind({ language, words }: Question): string[] {
  if (language !== 'nb') return []
  return words.flatMap(([first]) => (first!.stem.length >= 4 ? [first!.stem] : []))
}

function rank(found: readonly Candidate[], readings: readonly Reading[]): Hit[] {
  const place = new Map(readings.map(({ question }, at) => [question.language, at]))
  return found
    .map(({ grades, length, ...hit }) => {
      const { groups } = readings[place.get(hit.language)!]!
      return { ...hit, ...scoreOf(hit.language, grades, groups, length) }
    })
    .toSorted(
      (a, b) =>
        place.get(a.language)! - place.get(b.language)! || b.score - a.score || (a.subjectId < b.subjectId ? -1 : 1),
    )
}

/**
 * The question with what its misspelt words were taken for, as far as these stand in what was found: words of documents
 * that somebody may not see are not told either.
 */
function correctedText(text: string, { question, groups }: Reading, found: readonly Candidate[]): string {
  const own = found.filter(({ language }) => language === question.language)
  const isFound = (at: number) => own.some(({ grades }) => grades[at]! > 0)
  const slips = new Map(
    groups.flatMap(({ word, correctedTo }, at) => (correctedTo && isFound(at) ? [[word, correctedTo] as const] : [])),
  )
  if (slips.size === 0) return text
  return text.replaceAll(/[\p{L}\p{N}'’]+/gu, (piece) => slips.get(fold(piece)) ?? piece)
}
