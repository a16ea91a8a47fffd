import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readdirSync, readFileSync } from 'node:fs'
import { programmeSettings } from '@lahko/contract/programmes'
import { z } from 'zod'
import { fieldErrorsOf } from './problems.ts'
import { allWords } from './words.ts'

const programmeHours = programmeSettings.shape.hours
const form = z.object({ name: z.string().min(1), note: z.string().max(2), email: z.email() })

test('what people get wrong in forms is said in the words of the product', () => {
  const issues = form.safeParse({ name: '', note: 'abc', email: 'ana' }).error!.issues
  const said = (language: 'en' | 'sl' | 'nb') => fieldErrorsOf(issues, '/body', language).map(({ message }) => message)
  assert.deepEqual(said('en'), [
    'Give at least one character.',
    'Give at most 2 characters.',
    'This is not an e-mail address such as ana@example.com.',
  ])
  assert.deepEqual(said('sl'), [
    'Vpišite vsaj en znak.',
    'Vpišite največ 2 znaka.',
    'To ni e-poštni naslov, kot je ana@example.com.',
  ])
  assert.equal(said('nb')[0], 'Skriv minst ett tegn.')
})

test('what programs get wrong is said without what is not known: the validator does not hand on the value', () => {
  const body = z.strictObject({
    least: z.number().min(3),
    most: z.int().max(5),
    score: z.number(),
    list: z.array(z.string()).max(1),
    id: z.uuid(),
    facts: z.record(z.string().max(2), z.string()),
    state: z.enum(['on', 'off']),
  })
  const wrong = {
    least: 1,
    most: 9,
    score: '8',
    list: ['a', 'b'],
    id: 'x',
    facts: { long: 'a' },
    state: 'open',
    other: 1,
  }
  const said = (language: 'en' | 'sl' | 'nb') =>
    Object.fromEntries(
      fieldErrorsOf(body.safeParse(wrong).error!.issues, '/body', language).map(({ field, message }) => [
        field,
        message,
      ]),
    )
  assert.deepEqual(said('en'), {
    '/body/least': 'The least is 3.',
    '/body/most': 'The most is 5.',
    '/body/score': 'A number belongs here.',
    '/body/list': 'Give at most 1 entry.',
    '/body/id': 'This is not an id, such as 01890a5d-ac96-774b-bcce-b302099a8057.',
    '/body/facts/long': 'Give at most 2 characters.',
    '/body/state': 'Choose one of these: on, off.',
    '/body/other': 'Nothing is known under this name. Leave it out.',
  })
  assert.equal(said('sl')['/body/score'], 'Sem sodi število.')
  assert.equal(said('sl')['/body/state'], 'Izberite eno od teh vrednosti: on, off.')
  assert.equal(said('nb')['/body/list'], 'Oppgi høyst 1 oppføring.')
})

test('what has no sentence of its own is said by the schema', () => {
  const issues = z.object({ least: z.number().multipleOf(3) }).safeParse({ least: 1 }).error!.issues
  assert.match(fieldErrorsOf(issues, '/body', 'nb')[0]!.message, /^Ugyldig/)
})

test('a rule of the contract is a sentence in the reader’s language', () => {
  const issues = programmeHours.safeParse({ from: '17:00', until: '9', days: [1, 1] }).error!.issues
  assert.deepEqual(
    fieldErrorsOf(issues, '/body', 'sl').map(({ field, message }) => [field, message]),
    [
      ['/body/until', 'To ni ura, kot je 09:00.'],
      ['/body/days', 'Isti dan je naveden dvakrat.'],
    ],
  )
})

test('every rule of the contract has its sentence', () => {
  const folder = new URL('../../../../packages/contract/src/', import.meta.url)
  const rules = readdirSync(folder).flatMap((file) => [
    ...readFileSync(new URL(file, folder), 'utf8').matchAll(/\bmessage: '([^']+)'(?:, path: [^}]+)?,?\s*\}/g),
  ])
  assert.ok(rules.length > 15)
  for (const [, rule] of rules) assert.ok(allWords().en.has(`platform.field.${rule}`), rule)
})
