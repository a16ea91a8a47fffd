import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curlExample } from './curl-example.ts'

test('a call is a line for a terminal with what it needs at least', () => {
  assert.equal(
    curlExample({ method: 'GET', path: '/api/v1/customers/{id}', needsKey: true }),
    'curl "$LAHKO/api/v1/customers/ID" -H "Authorization: Bearer $LAHKO_KEY"',
  )
  const body = {
    type: 'object',
    required: ['email', 'role'],
    properties: { email: { type: 'string', format: 'email' }, role: { enum: ['owner'] }, more: {} },
  }
  assert.equal(
    curlExample({ method: 'POST', path: '/api/v1/x', needsKey: false, body }),
    `curl -X POST "$LAHKO/api/v1/x" -H "Content-Type: application/json" -d '{"email":"ana@example.com","role":"owner"}'`,
  )
  assert.match(curlExample({ method: 'PUT', path: '/x', needsKey: true, upload: true }), /--data-binary @FILE$/)
})
