import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugOf, stepOfProblem } from './sign-up-form.ts'

test('a company’s name becomes a short address', () => {
  assert.equal(slugOf('Triglav Oprema d. o. o.'), 'triglav-oprema-d-o-o')
  assert.equal(slugOf('Brødrene Ærlig & Sønn'), 'brodrene-aerlig-sonn')
  assert.equal(slugOf('Čebelica Žužka'), 'cebelica-zuzka')
  assert.match(slugOf('x'.repeat(39) + ' y'), /^x{39}$/)
})

test('a refusal leads back to the step where it can be mended', () => {
  const problem = (code: string, field?: string) => ({
    type: 'about:blank',
    title: '',
    status: 400,
    code,
    requestId: '1',
    errors: field ? [{ field, code, message: '' }] : [],
  })
  assert.equal(stepOfProblem(problem('accounts.slug_taken')), 'company')
  assert.equal(stepOfProblem(problem('platform.invalid', '/body/workspace/timeZone')), 'company')
  assert.equal(stepOfProblem(problem('platform.invalid', '/body/password')), 'you')
  assert.equal(stepOfProblem(undefined), undefined)
})
