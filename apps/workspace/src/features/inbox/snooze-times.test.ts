import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentOf, snoozeTimes } from './snooze-times.ts'

const days = (now: Date) => Object.fromEntries(snoozeTimes(now).map(({ id, at }) => [id, at]))

test('tomorrow and Monday are mornings by the reader’s clock', () => {
  const thursday = new Date(2026, 10, 26, 17, 30)
  const { later, tomorrow, monday, week } = days(thursday)
  assert.deepEqual(later, new Date(2026, 10, 26, 20, 30))
  assert.deepEqual(tomorrow, new Date(2026, 10, 27, 8))
  assert.deepEqual(monday, new Date(2026, 10, 30, 8))
  assert.deepEqual(week, new Date(2026, 11, 3, 8))
})

test('in the evening it is the morning that comes first', () => {
  const firstAt = (hour: number) => snoozeTimes(new Date(2026, 10, 26, hour))[0]!.id
  assert.deepEqual([9, 17, 18, 23].map(firstAt), ['later', 'later', 'tomorrow', 'tomorrow'])
})

test('on a Sunday Monday is tomorrow, and on a Monday in a week: no moment is offered twice', () => {
  for (const day of [29, 30]) {
    const offered = snoozeTimes(new Date(2026, 10, day, 9))
    assert.deepEqual(
      offered.map(({ id }) => id),
      ['later', 'tomorrow', 'week'],
    )
  }
  assert.equal(days(new Date(2026, 10, 29, 9))['week']!.getDate(), 6)
})

test('a moment that lies behind, or is none, is not taken', () => {
  const now = new Date(2026, 10, 26, 12)
  assert.equal(momentOf('', now), undefined)
  assert.equal(momentOf('2026-11-26T11:59', now), undefined)
  assert.deepEqual(momentOf('2026-11-26T12:01', now), new Date(2026, 10, 26, 12, 1))
})
