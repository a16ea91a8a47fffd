import type { SelfServiceWays } from '@lahko/contract'
import { addHistograms, summarize, type Histogram } from '@lahko/effort'
import type { Language } from '@lahko/contract/values'
import { findEffortSurvey } from '#articles'
import type { Db } from '#platform/store.ts'
import { breakdowns, type HistogramRow } from '#surveys'
import { aboutSurvey, analyse, ruleView } from './effort-report.ts'
import { countBreakdowns, filterOf, findSubject, type Subject } from './measuring.ts'
import type { Days } from './periods.ts'

/** How somebody's matter came to its end: an article that was enough, one that was not, or none. */
const ways = ['article', 'article_ticket', 'ticket'] as const

/** The answers of some days: of the survey that asks readers, else of the newest. @throws Problem not_found */
export async function effortSubject(db: Db, { from, to }: Days, survey?: string): Promise<Subject> {
  const asked = survey ?? (await findEffortSurvey(db))
  return findSubject(db, { ...(asked !== undefined && { survey: asked }), period: 'days', from, to, filter: [] })
}

/** How easy it was by way. Each way stands against the others; answers whose way is not known stand beside them. */
export async function effortByWay(db: Db, subject: Subject, language: Language): Promise<SelfServiceWays> {
  const { survey, scale, reading, metric, periods } = subject
  // Answers without a name are told apart by nothing.
  const isTold = survey.identity === 'identified'
  const rows = isTold ? ((await countBreakdowns(db, subject, ['way'])).get('way') ?? []) : []
  const known = rows.filter(({ key }) => ways.some((way) => way === key))
  const { groups } = analyse(subject, 'way', known)
  const other = summarize(
    sumOf(
      subject,
      rows.filter((row) => !known.includes(row)),
    ),
    scale,
    reading,
  )
  return {
    ...{ from: periods.period.from, to: periods.period.to },
    ...{ survey: aboutSurvey(subject, language).survey, metric, rule: ruleView(subject.rule) },
    designEffect: reading.designEffect,
    ways: ways.map((way) => {
      const { value: _, rank: __, ...group } = groups.find(({ value }) => value === way) ?? nothing
      return { way, ...group }
    }),
    unknown: { n: other.n, metric: other[metric] },
  }
}

const nothing = {
  ...{ value: '', n: 0, metric: null, difference: null, low: null, high: null, adjustedP: null, ease: null },
  ...{ verdict: null, rank: null, smallSample: true },
}

/** How easy it was for those whom an article was enough, or was meant to be, by article. */
export async function effortByArticle(
  db: Db,
  subject: Subject,
  ids: readonly string[],
): Promise<Map<string, { n: number; metric: SelfServiceWays['unknown']['metric'] }>> {
  const { survey, scale, reading, metric, periods } = subject
  if (survey.identity === 'anonymous' || ids.length === 0) return new Map()
  const filter = { ...filterOf(subject, periods.period), where: [{ attribute: 'article', values: [...ids] }] }
  const rows = (await breakdowns(db, filter, ['article'])).get('article') ?? []
  return new Map(
    rows.map(({ key, counts }) => {
      const summary = summarize(counts, scale, reading)
      return [key, { n: summary.n, metric: summary[metric] }]
    }),
  )
}

function sumOf({ scale: { min, max } }: Subject, rows: readonly HistogramRow[]): Histogram {
  const none = Array.from({ length: max - min + 1 }, () => 0)
  return rows.reduce<Histogram>((sum, { counts }) => addHistograms(sum, counts), none)
}
