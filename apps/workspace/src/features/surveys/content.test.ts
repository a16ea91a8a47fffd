import { scales } from '@lahko/effort'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SurveyContent } from '@lahko/contract'
import { cut, fits, freeKinds, missingIn, moved, ruleFor, scaleOf, spoken, withLanguage } from './content.ts'

const content: SurveyContent = {
  languages: ['en', 'sl'],
  score: {
    text: { en: 'How easy?', sl: ' ' },
    scale: scaleOf('ces-10'),
    look: 'numbers',
    lowLabel: { en: 'hard', sl: 'težko' },
    highLabel: { en: 'easy', sl: 'lahko' },
  },
  reasons: [
    { when: ['hard'], text: { en: 'Why?', sl: 'Zakaj?' }, options: [{ id: 'wait', label: { en: 'Waiting' } }] },
  ],
  comment: null,
  questions: [],
  thanks: {
    hard: { en: 'Thank you', sl: 'Hvala' },
    neither: { en: 'Thank you', sl: 'Hvala' },
    easy: { en: 'Thank you', sl: 'Hvala' },
  },
}

test('what a language lacks is counted, spaces are no text', () => {
  assert.equal(missingIn(content, 'en'), 0)
  assert.equal(missingIn(content, 'sl'), 2)
  assert.equal(missingIn(content, 'nb'), 8)
})

test('a missing text is shown in the first language', () => {
  assert.equal(spoken({ en: 'Waiting' }, 'sl', content), 'Waiting')
  assert.equal(spoken({ en: 'hard', sl: 'težko' }, 'sl', content), 'težko')
})

test('items move within their list and never fall out of it', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a'])
  assert.deepEqual(moved(['a', 'b', 'c'], 2, -1), ['c', 'a', 'b'])
  assert.deepEqual(moved(['a', 'b', 'c'], 1, 9), ['a', 'c', 'b'])
})

test('one language is always left, and the first stays first', () => {
  assert.deepEqual(withLanguage(['sl', 'en'], 'nb', true), ['sl', 'en', 'nb'])
  assert.deepEqual(withLanguage(['sl'], 'sl', false), ['sl'])
})

test('each kind of score has one set of reasons at most', () => {
  assert.deepEqual(freeKinds(content), ['neither', 'easy'])
})

test('a cut is a rule on either direction, and a ready one keeps its name', () => {
  assert.deepEqual(cut(scaleOf('ces-10'), 4, 8), { id: 'standard', easy: [8, 9, 10], hard: [1, 2, 3, 4] })
  assert.deepEqual(cut(scaleOf('ces-5'), 2, 4), { id: 'standard', easy: [1, 2], hard: [4, 5] })
  assert.equal(cut(scaleOf('ces-10'), 3, 8).id, 'own')
})

test('a rule that no longer fits gives way to the scale’s own', () => {
  const ten = cut(scaleOf('ces-10'), 4, 8)
  assert.ok(fits(ten, scaleOf('ces-10')))
  assert.ok(!fits(ten, scaleOf('ces-7')))
  assert.deepEqual(ruleFor(ten, scaleOf('ces-7')).easy, scales['ces-7'].easy)
  const own = ruleFor(ten, { id: 'custom', family: 'effort', min: 0, max: 8, direction: 'high-is-hard' })
  assert.deepEqual(
    [own.easy, own.hard],
    [
      [0, 1, 2],
      [6, 7, 8],
    ],
  )
})
