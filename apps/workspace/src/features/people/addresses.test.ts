import assert from 'node:assert/strict'
import { test } from 'node:test'
import { email } from '@lahko/contract/values'
import { addressesIn } from './addresses.ts'

test('addresses are found in lists, tables and headers of mails, each once', () => {
  const text = `Name;E-mail\r\n"Kos, Ana";"ana.kos+shop@kupec.example"\r\nBor;BOR@kupec.example\r\n
    Eva <eva@kunde.example>, mailto:eva@kunde.example. O'Neil o'neil@kunde.example`
  const { batches, count, wrong } = addressesIn(text)
  assert.deepEqual(batches, [
    ['ana.kos+shop@kupec.example', 'bor@kupec.example', 'eva@kunde.example', "o'neil@kunde.example"],
  ])
  assert.deepEqual([count, wrong], [4, []])
})

test('what looks like an address and is none is told', () => {
  const { count, wrong } = addressesIn('a@b ana@kupec..example @kupec.example .a@kupec.example fine@kupec.example')
  assert.deepEqual([count, wrong], [1, ['a@b', 'ana@kupec..example', '@kupec.example', '.a@kupec.example']])
})

test('what is found is what the server takes', () => {
  const tried = [
    "o'neil@a.example",
    'a_b@a-b.example',
    'a-@a.example',
    '-a@a.example',
    'a..b@a.example',
    'a@-a.example',
  ]
  for (const one of tried) {
    if (addressesIn(one).count === 1) assert.ok(email.safeParse(one).success, one)
  }
})

test('many are sent by the ten thousand', () => {
  const text = Array.from({ length: 10_001 }, (_, number) => `n${number}@kupec.example`).join('\n')
  assert.deepEqual(
    addressesIn(text).batches.map(({ length }) => length),
    [10_000, 1],
  )
})
