import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invitationCard } from './calendar-cards.ts'

// What an invitation says of its zone is enough to know when it is.

const outlook = (kind: string, from: string, to: string, rule: string) =>
  [`BEGIN:${kind}`, 'DTSTART:16010101T030000', `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`, rule, `END:${kind}`].filter(
    Boolean,
  )

const europe = [
  ...outlook('STANDARD', '+0200', '+0100', 'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10'),
  ...outlook('DAYLIGHT', '+0100', '+0200', 'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3'),
]
const america = [
  ...outlook('STANDARD', '-0400', '-0500', 'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11'),
  ...outlook('DAYLIGHT', '-0500', '-0400', 'RRULE:FREQ=YEARLY;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU;BYMONTH=3'),
]

function whenIs(start: string, zone: string, observances: readonly string[]): string {
  const card = invitationCard(
    [
      ...['BEGIN:VCALENDAR', 'BEGIN:VTIMEZONE', `TZID:${zone}`, ...observances, 'END:VTIMEZONE'],
      ...['BEGIN:VTIMEZONE', 'TZID:Another', ...outlook('STANDARD', '+1200', '+1200', ''), 'END:VTIMEZONE'],
      ...['BEGIN:VEVENT', 'SUMMARY:Boots', `DTSTART;TZID="${zone}":${start}`, 'END:VEVENT', 'END:VCALENDAR'],
    ].join('\r\n'),
  )
  return card!.split('\n')[1]!.trim()
}

test('a time of a zone that the invitation describes is told in UTC, in summer and in winter', () => {
  for (const [start, found] of [
    ['20261130T140000', '2026-11-30 13:00 UTC'],
    ['20260701T093000', '2026-07-01 07:30 UTC'],
    ['20260329T025900', '2026-03-29 01:59 UTC'],
    ['20260329T030000', '2026-03-29 01:00 UTC'],
    ['20261025T025900', '2026-10-25 00:59 UTC'],
    ['20261025T030000', '2026-10-25 02:00 UTC'],
    ['20260101T000000', '2025-12-31 23:00 UTC'],
  ] as const)
    assert.equal(whenIs(start, 'Customized Time Zone', europe), found)
  assert.equal(whenIs('20260308T120000', 'Eastern Standard Time', america), '2026-03-08 16:00 UTC')
  assert.equal(whenIs('20260307T120000', 'Eastern Standard Time', america), '2026-03-07 17:00 UTC')
  assert.equal(whenIs('20261101T120000', 'Eastern Standard Time', america), '2026-11-01 17:00 UTC')
  assert.equal(
    whenIs('20260701T120000', 'India Standard Time', outlook('STANDARD', '+0530', '+0530', '')),
    '2026-07-01 06:30 UTC',
  )
})

test('a zone that has a name everywhere keeps it, and so does one that nobody describes', () => {
  assert.equal(whenIs('20261130T140000', 'Europe/Ljubljana', europe), '2026-11-30 14:00 (Europe/Ljubljana)')
  assert.equal(whenIs('20261130T140000', 'Shop time', []), '2026-11-30 14:00 (Shop time)')
  const monthly = outlook('STANDARD', '+0100', '+0100', 'RRULE:FREQ=MONTHLY;BYDAY=1SU')
  assert.equal(whenIs('20261130T140000', 'Shop time', [...europe, ...monthly]), '2026-11-30 14:00 (Shop time)')
  assert.equal(whenIs('20269930T140000', 'Shop time', europe), '2026-99-30 14:00 (Shop time)')
})
