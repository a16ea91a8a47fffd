import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BadSetting, house, readConfig, settings, settingsPage } from './config.ts'

test('an empty environment has a value for everything', () => {
  assert.deepEqual(readConfig({ PORT: '', LAHKO_DATA: ' ' }), {
    port: 3000,
    host: undefined,
    dataFolder: undefined,
    databaseUrl: undefined,
    signup: 'first',
    baseUrl: undefined,
    logLevel: 'warn',
    trustProxy: false,
    metricsToken: undefined,
    workspace: undefined,
    seed: undefined,
    mail: {
      smtpUrl: undefined,
      from: undefined,
      connections: 5,
      perMinute: 600,
      dkimKeyFile: undefined,
      dkimSelector: 'lahko',
      returns: undefined,
    },
  })
})

test('each setting is read', () => {
  const config = readConfig({
    PORT: '8080',
    HOST: '[::1]',
    LAHKO_DATA: 'elsewhere',
    DATABASE_URL: 'postgresql://a:b@db.example.com/lahko',
    LAHKO_SIGNUP: 'open',
    LAHKO_BASE_URL: 'https://feedback.example.com/',
    LAHKO_LOG: 'debug',
    LAHKO_TRUST_PROXY: '10.0.0.0/8, ::1',
    LAHKO_METRICS_TOKEN: '0123456789abcdef',
    LAHKO_WORKSPACE: 'acme',
    LAHKO_SEED: 'demo',
    LAHKO_SMTP_URL: 'smtps://a:b@mail.example.com',
    LAHKO_MAIL_FROM: 'feedback@example.com',
    LAHKO_SMTP_CONNECTIONS: '8',
    LAHKO_MAIL_PACE: '0',
    LAHKO_DKIM_SELECTOR: 'mail.one',
    LAHKO_RETURN_IMAP: 'imaps://user:p%40ss@mail.example.com/INBOX',
    LAHKO_SMTP_RECEIVER: '[::1]:2525',
    LAHKO_RETURN_ADDRESS: 'Returns@example.com',
  })
  assert.deepEqual(config, {
    port: 8080,
    host: '::1',
    dataFolder: join(house, 'elsewhere'),
    databaseUrl: 'postgresql://a:b@db.example.com/lahko',
    signup: 'open',
    baseUrl: 'https://feedback.example.com',
    logLevel: 'debug',
    trustProxy: ['10.0.0.0/8', '::1'],
    metricsToken: '0123456789abcdef',
    workspace: 'acme',
    seed: 'demo',
    mail: {
      smtpUrl: 'smtps://a:b@mail.example.com',
      from: 'feedback@example.com',
      connections: 8,
      perMinute: 0,
      dkimKeyFile: undefined,
      dkimSelector: 'mail.one',
      returns: {
        address: 'returns@example.com',
        imapUrl: 'imaps://user:p%40ss@mail.example.com/INBOX',
        receiver: { host: '::1', port: 2525, certificateFile: undefined },
      },
    },
  })
  assert.equal(readConfig({ LAHKO_TRUST_PROXY: '2' }).trustProxy, 2)
  const bySocket = 'postgresql:///lahko?host=/run/postgresql'
  assert.equal(readConfig({ DATABASE_URL: bySocket }).databaseUrl, bySocket)
})

const unusable: [name: string, value: string][] = [
  ['LAHKO_SMTP_URL', 'mail.example.com'],
  ['LAHKO_MAIL_FROM', 'Ana <ana@example.com>'],
  ['LAHKO_SMTP_CONNECTIONS', '0'],
  ['LAHKO_MAIL_PACE', '-1'],
  ['LAHKO_DKIM_KEY', 'package.json'],
  ['LAHKO_DKIM_SELECTOR', 'a b'],
  ['LAHKO_RETURN_IMAP', 'imaps://mail.example.com'],
  ['LAHKO_RETURN_IMAP', 'https://user:password@mail.example.com'],
  ['LAHKO_SMTP_RECEIVER', '70000'],
  ['LAHKO_SMTP_RECEIVER', 'mail'],
  ['PORT', '65536'],
  ['PORT', '3e3'],
  ['PORT', '-1'],
  ['HOST', 'http://localhost'],
  ['LAHKO_DATA', 'a\0b'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['DATABASE_URL', 'postgresql://localhost'],
  ['LAHKO_SIGNUP', 'yes'],
  ['LAHKO_BASE_URL', 'feedback.example.com'],
  ['LAHKO_BASE_URL', 'https://example.com/path'],
  ['LAHKO_LOG', 'loud'],
  ['LAHKO_TRUST_PROXY', 'true'],
  ['LAHKO_TRUST_PROXY', '10.0.0.0/33'],
  ['LAHKO_TRUST_PROXY', '10.0.0.0/8/8'],
  ['LAHKO_METRICS_TOKEN', 'short'],
  ['LAHKO_WORKSPACE', 'http://acme'],
  ['LAHKO_SEED', 'everything'],
]

for (const [name, value] of unusable) {
  test(`${name}=${JSON.stringify(value)} is refused by name, with what would be right`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => {
        assert.ok(error instanceof BadSetting)
        return error.message.startsWith(`${name} is `) && error.message.includes('it must')
      },
    )
  })
}

test('a refused DATABASE_URL does not repeat its password', () => {
  assert.throws(
    () => readConfig({ DATABASE_URL: 'mysql://a:secret@localhost/x' }),
    (error: Error) => !error.message.includes('secret'),
  )
})

test('every setting that is read stands in the table, and the page is made of the table', () => {
  const asked = new Set<string>()
  readConfig(new Proxy({}, { get: (_, name) => void asked.add(String(name)) }))
  assert.deepEqual([...asked].toSorted(), settings.map(({ name }) => name).toSorted())
  assert.equal(readFileSync(join(house, 'docs', 'operate', 'settings.md'), 'utf8'), settingsPage())
})

test('a key that mails could not be signed with stops the start, with what would be right', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lahko-key-'))
  const said = (name: string, key: KeyObject) => {
    const file = join(folder, name)
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }))
    const env = { LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_DKIM_KEY: file }
    try {
      return readConfig(env).mail.dkimKeyFile === file
    } catch (error) {
      return (error as Error).message
    }
  }
  const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey
  try {
    assert.match(
      said('ed.pem', generateKeyPairSync('ed25519').privateKey) as string,
      /its key is ed25519, and Lahko signs with RSA only/,
    )
    assert.match(said('short.pem', rsa(768)) as string, /its key must have 1024 bits or more/)
    assert.equal(said('rsa.pem', rsa(2048)), true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
