import type { Clock } from './clock.ts'
import { networkOf } from './networks.ts'

const mostKept = 20_000

/** Whether something may pass, by what it is for and the network it comes from: a bucket that fills again with time. */
export type NetworkLimits = { mayPass(subject: string, address: string): boolean }

/**
 * @param burst so many at once, as when an office behind one address does the same
 * @param aSecond so many of them come back each second
 */
export function networkLimits(clock: Clock, { burst, aSecond }: { burst: number; aSecond: number }): NetworkLimits {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    mayPass(subject, address) {
      const key = `${subject} ${networkOf(address)}`
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
