import { z } from 'zod'
import { entry } from './entry.ts'
import { email, id, instant, page, pageQuery, text, translated } from './values.ts'

const host = text(253, 1)
const port = z.int().min(1).max(65_535)
const oauth = {
  tokenUrl: z.url().max(500),
  clientId: text(300, 1),
}
const givenOauth = z
  .strictObject({
    ...oauth,
    clientSecret: z.string().max(500).optional(),
    refreshToken: z.string().max(4_000).optional(),
  })
  .optional()
  .describe('in the place of a password: XOAUTH2')
const shownOauth = z.object({ tokenUrl: z.string(), clientId: z.string() }).nullable()
/** How a server is entered. Secrets are given, and never told. */
const givenImap = z.strictObject({
  host,
  port,
  secure: z.boolean().describe('TLS from the first byte; else STARTTLS, which the server must have'),
  user: text(254, 1),
  folder: text(200, 1).default('INBOX'),
  password: z.string().max(500).optional().describe('the one that is known stays when left out'),
  oauth: givenOauth,
})
const givenSmtp = z.strictObject({
  host,
  port,
  secure: z.boolean(),
  user: text(254).default(''),
  password: z.string().max(500).optional(),
  oauth: givenOauth,
})
const shownImap = z.object({
  host: z.string(),
  port: z.int(),
  secure: z.boolean(),
  user: z.string(),
  folder: z.string(),
  oauth: shownOauth,
})
const shownSmtp = z.object({
  host: z.string(),
  port: z.int(),
  secure: z.boolean(),
  user: z.string(),
  oauth: shownOauth,
})

/** So many messages of one outcome are counted. */
export const mostCountedMails = 100_000
export const mailbox = z.object({
  id,
  name: z.string(),
  address: z.string(),
  aliases: z.array(z.string()),
  imap: shownImap.nullable(),
  smtp: shownSmtp.nullable(),
  signatures: translated(2_000),
  confirmation: translated(5_000).nullable(),
  plusAddresses: z.boolean(),
  authServer: z.string().nullable(),
  paused: z.boolean(),
  solvedBefore: instant.nullable(),
  checkedAt: instant.nullable().describe('when it was last read to its end'),
  failingSince: instant.nullable(),
  error: z.string().nullable().describe('what is wrong and what to do, with what the server said'),
  sendingFailingSince: instant
    .nullable()
    .describe('since when no mail of it leaves, by its own server or that of the installation'),
  sendingError: z.string().nullable(),
  counts: z.object({
    server: z.int().nullable().describe('messages on the server, when it was last read to its end'),
    missing: z
      .int()
      .describe('of those on the server how many this ledger did not know then: 0, or something is wrong'),
    kept: z.int().describe('became messages of tickets; 100,000 means that many or more, here and below'),
    repeats: z.int(),
    bounces: z.int(),
    setAside: z.int(),
    waiting: z.int(),
  }),
  createdAt: instant,
})
export type Mailbox = z.infer<typeof mailbox>

const givenMailbox = z.strictObject({
  name: text(80, 1),
  address: email,
  aliases: z.array(email).max(20).default([]),
  imap: givenImap.nullable().default(null).describe('null: the built-in receiver takes its mail'),
  smtp: givenSmtp.nullable().default(null).describe('null: the server of the installation sends'),
  signatures: translated(2_000).default({}),
  confirmation: translated(5_000).nullable().default(null).describe('sent to who opens a ticket, once a day at most'),
  plusAddresses: z
    .boolean()
    .default(true)
    .describe(
      'its server takes name+token@; else answers come to the plain address, and only their headers name a ticket',
    ),
  authServer: text(253, 1)
    .nullable()
    .default(null)
    .describe('whose Authentication-Results are believed: the name with which your own receiver’s begin'),
  paused: z.boolean().default(false),
  solvedBefore: instant
    .nullable()
    .default(null)
    .describe('what came before then is over: solved tickets, about which nobody is told, answered or asked'),
})

const domainOf = /^@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/
/** An address, or with an @ before it a domain; without one it is a domain too. */
const sender = text(255, 1)
  .overwrite((given) => (given.includes('@') ? given : `@${given}`).toLowerCase())
  .refine((given) => domainOf.test(given) || email.safeParse(given).success, { message: 'not_sender' })

export const blockedSender = z.object({
  id,
  sender: z.string().describe('an address, or with an @ before it a domain with all below it'),
  by: z.object({ id, name: z.string() }).nullable(),
  setAside: z.int().describe('messages that were set aside because of it'),
  createdAt: instant,
})
export type BlockedSender = z.infer<typeof blockedSender>

