import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countOf, easeSign, isNothing, kindOf, runsOf, stepOf, valuesOfScale, type Scale } from './figures.ts'

const ten: Scale = { id: 'ces-10', family: 'effort', min: 1, max: 10, direction: 'high-is-easy' }
const five: Scale = { id: 'ces-5', family: 'effort', min: 1, max: 5, direction: 'high-is-hard' }
const rule = { id: 'standard', easy: [8, 9, 10], hard: [1, 2, 3, 4] }
const turned = { id: 'standard', easy: [1, 2], hard: [4, 5] }

test('runs follow the scale, whichever end is easy', () => {
  assert.deepEqual(runsOf({ scale: ten, rule }), [
    { kind: 'hard', from: 0, to: 3 },
    { kind: 'neither', from: 4, to: 6 },
    { kind: 'easy', from: 7, to: 9 },
  ])
  assert.deepEqual(
    runsOf({ scale: five, rule: turned }).map(({ kind }) => kind),
    ['easy', 'neither', 'hard'],
  )
})

test('colours follow ease, not the number', () => {
  assert.deepEqual(
    valuesOfScale(ten).map((value) => stepOf(value, { scale: ten, rule })),
    [1, 2, 2, 3, 4, 4, 4, 5, 6, 7],
  )
  assert.deepEqual(
    valuesOfScale(five).map((value) => stepOf(value, { scale: five, rule: turned })),
    [7, 5, 4, 3, 1],
  )
})

test('a histogram is counted by what its values count as', () => {
  const histogram = [9, 8, 12, 17, 11, 12, 24, 86, 102, 131]
  assert.equal(countOf(histogram, 'hard', { scale: ten, rule }), 46)
  assert.equal(countOf(histogram, 'easy', { scale: ten, rule }), 319)
  assert.equal(kindOf(5, rule), 'neither')
})

test('a difference that rounds to 0 is none, in the points of its metric', () => {
  assert.equal(isNothing('mean', 0.04, ten), true)
  assert.equal(isNothing('mean', -0.06, ten), false)
  assert.equal(isNothing('easyShare', 0.004, ten), true)
  assert.equal(isNothing('easyShare', 0.006, ten), false)
})

test('more hard answers are harder, and so is a higher mean where high is hard', () => {
  assert.deepEqual(
    [easeSign('hardShare', ten), easeSign('mean', five), easeSign('mean', ten), easeSign('easeIndex', five)],
    [-1, -1, 1, 1],
  )
})
