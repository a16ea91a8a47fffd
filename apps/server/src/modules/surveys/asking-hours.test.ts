import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { momentOf } from '#platform/local-date.ts'
import { beginningOf, dueAt, knownZone, movedInto } from './asking-hours.ts'

const weekdays = { from: '09:00', until: '17:00', days: [1, 2, 3, 4, 5] }
const nights = { from: '02:15', until: '03:30', days: [1, 2, 3, 4, 5, 6, 7] }
const everyDay = [1, 2, 3, 4, 5, 6, 7]

const cases = [
  ['within the hours it stays', '2026-11-20T10:00:00Z', weekdays, 'Europe/Ljubljana', '2026-11-20T10:00:00Z'],
  [
    'before them it waits for the morning',
    '2026-11-20T05:00:00Z',
    weekdays,
    'Europe/Ljubljana',
    '2026-11-20T08:00:00Z',
  ],
  ['the end is outside', '2026-11-19T16:00:00Z', weekdays, 'Europe/Ljubljana', '2026-11-20T08:00:00Z'],
  ['a weekend is waited out', '2026-11-20T16:30:00Z', weekdays, 'Europe/Ljubljana', '2026-11-23T08:00:00Z'],
  ['a day there may be another one here', '2026-11-22T20:00:00Z', weekdays, 'Pacific/Auckland', '2026-11-22T20:00:00Z'],
  [
    'a Friday evening there, Saturday here, is waited out from there',
    '2026-11-21T01:30:00Z',
    weekdays,
    'America/Los_Angeles',
    '2026-11-23T17:00:00Z',
  ],
  [
    'after the clocks went forward, an hour of UTC earlier',
    '2026-03-27T20:00:00Z',
    weekdays,
    'Europe/Ljubljana',
    '2026-03-30T07:00:00Z',
  ],
  ['after they went back, an hour later', '2026-10-23T20:00:00Z', weekdays, 'Europe/Ljubljana', '2026-10-26T08:00:00Z'],
  [
    'a beginning that is skipped is moved on',
    '2026-03-29T00:00:00Z',
    nights,
    'Europe/Ljubljana',
    '2026-03-29T01:15:00Z',
  ],
  [
    'a beginning that comes twice is the first',
    '2026-10-25T00:00:00Z',
    nights,
    'Europe/Ljubljana',
    '2026-10-25T00:15:00Z',
  ],
  ['half hours from UTC', '2026-11-20T01:00:00Z', weekdays, 'Asia/Kolkata', '2026-11-20T03:30:00Z'],
] as const

for (const [name, moment, hours, zone, wanted] of cases) {
  test(name, () => {
    const moved = movedInto(new Date(moment), { ...hours, days: [...hours.days] }, zone)
    assert.equal(moved.toISOString(), new Date(wanted).toISOString())
  })
}

test('hours that the clocks skip altogether begin on the next day', () => {
  const hours = { from: '02:00', until: '03:00', days: everyDay }
  assert.equal(
    movedInto(new Date('2026-03-29T00:30:00Z'), hours, 'Europe/Ljubljana').toISOString(),
    '2026-03-30T00:00:00.000Z',
  )
})

test('what was due long ago is due now, within the hours', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  const ended = new Date('2026-11-01T12:00:00Z')
  assert.equal(
    dueAt(ended, { delayMinutes: 60, hours: weekdays }, 'UTC', now).toISOString(),
    '2026-11-23T09:00:00.000Z',
  )
  assert.deepEqual(dueAt(ended, { delayMinutes: 60, hours: null }, 'UTC', now), now)
})

test('for any moment: never earlier, at most a week and a day later, within the hours, and moving again moves nothing', () => {
  const zones = ['Europe/Ljubljana', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia']
  const minutes = fc.tuple(fc.integer({ min: 0, max: 1380 }), fc.integer({ min: 15, max: 600 }))
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
      minutes,
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fc.constantFrom(...zones),
      (moment, [from, lasting], days, zone) => {
        const hours = { from: clock(from), until: clock(Math.min(1439, from + lasting)), days }
        const moved = movedInto(moment, hours, zone)
        assert.ok(moved >= moment)
        // A day that the clocks take away costs one more week.
        assert.ok(moved.getTime() - moment.getTime() <= 15 * 86_400_000)
        assert.deepEqual(movedInto(moved, hours, zone), moved)
        const day = localOf(moved, zone)
        assert.ok(moved >= momentOf(day, hours.from, zone) && moved < momentOf(day, hours.until, zone))
      },
    ),
  )
})

test('weeks begin on Monday, by the calendar of the place', () => {
  const moment = new Date('2026-11-22T23:30:00Z')
  assert.equal(beginningOf('week', moment, 'UTC'), '2026-11-16')
  assert.equal(beginningOf('week', moment, 'Europe/Ljubljana'), '2026-11-23')
  assert.equal(beginningOf('day', moment, 'Europe/Ljubljana'), '2026-11-23')
  assert.equal(beginningOf('month', new Date('2026-11-30T23:30:00Z'), 'Europe/Ljubljana'), '2026-12-01')
})

test('a time zone that nobody knows is the workspace’s', () => {
  assert.equal(knownZone('Mars/Olympus', 'UTC'), 'UTC')
  assert.equal(knownZone(null, 'UTC'), 'UTC')
  assert.equal(knownZone('Asia/Tokyo', 'UTC'), 'Asia/Tokyo')
})

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

function localOf(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(moment)
}
