const minuteMs = 60_000
/** Minutes after each attempt that the server put off: 1, 5, 15, then hours, then days, 5 days in all. */
const waits = [1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440, 1440]

/** When a mail is tried again after so many attempts; undefined when it is given up. */
export function nextAttempt(attempts: number, now: Date): Date | undefined {
  const minutes = waits[attempts - 1]
  return minutes === undefined ? undefined : new Date(now.getTime() + minutes * minuteMs)
}
