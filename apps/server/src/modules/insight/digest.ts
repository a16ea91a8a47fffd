import { summarize, type MetricName, type Summary } from '@lahko/effort'
import type { Language } from '@lahko/contract/values'
import type { DigestAbout, DigestSection } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { listHardWords, listWatchedSurveys } from '#surveys'
import { countDays, findSubject, type Subject } from './measuring.ts'
import { figureIn } from './phrases.ts'

const mostWords = 5

/** Each survey that was answered in those days: how many, the figure with its interval, and what was hard. */
export async function effortDigest(db: Db, about: DigestAbout): Promise<DigestSection[]> {
  if (!about.permissions.has('insight.read')) return []
  const sections: DigestSection[] = []
  for (const survey of await listWatchedSurveys(db)) {
    const subject = await findSubject(db, { survey, period: 'days', ...about.days, filter: [] })
    const section = await sectionOf(db, subject, about)
    if (section) sections.push(section)
  }
  return sections
}

async function sectionOf(
  db: Db,
  subject: Subject,
  { days, language, permissions }: DigestAbout,
): Promise<DigestSection | undefined> {
  const { survey, content, scale, metric, rule, reading } = subject
  const { family } = content.score.scale
  const counts = await countDays(db, subject, days)
  const summary = summarize(counts, scale, reading)
  if (summary.n === 0) return undefined
  const hard = rule.hard.reduce((sum, score) => sum + counts[score - scale.min]!, 0)
  const lines = [
    words(language, 'alarms.digest', { family, n: summary.n, hard }),
    figureOf({ metric, family }, summary[metric], language),
  ]
  const mayRead = permissions.has('responses.read') && survey.identity === 'identified'
  const said = mayRead ? await listHardWords(db, survey.id, { ...days, most: mostWords }) : []
  return {
    title: survey.name,
    lines,
    quotes: said.map(({ id, comment, score }) => ({
      ...{ subjectId: id, text: comment, by: words(language, 'alarms.score', { score, max: scale.max }) },
    })),
    path: `/effort?${String(new URLSearchParams({ survey: survey.key, period: 'days', ...days }))}`,
  }
}

type Named = { metric: MetricName; family: string }

/** With its interval, where a single answer has one. */
function figureOf({ metric, family }: Named, found: Summary[MetricName], language: Language): string {
  const figure = (value: number) => figureIn(language, metric, value)
  const { value, low, high } = found!
  const interval = low === null || high === null ? { low: 'none', high: '' } : { low: figure(low), high: figure(high) }
  return words(language, 'alarms.digest_metric', { metric, family, value: figure(value), ...interval })
}
