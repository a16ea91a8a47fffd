import { Buffer } from 'node:buffer'

const DAY = 86_400
const QUARTER = 900
const QUARTERS_A_DAY = 96
/** More days than anybody was answered on; a file of nonsense does not fill the memory. */
const mostKept = 50_000
const ZERO = 48
const COLON = 58
const SPACE = 32
const PLUS = 43
const COMMA = 44
const DASH = 45
const POINT = 46
const LOWER_T = 116
const LOWER_Z = 122

const dotted = /^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})(?:,? +(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?$/

/** A calendar day as the number of days since 1970-01-01. */
export type Day = number

/**
 * Makes a reader of days in one time zone (IANA name; an unknown one throws a `RangeError`). It takes
 * `yyyy-mm-dd` and `d.m.yyyy`, both with an optional time; a time with `Z` or an offset is an instant and falls on
 * its local day in the zone, a time without is local already. Anything else, and a day that no calendar has,
 * is `null`.
 */
export function createDayReader(timeZone: string): (text: string) => Day | null {
  const read = createByteDayReader(timeZone)
  return (text) => {
    const bytes = Buffer.from(text)
    return read(bytes, 0, bytes.length)
  }
}

/** The same for the bytes from `start` to `end`. */
export function createByteDayReader(timeZone: string): (bytes: Buffer, start: number, end: number) => Day | null {
  const localDay = createLocalDay(timeZone)
  return (bytes, start, end) => {
    if (bytes[start + 4] !== DASH) return readDotted(bytes.toString('latin1', start, Math.min(end, start + 40)))
    if (end - start < 10 || bytes[start + 7] !== DASH) return null
    const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
    const day = dayOf(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8))
    if (day === null || end - start === 10) return day
    const time = readTime(bytes, start + 10, end)
    if (time === null) return null
    return time.shift === null ? day : localDay(day, time.seconds - time.shift)
  }
}

/** A moment in milliseconds since 1970; a day without a time is its beginning, and `isDay`. */
export type Moment = { ms: number; isDay: boolean }

/**
 * Makes a reader of moments: it takes what `createDayReader` takes, and refuses the same. A time with `Z` or an
 * offset is an instant; one without is local in `timeZone`, a day without a time is one of `dayZone` (IANA names; an
 * unknown one throws a `RangeError`). A local time that the clocks skip is moved on by as much as they are, and of one
 * that comes twice the first is meant.
 */
export function createMomentReader(timeZone: string, dayZone: string): (text: string) => Moment | null {
  const timeInstant = createInstant(timeZone)
  const dayInstant = createInstant(dayZone)
  return (text) => {
    const parts = text[4] === '-' ? readIso(text) : readDottedParts(text)
    if (parts === null) return null
    const { day, time } = parts
    if (time === null) return { ms: dayInstant(day, 0) * 1000, isDay: true }
    const seconds = time.shift === null ? timeInstant(day, time.seconds) : day * DAY + time.seconds - time.shift
    return { ms: seconds * 1000, isDay: false }
  }
}

type Parts = { day: Day; time: Time | null }

function readIso(text: string): Parts | null {
  const bytes = Buffer.from(text)
  if (bytes.length < 10 || bytes[7] !== DASH) return null
  const year = twoDigits(bytes, 0) * 100 + twoDigits(bytes, 2)
  const day = dayOf(year, twoDigits(bytes, 5), twoDigits(bytes, 8))
  if (day === null || bytes.length === 10) return day === null ? null : { day, time: null }
  const time = readTime(bytes, 10, bytes.length)
  return time && { day, time }
}

function readDottedParts(text: string): Parts | null {
  const day = readDotted(text)
  if (day === null) return null
  const [, , , , hours, minutes, seconds] = dotted.exec(text)!
  if (hours === undefined) return { day, time: null }
  return { day, time: { seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0), shift: null } }
}

/** `yyyy-mm-dd`. */
export function formatDay(day: Day): string {
  return new Date(day * DAY * 1000).toISOString().slice(0, 10)
}

function readDotted(text: string): Day | null {
  const match = dotted.exec(text)
  if (!match || !isTime(Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0))) return null
  return dayOf(Number(match[3]), Number(match[2]), Number(match[1]))
}

/** Far below any part of a date unless both are digits. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - ZERO
  const ones = bytes[at + 1]! - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000
}

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function dayOf(year: number, month: number, dayOfMonth: number): Day | null {
  if (year < 1900 || year > 2999 || month < 1 || month > 12 || dayOfMonth < 1) return null
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (dayOfMonth > daysInMonth[month - 1]! + (month === 2 && isLeap ? 1 : 0)) return null
  return firstOfMonth(year, month) + dayOfMonth - 1
}

const firstDays = new Map<number, Day>()

/** Remembered, because the calendar is slow for millions of rows. */
function firstOfMonth(year: number, month: number): Day {
  const place = year * 12 + month
  let day = firstDays.get(place)
  if (day === undefined) firstDays.set(place, (day = Date.UTC(year, month - 1, 1) / DAY / 1000))
  return day
}

