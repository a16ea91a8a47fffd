import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { longestReturnName } from './platform/mail/receiving/return-tokens.ts'
import { BadSetting, house, type Setting } from './setting.ts'

/** How mail is sent. */
export type MailConfig = Readonly<{
  /** `smtp://…` or `smtps://…`; undefined: mail stays in the outbox. */
  smtpUrl: string | undefined
  /** The address that mails come from; there is one when there is a server. */
  from: string | undefined
  /** So many connections to the server at once. */
  connections: number
  /** So many mails a minute to addresses of one domain; 0 for any number. */
  perMinute: number
  /** Absolute path of a private key in PEM; undefined: mails are not signed here. */
  dkimKeyFile: string | undefined
  dkimSelector: string
  /** How what comes back to a mail is received; undefined: it is not. */
  returns: ReturnsConfig | undefined
}>

/** Where mail comes back to; by a mailbox that is read, a server that takes it, or both. */
export type ReturnsConfig = Readonly<{
  /** Each mail goes out with a token behind a `+` in it. */
  address: string
  /** `imaps://user:password@host/INBOX` */
  imapUrl: string | undefined
  receiver: Readonly<{ host: string | undefined; port: number; certificateFile: string | undefined }> | undefined
}>

/** Every setting about mail. */
export const mailSettings = [
  {
    name: 'LAHKO_SMTP_URL',
    preset: 'mail stays in the outbox',
    meaning:
      'The server that takes mail, as `smtp://user:password@mail.example.com:587` (TLS begins when the server offers ' +
      'it) or `smtps://…:465` (TLS from the start). Characters such as `@` in a password are written as `%40`.',
  },
  {
    name: 'LAHKO_MAIL_FROM',
    preset: 'needed with `LAHKO_SMTP_URL`',
    meaning: 'The address that mails come from, such as `feedback@example.com`. The name beside it is the workspace’s.',
  },
  {
    name: 'LAHKO_SMTP_CONNECTIONS',
    preset: '`5`',
    meaning: 'How many connections to the mail server are open at once, 1 to 50. Each carries one mail at a time.',
  },
  {
    name: 'LAHKO_MAIL_PACE',
    preset: '`600`',
    meaning: 'How many mails a minute go to addresses of one domain. `0` for any number.',
  },
  {
    name: 'LAHKO_DKIM_KEY',
    preset: 'mails are not signed here',
    meaning:
      'The file of a private RSA key in PEM with which mails are signed (DKIM) in the name of the domain of ' +
      '`LAHKO_MAIL_FROM`. Leave it out when the mail server signs.',
  },
  {
    name: 'LAHKO_DKIM_SELECTOR',
    preset: '`lahko`',
    meaning: 'Under which name the public key stands in the DNS: `lahko._domainkey.example.com`.',
  },
  {
    name: 'LAHKO_RETURN_IMAP',
    preset: 'what comes back is not read',
    meaning:
      'The mailbox to which bounces, complaints and replies come, as `imaps://user:password@mail.example.com/INBOX` ' +
      '(TLS from the start) or `imap://…` (TLS begins with STARTTLS, which the server must have). Its messages stay there. ' +
      'See [mail.md](mail.md).',
  },
  {
    name: 'LAHKO_SMTP_RECEIVER',
    preset: 'no server for mail',
    meaning:
      'Where a mail server of Lahko’s own takes what comes back, as `25` or `192.0.2.1:25`. It takes nothing that is ' +
      'neither for the return address nor for a mailbox without a server. Beside `LAHKO_RETURN_IMAP` or instead of it.',
  },
  {
    name: 'LAHKO_SMTP_RECEIVER_CERT',
    preset: 'a certificate that nobody can check',
    meaning: 'A file in PEM with the private key and the certificates of that server, for STARTTLS.',
  },
  {
    name: 'LAHKO_RETURN_ADDRESS',
    preset: '`LAHKO_MAIL_FROM`',
    meaning:
      'The address to which mail comes back. `feedback@example.com` goes out as `feedback+TOKEN@example.com`, and ' +
      'whatever comes to such an address has to reach the mailbox or the server above.',
  },
] as const satisfies readonly Setting[]

type SettingName = (typeof mailSettings)[number]['name']
type Get = (name: SettingName) => string | undefined

/** Reads and checks what says how mail goes out and comes back. @throws {BadSetting} */
export function readMail(get: Get): MailConfig {
  const smtpUrl = readSmtpUrl(get('LAHKO_SMTP_URL'))
  const from = readFrom(get('LAHKO_MAIL_FROM'), smtpUrl !== undefined)
  return Object.freeze({
    smtpUrl,
    from,
    connections: readWhole('LAHKO_SMTP_CONNECTIONS', get('LAHKO_SMTP_CONNECTIONS') ?? '5', 1, 50),
    perMinute: readWhole('LAHKO_MAIL_PACE', get('LAHKO_MAIL_PACE') ?? '600', 0, 1_000_000),
    dkimKeyFile: readSigningKeyFile(get('LAHKO_DKIM_KEY')),
    dkimSelector: readSelector(get('LAHKO_DKIM_SELECTOR')),
    returns: readReturns(get, from),
  })
}

