import type { Word } from './analysing.ts'
import { stemOf } from './analysing.ts'
import { isCommonWord } from './common-words.ts'
import { everydayOf } from './everyday-words.ts'
import { divisionsOf, type Question } from './question.ts'

/** How many documents have a term; of one that nobody uses nothing is said. */
export type Counts = ReadonlyMap<string, number>

/** A word of the vocabulary that is like one that was asked, or has it in it. */
export type Alike = { given: string; word: string; documents: number; likeness: number }

/** What is looked for in place of one word: `query` is a tsquery, `stem` a stem or several with a space between them. */
export type Term = {
  query: string
  stem: string
  /** How surely it means what was asked, at most 1, times how much it tells beside the group's other terms. */
  weight: number
  documents: number
  inTitles: number
}

/** One word of a question with all that it may mean. */
export type Group = {
  word: string
  terms: Term[]
  /** How much the word tells, by the best of its terms. */
  rarity: number
  /** How much it would tell if it were known as it is asked: more than `rarity` where it is only guessed what it means. */
  asked: number
  correctedTo?: string
}

/** How much a word tells: much when it is rare. Of no document at all: the most. */
export function rarityOf(documents: number, all: number): number {
  return Math.log(1 + (Math.max(all, documents) - documents + 0.5) / (documents + 0.5))
}

/** A term as a tsquery. Letters and digits only, so that none needs escaping. */
export const quoted = (term: string) => `'${term}'`

/** A phrase of stems, with a space between them. */
const phraseOf = (stems: string) => stems.split(' ').map(quoted).join(' <-> ')

/** Groups of what means the same, by stems, with a space between those of a phrase. */
export type Synonyms = ReadonlyMap<string, readonly string[]>

/** What is known of the words of a question before it is weighed. */
export type Knowledge = {
  counts: Counts
  alike: readonly Alike[]
  /** Of the workspace. */
  synonyms: Synonyms
  /** Of any company. */
  everyday: Synonyms
}

/** How surely a term means what was asked. */
const sure = { synonym: 0.8, everyday: 0.25, typo: 0.85, part: 0.5, whole: 0.1, beginning: 0.8 }

/** Of more meanings those that tell most. */
const mostTerms = 12

/** How much a common word tells, beside another one as rare. */
const commonTells = 0.3

/** What a question's words may mean, with how much each tells. */
export function groupsOf(question: Question, knowledge: Knowledge): Group[] {
  const all = knowledge.counts.get('') ?? 0
  return question.words.map((forms) => {
    const { correctedTo, sureness } = meaningsOf(question, forms, knowledge)
    const terms = [...sureness].map(([stem, weight]) => {
      const documents = countOf(stem, knowledge.counts)
      const told = weight * rarityOf(documents, all)
      return { stem, query: phraseOf(stem), told, documents, inTitles: knowledge.counts.get(`^${stem}`) ?? 0 }
    })
    const there = terms.filter(({ documents }) => documents > 0)
    // Of a word that is nowhere nothing is known but that it is rare.
    const rarity = there.length === 0 ? rarityOf(0, all) : Math.max(...there.map(({ told }) => told))
    const asked = rarityOf(Math.max(...forms.map((form) => countOf(form.stem, knowledge.counts))), all)
    const { word } = forms[0]!
    const tells = isCommonWord(question.language, correctedTo ?? word) ? commonTells : 1
    return {
      word,
      rarity: rarity * tells,
      asked: Math.max(rarity, asked) * tells,
      terms: there
        .toSorted((a, b) => b.told - a.told)
        .slice(0, mostTerms)
        .map(({ told, ...term }) => ({ ...term, weight: rarity === 0 ? 0 : told / rarity })),
      ...(correctedTo === undefined ? {} : { correctedTo }),
    }
  })
}

/** Of a phrase as of its rarest word. */
function countOf(stem: string, counts: Counts): number {
  return Math.min(...stem.split(' ').map((one) => counts.get(one) ?? 0))
}

/** Everything that one word may mean, by stem, with how surely. */
function meaningsOf({ language, open }: Question, forms: readonly Word[], knowledge: Knowledge) {
  const { counts, alike, synonyms, everyday } = knowledge
  const sureness = new Map<string, number>()
  const add = (stem: string, weight: number) => sureness.set(stem, Math.max(weight, sureness.get(stem) ?? 0))
  const { word, stem } = forms[0]!
  for (const form of forms) {
    add(form.stem, 1)
    for (const other of synonyms.get(form.stem) ?? []) add(other, sure.synonym)
    for (const other of everyday.get(form.stem) ?? []) add(other, sure.everyday)
  }
  const near = alike.filter(({ given }) => given === word)
  let correctedTo: string | undefined
  if (!isKnown(counts, forms)) {
    const parts = bestDivision(language, word, counts)
    for (const part of parts ?? []) add(part, sure.part)
    if (!parts) {
      const meant = meantBy(word, near)
      correctedTo = meant[0]?.word
      for (const one of meant) {
        const right = stemOf(language, one.word)
        add(right, sure.typo)
        for (const other of everydayOf(language, right)) add(other, sure.everyday * sure.typo)
      }
    }
  }
  for (const one of alike) if (one.given === stem && one.likeness === 0) add(stemOf(language, one.word), sure.whole)
  if (open === word)
    for (const one of near) if (one.word.startsWith(word)) add(stemOf(language, one.word), sure.beginning)
  return { correctedTo, sureness }
}

export function isKnown(counts: Counts, forms: readonly Word[]): boolean {
  return forms.some(({ word, stem }) => (counts.get(stem) ?? 0) > 0 || (counts.get(`=${word}`) ?? 0) > 0)
}

/** The two known words of which an unknown one is made; of several divisions the one whose rarer half is commonest. */
export function bestDivision(language: string, word: string, counts: Counts): string[] | undefined {
  const known = (part: string) => counts.get(stemOf(language, part)) ?? 0
  let best: { parts: string[]; least: number } | undefined
  for (const [left, right] of divisionsOf(language, word)) {
    const least = Math.min(known(left), known(right))
    if (least > (best?.least ?? 0)) best = { parts: [stemOf(language, left), stemOf(language, right)], least }
  }
  return best?.parts
}

/** Of shorter words the first letter holds: it is seldom missed, and another one makes another word. */
const firstMayBeMissed = 6

/** Words of which a misspelt one is at most one slip away, or two when it is long: the nearest, the commonest first. */
export function meantBy(word: string, near: readonly Alike[]): Alike[] {
  const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2
  const ways = near
    .filter((one) => word.length >= firstMayBeMissed || beginsLike(word, one.word))
    .map((one) => ({ one, slips: slipsBetween(word, one.word) }))
    .filter(({ slips }) => slips <= most)
    .toSorted((a, b) => a.slips - b.slips || b.one.documents - a.one.documents)
  return ways
    .filter(({ slips }) => slips === ways[0]!.slips)
    .map(({ one }) => one)
    .slice(0, 3)
}

/** With the same letter, or with the first two swapped. */
function beginsLike(word: string, other: string): boolean {
  return word[0] === other[0] || (word[0] === other[1] && word[1] === other[0])
}

/** Letters put in, left out, changed, or swapped with their neighbour (optimal string alignment). */
export function slipsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1)
      row.push(least)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
