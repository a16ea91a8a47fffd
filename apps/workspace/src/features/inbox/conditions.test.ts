import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAbout, askBy, isWhole, newCondition, textsOf } from './conditions.ts'

test('a line that was left half empty is none', () => {
  assert.equal(isWhole(newCondition()), false)
  assert.equal(isWhole({ name: 'status', test: 'any', values: ['open'] }), true)
  assert.equal(isWhole({ name: 'created', test: 'older', values: ['d'] }), false)
  assert.equal(isWhole({ name: 'topic', test: 'empty', values: [] }), true)
})

test('what is asked otherwise keeps what it is compared with as far as that makes sense', () => {
  const tagged = { name: 'tag', test: 'any', values: ['zip', 'red'] } as const
  const condition = { ...tagged, values: [...tagged.values] }
  assert.deepEqual(askBy(condition, 'none', undefined).values, ['zip', 'red'])
  assert.deepEqual(askBy(condition, 'empty', undefined).values, [])
  assert.deepEqual(askBy({ ...condition, name: 'field', test: 'any' }, 'contains', 'text').values, ['zip'])
  assert.deepEqual(askAbout(condition, { name: 'created' }, undefined), { name: 'created', test: 'older', values: [] })
  assert.equal(askAbout(condition, { name: 'topic' }, undefined).test, 'any')
})

test('several texts are typed in one line', () => {
  assert.deepEqual(textsOf(' Oak, Ltd ; Krn;; Krn'), ['Oak, Ltd', 'Krn'])
})
