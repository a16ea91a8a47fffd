import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asVariable, fillVariables } from '#platform/variables.ts'
import { variableFault } from './mail-variables.ts'

test('what is wrong with variables is named, and only that', () => {
  const cases: [string, string | undefined, string?][] = [
    ['', undefined],
    ['Hello {customer.name|there}', undefined],
    ['{company}: {question}', undefined],
    ['{company|us}', undefined],
    ['{touchpoint.my_own_1|it}, {agent|we}, {customer.organisation|you}', undefined],
    ['Hello {name|there}', 'programmes.unknown_variable', 'name'],
    ['{touchpoint.|x}', 'programmes.unknown_variable', 'touchpoint.'],
    ['{customer.email|x}', 'programmes.unknown_variable', 'customer.email'],
    ['Hello {customer.name}', 'programmes.fallback_missing', 'customer.name'],
    ['Hello {customer.name| }', 'programmes.fallback_missing', 'customer.name'],
    ['Hello {customer.name|there', 'programmes.stray_brace'],
    ['Hello }', 'programmes.stray_brace'],
    ['{Customer.name|x}', 'programmes.stray_brace'],
    ['{{customer.name|x}}', 'programmes.stray_brace'],
  ]
  for (const [text, code, variable] of cases) {
    const fault = variableFault(text)
    assert.equal(fault?.code, code, text)
    if (variable) assert.equal(fault?.args.variable, variable)
  }
})

test('a variable is what is known, else what stands for it', () => {
  const text = 'Hello {customer.name|there}, {agent| we } of {company}'
  assert.equal(fillVariables(text, { company: 'Lahko' }), 'Hello there, we of Lahko')
  assert.equal(
    fillVariables(text, { company: 'Lahko', 'customer.name': '{agent|x}', agent: 'Bor' }),
    'Hello {agent|x}, Bor of Lahko',
  )
})

test('what another program reported becomes one short line', () => {
  assert.equal(asVariable(' Ana\r\n\u202eKos\u0000 '), 'Ana Kos')
  assert.equal(asVariable('\n'), undefined)
  assert.equal(asVariable(null), undefined)
  assert.equal(asVariable('a'.repeat(500))?.length, 120)
})
