import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import fastify from 'fastify'
import { surveys } from '@lahko/contract/surveys'
import { mountSlowBodies } from './slow-bodies.ts'
import { testHouse } from './testing/house.ts'

const ms = 200

async function serve(t: TestContext): Promise<number> {
  const app = fastify()
  mountSlowBodies(app, ms)
  app.addContentTypeParser('application/octet-stream', (_, payload, done) => done(null, payload))
  app.post('/form', (request) => request.body)
  app.post('/file', { config: { entry: surveys.upload } }, (request) => text(request.body as NodeJS.ReadableStream))
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => app.close())
  return (app.server.address() as AddressInfo).port
}

/** Sends a body of ten bytes, one by one. */
async function send(port: number, path: string, type: string, pauseMs: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const answer = text(socket).catch(String)
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: 10\r\n\r\n`,
  )
  for (const byte of '"12345678"') {
    if (socket.destroyed || !socket.writable) break
    socket.write(byte)
    await wait(pauseMs)
  }
  return answer
}

test('a body that takes too long ends the request', async (t) => {
  const port = await serve(t)
  assert.match(await send(port, '/form', 'application/json', ms / 4), /^HTTP\/1\.1 408 /)
  assert.match(await send(port, '/form', 'application/json', 1), /^HTTP\/1\.1 200 [^]*12345678/)
})

test('an upload may take as long as it goes on', async (t) => {
  const port = await serve(t)
  assert.match(await send(port, '/file', 'application/octet-stream', ms / 4), /^HTTP\/1\.1 200 [^]*"12345678"/)
})

test('Lahko itself limits how long a head takes and how long nothing moves, and no body as a whole', async (t) => {
  const house = await testHouse()
  t.after(() => house.close())
  const { requestTimeout, headersTimeout, timeout } = house.app.server
  assert.deepEqual(
    { requestTimeout, headersTimeout, timeout },
    { requestTimeout: 0, headersTimeout: 30_000, timeout: 60_000 },
  )
})
