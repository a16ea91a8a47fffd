import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMomentReader } from './index.ts'

const read = createMomentReader('Europe/Ljubljana', 'America/New_York')
const at = (text: string) => {
  const moment = read(text)
  return moment && `${new Date(moment.ms).toISOString()}${moment.isDay ? ' day' : ''}`
}

test('a time is local in its zone, an instant is itself, and a day begins in the zone of days', () => {
  assert.equal(at('2026-07-01 14:30'), '2026-07-01T12:30:00.000Z')
  assert.equal(at('2026-01-01T14:30:05'), '2026-01-01T13:30:05.000Z')
  assert.equal(at('1.7.2026 14:30'), '2026-07-01T12:30:00.000Z')
  assert.equal(at('1. 7. 2026, 14.30'), '2026-07-01T12:30:00.000Z')
  assert.equal(at('2026-07-01T14:30:00Z'), '2026-07-01T14:30:00.000Z')
  assert.equal(at('2026-07-01T14:30:00+05:30'), '2026-07-01T09:00:00.000Z')
  assert.equal(at('2026-07-01'), '2026-07-01T04:00:00.000Z day')
  assert.equal(at('31.12.2026'), '2026-12-31T05:00:00.000Z day')
})

test('a time that the clocks skip is moved on, and of one that comes twice the first is meant', () => {
  assert.equal(at('2026-03-29 02:30'), '2026-03-29T01:30:00.000Z')
  assert.equal(at('2026-10-25 02:30'), '2026-10-25T00:30:00.000Z')
  assert.equal(at('2026-10-25 03:00'), '2026-10-25T02:00:00.000Z')
  assert.equal(at('2026-03-29 03:00'), '2026-03-29T01:00:00.000Z')
})

test('what is no date is null', () => {
  for (const text of ['', 'x', '2026-02-29', '2026-07-01x', '32.1.2026', '07/01/2026', '2026-07-01 25:00', '2026-']) {
    assert.equal(read(text), null, text)
  }
})
