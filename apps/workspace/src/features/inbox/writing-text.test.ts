import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addedTo, askedAt, linkTo, listLines, replaceAsked, wrap } from './writing-text.ts'

test('bold is put on and taken off, and the same words stay marked', () => {
  const bold = wrap({ text: 'so good', start: 3, end: 7 }, '**')
  assert.deepEqual(bold, { text: 'so **good**', start: 5, end: 9 })
  assert.deepEqual(wrap(bold, '**'), { text: 'so good', start: 3, end: 7 })
  assert.deepEqual(wrap({ text: '', start: 0, end: 0 }, '_'), { text: '__', start: 1, end: 1 })
})

test('marked lines become a list and lines again', () => {
  const list = listLines({ text: 'a\nb\nc', start: 2, end: 5 })
  assert.equal(list.text, 'a\n- b\n- c')
  assert.equal(listLines({ ...list, start: 3, end: 9 }).text, 'a\nb\nc')
})

test('a link is made with its address to be written over', () => {
  const { text, start, end } = linkTo({ text: 'see here', start: 4, end: 8 })
  assert.equal(text, 'see [here](https://)')
  assert.equal(text.slice(start, end), 'https://')
})

const cases: [string, ReturnType<typeof askedAt>][] = [
  ['/', { sign: '/', words: '', from: 0, to: 1 }],
  ['Dear /rec', { sign: '/', words: 'rec', from: 5, to: 9 }],
  ['/first reply', { sign: '/', words: 'first reply', from: 0, to: 12 }],
  ['ask @Maja K', { sign: '@', words: 'Maja K', from: 4, to: 11 }],
  ['and/or', undefined],
  ['a@b.example', undefined],
  ['one /two three four', undefined],
]
for (const [text, asked] of cases)
  test(`“${text}” asks for ${asked ? asked.words || asked.sign : 'nothing'}`, () => {
    assert.deepEqual(askedAt(text, text.length), asked)
  })

test('what was asked for is replaced where it stands', () => {
  const text = 'Dear /rec, bye'
  assert.deepEqual(replaceAsked(text, askedAt(text, 9)!, 'Nives'), { text: 'Dear Nives, bye', start: 10, end: 10 })
})

const additions: [before: string, now: string, added: string][] = [
  ['We are on it.', 'We are on it.', ''],
  ['We are on it.', 'We are on it. And thanks', ' And thanks'],
  ['We are on it.', 'We are still on it.', 'still '],
  ['aa', 'aaa', 'a'],
  ['We are on it.', '', ''],
]
for (const [before, now, added] of additions)
  test(`of “${now}” after “${before}”, “${added}” was typed since`, () => assert.equal(addedTo(before, now), added))
