import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withGenitiveMonths } from './slovenian-dates.ts'

test('the month of a day stands in the genitive, as the reader says it', () => {
  const format = new Intl.DateTimeFormat('sl-SI', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  const said = Array.from({ length: 12 }, (_, month) => withGenitiveMonths(format.format(Date.UTC(2026, month, 5))))
  const months = 'januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra'.split(
    ' ',
  )
  assert.deepEqual(
    said,
    months.map((month) => `5. ${month} 2026`),
  )
  const span = withGenitiveMonths(format.formatRange(Date.UTC(2026, 3, 30), Date.UTC(2026, 4, 2)))
  assert.match(span, /30\. aprila\s?–\s?2\. maja 2026/)
})

test('a month by itself, and a word that begins like one, stay as they are', () => {
  assert.equal(withGenitiveMonths('november 2026, 5. majska'), 'november 2026, 5. majska')
})
