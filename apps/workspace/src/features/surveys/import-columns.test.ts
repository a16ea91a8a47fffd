import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assign, attributeFor, attributeOf, roleOf } from './import-columns.ts'

test('a column has one role, and the score one column', () => {
  const guessed = { score: 'Ocena', comment: 'Opomba', attributes: { kanal: 'Kanal' }, timeZone: 'Europe/Ljubljana' }
  assert.equal(roleOf(guessed, 'Kanal'), 'attribute')
  const changed = assign(guessed, 'Opomba', 'score')
  assert.deepEqual(changed, { score: 'Opomba', attributes: { kanal: 'Kanal' }, timeZone: 'Europe/Ljubljana' })
  assert.equal(roleOf(changed, 'Ocena'), 'none')
})

test('a column becomes an attribute and nothing again', () => {
  const mapping = assign({ score: 'Ocena' }, 'Čas stika (min)', 'attribute')
  assert.deepEqual(mapping.attributes, { cas_stika_min: 'Čas stika (min)' })
  assert.deepEqual(assign(mapping, 'Čas stika (min)', 'none').attributes, {})
})

test('any heading becomes a name that the server takes', () => {
  for (const heading of ['Kanal', '2. kanal', '???', 'Ærlig', 'x'.repeat(80)])
    assert.match(attributeOf(heading), /^[a-z][a-z0-9_]{0,39}$/)
})

test('a column that was guessed to be an attribute keeps its name when it becomes one again', () => {
  const guessed = { score: 'Ocena', attributes: { topic: 'Področje' } }
  const name = attributeFor(guessed, 'Področje')
  const none = assign(guessed, 'Področje', 'none')
  assert.deepEqual(assign(none, 'Področje', 'attribute', name).attributes, { topic: 'Področje' })
  assert.equal(attributeFor(guessed, 'Ekipa'), 'ekipa')
})
