import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import type { SMTPServerOptions } from 'smtp-server'
import type { ReturnsConfig } from '../../../config.ts'
import { StartRefused } from '../../embedded/index.ts'
import type { House } from '../../house.ts'
import { takingAddress } from './takers.ts'
import { mostKept, takeIn } from './taking-in.ts'

/** A mail server that takes what comes back and what is for a mailbox without a server of its own, and nothing else. */
export type Receiver = { readonly port: number; close(): Promise<void> }

/** With the lines that the way here puts above, it is still what ledgers keep whole. */
const mostBytes = 25 * 1024 * 1024 - 64 * 1024
/** As many as other servers open to one (Postfix: 20), so that no address takes all there are. */
const mostOfAddress = 20
/** As many as every server must take (RFC 5321, 4.5.3.1.8). */
const mostRecipients = 100

/**
 * @param mostInFlight so many bytes of all mails together, while they are not kept yet
 * @throws {StartRefused} when the port cannot be had, in one sentence
 */
export async function openReceiver(
  house: House,
  returns: ReturnsConfig,
  mostInFlight = 200 * 1024 * 1024,
): Promise<Receiver> {
  const { receiver, address } = returns
  const pem = receiver!.certificateFile === undefined ? undefined : readFileSync(receiver!.certificateFile, 'utf8')
  // Most installations receive no mail.
  const { SMTPServer } = await import('smtp-server')
  const flight: Flight = { bytes: 0, most: mostInFlight }
  const server = new SMTPServer({
    banner: 'Lahko',
    ...(pem !== undefined && { key: pem, cert: pem }),
    // Without a certificate of the operator's it uses one that nobody can check, and that is documented.
    logger: false,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    size: mostBytes,
    maxClients: 100,
    ...limitPerAddress(),
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    onRcptTo: (to, { envelope }, done) =>
      void answer(house, done, async () => {
        if (envelope.rcptTo.length >= mostRecipients) return refusal(452, '4.5.3 too many recipients')
        const known = isOurs(to.address, address) || (await takingAddress(house, to.address)) !== undefined
        return known ? null : refusal(550, '5.1.1 nobody here by that name')
      }),
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope
      const envelope = {
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map((one) => one.address),
        returns: address,
      }
      void answer(house, done, () => take(house, stream, envelope, flight))
    },
  })
  server.on('error', (error) => house.log.debug({ err: error }, 'a connection of the mail receiver'))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', (error) => reject(explained(error, receiver!.port)))
    server.listen(receiver!.port, receiver!.host, resolve)
  })
  const { port } = server.server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

function limitPerAddress(): Pick<SMTPServerOptions, 'onConnect' | 'onClose'> {
  const open = new Map<string, string>()
  return {
    onConnect({ id, remoteAddress }, done) {
      const others = [...open.values()].filter((address) => address === remoteAddress)
      if (others.length >= mostOfAddress) return done(refusal(421, '4.7.0 too many connections from your address'))
      open.set(id, remoteAddress)
      done()
    },
    onClose: ({ id }) => void open.delete(id),
  }
}

/** What fails here may go well later, and the other server is told so. */
async function answer(
  house: House,
  done: (error?: Error | null) => void,
  work: () => Promise<Error | null>,
): Promise<void> {
  done(
    await work().catch((error: unknown) => {
      house.log.error({ err: error }, 'a mail that came in was not kept')
      return refusal(451, '4.3.0 try again later')
    }),
  )
}

/** The return address itself, or with a token: only what could be about a mail of ours is taken. */
function isOurs(given: string, address: string): boolean {
  return given.toLowerCase() === address.toLowerCase() || hasToken(given, address)
}

function hasToken(given: string, address: string): boolean {
  const [name, domain] = address.toLowerCase().split('@') as [string, string]
  const [givenName = '', givenDomain] = given.toLowerCase().split('@')
  return givenDomain === domain && givenName.startsWith(name) && /^\+[a-z2-7]{42}$/.test(givenName.slice(name.length))
}

type Envelope = { from: string; to: readonly string[]; returns: string }
type Arriving = Readable & { sizeExceeded?: boolean }
/** What all connections together hold in memory. */
type Flight = { bytes: number; readonly most: number }

/** Acknowledged after the commit, never before. @returns why it is not taken */
async function take(house: House, stream: Arriving, envelope: Envelope, flight: Flight): Promise<Error | null> {
  const parts: Buffer[] = []
  let held = 0
  let full = false
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      full ||= flight.bytes + part.length > flight.most
      if (full || stream.sizeExceeded) continue
      parts.push(part)
      held += part.length
      flight.bytes += part.length
    }
    if (stream.sizeExceeded) return refusal(552, `5.3.4 at most ${Math.floor(mostBytes / 1024 / 1024)} MB`)
    if (full) return refusal(452, '4.3.1 too much mail at once, try again later')
    return await takeForAll(house, Buffer.concat(parts), envelope)
  } finally {
    flight.bytes -= held
  }
}

/** Once for all addresses of a mailbox that differ by their tokens only. */
async function takeForAll(house: House, body: Buffer, { from, to, returns }: Envelope): Promise<Error | null> {
  for (const recipients of Map.groupBy(to, withoutMailboxToken).values()) {
    const traces = recipients.map((recipient) => `Delivered-To: ${recipient}\r\n`)
    const mail = Buffer.concat([Buffer.from(`Return-Path: <${from}>\r\n${traces.join('')}`), body])
    const [recipient] = recipients as [string, ...string[]]
    // A return address with its token is about a mail of ours, whoever has the address without it.
    const mailbox = hasToken(recipient, returns) ? undefined : await takingAddress(house, recipient)
    const refused = mailbox ? await mailbox.take(mail).then(() => null) : await takeBack(house, mail)
    if (refused) return refused
  }
  return null
}

/** Those of return addresses are longer, and each names another mail. */
function withoutMailboxToken(address: string): string {
  return address.toLowerCase().replace(/\+[a-z2-7]{40}@/, '@')
}

async function takeBack(house: House, mail: Buffer): Promise<Error | null> {
  const taken = await takeIn(house, mail.subarray(0, mostKept), mail.length)
  if (taken === 'too_many') return refusal(452, '4.3.1 too much mail about nothing, try again tomorrow')
  return taken === 'taken' ? null : refusal(451, '4.3.0 there is no workspace yet')
}

function explained(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartRefused(
      `Port ${port} is already in use. Choose another with LAHKO_SMTP_RECEIVER, or stop the other mail server.`,
    )
  }
  if (error.code === 'EACCES') {
    return new StartRefused(`This user may not listen on port ${port}. Choose one above 1023 with LAHKO_SMTP_RECEIVER.`)
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartRefused('LAHKO_SMTP_RECEIVER names an address that is not one of this machine.')
  }
  return error
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
