import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, language, page, pageQuery, timeZone } from './values.ts'

/** What can be told. */
export const noticeKinds = [
  'hard_answer',
  'effort_alarm',
  'ticket_assigned',
  'ticket_mentioned',
  'ticket_message',
  'ticket_new',
  'ticket_unowned',
  'ticket_woken',
  'mailbox_failing',
  'article_review',
  'article_due',
  'article_comment',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

const survey = {
  surveyId: id,
  surveyKey: z.string(),
  family: z.enum(['effort', 'satisfaction', 'recommendation']).describe('of the scale, whose words are used'),
}
export const hardAnswerData = z.object({
  ...survey,
  score: z.int(),
  min: z.int(),
  max: z.int(),
  effortStep: z.int().min(1).max(7),
  commented: z.boolean().describe('whether something is written in it; what, stands in the answer'),
})
export const effortAlarmData = z.object({
  ...survey,
  metric: z.enum(['mean', 'easyShare', 'hardShare', 'netEase', 'easeIndex']),
  signal: z.enum(['limit', 'drift']),
  ease: z.enum(['easier', 'harder']),
  from: z.string().describe('the first local day of the newest point of the chart'),
  to: z.string(),
  n: z.int(),
  value: z.number().describe('of a drift: the weighted mean of the newest points, whose limits these are'),
  usual: z.number(),
  low: z.number(),
  high: z.number(),
})

export const ticketNoticeData = z.object({
  ticketId: id,
  number: z.int(),
  by: z.enum(['member', 'customer', 'other', 'undelivered']).describe('undelivered: an own reply that did not arrive'),
  member: z.string().describe('who did it; empty when no member did'),
  minutes: z.int().optional().describe('for how long nobody has had it'),
})
export const mailboxNoticeData = z.object({
  mailboxId: id.nullable().describe('null: of all mails that leave by the server of the installation'),
  reason: z
    .enum(['failing', 'sending', 'counts', 'outbox'])
    .describe(
      'failing: nothing is read; sending: nothing leaves; counts: the server says another number than is kept; outbox: no mail leaves at all',
    ),
})
const ofArticle = { articleId: id, language }
export const articleReviewNoticeData = z.object({
  ...ofArticle,
  state: z
    .enum(['asked', 'approved', 'returned', 'held'])
    .describe('held: it was to be published at a time, and nobody had approved it as it was then'),
  member: z.string().describe('who asks, or who has decided; empty when no member did'),
})
export const articleNoticeData = z.object(ofArticle)

export const testNoticeData = z.object({ of: z.enum(noticeKinds).describe('what the member wanted to see once') })

const about = {
  id,
  at: instant,
  subjectId: id,
  topicId: id.describe('what can be muted: the survey, the ticket, the mailbox, the article'),
  topic: z.string(),
  seen: z.boolean(),
  muted: z
    .object({ id, until: instant.nullable().describe('null: for good') })
    .nullable()
    .describe('by the member who asks'),
}
export const notice = z.discriminatedUnion('kind', [
  z.object({ ...about, kind: z.literal('hard_answer'), data: hardAnswerData }),
  z.object({ ...about, kind: z.literal('effort_alarm'), data: effortAlarmData }),
  z.object({ ...about, kind: z.literal('ticket_assigned'), data: ticketNoticeData }),
  z.object({ ...about, kind: z.literal('ticket_mentioned'), data: ticketNoticeData }),
  z.object({ ...about, kind: z.literal('ticket_message'), data: ticketNoticeData }),
  z.object({ ...about, kind: z.literal('ticket_new'), data: ticketNoticeData }),
  z.object({ ...about, kind: z.literal('ticket_unowned'), data: ticketNoticeData }),
  z.object({ ...about, kind: z.literal('ticket_woken'), data: ticketNoticeData }),
  z.object({ ...about, kind: z.literal('mailbox_failing'), data: mailboxNoticeData }),
  z.object({ ...about, kind: z.literal('article_review'), data: articleReviewNoticeData }),
  z.object({ ...about, kind: z.literal('article_due'), data: articleNoticeData }),
  z.object({ ...about, kind: z.literal('article_comment'), data: articleNoticeData }),
  z.object({ ...about, kind: z.literal('test'), data: testNoticeData }),
])
export type Notice = z.infer<typeof notice>
export type HardAnswerData = z.infer<typeof hardAnswerData>
export type TicketNoticeData = z.infer<typeof ticketNoticeData>
export type MailboxNoticeData = z.infer<typeof mailboxNoticeData>
export type ArticleReviewNoticeData = z.infer<typeof articleReviewNoticeData>
export type ArticleNoticeData = z.infer<typeof articleNoticeData>
export type EffortAlarmData = z.infer<typeof effortAlarmData>

const kind = z.enum(noticeKinds)
const mute = z.object({ id, kind, topicId: id, topic: z.string(), until: instant.nullable() })
export type Mute = z.infer<typeof mute>

const rule = z.strictObject({
  mail: z.boolean().describe('whether a mail goes out at once'),
  topics: z
    .array(id)
    .max(10_000)
    .nullable()
    .describe('about these surveys, tickets or mailboxes only; null: about all'),
  members: z.array(id).max(10_000).nullable().describe('to these members only; null: to all who may see it'),
})
/** Left out, all are mailed who may see it: what is told of the desk goes to whom it concerns anyway. */
const usualRule = rule.default({ mail: true, topics: null, members: null })
const rules = z.strictObject({
  hard_answer: rule,
  effort_alarm: rule,
  ticket_assigned: usualRule,
  ticket_mentioned: usualRule,
  ticket_message: usualRule,
  ticket_new: usualRule,
  ticket_unowned: usualRule,
  ticket_woken: usualRule,
  mailbox_failing: usualRule,
  article_review: usualRule,
  article_due: usualRule,
  article_comment: usualRule,
})
export type NoticeRule = z.infer<typeof rule>
export type NoticeRules = z.infer<typeof rules>

const mails = z.strictObject({
  hard_answer: z.boolean(),
  effort_alarm: z.boolean(),
  ticket_assigned: z.boolean(),
  ticket_mentioned: z.boolean(),
  ticket_message: z.boolean(),
  ticket_new: z.boolean(),
  ticket_unowned: z.boolean(),
  ticket_woken: z.boolean(),
  mailbox_failing: z.boolean(),
  article_review: z.boolean(),
  article_due: z.boolean(),
  article_comment: z.boolean(),
})
const chosen = {
  newTickets: z.boolean().describe('whether a new ticket without an owner is told; off unless chosen'),
  unownedMinutes: z
    .int()
    .min(5)
    .max(10_080)
    .nullable()
    .describe('a ticket is told that has had no owner for so long; null, as at first: none is'),
}
const settings = z.object({
  timeZone: timeZone.nullable().describe('of the hour; null: the workspace’s'),
  digestHour: z.int().min(0).max(23).nullable().describe('null: no digest'),
  digestDueAt: instant.nullable(),
  mails: mails.describe('whether mails at once are wanted, as far as the workspace sends them'),
  ...chosen,
})
export type NoticeSettings = z.infer<typeof settings>

/** The bell, mails at once, the digest. */
export const notices = {
  list: entry({
    method: 'GET',
    path: '/notices',
    summary: 'What the reader should know, newest first, kept for 90 days',
    permission: 'workspace.read',
    query: z.object({ ...pageQuery, after: id.optional() }),
    reply: page(notice).extend({
      unseen: z.int().describe('since the bell was last opened, without what is muted; at most 100; 0 for a key'),
    }),
  }),
  seen: entry({
    method: 'POST',
    path: '/notices/seen',
    summary: 'Say that a member has seen all up to one',
    permission: 'workspace.read',
    body: z.strictObject({ through: id.describe('the newest that was shown') }),
  }),
  mute: entry({
    method: 'PUT',
    path: '/notices/:id/mute',
    summary: 'Hear no more, or not until a moment, of what is like this: its kind, about its survey, ticket or mailbox',
    permission: 'workspace.read',
    params: z.object({ id }),
    body: z.strictObject({ until: instant.nullable().describe('null: for good') }),
    reply: mute,
  }),
  mutes: entry({
    method: 'GET',
    path: '/notice-mutes',
    summary: 'What the member hears nothing of',
    permission: 'workspace.read',
    query: z.object({ ...pageQuery, after: id.optional() }),
    reply: page(mute),
  }),
  unmute: entry({
    method: 'DELETE',
    path: '/notice-mutes/:id',
    summary: 'Hear of it again',
    permission: 'workspace.read',
    params: z.object({ id }),
  }),
  settings: entry({
    method: 'GET',
    path: '/notices/settings',
    summary: 'A member’s own settings of mails and digest',
    permission: 'workspace.read',
    reply: settings,
  }),
  changeSettings: entry({
    method: 'PATCH',
    path: '/notices/settings',
    summary: 'Change them; what is left out stays',
    permission: 'workspace.read',
    body: z
      .strictObject({
        timeZone: timeZone.nullable(),
        digestHour: z.int().min(0).max(23).nullable(),
        mails: mails.partial(),
        ...chosen,
      })
      .partial(),
    reply: settings,
  }),
  test: entry({
    method: 'POST',
    path: '/notices/tests',
    summary: 'Send the member one notice now, at the bell or by mail, and say whether it arrived',
    permission: 'workspace.read',
    body: z.strictObject({ kind, way: z.enum(['bell', 'mail']) }),
    reply: z.object({
      arrived: z.boolean().describe('at the bell, or with the mail server'),
      says: z.string().describe('what the mail server said, as it said it; empty for the bell'),
    }),
  }),
  rules: entry({
    method: 'GET',
    path: '/notices/rules',
    summary: 'About what the workspace mails its members at once, and whom',
    permission: 'workspace.read',
    reply: rules,
  }),
  setRules: entry({
    method: 'PUT',
    path: '/notices/rules',
    summary: 'Decide about what the workspace mails its members at once, and whom',
    permission: 'workspace.manage',
    body: rules,
    reply: rules,
  }),
} as const
