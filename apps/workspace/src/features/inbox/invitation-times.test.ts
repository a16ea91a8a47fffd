import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentSpan } from '../../platform/format.ts'
import { invitationsIn, sayInvitationTimes } from './invitation-times.ts'

const at = (from: string, to?: string) => momentSpan(new Date(from), to === undefined ? undefined : new Date(to), false)
const days = (from: string, to?: string) =>
  momentSpan(new Date(from), to === undefined ? undefined : new Date(to), true)

test('times are those of the reader’s clock, whatever zone they were written in', () => {
  const zoned = '2026-11-30 14:00 (Europe/Ljubljana) – 2026-11-30 15:00 (Europe/Ljubljana)'
  assert.equal(sayInvitationTimes(zoned), at('2026-11-30T13:00:00Z', '2026-11-30T14:00:00Z'))
  assert.equal(sayInvitationTimes('2026-11-30 13:00 UTC'), at('2026-11-30T13:00:00Z'))
  assert.doesNotMatch(sayInvitationTimes(zoned), /2026-11-30|Europe/)
})

test('an hour of summer time ends where it does', () => {
  assert.equal(sayInvitationTimes('2026-10-25 01:30 (Europe/Oslo)'), at('2026-10-24T23:30:00Z'))
  assert.equal(sayInvitationTimes('2026-10-25 03:30 (Europe/Oslo)'), at('2026-10-25T02:30:00Z'))
})

test('a clock of a zone that nobody knows is shown as it was written, with the zone', () => {
  const floating = new Date('2026-11-30T14:00:00').toISOString()
  assert.equal(sayInvitationTimes('2026-11-30 14:00 (Shop time)'), `${at(floating)} (Shop time)`)
  assert.equal(sayInvitationTimes('2026-11-30 14:00'), at(floating))
})

test('whole days end before the day at which they end', () => {
  assert.equal(sayInvitationTimes('2026-11-30 – 2026-12-01'), days('2026-11-30'))
  assert.equal(sayInvitationTimes('2026-11-30 – 2026-12-03'), days('2026-11-30', '2026-12-02'))
})

test('only what stands in a card is said anew', () => {
  const rest = 'Come on\n  2026-11-30'
  const card = ['▸ Boots', days('2026-11-30'), 'Shop']
  assert.deepEqual(invitationsIn(`▸ Boots\n  2026-11-30\n  Shop\n\n${rest}`), { cards: [card], rest })
  assert.deepEqual(invitationsIn('▸ Boots\n  2026-11-30\n  Shop\n\n✕ Skis'), { cards: [card, ['✕ Skis']], rest: '' })
  for (const text of ['2026-11-30', rest, '']) assert.deepEqual(invitationsIn(text), { cards: [], rest: text })
  assert.equal(sayInvitationTimes('Room 2026-11-30'), 'Room 2026-11-30')
})
