import type { Clock } from '#platform/clock.ts'
import { networkLimits, type NetworkLimits } from '#platform/network-limits.ts'

/** An office behind one address may answer a mail all at once, and then one answer a second. */
export function answerLimits(clock: Clock): NetworkLimits {
  return networkLimits(clock, { burst: 200, aSecond: 1 })
}
