import { createRequire } from 'node:module'

/** A word of a text: as a person writes it without accents and large letters, and what all its forms have in common. */
export type Word = { word: string; stem: string }

/** Longer ones are no words, and PostgreSQL's terms have an end. */
const longestWord = 40

const letters: Record<string, string> = { æ: 'ae', ø: 'o', œ: 'oe', đ: 'd', ł: 'l', ß: 'ss', ı: 'i' }

/** Small letters without accents, so that *škornji* and *skornji*, *kjøp* and *kjop* are the same. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[æøœđłßı]/g, (letter) => letters[letter]!)
}

const require = createRequire(import.meta.url)

type Stemmer = { stem(word: string): string }

const algorithms: Record<string, string> = { en: 'english', nb: 'norwegian', sl: 'slovene' }
const known = new Map<string, Stemmer | undefined>()

// A megabyte of source for languages that nobody may ask in, so it is read when the first word comes.
function stemmerOf(language: string): Stemmer | undefined {
  if (!known.has(language)) {
    const { newStemmer } = require('snowball-stemmers') as { newStemmer(algorithm: string): Stemmer }
    const algorithm = algorithms[language]
    known.set(language, algorithm === undefined ? undefined : newStemmer(algorithm))
  }
  return known.get(language)
}

/** @param word folded */
export function stemOf(language: string, word: string): string {
  if (/\d/.test(word)) return word
  const stem = stemmerOf(language)?.stem(word) ?? word
  return (endings[language] ?? []).reduce((left, ending) => left.replace(ending, ''), stem)
}

/**
 * What Snowball leaves: short Slovenian words, which are declined like long ones (cena, cene, cenah), and the past of
 * Norwegian verbs (sendte and sendt beside sende).
 */
const endings: Record<string, RegExp[]> = {
  nb: [/(?<=^.{3,}[bdfgklmnprsv])t$/, /(?<=^.{2,}([bdfgklmnprst]))\1$/],
  sl: [/(?<=^.{4,})[aeiu]?[jlntkmv]$/, /(?<=^.{3,4})(ami|ega|emu|[aeo]m|[aei]h|[eo]v)$/, /(?<=^.{3,4})[aeiou]$/],
}

const pieces = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu

/**
 * The words of a text in their order. What hyphens join is one word and its parts too, all at one place; in English
 * an apostrophe ends a word, or joins what is short to it: *customer's* is customer, *don't* is dont.
 */
export function wordsOf(language: string, text: string): Word[][] {
  return [...fold(text).matchAll(pieces)].map(([piece]) =>
    [...new Set(formsOf(piece))]
      .filter((word) => word.length <= longestWord)
      .map((word) => ({ word, stem: stemOf(language, word) })),
  )
}

function formsOf(piece: string): string[] {
  const plain = piece.replaceAll(/['’]s\b/g, '').replaceAll(/['’]/g, '')
  const parts = plain.split('-')
  return parts.length === 1 ? parts : [parts.join(''), ...parts]
}
