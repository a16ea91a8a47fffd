import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guessScoreColumn } from './index.ts'

const range = { min: 1, max: 10 }

function guess(columns: string[], ...rows: string[][]) {
  const sample = rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place] ?? ''])))
  return guessScoreColumn(columns, sample, range)
}

test('a whole name comes before a word in a name, and a surer word before a likely one', () => {
  assert.deepEqual(guess(['id', 'effort score', 'Score'], ['1', '2', '3']), { column: 'Score' })
  assert.deepEqual(guess(['id', 'Ocena'], ['1', '7']), { column: 'Ocena' })
  assert.deepEqual(guess(['id', 'cesScore', 'effort'], ['1', '7', '3']), { column: 'cesScore' })
  assert.deepEqual(guess(['Vurdering (1–10)', 'kanal'], ['7', 'epost']), { column: 'Vurdering (1–10)' })
  assert.deepEqual(guess(['TEŽAVNOST', 'b'], ['7', 'x']), { column: 'TEŽAVNOST' })
})

test('a column of comments is no score, whatever it is called', () => {
  assert.deepEqual(guess(['answer', 'points'], ['it was fine', '7'], ['slow', '4']), { column: 'points' })
})

test('a column that is called score and holds none is not passed over for an id that happens to fit', () => {
  assert.deepEqual(guess(['id', 'score'], ['1', '80%'], ['2', '90%']), { candidates: ['score', 'id'] })
  assert.deepEqual(guess(['order', 'Ocena'], ['2981', '9/10']), { candidates: ['Ocena'] })
})

test('a named column without any value may be it', () => {
  assert.deepEqual(guess(['id', 'score'], ['1', '']), { column: 'score' })
})

test('without a name the only column that fits', () => {
  assert.deepEqual(guess(['order', 'q1'], ['2981', '7'], ['2982', ''], ['2983', '10']), { column: 'q1' })
})

test('several that fit, or none, are left to the reader', () => {
  assert.deepEqual(guess(['a', 'b', 'c'], ['1', '7', 'x']), { candidates: ['a', 'b'] })
  assert.deepEqual(guess(['a'], ['x']), { candidates: [] })
  assert.deepEqual(guess(['score 1', 'score 2'], ['7', '8']), { candidates: ['score 1', 'score 2'] })
})
