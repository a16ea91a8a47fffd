import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { newWorkspace, visitor } from '../../testing/visitor.ts'
import { system, type Scope } from '../store.ts'
import { testHouse, type TestHouse } from '../testing/house.ts'
import { headerOf, testSmtp, type TestSmtp } from '../testing/smtp.ts'
import { registerMailKind } from './kinds.ts'
import { capReferences, type Letter, type Outfit } from './letters.ts'
import { listMailFates, withdrawMails } from './mails.queries.ts'
import { queueMail } from './queueing.ts'

let smtp: TestSmtp
let own: TestSmtp
let house: TestHouse
let sql: pg.Client
let scope: Scope
let outfit: Outfit
let refused: string[]

before(async () => {
  smtp = await testSmtp()
  own = await testSmtp()
  const mail = { LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example' }
  house = await testHouse({ ...mail, LAHKO_SIGNUP: 'open' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  scope = { workspaceId: (await newWorkspace(house, 'letters', visitor(house))).id, actor: system }
  registerMailKind('letter', {
    outfit: async () => outfit,
    refused: async (_, { number }, recipients) => {
      refused.push(...recipients.map(({ address, status }) => `${number} ${address} ${status}`))
    },
  })
})
beforeEach(async () => {
  for (const server of [smtp, own]) {
    server.received.length = 0
    server.refuse = () => undefined
  }
  outfit = { files: [] }
  refused = []
  await sql.query('delete from mails')
  house.clock.advance(10 * 60_000)
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
  await own.close().catch(() => undefined)
})

const named = (address: string, name = '') => ({ name, address })
const plain: Letter = { to: [named('ana@one.example')], copies: [], blindCopies: [], references: [], files: [] }

function queue(letter: Partial<Letter>, subjectId = randomUUID()) {
  return house.store.write(scope, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'letter', subjectId, number: 0, recipient: 'ana@one.example', fromName: 'Shop', subject: 'Re: Zip' },
      ...{ text: 'Hello', html: '<p>Hello</p>', headers: {}, letter: { ...plain, ...letter }, messageId: '<t@one>' },
    }),
  )
}

const fates = (subjectId: string) => house.store.read(scope, (db) => listMailFates(db, 'letter', [subjectId]))

test('one mail goes to all its recipients, with its own sender, thread and files', async () => {
  outfit.files = [
    { name: 'ček.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF') },
    { name: 'a.png', mediaType: 'image/png', content: Buffer.from('png'), contentId: 'pic-1' },
  ]
  await queue({
    ...{ from: named('help@shop.example', 'Čevljar'), replyTo: named('help+t@shop.example', 'Čevljar') },
    ...{ copies: [named('bor@two.example', 'Bor')], blindCopies: [named('hid@three.example')] },
    ...{ inReplyTo: '<b@x>', references: ['<a@x>', '<b@x>'] },
  })
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
  const { raw, to, from } = smtp.received[0]!
  assert.deepEqual(to, ['ana@one.example', 'bor@two.example', 'hid@three.example'])
  assert.equal(from, 'help@shop.example')
  assert.doesNotMatch(raw, /hid@three/)
  assert.match(headerOf(raw, 'Cc')!, /Bor <bor@two\.example>/)
  assert.match(headerOf(raw, 'Reply-To')!, /help\+t@shop\.example/)
  assert.deepEqual(
    ['Message-ID', 'In-Reply-To', 'References'].map((name) => headerOf(raw, name)),
    ['<t@one>', '<b@x>', '<a@x> <b@x>'],
  )
  assert.match(raw, /Content-Id: <pic-1>/i)
  assert.match(raw, /Content-Disposition: inline; filename=a\.png/)
  assert.match(raw, /Content-Disposition: attachment/)
  assert.ok(raw.includes('<p>Hello</p>'))
})

test('who is refused is told apart, who is put off gets it later, and nobody gets it twice', async () => {
  const id = randomUUID()
  smtp.refuse = (address) => {
    if (address.startsWith('nobody')) return { code: 550, message: '5.1.1 no such user' }
    return address.startsWith('grey') ? { code: 451, message: '4.7.1 greylisted' } : undefined
  }
  await queue({ copies: [named('nobody@two.example'), named('grey@three.example')] }, id)
  await house.due.drain()
  assert.deepEqual(refused, ['0 nobody@two.example 5.1.1'])
  assert.deepEqual(
    (await fates(id)).map(({ state }) => state),
    ['sent', 'waiting'],
  )
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
  await house.due.drain()
  assert.deepEqual(
    smtp.received.map(({ to }) => to),
    [['ana@one.example'], ['grey@three.example']],
  )
  assert.equal(headerOf(smtp.received[1]!.raw, 'Message-ID'), '<t@one>')
  assert.match(headerOf(smtp.received[1]!.raw, 'To')!, /ana@one/)
})

