import type { z } from 'zod'
import type { insight as contract } from '@lahko/contract'
import type { Db } from '#platform/store.ts'
import { findSubject } from './measuring.ts'
import { breakdowns } from '#surveys'
import { addDays } from './periods.ts'

type Query = z.output<typeof contract.attributeValues.query>

const daysLookedBack = 366
const mostItems = 200

/**
 * The values of one attribute in the answers of the last year, most answered first; none of an anonymous survey.
 * `search` finds inside a value, whatever its case.
 */
export async function attributeValues(
  db: Db,
  { survey, wording, attribute, search }: Query,
): Promise<{ value: string; answers: number }[]> {
  const subject = await findSubject(db, { survey, wording, period: 'day', filter: [] })
  if (subject.survey.identity === 'anonymous' || !subject.survey.declared.includes(attribute)) return []
  const days = { from: addDays(subject.today, -daysLookedBack), to: subject.today }
  const filter = { surveyId: subject.survey.id, wording: subject.wording.wording, ...days }
  const rows = (await breakdowns(db, filter, [attribute])).get(attribute) ?? []
  const wanted = search?.trim().toLowerCase() ?? ''
  return rows
    .filter(({ key }) => key.toLowerCase().includes(wanted))
    .slice(0, mostItems)
    .map(({ key, counts }) => ({ value: key, answers: counts.reduce((sum, count) => sum + count, 0) }))
}
