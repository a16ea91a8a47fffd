import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from './nearest.ts'

test('letters added, left out, changed or swapped; beginnings; nothing far-fetched', () => {
  const known = ['score', 'start', 'demo', 'member', 'time-zone']
  const cases: [string, string | null][] = [
    ['scroe', 'score'],
    ['scor', 'score'],
    ['scores', 'score'],
    ['mem', 'member'],
    ['timezone', 'time-zone'],
    ['strat', 'start'],
    ['xyz', null],
    ['', null],
  ]
  for (const [word, wanted] of cases) assert.equal(nearest(word, known), wanted, word)
  assert.equal(nearest('x', ['a', 'b']), null)
})
