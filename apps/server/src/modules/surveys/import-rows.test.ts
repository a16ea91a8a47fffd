import assert from 'node:assert/strict'
import { test } from 'node:test'
import { responseInput } from '@lahko/contract/surveys'
import fc from 'fast-check'
import { exampleContent } from './example-survey.ts'
import { createRowReader, type ReadRow } from './import-rows.ts'

const mapping = {
  score: 'score',
  answeredAt: 'date',
  externalId: 'id',
  comment: 'comment',
  language: 'language',
  customerEmail: 'email',
  customerName: 'name',
  attributes: { topic: 'topic', channel: 'channel' },
}
const reading = {
  mapping,
  surveyId: '018f0000-0000-7000-8000-000000000000',
  identity: 'identified' as const,
  timeZone: 'Europe/Ljubljana',
  hash: 'f00d',
  content: exampleContent,
  undatedAt: new Date('2026-11-20T10:00:00Z'),
}
const read = createRowReader(reading)
const rowOf = (record: Record<string, string>, line = 2): ReadRow => read({ line, record, problem: null })

test('whatever stands in a row, what comes out is what the contract takes', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('', 'ana@b.example', 'nobody', 'sl', 'nb-NO', 'de', 'x'.repeat(99), 'x'.repeat(101)),
    fc.constantFrom('x'.repeat(201), 'y'.repeat(1_001), 'z'.repeat(5_001), '\u0000a\ud800', ' a\tb\n'),
  )
  const record = fc.record({
    score: fc.constantFrom('7', ' 9,0 ', '1'),
    date: fc.constantFrom('2026-05-01', '1.5.2026 10:00'),
    id: text,
    comment: text,
    language: text,
    email: text,
    name: text,
    topic: text,
    channel: text,
  })
  fc.assert(
    fc.property(record, (one) => {
      const row = rowOf(one)
      if (row.kind === 'refused') return assert.match(row.code, /^importing\.(too_long|bad_email|bad_value)$/)
      assert.equal(row.kind, 'answer')
      if (row.kind !== 'answer') return
      const plain = (input: unknown) => JSON.parse(JSON.stringify(input)) as unknown
      assert.deepEqual(plain(responseInput.parse(row.input)), plain(row.input))
    }),
    { numRuns: 500 },
  )
})

test('a row is named by its file and line, and by nothing else', () => {
  const keyOf = (row: ReadRow) => (row.kind === 'answer' ? row.key : undefined)
  const row = { score: '7', date: '2026-05-01' }
  const [second, third] = [keyOf(rowOf(row)), keyOf(rowOf({ ...row, score: '8' }, 3))]
  assert.match(second!, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-000000000002$/)
  assert.equal(second!.slice(0, 24), third!.slice(0, 24))
  assert.equal(keyOf(rowOf({ ...row, comment: 'other' })), second)
  const ofOtherFile = createRowReader({ ...reading, hash: 'beef' })({ line: 2, record: row, problem: null })
  assert.notEqual(keyOf(ofOtherFile)!.slice(0, 24), second!.slice(0, 24))
})

test('languages are read in many spellings, and those that the product does not speak become an attribute', () => {
  const inputOf = (language: string) => {
    const row = rowOf({ score: '7', date: '2026-05-01', language })
    return row.kind === 'answer' ? [row.input.language, row.input.attributes?.['language']] : undefined
  }
  assert.deepEqual(
    ['SL', 'nb-NO', 'no', 'Norsk', 'en_GB', 'slovenščina'].map((one) => inputOf(one)?.[0]),
    ['sl', 'nb', 'nb', 'nb', 'en', 'sl'],
  )
  assert.deepEqual(inputOf('Deutsch'), [undefined, 'Deutsch'])
  assert.deepEqual(inputOf('constructor'), [undefined, 'constructor'])
})
