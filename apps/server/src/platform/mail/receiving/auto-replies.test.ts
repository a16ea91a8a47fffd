import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isByProgram } from './auto-replies.ts'

const cases: [subject: string, headers: Record<string, string>, byProgram: boolean][] = [
  ['Automatic reply: How easy was it?', {}, true],
  ['Samodejni odgovor: Kako enostavno je bilo?', {}, true],
  ['Fraværsmelding', {}, true],
  ['On holiday next week - please change the delivery', {}, false],
  ['Auto: Motor springt nicht an', {}, false],
  ['OOO size shoes?', {}, false],
  ['Odsotnost dostavljalca, kje je paket', {}, false],
  ['På ferie neste uke, pakken mangler fortsatt', {}, false],
  ['På ferie', { 'return-path': '<>' }, true],
  ['Trenutno me ni v pisarni', { 'x-auto-response-suppress': 'All' }, true],
  ['On holiday until Monday', { 'auto-submitted': 'auto-replied' }, true],
  ['Out of office', { 'auto-submitted': 'no' }, false],
]
for (const [subject, headers, byProgram] of cases) {
  test(`“${subject}” ${JSON.stringify(headers)} is ${byProgram ? 'a program’s' : 'a person’s'}`, () => {
    assert.equal(isByProgram({ subject, header: (name) => headers[name] ?? '' }), byProgram)
  })
}
