import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import { createTransport, type SendMailOptions, type SMTPPoolOptions } from 'nodemailer'
import type { MailConfig } from '../../config.ts'
import { isThisMachine } from '../networks.ts'
import type { FindToken, OauthAccount } from './access-tokens.ts'
import { recipientsOf, statusIn, type MailServer, type Outfit, type RefusedRecipient } from './letters.ts'
import type { ClaimedMail } from './mails.queries.ts'
import { returnAddress } from './receiving/return-tokens.ts'

/** What became of one attempt, and what the server said. */
export type Delivery = {
  outcome: 'sent' | 'later' | 'failed' | 'uncertain'
  reply: string
  /** There is nobody at the address. */
  badAddress?: boolean
  /** The server answered, and asked for patience. */
  busy?: boolean
  /** The server of the letter cannot be reached. */
  away?: boolean
  /** It did not let us in. */
  barred?: boolean
  /** Nothing was said of this mail: whatever it is hinders every mail by this server alike. */
  hindersAll?: boolean
  /** Of several recipients those whom the server never takes, and those whom it wants to take later. */
  refused?: readonly RefusedRecipient[]
  deferred?: readonly string[]
}

export type Transport = {
  /** Whether there is a server for mails that name none. */
  readonly ready: boolean
  /** @param token for a server that wants one */
  send(mail: ClaimedMail, outfit?: Outfit, token?: FindToken): Promise<Delivery>
  close(): void
}

/** RFC 8058 wants both headers of the one-click unsubscribe signed. */
const signedHeaders =
  'From:Reply-To:Subject:Date:Message-ID:To:MIME-Version:Content-Type:Content-Transfer-Encoding:' +
  'List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted'
const longestReply = 500
/** Of a server that letters name, which a person has set up for themselves. */
const ownConnections = 3
const mostServers = 50

/** Connections to the configured server, and to those that letters name. */
export function openTransport(config: MailConfig): Transport {
  const own = installationServer(config)
  const servers = new Map<string, Connections>()
  const serverOf = (server: MailServer, token: FindToken) => {
    const key = JSON.stringify(server)
    const known = servers.get(key) ?? connectTo(entryOf(server, token), ownConnections)
    // The one that was used last is the last to go.
    servers.delete(key)
    servers.set(key, known)
    for (const [other, connections] of servers) {
      if (servers.size <= mostServers) break
      servers.delete(other)
      connections.close()
    }
    return known
  }
  return {
    ready: own !== undefined,
    close: () => [own, ...servers.values()].forEach((one) => one?.close()),
    async send(mail, outfit, token = noToken) {
      const connections = outfit?.server ? serverOf(outfit.server, token) : own
      if (!connections) return { outcome: 'later', reply: 'no server' }
      const message = { ...messageOf(mail, config, outfit), ...envelopeOf(mail, config, outfit) }
      const delivery = await connections.send(mail, message)
      const account = outfit?.server?.oauth
      if (!delivery.barred || !account) return delivery
      // Providers end tokens before their time; whoever is not let in has sent nothing.
      const renewed = await token(account, true).catch(() => undefined)
      return renewed === undefined ? delivery : connections.send(mail, message)
    },
  }
}

const noToken: FindToken = () => Promise.reject(new Error('no access token'))

type Connections = { send(mail: ClaimedMail, message: SendMailOptions): Promise<Delivery>; close(): void }

function installationServer(config: MailConfig): Connections | undefined {
  const { smtpUrl, from, connections, dkimSelector, dkimKeyFile } = config
  if (smtpUrl === undefined || from === undefined) return undefined
  const dkim = dkimKeyFile !== undefined && {
    dkim: {
      domainName: from.split('@').at(-1)!,
      keySelector: dkimSelector,
      privateKey: readFileSync(dkimKeyFile, 'utf8'),
      headerFieldNames: signedHeaders,
    },
  }
  return connectTo({ url: smtpUrl, ...dkim }, connections)
}

/** How a server is entered: without TLS no password leaves this machine, whatever whoever answers says it cannot do. */
export function entryOf({ host, port, secure, user, password, oauth }: MailServer, token: FindToken) {
  const requireTLS = !secure && !isThisMachine(host)
  const auth = oauth ? authBy(user, oauth, token) : { user, pass: password ?? '' }
  return { host, port, secure, ...(user !== '' && { requireTLS, auth }) }
}

/** XOAUTH2: each connection asks for the token that is good then. */
function authBy(user: string, account: OauthAccount, token: FindToken) {
  const provisionCallback = callbackify((_: string, refused: boolean) => token(account, refused))
  return { type: 'OAuth2', user, provisionCallback }
}

