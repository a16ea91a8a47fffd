import { compareGroups, poststratify, summarize } from '@lahko/effort'
import type { WhoAnswered } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { Db } from '#platform/store.ts'
import {
  askedBy,
  countAsked,
  countAskedBy,
  listAnsweredAlike,
  listAskedAlike,
  type AskedBy,
  type AskedCount,
  type AskedFilter,
  type PeopleAlike,
} from '#surveys'
import { listServedAlike } from '#touchpoints'
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
      adjusted: named && asked > 0 ? await adjustedToAsked(db, subject, filter) : null,
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

async function adjustedToAsked(db: Db, subject: Subject, filter: AskedFilter): Promise<Adjustment | null> {
  const alike = await listAskedAlike(db, filter)
  const people = alike.map(({ attributes, people: n }) => ({ attributes, n }))
  return adjusted(subject, alike, people, ['language', 'outcome', 'topic', 'channel'])
}

async function adjustedToServed(db: Db, subject: Subject, filter: AskedFilter): Promise<WhoAnswered['served']> {
  const people = await listServedAlike(db, filter)
  const n = people[0]?.whole
  if (n === undefined) return null
  const answers = await listAnsweredAlike(db, filter)
  return { people: n, adjusted: adjusted(subject, answers, people, ['outcome', 'topic', 'channel']) }
}

/** Null without answers to weigh. */
function adjusted(
  { scale, metric, reading }: Subject,
  answers: readonly Pick<PeopleAlike, 'attributes' | 'counts'>[],
  people: readonly { attributes: Record<string, string>; n: number }[],
  order: readonly string[],
): Adjustment | null {
  const groups = answers.map(({ attributes, counts }) => ({
    attributes,
    counts: counts.slice(scale.min, scale.max + 1),
  }))
  const { summary, effectiveN, usable, strata } = poststratify(groups, people, scale, { ...reading, order })
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