function readReturns(get: Get, from: string | undefined): ReturnsConfig | undefined {
  const imapUrl = readImapUrl(get('LAHKO_RETURN_IMAP'))
  const receiver = readReceiver(get('LAHKO_SMTP_RECEIVER'), get('LAHKO_SMTP_RECEIVER_CERT'))
  const given = get('LAHKO_RETURN_ADDRESS')
  if (imapUrl === undefined && receiver === undefined) {
    if (given === undefined) return undefined
    throw new BadSetting('LAHKO_RETURN_ADDRESS', given, 'it needs LAHKO_RETURN_IMAP or LAHKO_SMTP_RECEIVER')
  }
  const address = given ?? from ?? ''
  if (!isAddress(address) || address.lastIndexOf('@') > longestReturnName) {
    const wanted = `it must be an address such as feedback@example.com, at most ${longestReturnName} characters before the @`
    throw new BadSetting('LAHKO_RETURN_ADDRESS', address, wanted)
  }
  return Object.freeze({ address: address.toLowerCase(), imapUrl, receiver })
}

// The value is not repeated in the message: it holds a password.
function readImapUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value)
  const named = url && url.hostname !== '' && url.username !== '' && url.password !== ''
  if (named && /^imaps?:$/.test(url.protocol)) return value
  throw new BadSetting('LAHKO_RETURN_IMAP', '…', 'it must look like imaps://user:password@mail.example.com/INBOX')
}

function readReceiver(value: string | undefined, certificate: string | undefined): ReturnsConfig['receiver'] {
  if (value === undefined) return undefined
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(value) ?? []
  if (port === undefined || Number(port) > 65_535) {
    throw new BadSetting('LAHKO_SMTP_RECEIVER', value, 'it must be a port such as 25, or an address and a port')
  }
  const certificateFile = readKeyFile('LAHKO_SMTP_RECEIVER_CERT', certificate)
  return Object.freeze({ host: host?.replace(/^\[(.*)\]$/, '$1'), port: Number(port), certificateFile })
}

// The value is not repeated in the message: it holds a password.
function readSmtpUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value)
  if (url && /^smtps?:$/.test(url.protocol) && url.hostname !== '') return value
  throw new BadSetting('LAHKO_SMTP_URL', '…', 'it must look like smtp://user:password@mail.example.com:587')
}

function readFrom(value = '', needed: boolean): string | undefined {
  if (value === '' && !needed) return undefined
  if (isAddress(value)) return value
  throw new BadSetting('LAHKO_MAIL_FROM', value, 'it must be an address such as feedback@example.com')
}

function isAddress(value: string): boolean {
  return /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+$/.test(value)
}

function readWhole(name: SettingName, value: string, least: number, most: number): number {
  const number = Number(value)
  if (/^\d{1,7}$/.test(value) && number >= least && number <= most) return number
  throw new BadSetting(name, value, `it must be a whole number from ${least} to ${most}`)
}

// Read once more when mail is opened; a missing key should stop the start, not the first mail.
function readKeyFile(name: SettingName, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const path = isAbsolute(value) ? resolve(value) : join(house, value)
  try {
    createPrivateKey(readFileSync(path))
    return path
  } catch {
    throw new BadSetting(name, value, 'it must be a file with a private key in PEM that Lahko may read')
  }
}

/** The library that signs knows RSA only; with a key of another kind mails would go out unsigned. */
function readSigningKeyFile(value: string | undefined): string | undefined {
  const path = readKeyFile('LAHKO_DKIM_KEY', value)
  if (path === undefined) return undefined
  const { asymmetricKeyType: kind, asymmetricKeyDetails } = createPrivateKey(readFileSync(path))
  if (kind !== 'rsa')
    throw new BadSetting('LAHKO_DKIM_KEY', value!, `its key is ${kind}, and Lahko signs with RSA only`)
  // RFC 8301 lets nobody believe shorter ones.
  if ((asymmetricKeyDetails?.modulusLength ?? 0) >= 1024) return path
  throw new BadSetting('LAHKO_DKIM_KEY', value!, 'its key must have 1024 bits or more; 2048 are usual')
}

function readSelector(value = 'lahko'): string {
  if (/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/i.test(value)) return value
  throw new BadSetting('LAHKO_DKIM_SELECTOR', value, 'it must be a name as in the DNS, such as lahko')
}
