import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { listKeys, revokeKey } from '#accounts'
import { wake } from '#platform/events.ts'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { addressOf, exampleAnswers, type ExampleAnswers, type ExampleWorkspace } from './example-answers.ts'
import { createLiveStreams } from './live-streams.ts'

let house: TestHouse
let examples: ExampleAnswers
let port: number

before(async () => {
  house = await testHouse()
  examples = await exampleAnswers(house.database.owner)
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  port = (house.app.server.address() as AddressInfo).port
})
after(async () => {
  await examples.close()
  await house.close()
})

async function listen(workspace: ExampleWorkspace, query?: { missedMs: string }): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${workspace.key}` }
  const request = get({ port, host: '127.0.0.1', path: addressOf('live', query), headers, agent: false })
  const [reply] = (await once(request, 'response')) as [IncomingMessage]
  return reply.setEncoding('utf8')
}

/** Everything that came, once `found` is true of it; at most two seconds. */
async function readUntil(stream: Readable, found: (text: string) => boolean): Promise<string> {
  const timeout = AbortSignal.timeout(2_000)
  if (!heard.has(stream)) {
    heard.set(stream, '')
    stream.on('data', (chunk) => heard.set(stream, heard.get(stream)! + String(chunk)))
  }
  while (!found(heard.get(stream)!)) await once(stream, 'data', { signal: timeout })
  return heard.get(stream)!
}
const heard = new WeakMap<Readable, string>()

function happened({ workspaceId }: ExampleWorkspace, type: string, subjectIds: readonly string[]): Promise<void> {
  return house.store.write({ workspaceId, actor: system }, async (tx) => {
    for (const subjectId of subjectIds) await wake(tx, type, subjectId)
  })
}

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const wakesIn = (text: string) =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as { type: string; subjectIds: string[] })

test('what happens in a workspace reaches its open screens within a second, and nobody else’s', async () => {
  const [ours, theirs] = [await examples.workspace(house.store), await examples.workspace(house.store)]
  const [here, there] = [await listen(ours), await listen(theirs)]
  assert.match(String(here.headers['content-type']), /^text\/event-stream/)
  assert.equal(here.headers['cache-control'], 'no-store')
  const opened = await readUntil(here, (text) => text.includes(': open'))
  assert.match(opened, /^retry: \d+$/m)
  const started = performance.now()
  await happened(ours, 'response.received', [idOf(1)])
  await happened(theirs, 'response.received', [idOf(2)])
  const [own, other] = await Promise.all([
    readUntil(here, (text) => text.includes('data:')),
    readUntil(there, (text) => text.includes('data:')),
  ])
  assert.ok(performance.now() - started < 1_000)
  assert.deepEqual(wakesIn(own), [{ type: 'response.received', subjectIds: [idOf(1)] }])
  assert.deepEqual(wakesIn(other), [{ type: 'response.received', subjectIds: [idOf(2)] }])
  here.destroy()
  there.destroy()
})

test('a burst of one type is told at once and then together; another type does not wait for it', async () => {
  const ours = await examples.workspace(house.store)
  const here = await listen(ours)
  await readUntil(here, (text) => text.includes(': open'))
  await happened(
    ours,
    'response.received',
    Array.from({ length: 100 }, (_, n) => idOf(n)),
  )
  await happened(ours, 'survey.changed', [idOf(7), idOf(8)])
  const ofType = (text: string, type: string) => wakesIn(text).filter((one) => one.type === type)
  const text = await readUntil(
    here,
    (heardSoFar) =>
      ofType(heardSoFar, 'survey.changed').length === 2 && ofType(heardSoFar, 'response.received').length > 1,
  )
  const [first, ...later] = ofType(text, 'response.received').map(({ subjectIds }) => subjectIds)
  assert.deepEqual(first, [idOf(0)])
  assert.ok(later.length < 8, 'a hundred wakes become a few')
  assert.deepEqual(
    ofType(text, 'survey.changed').map(({ subjectIds }) => subjectIds),
    [[idOf(7)], [idOf(8)]],
  )
  here.destroy()
})

test('what happened since a screen began to read is told when its stream opens, and nothing else', async () => {
  const [ours, theirs] = [await examples.workspace(house.store), await examples.workspace(house.store)]
  const first = await listen(ours)
  await happened(ours, 'survey.changed', [idOf(1), idOf(2)])
  await happened(theirs, 'survey.changed', [idOf(3)])
  await readUntil(first, (text) => wakesIn(text).length > 1)
  const [late, later] = [await listen(ours, { missedMs: '5000' }), await listen(ours)]
  const missed = wakesIn(await readUntil(late, (text) => text.includes('survey.changed')))
  // The key that listens is new as well.
  assert.deepEqual(missed.at(-1), { type: 'survey.changed', subjectIds: [idOf(1), idOf(2)] })
  assert.ok(missed.every(({ subjectIds }) => !subjectIds.includes(idOf(3))))
  assert.deepEqual(wakesIn(await readUntil(later, (text) => text.includes(': open'))), [])
  for (const stream of [first, late, later]) stream.destroy()
})

test('where more was missed than is remembered, everything is fetched again', async () => {
  const ours = await examples.workspace(house.store)
  const streams = createLiveStreams(house.live, { remembered: 2 })
  const open = (missedMs: number) =>
    streams.open({ workspaceId: ours.workspaceId, actor: '', allowed: async () => true }, missedMs)!
  const all = [{ type: 'all', subjectIds: [] }]
  const listening = open(0)
  assert.deepEqual(wakesIn(await readUntil(open(60_000), (text) => text.includes('data:'))), all, 'too long ago')
  await happened(ours, 'survey.changed', [idOf(1), idOf(2)])
  await readUntil(listening, (text) => wakesIn(text).length > 1)
  assert.deepEqual(wakesIn(await readUntil(open(5_000), (text) => text.includes('data:'))), all, 'too much')
  streams.close()
})

test('a key that is taken back ends its stream', async () => {
  const ours = await examples.workspace(house.store)
  const here = await listen(ours)
  await readUntil(here, (text) => text.includes(': open'))
  const ended = once(here, 'end', { signal: AbortSignal.timeout(2_000) })
  here.resume()
  await house.store.write({ workspaceId: ours.workspaceId, actor: system }, async (tx) => {
    for (const { id } of await listKeys(tx, { limit: 10 })) await revokeKey(tx, id)
  })
  await ended
})

test('one actor opens at most twenty, and closing one makes room', async () => {
  const ours = await examples.workspace(house.store)
  const open = await Promise.all(Array.from({ length: 20 }, () => listen(ours)))
  const refused = await listen(ours)
  assert.equal(refused.statusCode, 429)
  refused.resume()
  assert.ok(open.every(({ statusCode }) => statusCode === 200))
  for (const stream of open) stream.destroy()
})

test('it needs the right to read the workspace', async () => {
  const ours = await examples.workspace(house.store, 'UTC', ['responses.write'])
  const refused = await listen(ours)
  assert.equal(refused.statusCode, 403)
  refused.resume()
})

test('a heartbeat keeps the line open, and ends it for whoever may no longer listen', async () => {
  const streams = createLiveStreams(house.live, { heartbeatMs: 5 })
  let allowed = true
  const stream = streams.open({ workspaceId: idOf(1), actor: 'a', allowed: async () => allowed })!
  await readUntil(stream, (text) => text.includes(': here'))
  allowed = false
  stream.resume()
  await once(stream, 'end', { signal: AbortSignal.timeout(2_000) })
  streams.close()
})

test('a tab that does not read is closed, not remembered', async () => {
  const streams = createLiveStreams(house.live, { heartbeatMs: 1 })
  const stream = streams.open({ workspaceId: idOf(2), actor: 'a', allowed: async () => true })!
  stream.push('x'.repeat(65 * 1024))
  await once(stream, 'close', { signal: AbortSignal.timeout(2_000) })
  streams.close()
})

test('the server stops while screens are open', async () => {
  const other = await testHouse()
  const given = await exampleAnswers(other.database.owner)
  const ours = await given.workspace(other.store)
  await other.app.listen({ port: 0, host: '127.0.0.1' })
  const address = { port: (other.app.server.address() as AddressInfo).port, host: '127.0.0.1', path: addressOf('live') }
  const [reply] = (await once(
    get({ ...address, headers: { authorization: `Bearer ${ours.key}` }, agent: false }),
    'response',
  )) as [IncomingMessage]
  const ended = once(reply, 'end', { signal: AbortSignal.timeout(2_000) })
  reply.resume()
  await given.close()
  await Promise.all([other.close(), ended])
})
