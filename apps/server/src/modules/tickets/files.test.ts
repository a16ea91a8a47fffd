import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket } from '@lahko/contract/tickets'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'
import { forgetFilesTask } from './files.ts'

let house: TestHouse
let own: TestWorkspace

before(async () => {
  house = await testHouse()
  own = await testWorkspace(house, 'files')
})
after(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const send = (method: Method, url: string, payload?: object | Buffer, headers: Record<string, string> = {}) =>
  house.app.inject({
    ...{ method, url: `/api/v1${url}`, payload },
    headers: { host: own.host, cookie: own.cookie, 'sec-fetch-site': 'same-origin', ...headers },
  })
async function ask<T>(...given: Parameters<typeof send>): Promise<T> {
  const reply = await send(...given)
  assert.ok(reply.statusCode < 300, reply.body)
  return (reply.body === '' ? undefined : reply.json()) as T
}

const upload = (name: string, content: Buffer) =>
  send('POST', `/files?name=${encodeURIComponent(name)}`, content, { 'content-type': 'application/octet-stream' })

test('a file is handed out as what it is, and never runs', async () => {
  const page = await upload('..\\x/čudno "ime".html', Buffer.from('<script>1</script>'))
  const file = page.json() as { id: string; name: string }
  assert.equal(file.name, 'čudno "ime".html')
  const reply = await send('GET', `/files/${file.id}`)
  const { headers } = reply
  assert.equal(reply.body, '<script>1</script>')
  assert.match(
    String(headers['content-disposition']),
    /^attachment; filename="_udno _ime_\.html"; filename\*=UTF-8''%C4%8Dudno/,
  )
  assert.deepEqual(
    [headers['content-type'], headers['x-content-type-options'], headers['content-security-policy']],
    ['application/octet-stream', 'nosniff', "sandbox; default-src 'none'"],
  )
  const png = Buffer.from('89504e470d0a1a0a00', 'hex')
  const picture = (await upload('x.html', png)).json() as { id: string; mediaType: string }
  assert.equal(picture.mediaType, 'image/png')
  const shown = await send('GET', `/files/${picture.id}`)
  assert.match(String(shown.headers['content-disposition']), /^inline/)
  assert.deepEqual(shown.rawPayload, png)
})

test('what runs when it is opened, is empty or too large is refused with the reason', async () => {
  for (const name of ['a.exe', 'a.pdf.JS', 'run.bat.', 'a.scr ']) {
    const reply = await upload(name, Buffer.from('x'))
    assert.deepEqual([reply.statusCode, reply.json().code], [400, 'files.refused_type'], name)
  }
  assert.equal((await upload('a.txt', Buffer.alloc(0))).json().code, 'files.empty')
  assert.equal((await upload('a.bin', Buffer.alloc(25 * 1024 * 1024 + 1))).statusCode, 413)
})

test('an upload with which nothing was sent is forgotten after a week, one that was sent is not', async () => {
  const ids = await Promise.all(
    ['a.txt', 'b.txt'].map(async (name) => (await upload(name, Buffer.from('x'))).json().id as string),
  )
  const ticket = await ask<Ticket>('POST', '/tickets', { subject: 'Z', text: 'x', from: { address: 'a@mail.example' } })
  await ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', text: 'x', fileIds: [ids[0]] })
  house.clock.advance(8 * 86_400_000)
  const { workspace } = await ask<{ workspace: { id: string } }>('GET', '/me')
  await forgetFilesTask(house).run({ workspaceId: workspace.id, actor: system }, {}, new AbortController().signal)
  const statuses = await Promise.all(ids.map(async (id) => (await send('GET', `/files/${id}`)).statusCode))
  assert.deepEqual(statuses, [200, 404])
  const missing = await send('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', text: 'x', fileIds: [ids[1]] })
  assert.equal(missing.json().errors[0].field, '/body/fileIds/0')
})

test('what a draft names stays, and so does what comes back with a reply that is taken back after days', async () => {
  const forget = async () => {
    const { workspace } = await ask<{ workspace: { id: string } }>('GET', '/me')
    await forgetFilesTask(house).run({ workspaceId: workspace.id, actor: system }, {}, new AbortController().signal)
  }
  const statusOf = async (id: string) => (await send('GET', `/files/${id}`)).statusCode
  const keep = async () => (await upload('a.txt', Buffer.from('x'))).json().id as string
  const [named, sent] = [await keep(), await keep()]
  const { id } = await ask<Ticket>('POST', '/tickets', { subject: 'Z', text: 'x', from: { address: 'b@mail.example' } })
  const sendAt = new Date(house.clock.now().getTime() + 30 * 86_400_000).toISOString()
  const later = { kind: 'reply', text: 'x', fileIds: [sent], sendAt }
  const reply = await ask<{ id: string }>('POST', `/tickets/${id}/messages`, later)
  await ask('PUT', `/tickets/${id}/draft`, { kind: 'reply', text: 'x', recipients: [], fileIds: [named] })
  house.clock.advance(8 * 86_400_000)
  await forget()
  assert.equal(await statusOf(named), 200)
  await ask('DELETE', `/ticket-messages/${reply.id}`)
  await ask('DELETE', `/tickets/${id}/draft`)
  await forget()
  assert.deepEqual([await statusOf(named), await statusOf(sent)], [404, 200])
})
