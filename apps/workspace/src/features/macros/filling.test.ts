import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filled } from './filling.ts'

test('a sample shows what is known, and else what stands for it', () => {
  const text = 'Hello {customer.name|there}, {agent} {customer.organisation| you } {nonsense}'
  assert.equal(filled(text, { agent: 'Ana' }), 'Hello there, Ana you {nonsense}')
  assert.equal(filled(text, { agent: 'Ana', 'customer.name': '{agent}' }), 'Hello {agent}, Ana you {nonsense}')
})
