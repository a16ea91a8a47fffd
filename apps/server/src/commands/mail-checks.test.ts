import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readConfig } from '../config.ts'
import { checkMail } from './mail-checks.ts'

const folder = mkdtempSync(join(tmpdir(), 'lahko-dkim-'))
after(() => rmSync(folder, { recursive: true }))
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keyFile = join(folder, 'dkim.pem')
writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))

const { mail } = readConfig({
  LAHKO_SMTP_URL: 'smtp://127.0.0.1:2525',
  LAHKO_MAIL_FROM: 'feedback@shop.example',
  LAHKO_DKIM_KEY: keyFile,
})
const records = (known: Record<string, string>) => async (name: string) => {
  if (known[name] === undefined) throw Object.assign(new Error(name), { code: 'ENODATA' })
  return [[known[name]]]
}

test('a domain that is ready is good, its key that of the file', async () => {
  const findings = await checkMail(
    mail,
    records({
      'shop.example': 'v=spf1 include:relay.example -all',
      'lahko._domainkey.shop.example': `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
      '_dmarc.shop.example': 'v=DMARC1; p=reject',
    }),
  )
  assert.deepEqual(
    findings.map(({ what, state }) => [what, state]),
    [
      ['SPF', 'good'],
      ['DKIM', 'good'],
      ['DMARC', 'good'],
    ],
  )
})

test('what is missing or harmful is said with the record to add', async () => {
  const [spf, dkim, dmarc] = await checkMail(mail, records({ 'shop.example': 'v=spf1 +all' }))
  assert.deepEqual([spf!.state, spf!.mend], ['bad', 'TXT shop.example: v=spf1 ~all'])
  assert.equal(dkim!.state, 'warning')
  assert.match(dkim!.mend!, /^TXT lahko\._domainkey\.shop\.example: v=DKIM1; k=rsa; p=MII/)
  assert.match(dmarc!.mend!, /^TXT _dmarc\.shop\.example: v=DMARC1; p=none; rua=mailto:postmaster@shop\.example$/)
})

test('a domain that does not exist is bad, and no record is to be added to it', async () => {
  const findings = await checkMail(mail, async () => {
    throw Object.assign(new Error('shop.example'), { code: 'ENOTFOUND' })
  })
  for (const { state, says, mend } of findings) {
    assert.deepEqual([state, says], ['bad', 'there is no domain shop.example in the DNS'])
    assert.match(mend!, /LAHKO_MAIL_FROM/)
  }
})

test('of a return address elsewhere SPF is looked for there, and that it does not speak for From is said', async () => {
  const { mail: returning } = readConfig({
    LAHKO_SMTP_URL: 'smtp://127.0.0.1:2525',
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_SMTP_RECEIVER: '2526',
    LAHKO_RETURN_ADDRESS: 'feedback@returns.example',
  })
  const [spf, alignment] = await checkMail(returning, records({ 'shop.example': 'v=spf1 mx -all' }))
  assert.deepEqual([spf!.state, spf!.mend], ['warning', 'TXT returns.example: v=spf1 mx:shop.example ~all'])
  assert.match(alignment!.says, /^SPF of returns\.example, .* does not speak for shop\.example/)
})

test('without a server that is all there is to say', async () => {
  const findings = await checkMail(readConfig({}).mail, records({}))
  assert.deepEqual(
    findings.map(({ what, state }) => [what, state]),
    [['Mail', 'warning']],
  )
})
