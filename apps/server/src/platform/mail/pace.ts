import type { Clock } from '../clock.ts'

/** How fast one process writes to the servers of each domain. */
export type Pace = {
  /** Counts a mail to a domain. */
  count(domain: string): void
  /** Leaves a domain alone for a minute, because its servers asked for it. */
  rest(domain: string): void
  /** The domains that have had enough for now. */
  resting(): string[]
}

const minuteMs = 60_000
const mostKept = 10_000

/** @param perMinute mails to each domain; 0 for any number. A tenth of them may go at once. */
export function createPace(perMinute: number, clock: Clock): Pace {
  const burst = Math.max(1, Math.floor(perMinute / 10))
  /** The moment at which all that was sent would have been due at an even pace. */
  const evenAt = new Map<string, number>()
  const now = () => clock.now().getTime()
  const tidy = () => {
    for (const [domain, at] of evenAt) if (at <= now()) evenAt.delete(domain)
  }
  return {
    count(domain) {
      if (perMinute === 0) return
      if (evenAt.size >= mostKept) tidy()
      evenAt.set(domain, Math.max(evenAt.get(domain) ?? 0, now()) + minuteMs / perMinute)
    },
    rest(domain) {
      const full = perMinute === 0 ? 0 : (burst * minuteMs) / perMinute
      evenAt.set(domain, Math.max(evenAt.get(domain) ?? 0, now() + minuteMs + full))
    },
    resting() {
      const allowed = perMinute === 0 ? now() : now() + ((burst - 1) * minuteMs) / perMinute
      return [...evenAt].filter(([, at]) => at > allowed).map(([domain]) => domain)
    },
  }
}
