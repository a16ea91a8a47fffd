import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freeName, keptText, namesIn, putIn, shownText, stillIn, withoutPicture } from './pictures-in-text.ts'

const one = '018f0000-0000-7000-8000-000000000001'
const two = '018f0000-0000-7000-8000-000000000002'

test('a picture stands where the cursor was, and the cursor behind it', () => {
  assert.deepEqual(putIn({ text: 'See  there', start: 4, end: 4 }, '![zip.png]'), {
    ...{ text: 'See ![zip.png] there', start: 14, end: 14 },
  })
})

test('what the server keeps is shown without ids, and kept again as it was', () => {
  const text = `![zip](file:${one}) and ![zip](file:${two}), again ![zip](file:${one}), ![no](file:1) ![x](https://x.example)`
  const field = shownText(text)
  assert.equal(field.text, '![zip] and ![zip-2], again ![zip], ![no](file:1) ![x](https://x.example)')
  assert.deepEqual(field.pictures, [
    { id: one, name: 'zip' },
    { id: two, name: 'zip-2' },
  ])
  assert.equal(keptText(field.text, field.pictures), text.replace(`![zip](file:${two})`, `![zip-2](file:${two})`))
})

test('a picture that is taken out of the text goes with it, and what looks like one stays text', () => {
  const pictures = [{ id: one, name: 'zip' }]
  assert.equal(withoutPicture('a ![zip] b ![zip]', 'zip'), 'a  b ')
  assert.deepEqual(stillIn('a ![zi] b', pictures), [])
  assert.equal(keptText('wow ![nothing] !', pictures), 'wow ![nothing] !')
})

test('each picture of a text has a name of its own that can stand in it', () => {
  assert.deepEqual(namesIn('![a.png] and ![b](https://x.example)'), ['a.png'])
  assert.equal(freeName('a.png', ['a.png', 'a-2.png']), 'a-3.png')
  assert.equal(freeName('[1] (x)\n.png', []), '1   x  .png')
  assert.equal(freeName(']', []), 'picture')
})
