const morning = 8

/** Moments until which a ticket may rest, by the reader's own clock. Pure. */
export function snoozeTimes(now: Date): { id: 'later' | 'tomorrow' | 'monday' | 'week'; at: Date }[] {
  const later = new Date(now.getTime() + 3 * 3_600_000)
  const daysToMonday = (8 - now.getDay()) % 7 || 7
  return [
    { id: 'later', at: later },
    { id: 'tomorrow', at: morningIn(now, 1) },
    { id: 'monday', at: morningIn(now, daysToMonday) },
    { id: 'week', at: morningIn(now, 7) },
  ]
}

function morningIn(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, morning)
}

/** What a field for date and time holds, as a moment; undefined when it is none or lies behind. */
export function momentOf(text: string, now: Date): Date | undefined {
  const at = new Date(text)
  return text !== '' && at.getTime() > now.getTime() ? at : undefined
}
