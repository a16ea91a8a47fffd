import { getWorkspace } from '#accounts'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { listUnmeasured, saveDesignEffect, sumByCustomer, type SumsByCustomer } from './design-effects.queries.ts'
import { daysAfter, localDateOf } from '#platform/local-date.ts'

const taskName = 'measure_design_effect'
const dailyName = 'measure_design_effects'
const measuredDays = 90
const measuredMs = measuredDays * 86_400_000
/** Fewer say more about chance than about the customers. */
const fewestAnswers = 30

/**
 * The cluster variance of the mean by customer ÷ its variance with independent answers, never below 1.
 * `null` where too few answers, or those of one customer, say nothing.
 */
export function designEffectOf(sums: SumsByCustomer): number | null {
  const { answers, customers, scores, squares, sumSquares, sumTimesAnswers, answersSquares } = sums
  if (answers < fewestAnswers || customers < 2) return null
  const mean = scores / answers
  const alone = squares - answers * mean ** 2
  const clustered = sumSquares - 2 * mean * sumTimesAnswers + mean ** 2 * answersSquares
  // All scores alike, but for what was lost in the sums.
  if (alone < 1e-9 * squares) return 1
  return Math.max(1, (clustered * customers) / (customers - 1) / ((alone * answers) / (answers - 1)))
}

/** Asks for a wording's design effect to be measured again; at most one such job waits. */
export async function askForDesignEffect(tx: Tx, survey: { id: string; wording: number }): Promise<void> {
  const { id: surveyId, wording } = survey
  await enqueue(tx, taskName, { surveyId, wording }, `${taskName}:${surveyId}:${wording}`)
}

/** Measures it from the last 90 days. */
export async function measureDesignEffect(tx: Tx, survey: { id: string; wording: number }): Promise<void> {
  const sums = await sumByCustomer(tx, survey, new Date(tx.now.getTime() - measuredMs))
  const today = localDateOf(tx.now, (await getWorkspace(tx)).time_zone)
  if (await saveDesignEffect(tx, survey, designEffectOf(sums), today)) {
    await wake(tx, 'survey.design_effect_measured', survey.id)
  }
}

/**
 * One when somebody looks at figures that have not been measured on that day; and every day all that got answers, so that
 * alarms, digests and whoever looks first read with what is known by now.
 */
export function designEffectTasks({ store }: House): Task[] {
  return [
    {
      name: taskName,
      run: (scope, { surveyId, wording }) =>
        store.write(scope, (tx) => measureDesignEffect(tx, { id: String(surveyId), wording: Number(wording) })),
    },
    { name: dailyName, daily: true, run: (scope, _, stopping) => measureAll(store, scope, stopping) },
  ]
}

/** Each in its own transaction: what was measured before it had to stop is not measured again. */
async function measureAll(store: House['store'], scope: Scope, stopping: AbortSignal): Promise<void> {
  const unmeasured = await store.read(scope, async (db) => {
    const today = localDateOf(db.now, (await getWorkspace(db)).time_zone)
    return listUnmeasured(db, { since: daysAfter(today, -measuredDays), today })
  })
  for (const survey of unmeasured) {
    if (stopping.aborted) return store.write(scope, (tx) => enqueue(tx, dailyName, {}, dailyName))
    await store.write(scope, (tx) => measureDesignEffect(tx, survey))
  }
}
