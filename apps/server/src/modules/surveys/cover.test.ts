import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { coverDays, type Grain, type Period } from './cover.ts'

const dayMs = 86_400_000
const asDate = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10)
const day = fc.integer({ min: 18_000, max: 24_000 })

/** The first day of the period that holds a date, told by the calendar. */
function startOfPeriod(date: string, grain: Grain): string {
  if (grain === 'day') return date
  if (grain === 'month') return `${date.slice(0, 8)}01`
  const weekday = (new Date(date).getUTCDay() + 6) % 7
  return asDate(Date.parse(date) / dayMs - weekday)
}

/** The days of a period, one by one. */
function daysOf({ grain, startsOn }: Period): string[] {
  const first = Date.parse(startsOn) / dayMs
  const all = Array.from({ length: 31 }, (_, index) => asDate(first + index))
  return all.filter((date) => startOfPeriod(date, grain) === startsOn)
}

test('a cover is exactly the days that were asked for, in order', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: -2, max: 800 }), (from, length) => {
      const cover = coverDays(asDate(from), asDate(from + length))
      const days = Array.from({ length: Math.max(0, length + 1) }, (_, index) => asDate(from + index))
      assert.deepEqual(cover.flatMap(daysOf), days)
    }),
  )
})

test('two years need few periods', () => {
  fc.assert(fc.property(day, (from) => assert.ok(coverDays(asDate(from), asDate(from + 730)).length <= 24 + 2 * 10)))
})

const cases: [from: string, to: string, cover: string][] = [
  ['2026-11-01', '2026-11-30', 'month 2026-11-01'],
  ['2026-11-16', '2026-11-22', 'week 2026-11-16'],
  ['2026-11-16', '2026-11-23', 'week 2026-11-16, day 2026-11-23'],
  ['2026-10-31', '2026-12-01', 'day 2026-10-31, month 2026-11-01, day 2026-12-01'],
  ['2028-02-01', '2028-02-29', 'month 2028-02-01'],
  ['2026-11-20', '2026-11-20', 'day 2026-11-20'],
  ['2026-11-20', '2026-11-19', ''],
]
for (const [from, to, cover] of cases) {
  test(`${from} to ${to} is ${cover || 'nothing'}`, () =>
    assert.equal(
      coverDays(from, to)
        .map(({ grain, startsOn }) => `${grain} ${startsOn}`)
        .join(', '),
      cover,
    ))
}
