import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '#platform/problem.ts'
import { ReportedMeanwhile } from './reporting.ts'

const mostAttempts = 6
const longestPauseMs = 100

/**
 * Whoever meets another report of the same tries again with what that one wrote.
 * @throws Problem unavailable `touchpoints.try_again` after six attempts
 */
export async function tryAgain<T>(report: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await report()
    } catch (error) {
      if (!passes(error)) throw error
      if (attempt === mostAttempts) throw new Problem('unavailable', 'touchpoints.try_again')
      // Those who have met would meet again if they began at the same moment.
      await wait(Math.random() * longestPauseMs * attempt)
    }
  }
}

/** Deadlocks and serialisation failures are of the moment too. */
function passes(error: unknown): boolean {
  return error instanceof ReportedMeanwhile || ['40001', '40P01'].includes((error as { code?: string }).code ?? '')
}
