const minuteMs = 60_000
/** Minutes after each attempt that the server put off: 1, 5, 15, then hours, then days, 5 days in all. */
const waits = [1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440, 1440]

const longestHinderedMs = 5 * 86_400_000
const passingMs = 5 * minuteMs

/** Whether it is news that nothing leaves: a mail server that starts again takes a minute or two. */
export function isLasting(hinderedSince: Date, now: Date): boolean {
  return now.getTime() - hinderedSince.getTime() >= passingMs
}

/**
 * When a mail is tried again while nothing leaves by its server: after as long as it has been so, between a minute and
 * a quarter of an hour, so that all leave soon after it ends; undefined after five days.
 */
export function nextWhileHindered(since: Date, now: Date): Date | undefined {
  const passed = now.getTime() - since.getTime()
  if (passed >= longestHinderedMs) return undefined
  return new Date(now.getTime() + Math.min(Math.max(passed, minuteMs), 15 * minuteMs))
}

/** When a mail is tried again after so many attempts; undefined when it is given up. */
export function nextAttempt(attempts: number, now: Date): Date | undefined {
  const minutes = waits[attempts - 1]
  return minutes === undefined ? undefined : new Date(now.getTime() + minutes * minuteMs)
}
