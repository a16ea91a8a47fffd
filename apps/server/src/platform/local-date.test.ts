import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localDateOf, monthsBefore } from './local-date.ts'

const cases: [zone: string, moment: string, date: string][] = [
  ['UTC', '2026-11-20T23:59:59.999Z', '2026-11-20'],
  ['Europe/Ljubljana', '2026-11-20T22:59:59Z', '2026-11-20'],
  ['Europe/Ljubljana', '2026-11-20T23:00:00Z', '2026-11-21'],
  // The clocks go back on 25 October 2026: that day begins at 22:00 UTC and ends at 23:00 UTC.
  ['Europe/Ljubljana', '2026-10-24T21:59:59Z', '2026-10-24'],
  ['Europe/Ljubljana', '2026-10-24T22:00:00Z', '2026-10-25'],
  ['Europe/Ljubljana', '2026-10-25T22:59:59Z', '2026-10-25'],
  ['Europe/Ljubljana', '2026-10-25T23:00:00Z', '2026-10-26'],
  // They go forward on 29 March 2026.
  ['Europe/Ljubljana', '2026-03-28T22:59:59Z', '2026-03-28'],
  ['Europe/Ljubljana', '2026-03-28T23:00:00Z', '2026-03-29'],
  ['Europe/Ljubljana', '2026-03-29T21:59:59Z', '2026-03-29'],
  ['Europe/Ljubljana', '2026-03-29T22:00:00Z', '2026-03-30'],
  // Quarters of an hour, and a change of half an hour.
  ['Asia/Kathmandu', '2026-06-01T18:14:59Z', '2026-06-01'],
  ['Asia/Kathmandu', '2026-06-01T18:15:00Z', '2026-06-02'],
  ['Australia/Lord_Howe', '2026-04-04T12:59:59Z', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05'],
  // In Santiago this day begins at one o'clock.
  ['America/Santiago', '2026-09-06T03:59:59Z', '2026-09-05'],
  ['America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06'],
  // Samoa left out 30 December 2011.
  ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
]

for (const [zone, moment, date] of cases) {
  test(`${moment} is ${date} in ${zone}`, () => assert.equal(localDateOf(new Date(moment), zone), date))
}

test('months before a day are counted as PostgreSQL counts them', () => {
  for (const [day, months, before] of [
    ['2026-03-31', 1, '2026-02-28'],
    ['2028-03-31', 1, '2028-02-29'],
    ['2026-01-15', 1, '2025-12-15'],
    ['2026-11-20', 12, '2025-11-20'],
    ['2028-02-29', 24, '2026-02-28'],
    ['2026-12-31', 18, '2025-06-30'],
  ] as const)
    assert.equal(monthsBefore(day, months), before)
})
