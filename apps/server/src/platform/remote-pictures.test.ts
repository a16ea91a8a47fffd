import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Internet } from './internet.ts'
import { fetchPicture } from './remote-pictures.ts'

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)])
const asked: IncomingMessage[] = []
let inner = 0
let outside: Server
let inside: Server
let port: number

/** What stands where on the server that stands for all others. */
const places: Record<string, RequestListener> = {
  '/a.png': (_, reply) => void reply.setHeader('set-cookie', 'spy=1').end(png),
  '/page': (_, reply) => void reply.setHeader('content-type', 'image/png').end('<html>'),
  '/svg': (_, reply) => void reply.setHeader('content-type', 'image/svg+xml').end('<svg xmlns="x"/>'),
  '/nothing': (_, reply) => void reply.writeHead(204).end(),
  '/gone': (_, reply) => void reply.writeHead(404).end(png),
  '/empty': (_, reply) => void reply.end(),
  '/once': (_, reply) => void reply.writeHead(302, { location: '/a.png' }).end(),
  '/round': (_, reply) => void reply.writeHead(302, { location: '/round' }).end(),
  '/inwards': (_, reply) => void reply.writeHead(302, { location: `http://127.0.0.2:${port}/a.png` }).end(),
  '/named-inwards': (_, reply) => void reply.writeHead(302, { location: `http://inner.example:${port}/a.png` }).end(),
  '/file': (_, reply) => void reply.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/slow': () => undefined,
  '/drop': (_, reply) => void reply.write(png.subarray(0, 20), () => reply.destroy()),
  '/endless': (_, reply) => {
    const more = () => {
      while (!reply.destroyed && reply.write(Buffer.alloc(65_536, 1)));
    }
    reply.write(png)
    reply.on('drain', more)
    more()
  },
  '/trickle': (_, reply) => {
    reply.write(png)
    const timer = setInterval(() => reply.write('x'), 20)
    reply.on('close', () => clearInterval(timer))
  },
}

before(async () => {
  outside = createServer((request, reply) => {
    asked.push(request)
    places[request.url ?? '']?.(request, reply)
  })
  inside = createServer((_, reply) => {
    inner += 1
    reply.end(png)
  })
  await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done))
  port = (outside.address() as AddressInfo).port
  await new Promise<void>((done) => inside.listen(port, '127.0.0.2', done))
})
after(() => {
  for (const server of [outside, inside]) {
    server.closeAllConnections()
    server.close()
  }
})

const names: Record<string, string[][]> = {
  'shop.example': [['127.0.0.1']],
  'inner.example': [['127.0.0.2']],
  'both.example': [['127.0.0.2', '127.0.0.1']],
  // Says something else when it is asked again.
  'turns.example': [['127.0.0.1'], ['127.0.0.2']],
}
let looks = 0
const internet: Internet = {
  async addressesOf(name) {
    if (name === 'never.example') return new Promise(() => undefined)
    const answers = names[name]
    if (!answers) throw new Error('ENOTFOUND')
    return answers[Math.min(looks++, answers.length - 1)]!
  },
  mayCall: (address) => address === '127.0.0.1',
}

const from = (place: string, host = 'shop.example') => fetchPicture(internet, `http://${host}:${port}${place}`, 500)

test('a picture is what its first bytes say, and its server learns nothing of who asks', async () => {
  assert.deepEqual(await from('/a.png'), { mediaType: 'image/png', content: png })
  const { headers } = asked.at(-1)!
  assert.deepEqual(Object.keys(headers).toSorted(), ['accept', 'accept-encoding', 'connection', 'host'])
  assert.equal(headers.host, `shop.example:${port}`)
  assert.deepEqual(await from('/once'), { mediaType: 'image/png', content: png })
  assert.equal(asked.at(-1)!.headers.cookie, undefined)
})

for (const place of ['/page', '/svg', '/nothing', '/gone', '/empty', '/round', '/file', '/drop', '/endless'])
  test(`${place} shows nothing`, async () => assert.equal(await from(place), undefined))

for (const place of ['/slow', '/trickle'])
  test(`${place} is not waited for`, async () => {
    const began = performance.now()
    assert.equal(await from(place), undefined)
    assert.ok(performance.now() - began < 3_000)
  })

test('whatever leads to a private network is not called, by name, number or redirect', async () => {
  assert.equal(await from('/a.png', 'inner.example'), undefined)
  assert.equal(await from('/inwards'), undefined)
  assert.equal(await from('/named-inwards'), undefined)
  for (const host of [
    '127.0.0.2',
    '2130706434',
    '0x7f.2',
    '[::ffff:127.0.0.2]',
    '[::1]',
    'localhost',
    'unknown.example',
  ])
    assert.equal(await from('/a.png', host), undefined, host)
  assert.equal(inner, 0)
})

test('what is called is the address that was judged, and only such a one', async () => {
  looks = 0
  assert.ok(await from('/a.png', 'turns.example'))
  assert.equal(looks, 1)
  looks = 0
  assert.equal(await from('/once', 'turns.example'), undefined, 'a redirect is judged anew')
  assert.ok(await from('/a.png', 'both.example'))
  assert.equal(inner, 0)
})

test('a name that is not answered is not waited for', async () => {
  assert.equal(await from('/a.png', 'never.example'), undefined)
})

test('only http and https, and nobody signs in', async () => {
  for (const address of [
    'ftp://shop.example/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,iVBORw0KGgo=',
    'x',
    '',
  ])
    assert.equal(await fetchPicture(internet, address), undefined, address)
  const before = asked.length
  assert.equal(await fetchPicture(internet, `http://user:word@shop.example:${port}/a.png`), undefined)
  assert.equal(asked.length, before)
})
