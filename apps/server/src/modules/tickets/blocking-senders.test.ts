import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BlockedSender, IncomingMail, Mailbox } from '@lahko/contract/mailboxes'
import { namesOfSender } from './blocking-senders.ts'
import { testDesk, type TestDesk } from './testing/desk.ts'

let desk: TestDesk
let mailbox: Mailbox

before(async () => {
  desk = await testDesk('blocking')
  mailbox = await desk.ask<Mailbox>('POST', '/mailboxes', { name: 'Shop', address: 'help@shop.example' })
})
after(() => desk.house.close())

let count = 0
const mail = (from: string, more = '') =>
  `From: ${from}\r\nTo: help@shop.example\r\nSubject: ${++count}\r\nMessage-ID: <${count}@mail.example>\r\n${more}\r\nHello\r\n`
const block = (sender: string) => desk.ask<BlockedSender>('POST', '/blocked-senders', { sender })
const listed = async () => (await desk.ask<{ items: BlockedSender[] }>('GET', '/blocked-senders')).items
const outcomes = async (many: number) =>
  (await desk.ask<{ items: IncomingMail[] }>('GET', '/incoming-mails?limit=200')).items
    .toSorted((a, b) => Number(a.subject) - Number(b.subject))
    .slice(-many)
    .map(({ outcome, reason }) => reason ?? outcome)

test('an address is named by itself and by each domain above it', () => {
  assert.deepEqual(namesOfSender('A@b.c.example'), ['a@b.c.example', '@b.c.example', '@c.example'])
  assert.deepEqual(namesOfSender('nobody'), [])
})

test('mail of a blocked address or domain is set aside, of others it is not, and it can be judged again', async () => {
  const one = await block(' Spam@mail.example ')
  assert.equal((await block('spam@mail.example')).id, one.id, 'twice is once')
  desk.house.clock.advance(1_000)
  assert.equal((await block('JUNK.example')).sender, '@junk.example')
  await desk.receive(
    mailbox.id,
    ['spam@mail.example', 'ham@mail.example', 'x@junk.example', 'y@a.junk.example'].map((from) => mail(from)),
  )
  assert.deepEqual(await outcomes(4), ['blocked', 'kept', 'blocked', 'blocked'])
  assert.deepEqual(
    (await listed()).map(({ sender, setAside, by }) => [sender, setAside, by?.id]),
    [
      ['@junk.example', 2, desk.memberId],
      ['spam@mail.example', 1, desk.memberId],
    ],
  )
  const { items } = await desk.ask<{ items: IncomingMail[] }>('GET', '/incoming-mails?outcome=set_aside')
  await desk.ask('POST', `/incoming-mails/${items.find(({ sender }) => sender === 'x@junk.example')!.id}/retry`)
  await desk.house.jobs.settle()
  assert.deepEqual(await outcomes(4), ['blocked', 'kept', 'kept', 'blocked'])
})

test('who is let in again writes tickets again; what was set aside comes in when that is wanted', async () => {
  const [domain, address] = await listed()
  await desk.ask('DELETE', `/blocked-senders/${domain!.id}?takeIn=true`)
  await desk.ask('DELETE', `/blocked-senders/${address!.id}`)
  await desk.house.jobs.settle()
  assert.deepEqual(await outcomes(4), ['blocked', 'kept', 'kept', 'kept'])
  await desk.receive(mailbox.id, [mail('spam@mail.example')])
  assert.deepEqual(await outcomes(1), ['kept'])
  assert.deepEqual(await listed(), [])
  assert.equal((await desk.refuse('DELETE', `/blocked-senders/${address!.id}`)).status, 404)
})

test('the own addresses, members and their domains cannot be blocked, nor what is none', async () => {
  for (const sender of ['help@shop.example', '@shop.example', 'owner@blocking.example', '@blocking.example']) {
    const { status, field } = await desk.refuse('POST', '/blocked-senders', { sender })
    assert.deepEqual([status, field], [400, '/body/sender'], sender)
  }
  for (const sender of ['', 'example', '@', 'a b@c.example', '@example', '@.example']) {
    const { status, field } = await desk.refuse('POST', '/blocked-senders', { sender })
    assert.deepEqual([status, field], [400, '/body/sender'], sender)
  }
})
