import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  awaitedMark,
  pictureMark,
  picturesIn,
  putIn,
  replaceMark,
  withoutAwaited,
  withoutPicture,
} from './pictures-in-text.ts'

const one = '018f0000-0000-7000-8000-000000000001'
const two = '018f0000-0000-7000-8000-000000000002'

test('a picture stands where the cursor was, first as one that is awaited', () => {
  const awaited = awaitedMark('zip [1].png')
  const put = putIn({ text: 'See here: and', start: 9, end: 9 }, awaited)
  assert.equal(put.text, `See here:${awaited} and`)
  assert.equal(put.start, 9 + awaited.length)
  // Meanwhile its writer has gone on.
  const gone = { text: `${put.text} so on`, start: put.text.length + 6, end: put.text.length + 6 }
  const mark = pictureMark('zip [1].png', one)
  const arrived = replaceMark(gone, awaited, mark)
  assert.equal(arrived.text, `See here:![zip  1 .png](file:${one}) and so on`)
  assert.equal(arrived.start, arrived.text.length)
  assert.deepEqual(replaceMark({ ...arrived, start: 3, end: 3 }, mark, ''), {
    text: 'See here: and so on',
    start: 3,
    end: 3,
  })
  assert.deepEqual(replaceMark(arrived, awaited, mark), arrived)
})

test('two pictures that are awaited are told apart, and forgotten when the text is found again', () => {
  const [first, second] = [awaitedMark('x.png'), awaitedMark('x.png')]
  assert.notEqual(first, second)
  assert.equal(withoutAwaited(`a${first}b${second}c`), 'abc')
})

test('the pictures of a text are found, each once, and taken out wherever they stand', () => {
  const text = `![a](file:${one}) and ![](file:${two}) and ![b](file:${one})`
  assert.deepEqual(picturesIn(text), [
    { id: one, name: 'a' },
    { id: two, name: '' },
  ])
  assert.equal(withoutPicture(text, one), ` and ![](file:${two}) and `)
  assert.deepEqual(picturesIn('![a](https://x.example/a.png) ![a](file:1)'), [])
})