test('when nobody is taken, only those who were put off are tried again', async () => {
  const id = randomUUID()
  smtp.refuse = (address) =>
    address.startsWith('ana') ? { code: 451, message: '4.7.1 later' } : { code: 550, message: '5.1.1 nobody' }
  await queue({ copies: [named('nobody@two.example')] }, id)
  await house.due.drain()
  assert.deepEqual(refused, ['0 nobody@two.example 5.1.1'])
  smtp.refuse = () => undefined
  house.clock.advance(10 * 60_000)
  await house.due.drain()
  assert.deepEqual(
    smtp.received.map(({ to }) => to),
    [['ana@one.example']],
  )
  assert.deepEqual(
    (await fates(id)).map(({ state }) => state),
    ['sent'],
  )
})

test('a server of its own sends a letter, and one that is away holds up no other', async () => {
  const { hostname: host, port } = new URL(own.url)
  const server = { host, port: Number(port), secure: false, user: '' }
  outfit = { server, files: [] }
  await queue({ from: named('help@other.example'), server: 'box' })
  await house.due.drain()
  assert.deepEqual([own.received.length, smtp.received.length], [1, 0])
  assert.equal(own.received[0]!.from, 'help@other.example')
  await own.vanish()
  const away = randomUUID()
  await queue({ server: 'box' }, away)
  await house.due.drain()
  assert.deepEqual(
    (await fates(away)).map(({ state }) => state),
    ['waiting'],
  )
  outfit = { files: [] }
  await queue({})
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
})

test('a letter that waits can be taken out of the outbox, one that went cannot', async () => {
  const id = randomUUID()
  await queue({}, id)
  const withdraw = () => house.store.write(scope, (tx) => withdrawMails(tx, 'letter', id))
  assert.equal(await withdraw(), true)
  await house.due.drain()
  assert.equal(smtp.received.length, 0)
  await queue({}, id)
  await house.due.drain()
  assert.equal(await withdraw(), false)
})

test('references fit into a header, and keep the first and the last', () => {
  const ids = Array.from({ length: 100 }, (_, place) => `<${String(place).padStart(40, '0')}@mail.example>`)
  const capped = capReferences([...ids, ids[99]!])
  assert.ok(capped.join(' ').length <= 1_500)
  assert.deepEqual([capped[0], capped.at(-1)], [ids[0], ids[99]])
  assert.deepEqual(capReferences(['<a@b>', '<c@d>']), ['<a@b>', '<c@d>'])
  assert.deepEqual(capReferences([`<${'x'.repeat(1_500)}@y>`, '<c@d>']), ['<c@d>'])
})

test('a workspace whose server is slow gives others their turn', async () => {
  const other = { workspaceId: (await newWorkspace(house, 'letters-2', visitor(house))).id, actor: system }
  const [first, second] = [scope, other]
  const many = house.config.mail.connections * 3
  for (scope of [first, second]) {
    for (let number = 0; number < many; number++) {
      const from = named(`${scope === first ? 'first' : 'second'}@shop.example`)
      await queue({ from, to: [named(`ana@${number}.example`)], server: `box-${number}` })
    }
  }
  scope = first
  smtp.beforeAnswer = async () => {
    house.clock.advance(21_000)
    return undefined
  }
  await house.due.drain()
  smtp.beforeAnswer = async () => undefined
  const senders = smtp.received.map(({ from }) => from)
  assert.equal(senders.length, many * 2)
  assert.ok(senders.lastIndexOf(senders[0]!) > senders.indexOf(senders.find((one) => one !== senders[0])!))
})

test('a password goes to no server that has no TLS, unless it is this machine', async () => {
  let said = ''
  const server = createServer((socket) => {
    socket.write('220 mail.example\r\n')
    socket.on('data', (data) => {
      said += String(data)
      socket.write(String(data).startsWith('EHLO') ? '250-mail.example\r\n250 AUTH PLAIN\r\n' : '502 5.5.1 no\r\n')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const ask = async (host: string) => {
    outfit = { server: { host, port, secure: false, user: 'ana', password: 'secret' }, files: [] }
    await queue({ server: host })
    await house.due.drain()
  }
  // The same machine by a name that is not known as its own.
  await ask('::ffff:127.0.0.1')
  assert.match(said, /STARTTLS/)
  assert.doesNotMatch(said, /AUTH/)
  await ask('127.0.0.1')
  assert.match(said, /AUTH PLAIN/)
  server.close()
})
