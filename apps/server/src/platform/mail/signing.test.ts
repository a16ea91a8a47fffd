import assert from 'node:assert/strict'
import { createHash, createVerify, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newWorkspace, visitor } from '../../testing/visitor.ts'
import { system } from '../store.ts'
import { testHouse, type TestHouse } from '../testing/house.ts'
import { headerOf, testSmtp, type TestSmtp } from '../testing/smtp.ts'
import { queueMail } from './queueing.ts'

let folder: string
let smtp: TestSmtp
let house: TestHouse
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lahko-dkim-'))
  const file = join(folder, 'dkim.pem')
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  smtp = await testSmtp()
  house = await testHouse({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_DKIM_KEY: file,
    LAHKO_DKIM_SELECTOR: 'one',
  })
})
after(async () => {
  await house.close()
  await smtp.close()
  await rm(folder, { recursive: true })
})

/** A verifier after RFC 6376 for `relaxed/relaxed` and RSA, written for this test alone. @returns its tags */
function verify(raw: string, key: KeyObject): Record<string, string> {
  const split = raw.indexOf('\r\n\r\n')
  const fields = raw.slice(0, split).split(/\r\n(?![ \t])/)
  const find = (name: string) => fields.findLast((field) => field.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  const tags = Object.fromEntries(
    headerOf(raw, 'DKIM-Signature')!
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).replace(/\s+/g, '')]),
  )
  assert.equal(tags['c'], 'relaxed/relaxed')
  const lines = raw
    .slice(split + 4)
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  const body = `${lines.join('\r\n').replace(/(\r\n)+$/, '')}\r\n`
  assert.equal(createHash('sha256').update(body).digest('base64'), tags['bh'], 'the body is the one that was signed')
  const relaxed = (field: string) => {
    const colon = field.indexOf(':')
    const value = field
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
    return `${field.slice(0, colon).trim().toLowerCase()}:${value.trim()}`
  }
  const signed = tags['h']!.split(':').flatMap((name) => find(name) ?? [])
  const own = relaxed(find('DKIM-Signature')!).replace(/(\bb=)[^;]*/, '$1')
  const text = [...signed.map(relaxed), own].join('\r\n')
  assert.ok(createVerify('sha256').update(text).verify(key, tags['b']!, 'base64'), 'the signature is the key’s')
  return tags
}

test('a mail is signed in the name of its domain, both headers of the one-click unsubscribe among what is signed', async () => {
  const { id: workspaceId } = await newWorkspace(house, 'signing', visitor(house))
  await house.store.write({ workspaceId, actor: system }, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'note', subjectId: randomUUID(), number: 0, recipient: 'a@kupec.example', fromName: 'Čevljar' },
      ...{ subject: 'Kako enostavno je bilo?', text: 'Živjo  vsi \n\nLep dan\n', html: '<p>Živjo</p>' },
      headers: {
        'List-Unsubscribe': '<https://shop.example/unsubscribe/token>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    }),
  )
  await house.due.drain()
  const { raw } = smtp.received[0]!
  const tags = verify(raw, publicKey)
  assert.deepEqual([tags['d'], tags['s'], tags['a']], ['shop.example', 'one', 'rsa-sha256'])
  const names = tags['h']!.toLowerCase().split(':')
  for (const name of ['from', 'to', 'subject', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post'])
    assert.ok(names.includes(name), name)
  assert.throws(() => verify(raw.replace('One-Click', 'One-Clock'), publicKey), /signature/)
  assert.throws(() => verify(`${raw.trimEnd()} more\r\n`, publicKey), /body/)
})
