import assert from 'node:assert/strict'
import { test } from 'node:test'
import { termsOf } from './documents.ts'

test('terms say where a word stands and how much it counts there; no phrase goes from one part to the next', () => {
  const { terms, length } = termsOf({ language: 'en', title: 'Returns', keywords: 'Send back', body: 'Return it.' })
  assert.equal(
    terms,
    "'return':1A,24 '=returns':1A '^return':1A 'send':12B '=send':12B 'back':13B '=back':13B '=return':24 'it':25 '=it':25",
  )
  assert.equal(length, 5)
})

test('a text without words has no terms', () => {
  assert.deepEqual(termsOf({ language: 'sl', title: '!', body: '' }), { terms: '', length: 0 })
})

test('places end where PostgreSQL stops counting', () => {
  const { terms } = termsOf({ language: 'en', title: '', body: Array.from({ length: 20_000 }, () => 'a b').join(' ') })
  assert.ok(terms.endsWith(',16383'))
})
