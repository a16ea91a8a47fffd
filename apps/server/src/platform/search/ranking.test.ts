import assert from 'node:assert/strict'
import { test } from 'node:test'
import { probesOf, scoreOf, suggestionFloor } from './ranking.ts'
import type { Group } from './weighing.ts'

const group = (stem: string, documents: number, rarity: number, inTitles = 0): Group => ({
  word: stem,
  rarity,
  terms: documents > 0 ? [{ query: `'${stem}'`, stem, weight: 1, documents, inTitles }] : [],
})

test('rare words select, common ones only by titles in which they are rare', () => {
  const groups = [group('zip', 40, 5, 10), group('jacket', 9_000, 1, 900), group('the', 90_000, 0.1, 80_000)]
  assert.deepEqual(
    probesOf('en', groups, 100_000).map(({ terms, gain }) => [terms, gain]),
    [
      ["('zip')", 5],
      ["'^zip'", 3.5],
      ["'^jacket'", 0.7],
    ],
  )
})

test('where all words are common the two rarest must both be there; where none is known nothing is sought', () => {
  const groups = [group('the', 90_000, 0.1), group('jacket', 9_000, 1), group('boot', 8_000, 1.1), group('xyz', 0, 9)]
  assert.deepEqual(
    probesOf('en', groups, 100_000).map(({ terms }) => terms),
    ["(('boot')) & (('jacket'))"],
  )
  assert.deepEqual(probesOf('en', [group('xyz', 0, 9)], 100_000), [])
})

test('together they select no more than can be looked at, the rarest first', () => {
  const groups = Array.from({ length: 9 }, (_, at) => group(`word${at}`, 2_900, 1 + at))
  assert.deepEqual(
    probesOf('en', groups, 100_000).map(({ terms }) => terms),
    ["('word8')", "('word7')", "('word6')"],
  )
})

test('what stands in a document counts by how rare it is, and what stands nowhere counts twice against it', () => {
  const groups = [group('zip', 4, 4), group('jacket', 30, 1)]
  const both = scoreOf([0.6, 0.6], groups, 200)
  const rare = scoreOf([0.6, 0], groups, 200)
  const common = scoreOf([0, 0.6], groups, 200)
  assert.ok(both.score > rare.score && rare.score > common.score)
  assert.deepEqual([both.share, rare.share, common.share], [1, 0.8, 0.2])
  assert.ok(scoreOf([0.6, 0.6], groups, 2_000).score < both.score)
  assert.equal(scoreOf([0.6, 0], [group('zip', 4, 5), group('xyz', 0, 5)], 200).share, 0.5 ** 3)
  assert.deepEqual(scoreOf([], [], 200), { score: 0, share: 0 })
})

test('every language has a floor', () => {
  for (const language of ['en', 'nb', 'sl', 'de'])
    assert.ok(suggestionFloor(language) > 0 && suggestionFloor(language) < 1)
})
