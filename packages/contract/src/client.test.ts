import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { ApiProblem, createClient } from './client.ts'

/** What the server at hand says to everything. */
let saying = { status: 200, type: 'text/html', body: '' }
let server: Server
let baseUrl: string

before(async () => {
  server = createServer((_, reply) => {
    reply.writeHead(saying.status, { 'content-type': saying.type }).end(saying.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())

async function problemOf(said: typeof saying, language = 'en') {
  saying = said
  try {
    await createClient({ baseUrl, language }).surveys.list({})
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
