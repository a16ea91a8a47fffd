import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod'
import fastify from 'fastify'
import { entry } from '@lahko/contract/entry'
import { z } from 'zod'
import { apiPrefix, mountRoutes, route } from './http.ts'
import { Problem } from './problem.ts'
import { mountSlowBodies } from './slow-bodies.ts'
import type { Scope, Store } from './store.ts'
import { testHouse } from './testing/house.ts'

const ms = 200
const upload = entry({
  method: 'POST',
  path: '/files',
  summary: 'Anything',
  permission: 'responses.import',
  content: 'upload',
  reply: z.string(),
})

/** `sender` may do everything, whoever sends a wrong key is refused at once, and anybody else is nobody. */
async function serve(t: TestContext): Promise<number> {
  const app = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  mountSlowBodies(app, ms)
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers
    if (authorization === 'wrong') throw new Problem('unauthenticated', 'platform.sign_in_first')
    const kind = authorization === 'sender' ? 'system' : 'nobody'
    request.scope = { actor: { kind, permissions: { has: () => kind === 'system' } } } as unknown as Scope
  })
  app.setErrorHandler((_, request, reply) => reply.code(401).send({ refused: true }))
  app.post('/form', (request) => request.body)
  mountRoutes(app, {} as Store, [route(upload, ({ request }) => text(request.body as NodeJS.ReadableStream))])
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => app.close())
  return (app.server.address() as AddressInfo).port
}

type Sent = { path: string; type?: string; key?: string; parts: readonly string[] }

/** Sends a body in parts, each after a pause. @returns all that is answered until the connection ends */
async function send(port: number, { path, type = 'application/json', key = '', parts }: Sent): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let answer = ''
  // Whoever still writes when the server has answered and gone is told so by an error, after the answer.
  socket.on('error', () => undefined).on('data', (part) => (answer += part))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const length = parts.join('').length
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${key}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`,
  )
  for (const part of parts) {
    if (socket.destroyed || !socket.writable) break
    socket.write(part)
    await wait(ms / 4)
  }
  await closed
  return answer
}

/** Leaves the connection open. @returns how it ended: by the server, or not before a while was over */
async function stall(port: number, { path, key = '' }: Pick<Sent, 'path' | 'key'>): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('error', () => undefined).on('data', (part) => (answer += part))
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve('ended')))
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${key}\r\ncontent-type: application/octet-stream\r\ncontent-length: 10\r\n\r\n1`,
  )
  const how = await Promise.race([ended, wait(ms * 25, 'open')])
  socket.destroy()
  return `${/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]} ${answer.split('HTTP/1.1').length - 1} ${how}`
}

const bytes = [...'"12345678"']
const uploadPath = apiPrefix + upload.path

test('a body that takes too long ends the request', async (t) => {
  const port = await serve(t)
  assert.match(await send(port, { path: '/form', parts: bytes }), /^HTTP\/1\.1 408 /)
  assert.match(await send(port, { path: '/form', parts: [bytes.join('')] }), /^HTTP\/1\.1 200 [^]*12345678/)
})

test('an upload may take as long as it goes on', async (t) => {
  const port = await serve(t)
  const answer = await send(port, { path: uploadPath, type: 'application/octet-stream', key: 'sender', parts: bytes })
  assert.match(answer, /^HTTP\/1\.1 200 [^]*"12345678"/)
})

test('who is refused holds the connection no longer than others, with one answer', async (t) => {
  const port = await serve(t)
  assert.equal(await stall(port, { path: '/form', key: 'wrong' }), '401 1 ended')
  assert.equal(await stall(port, { path: uploadPath }), '401 1 ended')
})

test('Lahko itself limits how long a head takes and how long nothing moves, and no body as a whole', async (t) => {
  const house = await testHouse()
  t.after(() => house.close())
  const unreadable = await house.app.inject({ method: 'POST', url: '/%', payload: '1' })
  assert.deepEqual([unreadable.statusCode, unreadable.headers.connection], [400, 'close'])
  const { requestTimeout, headersTimeout, timeout } = house.app.server
  assert.deepEqual(
    { requestTimeout, headersTimeout, timeout },
    { requestTimeout: 0, headersTimeout: 30_000, timeout: 60_000 },
  )
})
