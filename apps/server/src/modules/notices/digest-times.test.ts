import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { localDateOf } from '#platform/local-date.ts'
import { daysToTell, nextDigestAt } from './digest-times.ts'

const at = (text: string) => new Date(text)

test('the next full hour where its reader is, also where the clocks go back or forward', () => {
  for (const [after, hour, zone, next] of [
    ['2026-11-20T06:59:59Z', 8, 'Europe/Ljubljana', '2026-11-20T07:00:00Z'],
    ['2026-11-20T07:00:00Z', 8, 'Europe/Ljubljana', '2026-11-21T07:00:00Z'],
    // 2026-03-29: there is no 02:00, and 08:00 comes an hour earlier.
    ['2026-03-28T12:00:00Z', 2, 'Europe/Ljubljana', '2026-03-29T01:00:00Z'],
    ['2026-03-28T12:00:00Z', 8, 'Europe/Ljubljana', '2026-03-29T06:00:00Z'],
    // 2026-10-25: 02:00 comes twice, and only the first one counts.
    ['2026-10-24T12:00:00Z', 2, 'Europe/Ljubljana', '2026-10-25T00:00:00Z'],
    ['2026-10-25T00:00:00Z', 2, 'Europe/Ljubljana', '2026-10-26T01:00:00Z'],
    ['2026-11-20T18:20:00Z', 0, 'Asia/Kathmandu', '2026-11-21T18:15:00Z'],
    ['2011-12-29T20:00:00Z', 8, 'Pacific/Apia', '2011-12-30T18:00:00Z'],
  ] as const)
    assert.equal(nextDigestAt(at(after), hour, zone).toISOString(), at(next).toISOString(), `${after} ${zone}`)
})

const zones = Intl.supportedValuesOf('timeZone')
const zone = fc.constantFrom(...zones)
const moment = fc.date({ min: at('2020-01-01'), max: at('2035-01-01'), noInvalidDate: true })

test('in every zone there is one digest a day, each later than the one before', () => {
  fc.assert(
    fc.property(zone, moment, fc.integer({ min: 0, max: 23 }), (name, start, hour) => {
      const local = new Intl.DateTimeFormat('en', {
        timeZone: name,
        hour: 'numeric',
        minute: 'numeric',
        hourCycle: 'h23',
      })
      let before = nextDigestAt(start, hour, name)
      assert.ok(before > start)
      assert.ok(before.getTime() - start.getTime() <= 26 * 3_600_000)
      for (let day = 0; day < 5; day++) {
        const next = nextDigestAt(before, hour, name)
        assert.notEqual(localDateOf(next, name), localDateOf(before, name))
        const hours = (next.getTime() - before.getTime()) / 3_600_000
        assert.ok(hours >= 21 && hours <= 27, `${hours} h`)
        const [shown] = local.format(next).split(':').map(Number)
        assert.ok([hour, (hour + 1) % 24].includes(shown!), `${shown} for ${hour}`)
        before = next
      }
    }),
    { numRuns: 300 },
  )
})

test('told are the days that ended since the last digest, at most a week of them', () => {
  const now = at('2026-11-20T07:00:00Z')
  const told = (through: string | null) => daysToTell(now, 'Europe/Ljubljana', through)
  assert.deepEqual(told('2026-11-18'), { from: '2026-11-19', to: '2026-11-19' })
  assert.deepEqual(told('2026-11-16'), { from: '2026-11-17', to: '2026-11-19' })
  assert.deepEqual(told('2026-08-01'), { from: '2026-11-13', to: '2026-11-19' })
  assert.deepEqual(told(null), { from: '2026-11-19', to: '2026-11-19' })
  assert.equal(told('2026-11-19'), undefined)
})
