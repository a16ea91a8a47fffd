import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesOf } from './pieces.ts'

const kinds = (text: string, plain = false) => piecesOf(text, plain).map(({ kind, text: words }) => [kind, words])

test('a reply has bold, italic and links; all else stays as it was written', () => {
  assert.deepEqual(kinds('Dear **Nives**, _no_: [the page](https://example.com/a) and snake_case_name'), [
    ['text', 'Dear '],
    ['bold', 'Nives'],
    ['text', ', '],
    ['italic', 'no'],
    ['text', ': '],
    ['link', 'the page'],
    ['text', ' and snake_case_name'],
  ])
})

test('what stands slanted in the mail does so in the conversation, and a star that stands alone is a star', () => {
  assert.deepEqual(kinds('*This* one, **not** 2 * 3 * 4 and a*b*c'), [
    ['italic', 'This'],
    ['text', ' one, '],
    ['bold', 'not'],
    ['text', ' 2 * 3 * 4 and a*b*c'],
  ])
})

test('a picture of ours stands in a note where it was put, and nobody else’s does', () => {
  const mark = '![zip](file:018f0000-0000-7000-8000-000000000001)'
  assert.deepEqual(piecesOf(`See ${mark}`, false)[1], {
    ...{ kind: 'picture', text: 'zip', fileId: '018f0000-0000-7000-8000-000000000001' },
  })
  assert.deepEqual(kinds(`See ${mark}`, true), [['text', `See ${mark}`]])
  assert.equal(kinds('![zip](https://spy.example/x.png)')[0]![0], 'text')
})

test('a customer means their asterisks', () => {
  assert.deepEqual(kinds('2 **3** 4', true), [['text', '2 **3** 4']])
})

test('an address ends before the full stop or bracket that follows it', () => {
  assert.deepEqual(kinds('see (https://example.com/a?b=1). Then https://example.com/c, too', true), [
    ['text', 'see ('],
    ['link', 'https://example.com/a?b=1'],
    ['text', '). Then '],
    ['link', 'https://example.com/c'],
    ['text', ', too'],
  ])
})

test('nothing but http becomes a link', () => {
  assert.deepEqual(kinds('[x](javascript:alert(1))'), [['text', '[x](javascript:alert(1))']])
})

test('pieces put together are the text', () => {
  const text = 'a https://x.example/y\nb\n\nc https://z.example/w'
  assert.equal(
    piecesOf(text, true)
      .map((piece) => piece.text)
      .join(''),
    text,
  )
})

test('points of a list are shown as points, and a dash between words is a dash', () => {
  assert.deepEqual(kinds('Please:\n- open **it** - all of it\n  * close it\n-5 and - \n'), [
    ['text', 'Please:\n• open '],
    ['bold', 'it'],
    ['text', ' - all of it\n  • close it\n-5 and - \n'],
  ])
  assert.deepEqual(kinds('- as they wrote it', true), [['text', '- as they wrote it']])
})
