import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { fill, fillGzip, gzipPage, hole, press, templateOf } from './pressed.ts'

test('a filled template is the same in gzip and plain, whatever is in it', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 300 }).map((value) => value.replaceAll('\u0001', ''))
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 5 }),
      fc.array(text, { minLength: 4, maxLength: 4 }),
      (parts, values) => {
        const page = templateOf(parts.reduce((whole, part, at) => whole + hole(`h${at - 1}`) + part))
        const own = Object.fromEntries(values.map((value, at) => [`h${at}`, value]))
        const expected = parts.map((part, at) => (at === 0 ? part : values[at - 1]! + part)).join('')
        assert.equal(fill(page, own).toString(), Buffer.from(expected).toString())
        assert.deepEqual(gunzipSync(fillGzip(page, own)), fill(page, own))
      },
    ),
  )
})

test('what a visitor brings may be longer than a block', () => {
  const page = templateOf(`a${hole('x')}b`)
  const x = 'š'.repeat(70_000)
  assert.equal(gunzipSync(fillGzip(page, { x })).toString(), `a${x}b`)
})

test('a hole that nothing fills is empty', () => assert.equal(fill(templateOf(`a${hole('x')}b`), {}).toString(), 'ab'))

test('a page with parts that others have is the same in gzip, wherever they stand', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 300 })
  fc.assert(
    fc.property(text, text, text, text, (before, one, between, other) => {
      const page = before + one + between + other
      const shared = [one, other, 'not in it \u0001'].map((part) => ({ text: part, pressed: press(part) }))
      assert.equal(gunzipSync(gzipPage(page, shared)).toString(), Buffer.from(page).toString())
    }),
  )
})
