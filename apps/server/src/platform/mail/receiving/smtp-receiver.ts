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

const mostBytes = 25 * 1024 * 1024
/** As many as other servers open to one (Postfix: 20), so that no address takes all there are. */
const mostOfAddress = 20

/** @throws {StartRefused} when the port cannot be had, in one sentence */
export async function openReceiver(house: House, returns: ReturnsConfig): Promise<Receiver> {
  const { receiver, address } = returns
  const pem = receiver!.certificateFile === undefined ? undefined : readFileSync(receiver!.certificateFile, 'utf8')
  // Most installations receive no mail.
  const { SMTPServer } = await import('smtp-server')
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
    onRcptTo: (to, _, done) =>
      void answer(house, done, async () => {
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
      void answer(house, done, () => take(house, stream, envelope))
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

/** Acknowledged after the commit, never before. @returns why it is not taken */
async function take(house: House, stream: Arriving, { from, to, returns }: Envelope): Promise<Error | null> {
  const parts: Buffer[] = []
  for await (const part of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) parts.push(part)
  if (stream.sizeExceeded) return refusal(552, `5.3.4 at most ${mostBytes / 1024 / 1024} MB`)
  const body = Buffer.concat(parts)
  for (const recipient of to) {
    const trace = Buffer.from(`Return-Path: <${from}>\r\nDelivered-To: ${recipient}\r\n`)
    const mail = Buffer.concat([trace, body])
    // A return address with its token is about a mail of ours, whoever has the address without it.
    const mailbox = hasToken(recipient, returns) ? undefined : await takingAddress(house, recipient)
    const refused = mailbox ? await mailbox.take(mail).then(() => null) : await takeBack(house, mail)
    if (refused) return refused
  }
  return null
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
