import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import type { MailConfig } from '../../config.ts'
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
}

export type Transport = { send(mail: ClaimedMail): Promise<Delivery>; close(): void }

/** RFC 8058 wants both headers of the one-click unsubscribe signed. */
const signedHeaders =
  'From:Reply-To:Subject:Date:Message-ID:To:MIME-Version:Content-Type:Content-Transfer-Encoding:' +
  'List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted'
const longestReply = 500

/** Connections to the configured server; undefined when there is none. */
export function openTransport(config: MailConfig): Transport | undefined {
  const { smtpUrl, from, connections, dkimSelector, dkimKeyFile, returns } = config
  if (smtpUrl === undefined || from === undefined) return undefined
  const transporter = createTransport({
    pool: true,
    url: smtpUrl,
    maxConnections: connections,
    maxMessages: 500,
    // The pool would send again by itself what was in flight when a connection broke.
    maxRequeues: 0,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 120_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkimKeyFile !== undefined && {
      dkim: {
        domainName: from.split('@').at(-1)!,
        keySelector: dkimSelector,
        privateKey: readFileSync(dkimKeyFile, 'utf8'),
        headerFieldNames: signedHeaders,
      },
    }),
  })
  const streams = watchStreams(transporter)
  return {
    close: () => transporter.close(),
    async send(mail) {
      try {
        const { response } = await transporter.sendMail({
          from: { name: mail.fromName, address: from },
          to: mail.recipient,
          messageId: mail.messageId,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: mail.headers,
          ...(returns && returningTo(returnAddress(returns.address, mail.returnKey, mail.id), mail)),
        })
        return { outcome: 'sent', reply: response.slice(0, longestReply) }
      } catch (error) {
        return deliveryOf(error as SmtpError, streams.get(mail.messageId)?.readableDidRead === true)
      } finally {
        streams.delete(mail.messageId)
      }
    },
  }
}

/** Bounces go to the sender of the envelope, people answer to Reply-To. */
function returningTo(address: string, { fromName, recipient }: ClaimedMail) {
  return { envelope: { from: address, to: recipient }, replyTo: { name: fromName, address } }
}

/** The stream of each mail in flight: while nobody has read of it, nothing has left. */
function watchStreams(transporter: ReturnType<typeof createTransport>): Map<string, Readable> {
  const streams = new Map<string, Readable>()
  transporter.use('stream', (mail, done) => {
    const message = mail.message as unknown as { createReadStream(): Readable; messageId(): string }
    const create = message.createReadStream.bind(message)
    message.createReadStream = () => {
      const stream = create()
      streams.set(message.messageId(), stream)
      return stream
    }
    done()
  })
  return streams
}

/** As nodemailer tells what went wrong. `command` is the SMTP command that was answered. */
type SmtpError = Error & { code?: string; command?: string; responseCode?: number; response?: string }

/**
 * What an error says about the mail. A refusal of the mail itself ends it; whatever hinders all mails (no connection,
 * a wrong password) is tried again. Once any of it has left and no answer came, nobody knows.
 */
function deliveryOf(error: SmtpError, hasLeft: boolean): Delivery {
  const { command = '', responseCode, response } = error
  const reply = (response ?? error.message).replace(/\s+/g, ' ').slice(0, longestReply)
  // A refused sender hinders all mails alike: the server wants a password, or another address.
  const aboutMail = /^(RCPT TO|DATA)$/.test(command) || error.code === 'EMESSAGE'
  // An answer to DATA says that the server has not taken it (RFC 5321, 4.2.5); anything else says nothing.
  if (hasLeft && command !== 'DATA') return { outcome: 'uncertain', reply }
  if (responseCode !== undefined && responseCode >= 500 && aboutMail) {
    const badAddress = command === 'RCPT TO' && /^5\d\d[ -]5\.1\.[0-6]\b/.test(response ?? '')
    return { outcome: 'failed', reply, badAddress }
  }
  if (responseCode !== undefined) return { outcome: 'later', reply, busy: isBusy(responseCode, response) }
  // The address itself cannot be written down for a server.
  if (error.code === 'EENVELOPE' && command !== 'MAIL FROM') return { outcome: 'failed', reply, badAddress: true }
  return { outcome: 'later', reply }
}

/** Whether the whole domain wants patience (421, 4.3.x, 4.7.x), and not one full mailbox of it (RFC 3463). */
function isBusy(code: number, response = ''): boolean {
  return code === 421 || /^4\d\d[ -]4\.[37]\./.test(response)
}
