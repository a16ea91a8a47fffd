import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readValue } from './field-value.ts'

const cases: [kind: 'number' | 'text', typed: string, value: ReturnType<typeof readValue>][] = [
  ['number', '12', 12],
  ['number', ' 1 200,5 ', 1200.5],
  ['number', '', null],
  ['number', '12 kg', undefined],
  ['number', 'twelve', undefined],
  ['text', ' 12 kg ', '12 kg'],
  ['text', ' ', null],
]
for (const [kind, typed, value] of cases)
  test(`“${typed}” in a field of the kind ${kind} is ${String(value)}`, () =>
    assert.equal(readValue(kind, typed), value))
