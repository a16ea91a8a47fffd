import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAddresses, writeAddresses } from './addresses.ts'

test('addresses are read with and without names, each once', () => {
  assert.deepEqual(readAddresses('Ana Novak <Ana@A.example>, bor@b.example; "Kos, d.o.o" <>,bor@b.example'), {
    addresses: [
      { name: 'Ana Novak', address: 'ana@a.example' },
      { name: '', address: 'bor@b.example' },
    ],
    wrong: ['"Kos', 'd.o.o" <>'],
  })
})

test('what is no address is told', () => {
  assert.deepEqual(readAddresses('ana, @b.example, a@b').wrong, ['ana', '@b.example', 'a@b'])
})

test('what is written is read again', () => {
  const addresses = [
    { name: 'Ana', address: 'ana@a.example' },
    { name: '', address: 'b@b.example' },
  ]
  assert.deepEqual(readAddresses(writeAddresses(addresses)), { addresses, wrong: [] })
})
