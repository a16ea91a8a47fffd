import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, page, pageQuery } from './values.ts'

export const mailState = z
  .enum(['waiting', 'sending', 'sent', 'uncertain', 'failed'])
  .describe('uncertain: it was in flight when the process or the connection ended, and is not sent again by itself')
const mail = z.object({
  id,
  kind: z.string(),
  recipient: z.string(),
  subject: z.string(),
  state: mailState,
  attempts: z.int().describe('of handing it over; those at which nothing could leave are not counted'),
  hinderedSince: instant
    .nullable()
    .describe('since when no mail leaves by its server: it is away, lets nobody in, or refuses the sender'),
  reply: z.string().nullable().describe('what the mail server said last, or why the mail was not handed to it'),
  secret: z.boolean().describe('what it says opens an account: nobody but its recipient reads it'),
  createdAt: instant,
  dueAt: instant.describe('when it is tried next, while it waits'),
  sentAt: instant.nullable(),
  cameBack: z
    .object({
      at: instant,
      status: z.string().nullable().describe('of RFC 3463, such as 5.1.1'),
      says: z.string().nullable().describe('the words of the server that sent it back'),
    })
    .nullable()
    .describe('the first bounce of a mail that the mail server had taken'),
})
const wholeMail = mail.extend({
  messageId: z.string().nullable().describe('null of a mail to members: it may prove who answers'),
  text: z
    .string()
    .nullable()
    .describe(
      'null after a month, of a secret mail, and of one to members without the scopes responses.read and, of notices, tickets.read',
    ),
  html: z.string().nullable(),
})

const hindered = z
  .object({ since: instant, says: z.string().describe('of the server, or of why it cannot be reached') })
  .nullable()
  .describe('that no mail leaves by the server of the installation; null: as far as is known it does')
const wantedRecord = z.object({ name: z.string(), value: z.string() })
const recordCheck = z.object({
  state: z
    .enum(['ok', 'missing', 'wrong', 'unknown', 'off'])
    .describe('unknown: the name servers do not answer; off: mail is not signed here'),
  problem: z.enum(['several', 'open_to_all', 'other_key', 'revoked', 'no_policy', 'no_domain']).optional(),
  found: z.string().optional(),
  add: wantedRecord.optional().describe('the TXT record that would be right'),
})
const receiving = z.object({
  address: z.string().describe('each mail goes out with a token behind a + in it'),
  server: z.object({ port: z.int() }).nullable().describe('the mail server of Lahko’s own'),
  mailbox: z
    .object({
      name: z.string().describe('user@host/folder'),
      checkedAt: instant.nullable().describe('when it was last read to its end'),
      failingSince: instant.nullable(),
      error: z.string().nullable(),
    })
    .nullable()
    .describe('the mailbox that is read by IMAP'),
})
const sending = z.object({
  from: z.string().nullable().describe('null: no address is configured'),
  server: z.boolean().describe('whether a mail server is configured'),
  hindered,
  checks: z
    .object({
      returnDomain: z.string().describe('the domain of the return address, by which SPF is judged'),
      aligned: z
        .boolean()
        .nullable()
        .describe('whether SPF of it speaks for From, as DMARC wants it; null: the name servers do not answer'),
      spf: recordCheck,
      dkim: recordCheck,
      dmarc: recordCheck,
    })
    .nullable(),
  receiving: receiving.nullable().describe('how what comes back is received; null: it is not'),
})
export type Hindered = NonNullable<z.infer<typeof hindered>>
export type Sending = z.infer<typeof sending>
export type Receiving = z.infer<typeof receiving>
export type RecordCheck = z.infer<typeof recordCheck>

export type Mail = z.infer<typeof mail>
export type WholeMail = z.infer<typeof wholeMail>

/** The outbox of a workspace. */
export const mails = {
  list: entry({
    method: 'GET',
    path: '/mails',
    summary: 'What was sent to customers and members or is to be sent, newest first',
    permission: 'surveys.write',
    query: z.object({
      ...pageQuery,
      after: id.optional(),
      state: mailState.optional(),
      to: z.enum(['customers', 'members']).optional().describe('all when left out'),
    }),
    reply: page(mail).extend({ server: z.boolean().describe('whether a mail server is configured'), hindered }),
  }),
  sending: entry({
    method: 'GET',
    path: '/mail-sending',
    summary: 'Where mails come from, and what the DNS says of that domain: SPF, DKIM and DMARC',
    permission: 'surveys.write',
    reply: sending,
  }),
  get: entry({
    method: 'GET',
    path: '/mails/:id',
    summary: 'One mail with what was written in it',
    permission: 'surveys.write',
    params: z.object({ id }),
    reply: wholeMail,
  }),
  page: entry({
    method: 'GET',
    path: '/mails/:id/page',
    summary: 'A mail as its reader sees it, as a page that runs nothing and loads nothing',
    permission: 'surveys.write',
    params: z.object({ id }),
    content: 'file',
  }),
  resend: entry({
    method: 'POST',
    path: '/mails/:id/resend',
    summary: 'Send a mail once more that failed, or of which nobody knows whether it arrived',
    permission: 'surveys.write',
    params: z.object({ id }),
  }),
} as const
