import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Draft, TicketMessage } from '@lahko/contract/tickets'
import { send, ask, newTicket, write, get } from './example-replying.ts'

test('a draft is kept for its member, and nothing strange in it is a bug', async () => {
  const { id } = await newTicket()
  await ask('PUT', `/tickets/${id}/draft`, { kind: 'reply', text: 'Sor', recipients: [] })
  assert.equal((await get(id)).draft?.text, 'Sor')
  const bad = await send('PUT', `/tickets/${id}/draft`, { kind: 'reply', text: 'a\u0000', recipients: [] })
  assert.equal(bad.statusCode, 400)
  await ask('DELETE', `/tickets/${id}/draft`)
  assert.equal((await get(id)).draft, null)
})

test('what two devices of one member write at once is kept, both of it, and no note becomes a mail', async () => {
  const { id } = await newTicket()
  const keep = (text: string, over: string, kind = 'reply') =>
    ask<Draft>('PUT', `/tickets/${id}/draft`, { kind, text, over, recipients: [] })
  assert.equal((await keep('One', '')).text, 'One')
  assert.equal((await keep('One.', 'One')).text, 'One.')
  assert.equal((await keep('Two', '')).text, 'One.\n\nTwo')
  assert.equal((await keep('One. More', 'One.')).text, 'One. More\n\nTwo', 'goes on where it was begun')
  assert.equal((await keep('One. More', 'One.')).text, 'One. More\n\nTwo', 'twice is once')
  const { kind, text } = await keep('Between us', '', 'note')
  assert.deepEqual([kind, text], ['note', 'One. More\n\nTwo\n\nBetween us'])
  assert.equal((await keep('Dear Nives', '')).kind, 'note')
  assert.match((await get(id)).draft!.text, /^One\. More\n\nTwo\n\nBetween us\n\nDear Nives$/)
})

test('what devices of one member begin in the same moment is kept, all of it', async () => {
  for (let times = 0; times < 5; times += 1) {
    const { id } = await newTicket()
    const keep = (text: string) => ask('PUT', `/tickets/${id}/draft`, { kind: 'reply', text, over: '', recipients: [] })
    await Promise.all(['One', 'Two', 'Three'].map(keep))
    assert.deepEqual((await get(id)).draft!.text.split('\n\n').toSorted(), ['One', 'Three', 'Two'])
  }
})

test('what one device sends or empties is no draft any more, and what another has kept stays', async () => {
  const { id } = await newTicket()
  const keep = (text: string, over: string, kind = 'reply') =>
    ask<Draft>('PUT', `/tickets/${id}/draft`, { kind, text, over, recipients: [] })
  const draft = async () => (await get(id)).draft
  await keep('On the desk.', '')
  await keep('On the tablet.', '')
  await write(id, { text: 'On the desk. More.', over: 'On the desk.' })
  assert.equal((await draft())?.text, 'On the tablet.')
  await write(id, { text: 'On the tablet.', over: 'On the tablet.' })
  assert.equal(await draft(), null)
  await keep('One', '')
  await keep('Two', '')
  assert.equal((await keep('', 'One')).text, 'Two')
  assert.equal((await draft())?.text, 'Two')
  assert.equal((await keep('', 'Two')).text, '')
  assert.equal(await draft(), null)
})

test('a reply whose answer was lost is no draft once it is sent again', async () => {
  const { id } = await newTicket()
  const again = { 'idempotency-key': 'lost-once' }
  const said = { kind: 'reply', text: 'Once.' }
  const first = await ask<TicketMessage>('POST', `/tickets/${id}/messages`, { ...said, over: '' }, again)
  await ask('PUT', `/tickets/${id}/draft`, { ...said, over: '', recipients: [] })
  const second = await ask<TicketMessage>('POST', `/tickets/${id}/messages`, { ...said, over: 'Once.' }, again)
  assert.deepEqual([second.id, (await get(id)).draft], [first.id, null])
})

test('what is taken back takes nothing from a note that was begun meanwhile', async () => {
  const { id } = await newTicket()
  const reply = await write(id, { text: 'Too early.' })
  await ask('PUT', `/tickets/${id}/draft`, { kind: 'note', text: 'Between us', recipients: [] })
  const { kind, text } = await ask<Draft>('DELETE', `/ticket-messages/${reply.id}`)
  assert.deepEqual([kind, text], ['note', 'Too early.\n\nBetween us'])
})

test('a file that waits beside a text stays, whatever is sent or taken back, and no word loses its letters', async () => {
  const { id } = await newTicket()
  const file = await ask<{ id: string }>('POST', '/files?name=list.txt', Buffer.from('x'), {
    'content-type': 'application/octet-stream',
  })
  const keep = (text: string, over: string, fileIds: string[] = []) =>
    ask<Draft>('PUT', `/tickets/${id}/draft`, { kind: 'reply', text, over, fileIds, recipients: [] })
  const draft = async () => (await get(id)).draft
  await keep('Hello', '')
  await keep('Hello', 'Hello', [file.id])
  const reply = await write(id, { text: 'Hello', over: 'Hello' })
  assert.deepEqual([(await draft())?.text, (await draft())?.fileIds], ['', [file.id]])
  const back = await ask<Draft>('DELETE', `/ticket-messages/${reply.id}`)
  assert.deepEqual([back.text, back.fileIds], ['Hello', [file.id]])
  await keep('I', 'Hello')
  await keep('It is fine', 'I')
  assert.equal((await keep('', 'I')).text, 'It is fine')
})
