import type { ImportMapping } from '@lahko/contract/surveys'
import { createMomentReader, guessScoreColumn, wordsOf, type TextRecord } from '@lahko/tables'

/** What the first bytes of a file tell about its columns. */
export type Columns = { columns: readonly string[]; sample: readonly TextRecord[] }

/** The survey that the answers are for, as far as a guess needs it. */
export type Target = { min: number; max: number; declared: readonly string[] }

type Guess = { words: readonly string[]; fits?: (texts: readonly string[]) => boolean }

const answeredAt = words(
  'date datetime answered answeredat submitted submittedat created createdat timestamp time',
  'datum cas odgovorjeno oddano ustvarjeno dato tid tidspunkt besvart sendt opprettet',
)

/** A ticket or a customer may answer twice, so that only the name of an answer's own id is taken for one. */
const others = {
  externalId: {
    words: words('id responseid answerid externalid submissionid idodgovora odgovorid svarid svarsid besvarelsesid'),
    fits: (texts) => new Set(texts).size === texts.length,
  },
  comment: {
    words: words(
      'comment comments feedback remark remarks note notes verbatim text komentar komentarji opomba opombe mnenje',
      'kommentar kommentarer tilbakemelding merknad',
    ),
  },
  language: { words: words('language lang locale jezik sprak') },
  customerEmail: {
    words: words('email mail emailaddress customeremail eposta enaslov epost epostadresse'),
    fits: (texts) => mostly(texts, (value) => value.includes('@')),
  },
  customerExternalId: {
    words: words(
      'customerid customer customernumber clientid userid stranka strankaid idstranke stevilkastranke uporabnik',
      'kunde kundeid kundenr kundenummer bruker brukerid',
    ),
  },
  customerName: {
    words: words('name customername fullname ime imestranke imeinpriimek navn kundenavn fulltnavn'),
  },
} as const satisfies Partial<Record<keyof ImportMapping, Guess>>

const attributes: Readonly<Record<string, readonly string[]>> = {
  channel: words('channel kanal kanalen'),
  topic: words('topic category tema podrocje kategorija kategori emne'),
  team: words('team group ekipa skupina oddelek avdeling gruppe'),
  kind: words('kind type vrsta tip'),
}

/**
 * Which column holds what, by names in three languages and by values. Undefined when no column could hold the score.
 * `candidates`: the columns that could, when there are several; the first of them is taken.
 */
export function guessMapping(
  { columns, sample }: Columns,
  { min, max, declared }: Target,
): { mapping: ImportMapping; candidates: string[] } | undefined {
  const guess = guessScoreColumn(columns, sample, { min, max })
  const candidates = 'candidates' in guess ? guess.candidates : []
  const score = 'column' in guess ? guess.column : candidates[0]
  if (score === undefined) return undefined
  const free = new Set(columns.filter((column) => column !== score))
  const take = ({ words: names, fits = () => true }: Guess) => {
    const found = [...free].find((column) => {
      const texts = textsOf(column, sample)
      return names.includes(wordsOf(column).join('')) && fits(texts)
    })
    if (found !== undefined) free.delete(found)
    return found
  }
  const mapping: ImportMapping = { score, attributes: {} }
  const dates = guessDates([...free], sample)
  if (dates !== undefined && free.delete(dates)) mapping.answeredAt = dates
  for (const [field, one] of Object.entries(others)) {
    const column = take(one)
    if (column !== undefined) mapping[field as keyof typeof others] = column
  }
  for (const name of new Set([...declared, ...Object.keys(attributes)])) {
    if (name === 'language') continue
    const column = take({ words: [...(attributes[name] ?? []), wordsOf(name).join('')], fits: areShort })
    if (column !== undefined) mapping.attributes[name] = column
  }
  return { mapping, candidates }
}

/** The column of dates that is called so, else the only one. */
function guessDates(columns: readonly string[], sample: readonly TextRecord[]): string | undefined {
  const read = createMomentReader('UTC', 'UTC')
  const dated = columns.filter((column) => {
    const texts = textsOf(column, sample)
    return texts.length > 0 && mostly(texts, (value) => read(value) !== null)
  })
  const named = dated.filter((column) => wordsOf(column).some((word) => answeredAt.includes(word)))
  return named[0] ?? (dated.length === 1 ? dated[0] : undefined)
}

/** Some cells of every real column are wrong: the dry run names them. */
function mostly(texts: readonly string[], holds: (text: string) => boolean): boolean {
  return texts.filter(holds).length >= texts.length * 0.8
}

function areShort(texts: readonly string[]): boolean {
  return texts.every((value) => value.length <= 200)
}

function textsOf(column: string, sample: readonly TextRecord[]): string[] {
  return sample.map((record) => (record[column] ?? '').trim()).filter((value) => value !== '')
}

function words(...lists: string[]): string[] {
  return lists.flatMap((list) => list.split(' '))
}
