import type { AddressInfo, Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** One mail as the server received it. */
export type Received = { from: string; to: string[]; raw: string }

/** What the server answers instead of taking a mail: `{ code: 451, message: '4.7.0 later' }`. */
export type Refusal = { code: number; message: string }

export type TestSmtp = {
  url: string
  received: Received[]
  /** Called for each recipient; what it returns is answered. */
  refuse: (address: string) => Refusal | undefined
  /** Called with the sender of each mail; what it returns is answered. */
  refuseSender: () => Refusal | undefined
  /** Called when a mail has arrived whole, before the server says so. */
  beforeAnswer: (mail: Received) => Promise<Refusal | undefined>
  /** Who has entered, with an access token. */
  entered: string[]
  /** Breaks all connections, as a cable does, and listens no longer. */
  vanish(): Promise<void>
  close(): Promise<void>
}

/**
 * A real mail server on this machine that keeps what it gets.
 * @param port 0 for any free one
 * @param mayEnter lets in with an access token (XOAUTH2) only, and whom it says; without it everybody is
 */
export async function testSmtp(port = 0, mayEnter?: (user: string, token: string) => boolean): Promise<TestSmtp> {
  const sockets = new Set<Socket>()
  const smtp: TestSmtp = {
    url: '',
    received: [],
    refuse: () => undefined,
    refuseSender: () => undefined,
    beforeAnswer: async () => undefined,
    entered: [],
    vanish: () => {
      for (const socket of sockets) socket.destroy()
      return smtp.close()
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  const server = new SMTPServer({
    authOptional: mayEnter === undefined,
    ...(mayEnter && { authMethods: ['XOAUTH2'], allowInsecureAuth: true }),
    onAuth({ username = '', accessToken = '' }, _, done) {
      if (!mayEnter?.(username, accessToken)) return done(new Error('5.7.3 Authentication unsuccessful'))
      smtp.entered.push(`${username} ${accessToken}`)
      done(null, { user: username })
    },
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onMailFrom: (_address, _session, done) => done(errorOf(smtp.refuseSender())),
    onRcptTo: ({ address }, _, done) => done(errorOf(smtp.refuse(address))),
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope
      const to = rcptTo.map(({ address }) => address)
      void answer(smtp, stream, { from: mailFrom ? mailFrom.address : '', to }, done)
    },
  })
  server.server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  smtp.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return smtp
}

type Envelope = Omit<Received, 'raw'>

async function answer(smtp: TestSmtp, stream: Readable, to: Envelope, done: (error?: Error) => void): Promise<void> {
  done(await take(smtp, stream, to))
}

/** @returns why it is not taken, also when its sender dies on the way */
async function take(smtp: TestSmtp, stream: Readable, envelope: Envelope): Promise<Error | undefined> {
  try {
    const mail = { ...envelope, raw: await text(stream) }
    const refusal = await smtp.beforeAnswer(mail)
    if (!refusal) smtp.received.push(mail)
    return errorOf(refusal)
  } catch (error) {
    return error as Error
  }
}

function errorOf(refusal: Refusal | undefined): Error | undefined {
  return refusal && Object.assign(new Error(refusal.message), { responseCode: refusal.code })
}

/** The header of a received mail, unfolded; undefined when it has none of that name. */
export function headerOf(raw: string, name: string): string | undefined {
  const head = raw.split('\r\n\r\n')[0]!.replace(/\r\n[ \t]+/g, ' ')
  const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return line?.slice(name.length + 1).trim()
}

/** The decoded part of a received mail, by its content type. */
export function partOf(raw: string, type: 'text/plain' | 'text/html'): string {
  const start = raw.indexOf(`Content-Type: ${type}`)
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '\0'
  const part = raw.slice(start).split(`--${boundary}`)[0]!
  const [head = '', ...body] = part.split('\r\n\r\n')
  const content = body.join('\r\n\r\n')
  if (/base64/i.test(head)) return Buffer.from(content, 'base64').toString('utf8')
  if (!/quoted-printable/i.test(head)) return content
  const bytes = content
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
