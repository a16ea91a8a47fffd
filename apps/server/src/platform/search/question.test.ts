import assert from 'node:assert/strict'
import { test } from 'node:test'
import { divisionsOf, readQuestion } from './question.ts'

test('a question is its words, each once by its stem, and what stands in quotes', () => {
  const { words, phrases, open } = readQuestion('en', 'Where is my parcel? “My  Parcels” are "late", they "')
  assert.deepEqual(
    words.map(([first]) => first!.word),
    ['where', 'is', 'my', 'parcels', 'are', 'late', 'they'],
  )
  assert.deepEqual(phrases, [['my', 'parcels'], ['late']])
  assert.equal(open, undefined)
})

test('the last word is open only while somebody types it', () => {
  const open = (text: string) => readQuestion('sl', text, { prefix: true }).open
  assert.equal(open('kje je paš'), 'pas')
  assert.equal(open('kje je paket '), undefined)
  assert.equal(open(''), undefined)
})

test('a long text is read as far as a hundred words', () => {
  const text = Array.from({ length: 500 }, (_, at) => `word${at}`).join(' ')
  assert.equal(readQuestion('en', text).words.length, 100)
})

test('Norwegian words are divided wherever both halves have three letters, with a joining letter or without', () => {
  assert.deepEqual(divisionsOf('nb', 'gavekort'), [
    ['gav', 'ekort'],
    ['gave', 'kort'],
    ['gav', 'kort'],
    ['gavek', 'ort'],
  ])
  assert.deepEqual(divisionsOf('nb', 'kort'), [])
  assert.deepEqual(divisionsOf('sl', 'gavekort'), [])
})