function connectTo(server: SMTPPoolOptions, connections: number): Connections {
  const transporter = createTransport({
    pool: true,
    ...server,
    maxConnections: connections,
    maxMessages: 500,
    // The pool would send again by itself what was in flight when a connection broke.
    maxRequeues: 0,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const streams = watchStreams(transporter)
  return {
    close: () => transporter.close(),
    async send(mail, message) {
      try {
        const { response, rejectedErrors = [] } = (await transporter.sendMail(message)) as Sent
        return { outcome: 'sent', reply: response.slice(0, longestReply), ...partedOf(rejectedErrors) }
      } catch (error) {
        return deliveryOf(error as SmtpError, streams.get(mail.messageId)?.readableDidRead === true)
      } finally {
        streams.delete(mail.messageId)
      }
    },
  }
}

/** A mail as it is put together for a server. */
export function messageOf(
  mail: Pick<ClaimedMail, 'fromName' | 'recipient' | 'messageId' | 'subject' | 'text' | 'html' | 'headers' | 'letter'>,
  { from = '' }: MailConfig,
  outfit?: Outfit,
): SendMailOptions {
  const { letter, messageId, subject, text, html, headers } = mail
  const plain = { from: { name: mail.fromName, address: from }, messageId, subject, text, html, headers }
  if (!letter) return { ...plain, to: mail.recipient }
  return {
    ...plain,
    ...(letter.from && { from: letter.from }),
    replyTo: letter.replyTo,
    to: [...letter.to],
    cc: [...letter.copies],
    inReplyTo: letter.inReplyTo,
    references: [...letter.references],
    attachments: (outfit?.files ?? []).map(({ name, mediaType, content, contentId }) => ({
      ...{ filename: name, contentType: mediaType, content },
      ...(contentId !== undefined && { cid: contentId, contentDisposition: 'inline' as const }),
    })),
  }
}

/** Bounces go to the sender of the envelope, people answer to Reply-To. */
function envelopeOf(mail: ClaimedMail, { from, returns }: MailConfig, outfit?: Outfit): SendMailOptions {
  const { fromName, recipient, letter } = mail
  const address = returns && !outfit?.server ? returnAddress(returns.address, mail.returnKey, mail.id) : undefined
  if (!letter) {
    if (address === undefined) return {}
    const replyTo = mail.headers['Reply-To'] === undefined && { replyTo: { name: fromName, address } }
    return { envelope: { from: address, to: recipient }, ...replyTo }
  }
  return { envelope: { from: address ?? letter.from?.address ?? from ?? '', to: [...recipientsOf(letter)] } }
}

/** Read when it is asked for. */
function inOnePiece(create: () => Readable): Readable {
  return new Readable({
    read() {
      const pieces: Buffer[] = []
      create()
        .on('data', (piece: Buffer) => pieces.push(piece))
        .on('error', (error) => this.destroy(error))
        .on('end', () => {
          this.push(Buffer.concat(pieces))
          this.push(null)
        })
    },
  })
}

/**
 * The stream of each mail in flight: while nobody has read of it, nothing has left. What carries no files leaves in one
 * piece: put together bit by bit it would cost both ends of the connection one turn for each.
 */
function watchStreams(transporter: ReturnType<typeof createTransport>): Map<string, Readable> {
  const streams = new Map<string, Readable>()
  transporter.use('stream', (mail, done) => {
    const message = mail.message as unknown as { createReadStream(): Readable; messageId(): string }
    const create = message.createReadStream.bind(message)
    const whole = mail.data.attachments === undefined || mail.data.attachments.length === 0
    message.createReadStream = () => {
      const stream = whole ? inOnePiece(create) : create()
      streams.set(message.messageId(), stream)
      return stream
    }
    done()
  })
  return streams
}

/** As nodemailer tells what went wrong. `command` is the SMTP command that was answered. */
type SmtpError = Error & {
  code?: string
  command?: string
  responseCode?: number
  response?: string
  recipient?: string
  rejectedErrors?: SmtpError[]
}
type Sent = { response: string; rejectedErrors?: SmtpError[] }

/** Of several recipients those who were not taken, for good or for now. */
function partedOf(errors: readonly SmtpError[]): Pick<Delivery, 'refused' | 'deferred'> {
  if (errors.length === 0) return {}
  const gone = errors.filter(({ responseCode = 0 }) => responseCode >= 500)
  return {
    refused: gone.map(({ recipient = '', response = '' }) => ({
      ...{ address: recipient.toLowerCase(), says: replyOf(response) },
      status: statusIn(response),
    })),
    deferred: errors.filter((error) => !gone.includes(error)).map(({ recipient = '' }) => recipient),
  }
}

function replyOf(said: string): string {
  return said.replace(/\s+/g, ' ').slice(0, longestReply)
}

/**
 * What an error says about the mail. A refusal of the mail itself ends it; whatever hinders all mails (no connection,
 * a wrong password) is tried again. Once any of it has left and no answer came, nobody knows.
 */
function deliveryOf(error: SmtpError, hasLeft: boolean): Delivery {
  const { command = '', responseCode, response } = error
  const reply = replyOf(response ?? error.message)
  // A refused sender hinders all mails alike: the server wants a password, or another address.
  const aboutMail = /^(RCPT TO|DATA)$/.test(command) || error.code === 'EMESSAGE'
  // An answer to DATA says that the server has not taken it (RFC 5321, 4.2.5); anything else says nothing.
  if (hasLeft && command !== 'DATA') return { outcome: 'uncertain', reply }
  if (responseCode !== undefined && responseCode >= 500 && aboutMail) {
    const badAddress = command === 'RCPT TO' && /^5\d\d[ -]5\.1\.[0-6]\b/.test(response ?? '')
    return { outcome: 'failed', reply, badAddress }
  }
  if (responseCode !== undefined) {
    const parted = partedOf(error.rejectedErrors ?? [])
    const barred = error.code === 'EAUTH'
    return {
      outcome: 'later',
      reply,
      busy: aboutMail && isBusy(responseCode, response),
      barred,
      hindersAll: !aboutMail,
      ...(parted.refused?.length && parted),
    }
  }
  // The address itself cannot be written down for a server.
  if (error.code === 'EENVELOPE' && command !== 'MAIL FROM') return { outcome: 'failed', reply, badAddress: true }
  return { outcome: 'later', reply, away: true, hindersAll: true }
}

/**
 * Whether the whole domain wants patience (421, 4.3.x, 4.7.x), and not one full mailbox of it (RFC 3463). Greylisting
 * puts off each new recipient by itself (RFC 6647): resting for one would let all others begin to wait one by one.
 */
function isBusy(code: number, response = ''): boolean {
  if (code !== 421 && /gr[ae]y-?list/i.test(response)) return false
  return code === 421 || /^4\d\d[ -]4\.[37]\./.test(response)
}
