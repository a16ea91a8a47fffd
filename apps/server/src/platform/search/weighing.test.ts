import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stemOf } from './analysing.ts'
import { readQuestion } from './question.ts'
import { bestDivision, groupsOf, meantBy, rarityOf, slipsBetween, type Alike } from './weighing.ts'

test('a word tells the more the rarer it is, and one that is everywhere nearly nothing', () => {
  const rarities = [0, 1, 2, 10, 50, 100].map((documents) => rarityOf(documents, 100))
  assert.deepEqual(
    rarities,
    rarities.toSorted((a, b) => b - a),
  )
  assert.ok(rarities.at(-1)! < 0.01 && rarities.at(-1)! > 0)
  // Counts may run ahead of the total for a moment.
  assert.ok(rarityOf(3, 2) > 0)
})

test('slips are counted', () => {
  for (const [a, b, slips] of [
    ['racun', 'racun', 0],
    ['racun', 'racuna', 1],
    ['racun', 'rcaun', 1],
    ['racun', 'rakun', 1],
    ['racun', 'acun', 1],
    ['racun', 'rkaun', 2],
    ['', 'abc', 3],
  ] as const) {
    assert.equal(slipsBetween(a, b), slips, `${a} ${b}`)
    assert.equal(slipsBetween(b, a), slips, `${b} ${a}`)
  }
})

test('a misspelt word is taken for the nearest ones, the commonest first; a short one for none', () => {
  const near = (given: string, words: [string, number][]): Alike[] =>
    words.map(([word, documents]) => ({ given, word, documents, likeness: 0.5 }))
  const words = (given: string, known: [string, number][]) => meantBy(given, near(given, known)).map(({ word }) => word)
  assert.deepEqual(
    words('parcle', [
      ['parcel', 9],
      ['particle', 20],
    ]),
    ['parcel'],
  )
  assert.deepEqual(
    words('parce', [
      ['parcel', 2],
      ['parts', 1],
      ['part', 50],
    ]),
    ['parcel'],
  )
  assert.deepEqual(
    words('retrun', [
      ['return', 2],
      ['returns', 9],
    ]),
    ['return'],
  )
  assert.deepEqual(
    words('delviery', [
      ['delivery', 2],
      ['delivered', 3],
    ]),
    ['delivery'],
  )
  assert.deepEqual(words('abc', [['abd', 2]]), [])
  assert.deepEqual(words('xylophone', [['telephone', 2]]), [])
})

test('another first letter makes a short word another word, not a slip', () => {
  const taken = (word: string, known: string) =>
    meantBy(word, [{ given: word, word: known, documents: 9, likeness: 0.5 }]).length > 0
  for (const [word, known] of [
    ['bread', 'read'],
    ['brod', 'rod'],
    ['fice', 'price'],
    ['kruh', 'ruh'],
    ['aise', 'raise'],
  ] as const)
    assert.equal(taken(word, known), false, word)
  for (const [word, known] of [
    ['rpice', 'price'],
    ['prce', 'price'],
    ['arcels', 'parcels'],
    ['xelivery', 'delivery'],
  ] as const)
    assert.equal(taken(word, known), true, word)
})

test('a Norwegian word is divided into two that are known, where the rarer is commonest', () => {
  const documents = { frakt: 5, kostnad: 3, gave: 4, kort: 9, ga: 50, levering: 7, tid: 9 }
  const counts = new Map(Object.entries(documents).map(([word, many]) => [stemOf('nb', word), many]))
  const dividedAs = (word: string) => bestDivision('nb', word, counts)
  assert.deepEqual(dividedAs('fraktkostnader'), [stemOf('nb', 'frakt'), 'kostnad'])
  assert.deepEqual(dividedAs('leveringstid'), ['levering', 'tid'])
  assert.equal(bestDivision('nb', 'kortstokk', counts), undefined)
  assert.equal(bestDivision('en', 'fraktkostnader', counts), undefined)
})

test('one word may mean several, each as surely as it does, and tells what the best of them tells', () => {
  const counts = new Map([
    ['', 100],
    ['box', 2],
    ['^box', 1],
    ['parcel', 30],
  ])
  const everyday = new Map([['box', ['parcel', 'nowher']]])
  const [group] = groupsOf(readQuestion('en', 'Box'), { counts, alike: [], synonyms: new Map(), everyday })
  assert.deepEqual(
    group!.terms.map(({ query, documents, inTitles }) => ({ query, documents, inTitles })),
    [
      { query: "'box'", documents: 2, inTitles: 1 },
      { query: "'parcel'", documents: 30, inTitles: 0 },
    ],
  )
  assert.equal(group!.rarity, rarityOf(2, 100))
  assert.equal(group!.terms[0]!.weight, 1)
  assert.ok(group!.terms[1]!.weight <= 0.7 * (rarityOf(30, 100) / rarityOf(2, 100)) + 1e-9)
  const [unknown] = groupsOf(readQuestion('en', 'crate'), { counts, alike: [], synonyms: new Map(), everyday })
  assert.deepEqual([unknown!.terms, unknown!.rarity], [[], rarityOf(0, 100)])
  const guessed = new Map([['crate', ['box']]])
  const [guess] = groupsOf(readQuestion('en', 'crate'), { counts, alike: [], synonyms: new Map(), everyday: guessed })
  assert.deepEqual([group!.asked, guess!.asked, guess!.rarity < guess!.asked], [group!.rarity, rarityOf(0, 100), true])
})
