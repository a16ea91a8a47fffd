import { networkOf } from '#accounts'
import type { Clock } from '#platform/clock.ts'

/** An office behind one address may answer a mail all at once, and then one answer a second. */
const burst = 200
const aSecond = 1
const mostKept = 20_000

/** Whether an answer may pass, by survey and network: a bucket that fills again with time. */
export type AnswerLimits = { mayPass(surveyId: string, address: string): boolean }

export function answerLimits(clock: Clock): AnswerLimits {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    mayPass(surveyId, address) {
      const key = `${surveyId} ${networkOf(address)}`
      const at = clock.now().getTime()
      const known = buckets.get(key)
      const left = known ? Math.min(burst, known.left + ((at - known.at) / 1000) * aSecond) : burst
      buckets.delete(key)
      if (buckets.size >= mostKept) buckets.delete(buckets.keys().next().value!)
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at })
      return left >= 1
    },
  }
}
