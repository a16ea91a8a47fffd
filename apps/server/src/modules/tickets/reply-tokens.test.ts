import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#platform/identifiers.ts'
import { isSigned, messagesNamedIn, replyAddress, signedMessageId } from './reply-tokens.ts'

const key = Buffer.alloc(32, 7)
const id = uuidv7(1_800_000_000_000)
const member = { memberId: uuidv7(1_800_000_000_001), as: 'reply' } as const

test('an address and a Message-ID name the message that they were made for', () => {
  for (const text of [
    `Support <${replyAddress('support@mail.example', key, id)}>`,
    `support <${replyAddress('support@mail.example', key, id).toUpperCase()}>`,
    signedMessageId('support@mail.example', key, id),
    `<other@mail.example> ${signedMessageId('support@mail.example', key, id)} <third@mail.example>`,
  ]) {
    const [named] = messagesNamedIn([text])
    assert.equal(named?.messageId, id, text)
    assert.ok(isSigned(named, key))
    assert.ok(!isSigned(named, Buffer.alloc(32, 8)), 'with the key of another mailbox')
    assert.ok(!isSigned(named, key, member), 'a customer’s token makes nobody a member')
  }
})

test('a member’s token is theirs alone, and for that alone which they were told', () => {
  const [named] = messagesNamedIn([replyAddress('support@mail.example', key, id, member)])
  assert.ok(isSigned(named!, key, member))
  assert.ok(!isSigned(named!, key))
  assert.ok(!isSigned(named!, key, { ...member, memberId: uuidv7(1_800_000_000_002) }))
  assert.ok(!isSigned(named!, key, { ...member, as: 'note' }))
})

test('a name that leaves no room for a token stays as it is', () => {
  const long = 'a.very.long.name.of.a.mailbox@mail.example'
  assert.equal(replyAddress(long, key, id), long)
  const longest = `${'a'.repeat(23)}@mail.example`
  assert.equal(replyAddress(longest, key, id).split('@')[0]!.length, 64)
})

test('what is no token names nothing', () => {
  const texts = [
    'support@mail.example',
    '<CAF=abc@mail.gmail.com>',
    `x${'a'.repeat(40)}@mail.example`,
    `+${'a'.repeat(42)}@x.example`,
  ]
  assert.deepEqual(messagesNamedIn(texts), [])
})
