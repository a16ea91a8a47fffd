import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { dkimVerify } from 'mailauth'
import { newWorkspace, visitor } from '../../testing/visitor.ts'
import { system } from '../store.ts'
import { testHouse, type TestHouse } from '../testing/house.ts'
import { testSmtp, type TestSmtp } from '../testing/smtp.ts'
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

/** What a receiving server makes of the signature, by a library that has nothing to do with the one that signs. */
async function verify(raw: string) {
  const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  const resolver = async (name: string) => {
    assert.equal(name, 'one._domainkey.shop.example')
    return [[record]]
  }
  const { results } = await dkimVerify(raw, { resolver })
  return results[0]!
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
  const { status, signingDomain, selector, algo, signingHeaders } = await verify(raw)
  assert.deepEqual([status.result, signingDomain, selector, algo], ['pass', 'shop.example', 'one', 'rsa-sha256'])
  const names = signingHeaders!.keys.toLowerCase().split(': ')
  for (const name of ['from', 'to', 'subject', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post'])
    assert.ok(names.includes(name), name)
  assert.equal((await verify(raw.replace('One-Click', 'One-Clock'))).status.result, 'fail')
  assert.equal((await verify(`${raw.trimEnd()} more\r\n`)).status.result, 'neutral')
})
