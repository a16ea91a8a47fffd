import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressTable, clientTypes } from './written.ts'
import { typeOf, type JsonSchema } from './type-of.ts'

const cases: [JsonSchema, string][] = [
  [{ type: 'string' }, 'string'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{}, 'unknown'],
  [{ enum: ['a', 1, null] }, '"a" | 1 | null'],
  [{ type: 'array', items: { type: ['integer', 'null'] } }, '(number | null)[]'],
  [
    { type: 'array', items: { anyOf: [{ type: 'object', properties: {} }, { const: 2 }] } },
    '(Record<string, never> | 2)[]',
  ],
  [{ anyOf: [{ type: 'string' }, { type: 'string' }] }, 'string'],
  [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'Record<string, boolean>'],
  [
    { type: 'object', required: ['a'], properties: { a: { type: 'number', description: 'so */ many' }, 'b-c': {} } },
    '{ /** so  many */ a: number; "b-c"?: unknown }',
  ],
]

for (const [schema, written] of cases) {
  test(`${JSON.stringify(schema)} is written as ${written}`, () => assert.equal(typeOf(schema), written))
}

test('what cannot be written down is said, not left out', () => {
  assert.throws(() => typeOf({ $ref: '#/$defs/x' }), /#\/\$defs\/x/)
  assert.throws(() => typeOf({ type: 'tuple' }), /a tuple/)
})

test('every call of the contract is written down, with its address and without the validator', () => {
  const { client, problem } = clientTypes()
  assert.match(client, /listCustomers\(given\?: \{ query\?: \{/)
  assert.match(client, /customer\(given: \{ params: \{ id: string \} \} & CallOptions\)/)
  assert.match(client, /`GET \/customers\/:id`\. Needs the scope `responses\.read`\./)
  assert.match(problem, /requestId: string/)
  assert.match(addressTable(), /"path": "\/customers\/:id"/)
  assert.ok(!/'zod|[:<] any\b/.test(client + problem + addressTable()))
})
