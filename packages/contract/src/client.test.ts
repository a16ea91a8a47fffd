import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { ApiProblem, createClient, everyItem, type ClientOptions } from './client.ts'

/** What the server at hand says to everything. */
let saying = { status: 200, type: 'text/html', body: '' }
type Said = { status: number; body?: string; headers?: Record<string, string>; hangs?: boolean; breaks?: boolean }
/** What it says to one request after the other, before that. */
let script: Said[] = []
let asked: { method: string; url: string; headers: NodeJS.Dict<string | string[]> }[] = []
let server: Server
let baseUrl: string

before(async () => {
  server = createServer((request, reply) => {
    asked.push({ method: request.method!, url: request.url!, headers: request.headers })
    const next = script.shift()
    if (next?.breaks) return void request.socket.destroy()
    if (next?.hangs) return
    if (next)
      return void reply.writeHead(next.status, { 'content-type': 'application/json', ...next.headers }).end(next.body)
    reply.writeHead(saying.status, { 'content-type': saying.type }).end(saying.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

async function problemOf(said: typeof saying, language = 'en') {
  saying = said
  try {
    await createClient({ baseUrl, language, retries: 0 }).surveys.list({})
  } catch (error) {
    assert.ok(error instanceof ApiProblem, String(error))
    return error.problem
  }
  return assert.fail('it was accepted')
}

const page = { status: 502, type: 'text/html', body: '<html><h1>502 Bad Gateway</h1></html>' }

test('a page of a proxy, an empty body and strange JSON are a server that is unavailable, with the status', async () => {
  const title = 'Lahko cannot be reached just now (status 502). Try again in a moment.'
  const wanted = { type: 'about:blank', title, status: 502, code: 'unavailable', requestId: '' }
  assert.deepEqual(await problemOf(page), wanted)
  assert.deepEqual(await problemOf({ ...page, body: '' }), wanted)
  assert.deepEqual(await problemOf({ ...page, type: 'application/json', body: '{"message":"no"}' }), wanted)
  assert.deepEqual((await problemOf({ ...page, status: 200 })).code, 'unavailable')
  assert.match((await problemOf(page, 'sl')).title, /^Program Lahko trenutno ni dosegljiv \(stanje 502\)/)
  assert.match((await problemOf(page, 'nb-NO')).title, /^Lahko kan ikke nås/)
})

test("Lahko's own problem is told as it is", async () => {
  const own = {
    type: 'about:blank',
    title: 'Sign in first.',
    status: 401,
    code: 'accounts.unauthenticated',
    requestId: 'r',
  }
  const said = { status: 401, type: 'application/problem+json', body: JSON.stringify(own) }
  assert.deepEqual(await problemOf(said), own)
})

const ok = { status: 200, body: '{"items":[],"next":null}' }
const list = (said: Said[], options: Partial<ClientOptions> = {}) => {
  script = said
  asked = []
  return createClient({ baseUrl, ...options }).surveys.list()
}
const report = (said: Said[], given: { idempotencyKey?: string } = {}, options: Partial<ClientOptions> = {}) => {
  script = said
  asked = []
  const client = createClient({ baseUrl, ...options })
  return client.surveys.ingest({ body: { survey: 'x', score: 1 }, ...given })
}

test('what failed for the moment is tried again, and not before the server wants it', async () => {
  const began = performance.now()
  await list([{ status: 503, body: '{}', headers: { 'retry-after': '1' } }, { status: 429, body: '{}' }, ok])
  assert.equal(asked.length, 3)
  assert.ok(performance.now() - began >= 1_400, 'a second as asked, then half of a second at least')
})

test('what is refused for good, or asks for long patience, is told at once', async () => {
  for (const said of [
    { status: 400, body: '{}' },
    { status: 500, body: '{}' },
    { status: 429, body: '{}', headers: { 'retry-after': '600' } },
  ]) {
    await assert.rejects(list([said, ok]), ApiProblem)
    assert.equal(asked.length, 1)
  }
  await assert.rejects(list([{ status: 503, body: '{}' }, ok], { retries: 0 }), ApiProblem)
})

test('a POST that perhaps arrived is sent again only with a key, and the same each time', async () => {
  await assert.rejects(report([{ status: 0, breaks: true }, ok]), TypeError)
  assert.equal(asked.length, 1)
  await report([{ status: 0, breaks: true }, { status: 502, body: 'proxy' }, ok], { idempotencyKey: 'k-1' })
  assert.deepEqual(
    asked.map(({ headers }) => headers['idempotency-key']),
    ['k-1', 'k-1', 'k-1'],
  )
  await assert.rejects(report([{ status: 503, body: '{}', headers: { 'retry-after': '0' } }, ok]), ApiProblem)
  await report([{ status: 503, body: '{}', headers: { 'retry-after': '0' } }, ok], { idempotencyKey: 'k-2' })
  assert.equal(asked.length, 2)
  await report([{ status: 429, body: '{}' }, ok])
  assert.equal(asked.length, 2, 'nothing had been done')
})

test('a key means nothing where the server does not know it, and a removal that was tried again is done', async () => {
  const client = createClient({ baseUrl })
  script = [{ status: 502, body: 'proxy' }, ok]
  asked = []
  await assert.rejects(client.surveys.publish({ params: { id: 'x' }, body: {}, idempotencyKey: 'k' }), ApiProblem)
  assert.equal(asked.length, 1)
  script = [
    { status: 502, body: 'proxy' },
    { status: 404, body: '{}' },
  ]
  await client.programmes.remove({ params: { id: 'x' } })
  script = [{ status: 404, body: '{}' }]
  await assert.rejects(client.programmes.remove({ params: { id: 'x' } }), ApiProblem)
})

test('an attempt that takes too long ends, and the caller ends all of it', async () => {
  await list([{ status: 0, hangs: true }, ok], { timeoutMs: 100 })
  assert.equal(asked.length, 2)
  await assert.rejects(list([{ status: 0, hangs: true }], { timeoutMs: 100, retries: 0 }), { name: 'TimeoutError' })
  script = [{ status: 503, body: '{}', headers: { 'retry-after': '30' } }]
  const signal = AbortSignal.timeout(200)
  await assert.rejects(createClient({ baseUrl }).surveys.list({ signal }), { name: 'TimeoutError' })
})

test('every item of a list comes, page after page', async () => {
  script = [
    { status: 200, body: '{"items":[1,2],"next":"b c"}' },
    { status: 200, body: '{"items":[3],"next":null}' },
  ]
  asked = []
  const found: unknown[] = []
  for await (const item of everyItem(createClient({ baseUrl }).surveys.list, { query: { limit: 2 } })) found.push(item)
  assert.deepEqual(found, [1, 2, 3])
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['/api/v1/surveys?limit=2', '/api/v1/surveys?limit=2&after=b+c'],
  )
})

test('a file comes byte by byte as it is', async () => {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe])
  const binary = createServer((_, reply) => void reply.writeHead(200, { 'content-type': 'image/png' }).end(bytes))
  await new Promise<void>((resolve) => binary.listen(0, '127.0.0.1', resolve))
  const { port } = binary.address() as AddressInfo
  const file: unknown = await createClient({ baseUrl: `http://127.0.0.1:${port}` }).insight.effortCsv({})
  assert.ok(file instanceof Blob)
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), bytes)
  binary.close()
})
