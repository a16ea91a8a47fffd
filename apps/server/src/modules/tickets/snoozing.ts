/** Who waits for a customer sleeps until the last day there is: no clock reaches it, and whatever the customer writes wakes. */
const untilReply = '9999-12-31T00:00:00.000Z'

/** Until when a ticket sleeps, as the API says it: a moment, or `reply`. */
export function viewSnooze(at: Date | null): string | null {
  const moment = at?.toISOString() ?? null
  return moment === untilReply ? 'reply' : moment
}

/** The same as it is kept. */
export function momentOfSnooze(given: string | null): Date | null {
  return given === null ? null : new Date(given === 'reply' ? untilReply : given)
}
