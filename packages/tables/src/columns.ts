import type { TextRecord } from './json-lines.ts'
import { readWhole } from './numbers.ts'

/** What a sample says about which column holds the scores. */
export type ScoreColumnGuess = { column: string } | { candidates: string[] }

/** Words that name a score, the surest first; English, Slovenian and Norwegian, without diacritics. */
const surest = ['score', 'ces', 'ocena', 'vurdering', 'rating', 'csat', 'nps', 'poengsum', 'karakter']
const likely = [
  'effort',
  'easescore',
  'ease',
  'napor',
  'tezavnost',
  'innsats',
  'tocke',
  'poeng',
  'rezultat',
  'resultat',
]
const possible = [
  'answer',
  'odgovor',
  'svar',
  'value',
  'vrednost',
  'verdi',
  'grade',
  'points',
  'response',
  'satisfaction',
]

/**
 * Finds the score column: by its whole name, by a word in its name, else the only one whose values fit
 * `min` to `max`. When several fit equally well, or none does, they are returned as candidates. A column that is called
 * just as scores are and holds none is never passed over in silence: it is the first of them.
 */
export function guessScoreColumn(
  columns: readonly string[],
  sample: readonly TextRecord[],
  range: { min: number; max: number },
): ScoreColumnGuess {
  const fitting = columns.filter((column) => fits(column, sample, range))
  for (const words of [surest, likely, possible]) {
    for (const isNamed of [isWholeName, isWordInName]) {
      const named = columns.filter((column) => isNamed(column, words))
      const best = named.length > 1 ? named.filter((column) => fitting.includes(column)) : named
      if (best.length === 1 && holdsNumbers(best[0]!, sample)) return { column: best[0]! }
      if (best.length > 1) return { candidates: best }
    }
  }
  const empty = columns.filter((column) => isWholeName(column, surest) && !holdsNumbers(column, sample))
  if (empty.length > 0) return { candidates: [...new Set([...empty, ...fitting])] }
  return fitting.length === 1 ? { column: fitting[0]! } : { candidates: fitting }
}

/** Whether a column is called just as scores are. */
export function namesScore(column: string): boolean {
  return [surest, likely, possible].some((words) => isWholeName(column, words))
}

/** Whether two names differ by spaces around them, case or the way in which their letters are written at most. */
export function isSameName(one: string, other: string): boolean {
  const plain = (text: string) => text.trim().normalize('NFC').toLowerCase()
  return plain(one) === plain(other)
}

function isWholeName(column: string, words: readonly string[]): boolean {
  return words.includes(wordsOf(column).join(''))
}

function isWordInName(column: string, words: readonly string[]): boolean {
  return wordsOf(column).some((word) => words.includes(word))
}

/** The plain words of a column's name: `CES_score`, `cesScore` and `Čés score` are `ces` and `score`. */
export function wordsOf(name: string): string[] {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '')
  const parted = plain.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase()
  return parted.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
}

/** A column of comments may be called *answer*; one without any value may still be the right one. */
function holdsNumbers(column: string, sample: readonly TextRecord[]): boolean {
  const texts = textsOf(column, sample)
  return texts.length === 0 || texts.some((text) => typeof readWhole(text) === 'number')
}

function fits(column: string, sample: readonly TextRecord[], { min, max }: { min: number; max: number }): boolean {
  const texts = textsOf(column, sample)
  const inside = texts.filter((text) => {
    const value = readWhole(text)
    return typeof value === 'number' && value >= min && value <= max
  })
  return inside.length > 0 && inside.length >= texts.length * 0.9
}

function textsOf(column: string, sample: readonly TextRecord[]): string[] {
  return sample.map((record) => (record[column] ?? '').trim()).filter((text) => text !== '')
}
