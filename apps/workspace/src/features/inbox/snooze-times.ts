const morning = 8
const evening = 18

type SnoozeTime = { id: 'later' | 'tomorrow' | 'monday' | 'week'; at: Date }

/** Moments until which a ticket may rest, by the reader's own clock, the likeliest first, each once. Pure. */
export function snoozeTimes(now: Date): SnoozeTime[] {
  const later: SnoozeTime = { id: 'later', at: new Date(now.getTime() + 3 * 3_600_000) }
  const tomorrow: SnoozeTime = { id: 'tomorrow', at: morningIn(now, 1) }
  const daysToMonday = (8 - now.getDay()) % 7 || 7
  return [
    ...(now.getHours() < evening ? [later, tomorrow] : [tomorrow, later]),
    ...(daysToMonday === 1 || daysToMonday === 7 ? [] : [{ id: 'monday' as const, at: morningIn(now, daysToMonday) }]),
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
