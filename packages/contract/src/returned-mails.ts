import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, page, pageQuery } from './values.ts'

/** What a message that came in is. */
export const returnedKinds = ['unread', 'bounce', 'delay', 'complaint', 'reply', 'auto_reply', 'set_aside'] as const

/** Why nothing follows from a message. */
export const setAsideReasons = [
  'about_no_mail',
  'forged',
  'own_mail',
  'delivered',
  'receipt',
  'other_feedback',
  'unknown_report',
  'mailing_list',
  'unreadable',
] as const

const kind = z
  .enum(returnedKinds)
  .describe('unread: it waits to be judged; delay: the other server tries on; auto_reply: somebody is away')

export const returnedMail = z.object({
  id,
  receivedAt: instant,
  kind,
  reason: z.enum(setAsideReasons).nullable().describe('why it was set aside'),
  sender: z.string().describe('as it says of itself; nobody has checked it'),
  subject: z.string(),
  bytes: z.int(),
  kept: z.boolean().describe('whether it can still be downloaded as it came'),
  status: z.string().nullable().describe('of RFC 3463, such as 5.1.1'),
  says: z.string().nullable().describe('the words of the server that sent it back'),
  text: z.string().nullable().describe('what somebody wrote, without the mail that they answered'),
  about: z
    .object({ mailId: id, kind: z.string(), subjectId: id, subject: z.string(), recipient: z.string() })
    .nullable()
    .describe('the mail that it answers'),
})
export type ReturnedMail = z.infer<typeof returnedMail>

/** What came back to the mails of a workspace. */
export const returnedMails = {
  list: entry({
    method: 'GET',
    path: '/returned-mails',
    summary: 'What came back to mails: bounces, complaints, replies and what was set aside, newest first',
    permission: 'responses.read',
    query: z.object({ ...pageQuery, after: id.optional(), kind: kind.optional() }),
    reply: page(returnedMail).extend({
      receiving: z.boolean().describe('whether anything is configured to receive it'),
    }),
  }),
  get: entry({
    method: 'GET',
    path: '/returned-mails/:id',
    summary: 'One message that came back',
    permission: 'responses.read',
    params: z.object({ id }),
    reply: returnedMail,
  }),
  source: entry({
    method: 'GET',
    path: '/returned-mails/:id/source',
    summary: 'A message as it came (message/rfc822), at most its first megabyte; for 30 days',
    permission: 'workspace.manage',
    params: z.object({ id }),
    content: 'file',
  }),
  retry: entry({
    method: 'POST',
    path: '/returned-mails/:id/retry',
    summary: 'Judge a message once more that was set aside',
    permission: 'surveys.write',
    params: z.object({ id }),
  }),
} as const
