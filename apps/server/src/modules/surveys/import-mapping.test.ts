import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usableColumns } from '#platform/uploads.ts'
import { guessMapping } from './import-mapping.ts'

const target = { min: 1, max: 10, declared: ['channel', 'topic', 'branch'] }

function guess(row: Record<string, string>, ...more: Record<string, string>[]) {
  return guessMapping({ columns: Object.keys(row), sample: [row, ...more] }, target)
}

test('columns are known by their names in three languages', () => {
  const english = {
    Score: '7',
    'Answered at': '2026-05-01',
    'Customer e-mail': 'a@b.si',
    Feedback: 'ok',
    Channel: 'mail',
  }
  assert.deepEqual(guess(english)?.mapping, {
    score: 'Score',
    answeredAt: 'Answered at',
    customerEmail: 'Customer e-mail',
    comment: 'Feedback',
    attributes: { channel: 'Channel' },
  })
  assert.deepEqual(
    guess({ Ocena: '7', Datum: '1.5.2026', Komentar: 'v redu', Jezik: 'sl', Področje: 'x', Ekipa: 'A' })?.mapping,
    {
      score: 'Ocena',
      answeredAt: 'Datum',
      comment: 'Komentar',
      language: 'Jezik',
      attributes: { topic: 'Področje', team: 'Ekipa' },
    },
  )
  assert.deepEqual(
    guess({ Poengsum: '7', Tidspunkt: '1.5.2026 10:00', Språk: 'nb', Kundenr: '12', Navn: 'Kari', Emne: 'x' })?.mapping,
    {
      score: 'Poengsum',
      answeredAt: 'Tidspunkt',
      language: 'Språk',
      customerExternalId: 'Kundenr',
      customerName: 'Navn',
      attributes: { topic: 'Emne' },
    },
  )
})

test('a column is what it holds as well: dates, addresses, ids that never come twice', () => {
  const rows = [
    { id: '1', score: '7', date: 'soon', when: '2026-05-01', email: 'none' },
    { id: '1', score: '8', date: 'x', when: '2026-05-02', email: 'a@b.si' },
  ]
  assert.deepEqual(guess(rows[0]!, rows[1]!)?.mapping, { score: 'score', answeredAt: 'when', attributes: {} })
  assert.equal(guess({ id: 'A-1', score: '7' }, { id: 'A-2', score: '7' })?.mapping.externalId, 'id')
})

test('a wrong cell here and there does not hide what a column holds', () => {
  const rows = ['a@b.si', 'a@c.si', 'none', 'a@d.si', 'a@e.si'].map((email) => ({ score: '7', email }))
  assert.equal(guess(rows[0]!, ...rows.slice(1))?.mapping.customerEmail, 'email')
})

test('what a survey declares is found by its own name', () => {
  assert.deepEqual(guess({ score: '7', branch: 'Kranj' })?.mapping.attributes, { branch: 'branch' })
})

test('several columns of scores are candidates, and none is no file for this survey', () => {
  assert.deepEqual(guess({ a: '7', b: '8' })?.candidates, ['a', 'b'])
  assert.equal(guess({ a: '7', b: '8' })?.mapping.score, 'a')
  assert.equal(guess({ a: 'good', b: 'bad' }), undefined)
})

test('columns that nobody could name are left out', () => {
  assert.deepEqual(usableColumns(['score', ' score', 'a\u0000', '\ud800', 'x'.repeat(201), 'ž']), ['score', 'ž'])
})
