import { compareGroups, poststratify, summarize } from '@lahko/effort'
import type { WhoAnswered } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { Db } from '#platform/store.ts'
import {
  askedBy,
  countAsked,
  countAskedBy,
  listAskedAlike,
  listServedAlike,
  type AskedBy,
  type AskedCount,
  type AskedFilter,
  type PeopleAlike,
} from '#surveys'
import { askedIn, type Subject } from './measuring.ts'
import { respondentsOf } from './respondents.ts'

type Rates = WhoAnswered['rates'][number]
type Adjustment = NonNullable<WhoAnswered['asked']['adjusted']>

/** Who answered of those who were asked, and the figures as if everybody had answered alike. Filters do not count here. */
export async function whoAnswered(db: Db, subject: Subject, language: Language): Promise<WhoAnswered> {
  const { survey, metric, periods } = subject
  const filter = askedIn(subject)
  const { asked, answered } = await countAsked(db, filter)
  const rows = new Map<AskedBy, AskedCount[]>()
  for (const by of asked > 0 ? askedBy : []) rows.set(by, await countAskedBy(db, filter, by))
  const rates = [...rows].map(([by, counts]) => ratesOf(by, counts, periods.finished))
  const named = survey.identity === 'identified'
  return {
    metric,
    asked: {
      people: asked,
      answered,
      rate: rateOf({ asked, answered }),
      adjusted: named && asked > 0 ? adjusted(subject, await listAskedAlike(db, filter)) : null,
    },
    served: named ? await adjustedToServed(db, subject, filter) : null,
    rates: rates.filter(({ groups }) => groups.some(({ key }) => key !== '')),
    respondents: await respondentsOf(db, subject, { asked, answered, rows }, language),
  }
}

/** Answered or not, as a scale of three of which the middle stays empty: its share of *easy* is the response rate. */
const asCounts = ({ asked, answered }: Omit<AskedCount, 'key'>) => [asked - answered, 0, answered]

function rateOf(count: Omit<AskedCount, 'key'>) {
  return summarize(asCounts(count), 'ces-3').easyShare
}

/** Each group against the rest, once the period is over: whoever was asked an hour ago has not declined. */
function ratesOf(by: Rates['by'], rows: readonly AskedCount[], finished: boolean): Rates {
  const groups = rows.map((row) => ({ key: row.key, counts: asCounts(row) }))
  const compared = compareGroups(groups, 'ces-3', 'easyShare').groups
  const comparable = finished && rows.length > 1
  const shown = rows.map((row, place) => ({
    ...row,
    rate: rateOf(row)!,
    ease: comparable ? compared[place]!.ease : null,
    verdict: comparable ? compared[place]!.verdict : null,
  }))
  return { by, groups: by === 'hour' ? shown.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : shown }
}

async function adjustedToServed(db: Db, subject: Subject, filter: AskedFilter): Promise<WhoAnswered['served']> {
  const alike = await listServedAlike(db, filter)
  return alike.length === 0 ? null : { people: alike[0]!.whole, adjusted: adjusted(subject, alike) }
}

/** Null without answers to weigh. */
function adjusted({ scale, metric, reading }: Subject, alike: readonly PeopleAlike[]): Adjustment | null {
  const people = alike.map(({ attributes, people: n }) => ({ attributes, n }))
  const groups = alike.map(({ attributes, counts }) => ({
    attributes,
    counts: counts.slice(scale.min, scale.max + 1),
  }))
  const { summary, effectiveN, usable, strata } = poststratify(groups, people, scale, reading)
  const plain = groups.reduce(
    (sum, { counts }) => sum.map((n, at) => n + counts[at]!),
    summary.histogram.map(() => 0),
  )
  const asAnswered = summarize(plain, scale, reading)[metric]
  if (!asAnswered) return null
  return {
    answers: summary.n,
    asAnswered,
    adjusted: usable ? summary[metric] : null,
    effectiveN,
    strata: strata.length,
  }
}
