import { compareGroups, poststratify, summarize } from '@lahko/effort'
import type { WhoAnswered } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { Db } from '#platform/store.ts'
import { listAsked, listServed, type AskedBy, type LineCount, type PeopleAlike } from '#surveys'
import { askedIn, type Subject } from './measuring.ts'
import { respondentsOf } from './respondents.ts'

type Rates = WhoAnswered['rates'][number]
/** By what response rates are told apart, in this order. */
const ratesBy: readonly AskedBy[] = ['language', 'topic', 'channel', 'outcome', 'hour', 'programme']

type Adjustment = NonNullable<WhoAnswered['asked']['adjusted']>

/** Who answered of those who were asked, and the figures as if everybody had answered alike. Filters do not count here. */
export async function whoAnswered(db: Db, subject: Subject, language: Language): Promise<WhoAnswered> {
  const { survey, metric, periods } = subject
  const filter = askedIn(subject)
  const { whole, by, alike } = await listAsked(db, filter)
  const named = survey.identity === 'identified'
  const served = named ? await listServed(db, filter) : undefined
  const rates = whole.people > 0 ? ratesBy.map((one) => ratesOf(one, by.get(one)!, periods.finished)) : []
  return {
    metric,
    asked: {
      ...whole,
      rate: rateOf(whole),
      adjusted: named && whole.people > 0 ? adjusted(subject, alike) : null,
    },
    served: served?.whole.people ? { people: served.whole.people, adjusted: adjusted(subject, served.alike) } : null,
    rates: rates.filter(({ groups }) => groups.some(({ key }) => key !== '')),
    respondents: respondentsOf(subject, { whole, by }, served, language),
  }
}

/** Answered or not, as a scale of three of which the middle stays empty: its share of *easy* is the response rate. */
const asCounts = ({ people, answered }: LineCount) => [people - answered, 0, answered]

function rateOf(count: LineCount) {
  return summarize(asCounts(count), 'ces-3').easyShare
}

/** Each group against the rest, once the period is over: whoever was asked an hour ago has not declined. */
function ratesOf(by: Rates['by'], rows: readonly (LineCount & { key: string })[], finished: boolean): Rates {
  const groups = rows.map((row) => ({ key: row.key, counts: asCounts(row) }))
  const compared = compareGroups(groups, 'ces-3', 'easyShare').groups
  const comparable = finished && rows.length > 1
  const shown = rows.map((row, place) => ({
    ...{ key: row.key, asked: row.people, answered: row.answered },
    rate: rateOf(row)!,
    ease: comparable ? compared[place]!.ease : null,
    verdict: comparable ? compared[place]!.verdict : null,
  }))
  return { by, groups: by === 'hour' ? shown.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : shown }
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
