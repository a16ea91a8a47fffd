import { momentSpan } from '../../platform/format.ts'

// The server says what a mail invites to in lines that any program reads, with times as they were written there. Here
// they are said in the reader's language, by the reader's clock.

const moment = String.raw`(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d)(?: (UTC)| \(([^()]+)\))?)?`
const span = new RegExp(String.raw`^\s*${moment}(?: – ${moment})?\s*$`)
const dayMs = 86_400_000

/** Says one line of an invitation anew, if it is the one with the times; others stay. Pure but for the reader's clock. */
export function sayInvitationTimes(line: string): string {
  const found = span.exec(line)
  if (!found) return line
  const [, date, time, utc, zone, endDate, endTime, endUtc, endZone] = found
  const start = instantOf(date!, time, utc, zone)
  // A day at which something ends is the first that is free again.
  const end = endDate === undefined ? undefined : instantOf(endDate, endTime, endUtc, endZone)
  const last = end && time === undefined ? new Date(Math.max(start.at.getTime(), end.at.getTime() - dayMs)) : end?.at
  const unknown = start.unknown ?? end?.unknown
  return momentSpan(start.at, last, time === undefined) + (unknown ? ` (${unknown})` : '')
}

/** The cards with which a text begins, line by line with their times said anew, and what follows them. */
export function invitationsIn(text: string): { cards: string[][]; rest: string } {
  const head = /^(?:[▸✕] [^\n]*(?:\n {2}[^\n]*)*(?:\n\n|$))+/.exec(text)?.[0] ?? ''
  const cards = head.split('\n\n').filter((card) => card !== '')
  return {
    cards: cards.map((card) => card.split('\n').map((line, at) => (at > 0 ? sayInvitationTimes(line.trim()) : line))),
    rest: text.slice(head.length),
  }
}

/** @returns `unknown`: the zone that nobody here knows; then the clock is shown as it was written */
function instantOf(
  date: string,
  time: string | undefined,
  utc?: string,
  zone?: string,
): { at: Date; unknown?: string } {
  if (time === undefined) return { at: new Date(`${date}T00:00:00Z`) }
  const asUtc = new Date(`${date}T${time}:00Z`)
  if (utc) return { at: asUtc }
  try {
    if (zone !== undefined) return { at: new Date(asUtc.getTime() - offsetAt(zone, asUtc)) }
  } catch {
    // No browser knows it.
  }
  return { at: new Date(`${date}T${time}:00`), ...(zone !== undefined && { unknown: zone }) }
}

/** How far a zone's clock is before UTC when it shows this. */
function offsetAt(timeZone: string, shown: Date): number {
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  const clockAt = (at: Date) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - at.getTime()
  return clockAt(new Date(shown.getTime() - clockAt(shown)))
}
