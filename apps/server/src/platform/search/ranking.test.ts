import assert from 'node:assert/strict'
import { test } from 'node:test'
import { probesOf, scoreOf } from './ranking.ts'
import type { Group } from './weighing.ts'

const group = (stem: string, documents: number, rarity: number, inTitles = 0): Group => ({
  word: stem,
  rarity,
  asked: rarity,
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

test('what stands in a document counts by how rare it is, and what stands nowhere counts against it', () => {
  const groups = [group('zip', 4, 4), group('jacket', 30, 1)]
  const both = scoreOf('en', [0.6, 0.6], groups, 200)
  const rare = scoreOf('en', [0.6, 0], groups, 200)
  const common = scoreOf('en', [0, 0.6], groups, 200)
  assert.ok(both.score > rare.score && rare.score > common.score)
  assert.ok(both.fit > rare.fit && rare.fit > common.fit)
  assert.ok(scoreOf('en', [0.6, 0.6], groups, 2_000).score < both.score)
  const strange = scoreOf('en', [0.6, 0], [group('zip', 4, 4), group('xyz', 0, 1)], 200)
  assert.ok(Math.abs(strange.fit - 0.8 * rare.fit) < 1e-9)
  assert.deepEqual(scoreOf('en', [], [], 200), { score: 0, fit: 0 })
})

test('a word whose meaning is guessed counts as known only as far as the guess is sure', () => {
  const jacket = group('jacket', 4, 4)
  const fitWith = (asked: number) => scoreOf('nb', [0.6, 0.6], [jacket, { ...group('belt', 4, 2), asked }], 200).fit
  assert.ok(Math.abs(fitWith(4) - 0.75 * fitWith(2)) < 1e-9)
})

test('of a long question nearly two words are matched by what fits, of one word that word', () => {
  const words = (count: number) => Array.from({ length: count }, (_, at) => group(`word${at}`, 4, 4))
  const fit = (grades: number[], count: number) => scoreOf('nb', grades, words(count), 200).fit
  assert.ok(fit([0.6], 1) >= 1 && fit([0.3], 1) < 1)
  assert.ok(fit([1, 1, 1, 0.5, 0, 0, 0, 0], 8) >= 1)
  assert.ok(fit([1, 1, 0, 0, 0, 0, 0, 0], 8) < 1)
})
