import assert from 'node:assert/strict'
import { test } from 'node:test'
import { masked } from './masking.ts'
import { sameQuestion } from './same-question.ts'

test('addresses and long numbers are masked, and nothing else is', () => {
  for (const [given, kept] of [
    ['order 1234 is late', 'order 1234 is late'],
    ['order 12345 is late', 'order … is late'],
    ['call me on +386 41 123-456', 'call me on …'],
    ['(01) 234 56 78', '(…'],
    ['ana.novak@mail.example wrote', '… wrote'],
    ['write to ana@localhost', 'write to …'],
    ['ana@', '…'],
    ['see https://shop.example/orders?id=3 please', 'see … please'],
    ['WWW.SHOP.EXAMPLE', '…'],
    ['shop.example/orders/7 is down', '… is down'],
    ['čebela.si ne dela', '… ne dela'],
    ['size 42 or 43', 'size 42 or 43'],
    ['kje je moj paket?', 'kje je moj paket?'],
    ['٠١٢٣٤ number', '… number'],
    ['mail ana@mail.example, 040 123 456', 'mail … '.trim()],
  ] as const)
    assert.equal(masked(given), kept, given)
})

test('the same question is one in any form and order, without words that any question has', () => {
  assert.equal(sameQuestion('en', 'How do I return the boots?'), sameQuestion('en', 'returning a boot'))
  assert.equal(sameQuestion('sl', 'vračilo škornjev'), sameQuestion('sl', 'kako je z vracilom skornjev'))
  assert.notEqual(sameQuestion('en', 'return boots'), sameQuestion('en', 'return jackets'))
  // Of nothing else they are the question.
  assert.notEqual(sameQuestion('en', 'who are you'), '')
  assert.equal(sameQuestion('en', '… ???'), '')
})