export const incomingOutcomes = ['waiting', 'kept', 'repeat', 'bounce', 'set_aside'] as const
export const incomingMail = z.object({
  id,
  mailboxId: id,
  receivedAt: instant,
  sender: z.string(),
  subject: z.string(),
  size: z.int(),
  outcome: z.enum(incomingOutcomes),
  reason: z.string().nullable(),
  uid: z.int().nullable(),
  status: z.string().nullable().describe('of a bounce: RFC 3463, such as 5.1.1'),
  says: z.string().nullable().describe('of a bounce: what the server said'),
  retryAt: instant.nullable().describe('of what its server did not give: when it is asked for once more by itself'),
  ticket: z.object({ id, number: z.int() }).nullable(),
  hasSource: z.boolean(),
})
export type IncomingMail = z.infer<typeof incomingMail>
const mailboxId = z.object({ id })

/** Where mail comes in, and the ledger of every message that did. */
export const mailboxes = {
  list: entry({
    method: 'GET',
    path: '/mailboxes',
    summary: 'Mailboxes with how they are and how many messages were seen in each',
    permission: 'tickets.manage',
    query: z.object(pageQuery),
    reply: page(mailbox),
  }),
  create: entry({
    method: 'POST',
    path: '/mailboxes',
    summary: 'Add a mailbox; its mail is read from then on, old mail too when its server has some',
    permission: 'tickets.manage',
    status: 201,
    body: givenMailbox,
    reply: mailbox,
  }),
  get: entry({
    method: 'GET',
    path: '/mailboxes/:id',
    summary: 'One mailbox',
    permission: 'tickets.manage',
    params: mailboxId,
    reply: mailbox,
  }),
  change: entry({
    method: 'PUT',
    path: '/mailboxes/:id',
    summary: 'Change a mailbox',
    permission: 'tickets.manage',
    params: mailboxId,
    body: givenMailbox,
    reply: mailbox,
  }),
  remove: entry({
    method: 'DELETE',
    path: '/mailboxes/:id',
    summary: 'Remove a mailbox that has no ticket; others can be paused',
    permission: 'tickets.manage',
    params: mailboxId,
  }),
  test: entry({
    method: 'POST',
    path: '/mailboxes/:id/test',
    summary: 'Enter its servers now and say how that went',
    permission: 'tickets.manage',
    params: mailboxId,
    reply: z.object({
      imap: z.object({ ok: z.boolean(), says: z.string(), messages: z.int().nullable() }).nullable(),
      smtp: z.object({ ok: z.boolean(), says: z.string() }).nullable(),
    }),
  }),
  ledger: entry({
    method: 'GET',
    path: '/incoming-mails',
    summary: 'Every message that came in, newest first, and what became of it',
    permission: 'tickets.read',
    query: z.strictObject({ ...pageQuery, mailbox: id.optional(), outcome: z.enum(incomingOutcomes).optional() }),
    reply: page(incomingMail),
  }),
  incomingSource: entry({
    method: 'GET',
    path: '/incoming-mails/:id/source',
    summary: 'A message as it came',
    permission: 'tickets.read',
    params: mailboxId,
    content: 'file',
  }),
  retry: entry({
    method: 'POST',
    path: '/incoming-mails/:id/retry',
    summary: 'Judge a message that was set aside, or taken for a repeat, once more',
    permission: 'tickets.write',
    params: mailboxId,
    reply: incomingMail,
  }),
  blocked: entry({
    method: 'GET',
    path: '/blocked-senders',
    summary: 'Senders whose mail is set aside, newest first',
    permission: 'tickets.read',
    query: z.strictObject(pageQuery),
    reply: page(blockedSender),
  }),
  block: entry({
    method: 'POST',
    path: '/blocked-senders',
    summary: 'Set aside what a sender writes from now on; twice is once',
    permission: 'tickets.write',
    status: 201,
    body: z.strictObject({ sender: sender.describe('an address, or a domain such as @spam.example') }),
    reply: blockedSender,
  }),
  unblock: entry({
    method: 'DELETE',
    path: '/blocked-senders/:id',
    summary: 'Let mail from a sender in again',
    permission: 'tickets.write',
    params: mailboxId,
    query: z.strictObject({
      takeIn: z.stringbool().default(false).describe('what was set aside meanwhile comes in too'),
    }),
  }),
} as const
