import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAmong } from './few-texts.ts'

const texts = [
  { languages: ['en'], title: 'Zip broke on the pack', body: 'It came off while packing.' },
  { languages: ['sl', 'en'], title: 'Parcel', body: 'The courier lost my pack.' },
  { languages: ['sl'], title: 'Račun', body: 'Na računu je napačen naslov.' },
]
const titles = (question: string, prefix = false) => findAmong(texts, question, { prefix }).map(({ title }) => title)

test('what has the words of a question is found by its forms, in the language that it is written in, the title before the text', () => {
  assert.deepEqual(titles('What about my packs?'), ['Zip broke on the pack', 'Parcel'])
  assert.deepEqual(titles('racunu'), ['Račun'])
  assert.deepEqual(titles('zips'), ['Zip broke on the pack'])
})

test('what has less than half of them is not, and words that any question may have find nothing', () => {
  assert.deepEqual(titles('pack size colour weight'), [])
  assert.deepEqual([titles('what is my'), titles('')], [[], []])
})

test('the last word may go on while somebody is typing', () => {
  assert.deepEqual([titles('cour'), titles('cour', true)], [[], ['Parcel']])
})