/** A leap second's 60 is allowed. */
function isTime(hours: number, minutes: number, seconds: number): boolean {
  return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds <= 60
}

interface Time {
  /** Since midnight. */
  seconds: number
  /** Seconds east of UTC; `null` for a local time. */
  shift: number | null
}

/** `Thh:mm`, with or without seconds, their fraction, and an offset. */
function readTime(bytes: Buffer, from: number, end: number): Time | null {
  const separator = bytes[from]! | 32
  if ((separator !== LOWER_T && separator !== SPACE) || bytes[from + 3] !== COLON || from + 6 > end) return null
  const hours = twoDigits(bytes, from + 1)
  const minutes = twoDigits(bytes, from + 4)
  const hasSeconds = bytes[from + 6] === COLON && from + 9 <= end
  const seconds = hasSeconds ? twoDigits(bytes, from + 7) : 0
  if (!isTime(hours, minutes, seconds)) return null
  let i = hasSeconds ? skipFraction(bytes, from + 9, end) : from + 6
  if (i < end && bytes[i] === SPACE) i++
  const shift = i === end ? null : readShift(bytes, i, end)
  return Number.isNaN(shift) ? null : { seconds: hours * 3600 + minutes * 60 + seconds, shift }
}

function skipFraction(bytes: Buffer, from: number, end: number): number {
  if (from >= end || (bytes[from] !== POINT && bytes[from] !== COMMA)) return from
  let i = from + 1
  while (i < end && bytes[i]! >= ZERO && bytes[i]! < COLON) i++
  return i
}

/** `Z`, `+hh`, `+hhmm` or `+hh:mm` as seconds; NaN for anything else. */
function readShift(bytes: Buffer, from: number, end: number): number {
  const sign = bytes[from]
  if ((sign! | 32) === LOWER_Z) return from + 1 === end ? 0 : Number.NaN
  if (sign !== PLUS && sign !== DASH) return Number.NaN
  const hours = twoDigits(bytes, from + 1)
  const at = bytes[from + 3] === COLON ? from + 4 : from + 3
  const minutes = from + 3 === end ? 0 : at + 2 === end ? twoDigits(bytes, at) : -1
  if (from + 3 > end || hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return Number.NaN
  return (sign === DASH ? -60 : 60) * (hours * 60 + minutes)
}

/**
 * Asking the calendar costs microseconds, so offsets are remembered: one for a whole UTC day where both its ends
 * agree, else one for each quarter of an hour, the finest step at which zones have changed since 1900 but for
 * a few seconds of local mean time.
 */
function createKnownOffset(timeZone: string): (day: Day, quarter: number) => number {
  const offsetAt = createOffset(timeZone)
  const byDay = new Map<number, number | null>()
  const byQuarter = new Map<number, number>()
  function offsetOf(day: Day, quarter: number): number {
    let offset = byDay.get(day)
    if (offset === undefined) {
      const start = offsetAt(day * DAY)
      offset = start === offsetAt((day + 1) * DAY) ? start : null
      if (byDay.size >= mostKept) byDay.clear()
      byDay.set(day, offset)
    }
    return offset ?? offsetInQuarter(day * QUARTERS_A_DAY + quarter)
  }
  function offsetInQuarter(quarter: number): number {
    const known = byQuarter.get(quarter)
    if (known !== undefined) return known
    const offset = offsetAt(quarter * QUARTER)
    if (byQuarter.size >= mostKept) byQuarter.clear()
    byQuarter.set(quarter, offset)
    return offset
  }
  return offsetOf
}

/**
 * Makes the local day of an instant, given as its UTC day and the seconds into it (which may pass a day, and be
 * negative), in an IANA time zone; an unknown one throws a `RangeError`.
 */
export function createLocalDay(timeZone: string): (day: Day, seconds: number) => Day {
  const offsetOf = createKnownOffset(timeZone)
  return (day, seconds) => {
    const later = Math.floor(seconds / DAY)
    const within = seconds - later * DAY
    const offset = offsetOf(day + later, Math.floor(within / QUARTER))
    return day + later + Math.floor((within + offset) / DAY)
  }
}

/** The instant of a local time, in seconds, by the offsets before and after it. */
function createInstant(timeZone: string): (day: Day, seconds: number) => number {
  const offsetOf = createKnownOffset(timeZone)
  const offsetAt = (instant: number) => {
    const day = Math.floor(instant / DAY)
    return offsetOf(day, Math.floor((instant - day * DAY) / QUARTER))
  }
  return (day, seconds) => {
    const local = day * DAY + seconds
    const before = offsetAt(local - DAY)
    const after = offsetAt(local + DAY)
    if (before === after || offsetAt(local - before) === before) return local - before
    return offsetAt(local - after) === after ? local - after : local - before
  }
}

/** Seconds east of UTC at an instant, given and returned in seconds. */
function createOffset(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(instant * 1000)) part[type] = Number(value)
    const { year = 0, month = 1, day = 0, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - instant
  }
}
