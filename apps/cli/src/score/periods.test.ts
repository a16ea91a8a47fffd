import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDayReader, formatDay } from '@lahko/tables'
import { periodEnd, periodsOf, periodStart } from './periods.ts'

const read = createDayReader('UTC')
const day = (text: string): number => read(text)!

test('days, ISO weeks and months, also before 1970', () => {
  const cases = [
    ['2026-01-01', 'week', '2025-12-29', '2026-01-05'],
    ['2026-01-04', 'week', '2025-12-29', '2026-01-05'],
    ['2026-01-05', 'week', '2026-01-05', '2026-01-12'],
    ['1969-12-31', 'week', '1969-12-29', '1970-01-05'],
    ['1950-06-15', 'week', '1950-06-12', '1950-06-19'],
    ['2024-02-29', 'month', '2024-02-01', '2024-03-01'],
    ['2025-12-31', 'month', '2025-12-01', '2026-01-01'],
    ['2025-12-31', 'day', '2025-12-31', '2026-01-01'],
  ] as const
  for (const [text, every, start, end] of cases) {
    const found = periodStart(day(text), every)
    assert.deepEqual([formatDay(found), formatDay(periodEnd(found, every))], [start, end], text)
  }
})

test('the days of a period are summed', () => {
  const days = ['2026-01-03', '2026-01-05', '2026-01-11'].map((text, i) => ({ day: day(text), counts: [1, i] }))
  assert.deepEqual(periodsOf(days, 'week'), [
    { at: '2025-12-29', counts: [1, 0] },
    { at: '2026-01-05', counts: [2, 3] },
  ])
})
