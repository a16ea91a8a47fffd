import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caps, find, hear, nameOfPress } from './keys.ts'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

test('a press has one name on both kinds of keyboard', () => {
  assert.equal(nameOfPress(press('K', { metaKey: true }), true), 'mod+k')
  assert.equal(nameOfPress(press('k', { ctrlKey: true }), false), 'mod+k')
  assert.equal(nameOfPress(press('?'), false), '?')
})

test('keys that belong to the browser or the system have none', () => {
  for (const held of [press('k', { metaKey: true }), press('e', { altKey: true }), press('Tab'), press('F5')])
    assert.equal(nameOfPress(held, false), undefined)
  assert.equal(nameOfPress(press('k', { ctrlKey: true }), true), undefined)
})

const actions = [{ keys: 'e' }, { keys: 'g e' }, { keys: 'g s' }, { keys: 'mod+k' }, {}]

test('two keys in time are a pair, two keys apart are two keys', () => {
  const g = hear(undefined, 'g', 0)
  assert.equal(find(actions, g), undefined)
  assert.deepEqual(find(actions, hear(g, 'e', 1000)), { keys: 'g e' })
  assert.deepEqual(find(actions, hear(g, 'e', 2000)), { keys: 'e' })
})

test('a pair that nobody knows counts as its last key, and holds back no pair that begins there', () => {
  assert.deepEqual(find(actions, hear(hear(undefined, 'x', 0), 'e', 10)), { keys: 'e' })
  const begun = hear(hear(undefined, 'x', 0), 'g', 10)
  assert.equal(find(actions, begun), undefined)
  assert.deepEqual(find(actions, hear(begun, 's', 20)), { keys: 'g s' })
})

test('the newest action wins, so that a screen may take a key over', () => {
  const old = { keys: 'j', id: 1 }
  const fresh = { keys: 'j', id: 2 }
  assert.equal(find([old, fresh], hear(undefined, 'j', 0)), fresh)
})

test('caps stand as on the keys', () => {
  assert.deepEqual(caps('mod+k', true), ['⌘K'])
  assert.deepEqual(caps('mod+k', false), ['Ctrl K'])
  assert.deepEqual(caps('g e', false), ['g', 'e'])
  assert.deepEqual(caps('ArrowLeft', false), ['←'])
})
