import { locale } from '../../platform/words.ts'

const dayMs = 86_400_000

/** As short as a list needs: the time today, the weekday within the week, else the date. */
export function shortWhen(instant: string, now: number): string {
  const at = new Date(instant)
  if (isSameDay(at, new Date(now))) return write(at, { hour: '2-digit', minute: '2-digit' })
  const past = now - at.getTime()
  if (past >= 0 && past < 6 * dayMs) return write(at, { weekday: 'short' })
  return write(at, { day: 'numeric', month: 'short', ...yearIfOther(at, now) })
}

/** As a conversation needs it: the time today, else day and time. */
export function longWhen(instant: string, now: number): string {
  const at = new Date(instant)
  const time = { hour: '2-digit', minute: '2-digit' } as const
  if (isSameDay(at, new Date(now))) return write(at, time)
  return write(at, { weekday: 'short', day: 'numeric', month: 'short', ...yearIfOther(at, now), ...time })
}

function yearIfOther(at: Date, now: number): Intl.DateTimeFormatOptions {
  return at.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' }
}

function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString()
}

function write(at: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), options).format(at)
}
