import { compareGroups } from '@lahko/effort'
import { respondentsBy, type WhoAnswered } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import { csvLine } from '#platform/csv.ts'
import type { Db } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { listAsked, listServed, otherValue, type AskedBy, type LineCount, type LinesAlike } from '#surveys'
import { askedIn, type Subject } from './measuring.ts'
import { atStartIn, pairIn, valueIn } from './phrases.ts'

type Respondents = WhoAnswered['respondents'][number]
type Group = Respondents['groups'][number]
type By = Respondents['by']
type Counted = Pick<Group, 'key' | 'served' | 'asked' | 'answered'>
type Asked = Pick<LinesAlike<AskedBy>, 'whole' | 'by'>
type Served = Pick<LinesAlike<By>, 'whole' | 'by'>

/** Queries list no more values; what a full list leaves out is among all others. */
const mostKeys = 200

/**
 * The parts of each value among everyone served, asked and heard. Anonymous surveys leave out the served, as the score
 * adjusted to them is left out.
 */
export function respondentsOf(
  { periods }: Subject,
  asked: Asked,
  served: Served | undefined,
  language: Language,
): Respondents[] {
  if (asked.whole.people === 0) return []
  return respondentsBy
    .map((by) => respondentsBeside(by, served, asked, periods.finished))
    .filter(({ groups }) => groups.some(({ key }) => isNamed(key)))
    .map((one) => ({ ...one, finding: findingOf(language, one) }))
}

/** One of them as a file, header first; shares are not rounded. */
export async function respondentsCsv(db: Db, subject: Subject, by: By): Promise<string> {
  const filter = askedIn(subject)
  const asked = await listAsked(db, filter)
  const served = subject.survey.identity === 'identified' ? await listServed(db, filter) : undefined
  const found = respondentsBeside(by, served, asked, subject.periods.finished)
  const header = ['value', 'served', 'served_share', 'asked', 'asked_share', 'answered', 'answered_share']
  const lines = found.groups.map(({ key, served: n, asked: of, answered, ease, verdict }) => [
    ...[key, n, shareOf(n, found.served), of, shareOf(of, found.asked)],
    ...[answered, shareOf(answered, found.answered), ease, verdict],
  ])
  return [[...header, 'ease', 'verdict'], ...lines].map(csvLine).join('')
}

function respondentsBeside(by: By, served: Served | undefined, asked: Asked, finished: boolean): Respondents {
  const { people, answered } = asked.whole
  const whole = { served: served?.whole.people || null, asked: people, answered }
  const counted = countedOf(served?.by.get(by) ?? [], asked.by.get(by)!, whole)
  return { by, ...whole, finding: null, groups: compared(counted, finished) }
}

/** Every value once, most frequent first, and what the lists leave out as all others. */
function countedOf(
  served: readonly (LineCount & { key: string })[],
  asked: readonly (LineCount & { key: string })[],
  whole: Omit<Counted, 'key'>,
): Counted[] {
  const ofServed = new Map(served.map(({ key, people }) => [key, people]))
  const ofAsked = new Map(asked.map((row) => [row.key, row]))
  const known = (list: ReadonlyMap<string, unknown>, key: string) => list.size < mostKeys || list.has(key)
  const counted = [...new Set([...ofServed.keys(), ...ofAsked.keys()])]
    .filter((key) => known(ofServed, key) && known(ofAsked, key))
    .map((key) => ({
      key,
      served: whole.served === null ? null : (ofServed.get(key) ?? 0),
      asked: ofAsked.get(key)?.people ?? 0,
      answered: ofAsked.get(key)?.answered ?? 0,
    }))
    .toSorted((a, b) => sizeOf(b) - sizeOf(a) || b.asked - a.asked)
  const rest = restOf(counted, whole)
  return sizeOf(rest) + rest.asked > 0 ? [...counted, rest] : counted
}

function restOf(counted: readonly Counted[], whole: Omit<Counted, 'key'>): Counted {
  const left = (of: 'served' | 'asked' | 'answered') =>
    (whole[of] ?? 0) - counted.reduce((sum, one) => sum + (one[of] ?? 0), 0)
  return {
    key: otherValue,
    served: whole.served === null ? null : left('served'),
    asked: left('asked'),
    answered: left('answered'),
  }
}

/** By everyone who is known: those served, or else those asked. */
function sizeOf({ served, asked }: Omit<Counted, 'key'>): number {
  return served ?? asked
}

/**
 * Heard or not, as in response rates: chi-square opens the gate, then each value against the rest. Nothing is said while
 * the period runs, or where more answers came than touchpoints ended, as when they are about earlier ones.
 */
function compared(counted: readonly Counted[], finished: boolean): Group[] {
  const groups = counted.map((one) => ({ key: one.key, counts: [sizeOf(one) - one.answered, 0, one.answered] }))
  const comparable = finished && counted.length > 1 && groups.every(({ counts }) => counts[0]! >= 0)
  if (!comparable) return counted.map((one) => ({ ...one, ease: null, verdict: null }))
  const found = compareGroups(groups, 'ces-3', 'easyShare').groups
  return counted.map((one, at) => ({ ...one, ease: found[at]!.ease, verdict: found[at]!.verdict }))
}

/** Of the values that differ by more than noise, the one whose parts lie furthest apart. */
function findingOf(language: Language, found: Respondents): string | null {
  const whole = found.served ?? found.asked
  const parts = (one: Group) => ({ key: one.key, all: sizeOf(one) / whole, heard: one.answered / found.answered })
  const [widest] = found.groups
    .filter(({ key, verdict, ease }) => isNamed(key) && verdict === 'more-than-noise' && ease !== 'same')
    .map(parts)
    .toSorted((a, b) => Math.abs(b.heard - b.all) - Math.abs(a.heard - a.all))
  if (!widest) return null
  const [all, heard] = pairIn(language, 'easyShare', widest.all, widest.heard, true)
  const among = found.served === null ? 'asked' : 'served'
  const value = atStartIn(language, found.by, valueIn(language, found.by, widest.key))
  return words(language, 'insight.heard', { value, among, all, heard })
}

function isNamed(key: string): boolean {
  return key !== '' && key !== otherValue
}

function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole
}
