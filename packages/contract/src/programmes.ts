import { z } from 'zod'
import { entry } from './entry.ts'
import { returnedMail } from './returned-mails.ts'
import { attributeName, id, instant, localDate, page, pageQuery, text } from './values.ts'

/**
 * Why nobody was asked about a touchpoint, in the order in which the rules are looked at; the last three can also end
 * an invitation that waits.
 */
export const notAskedRules = [
  'answered_already',
  'merged',
  'no_programme',
  'survey_closed',
  'survey_anonymous',
  'too_late',
  'no_address',
  'share',
  'open_problem',
  'person',
  'organisation',
  'fair_share',
  'quota',
  'programme_off',
  'unsubscribed',
  'suppressed',
] as const
export type NotAskedRule = (typeof notAskedRules)[number]

/** What became of a touchpoint that ended: exactly one of these. */
export const invitationStates = [
  'waiting',
  'queued',
  'sending',
  'uncertain',
  'sent',
  'bounced',
  'answered',
  'unsubscribed',
  'expired',
  'not_asked',
] as const
export type InvitationState = (typeof invitationStates)[number]

export const condition = z
  .strictObject({
    attribute: attributeName.describe('of the touchpoint; kind is one too, language is also the customer’s'),
    is: z.enum(['anyOf', 'noneOf', 'present', 'absent']),
    values: z.array(text(200, 1)).max(50).default([]),
  })
  .refine(({ is, values }) => (is === 'anyOf' || is === 'noneOf') === values.length > 0, {
    path: ['values'],
    message: 'values_of_condition',
  })
export type Condition = z.infer<typeof condition>

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'not_time' })
export const askingHours = z
  .strictObject({
    from: clock,
    until: clock,
    days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, { message: 'day_twice' })
      .describe('1 is Monday'),
  })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'until_before_from' })
export type AskingHours = z.infer<typeof askingHours>

export const quota = z.strictObject({
  attribute: attributeName.describe('each of its values has a quota of its own; organisation is the customer’s'),
  per: z.enum(['day', 'week', 'month']).describe('of the workspace’s calendar'),
  most: z.int().min(1).max(100_000),
})
export type Quota = z.infer<typeof quota>

/** A share that the database keeps as it is given, and of which something is left. */
const share = z.number().min(0.001).max(1)

/** Everything about a programme but its place and whether it is on. */
export const programmeSettings = z
  .strictObject({
    name: text(120, 1),
    surveyId: id,
    conditions: z.array(condition).max(20).default([]).describe('all must hold; none fits every touchpoint'),
    delayMinutes: z
      .int()
      .min(0)
      .max(90 * 1440)
      .default(60)
      .describe('after the touchpoint ended'),
    hours: askingHours.nullable().default(null).describe('in the customer’s time zone; null is at any time'),
    share: share.default(1).describe('of the touchpoints that fit'),
    reminderDays: z.array(z.int().min(1).max(30)).max(2).default([]).describe('days after the mail before'),
    expiresDays: z.int().min(1).max(60).default(14).describe('days after the first mail'),
    quota: quota.nullable().default(null),
  })
  .refine(({ reminderDays, expiresDays }) => reminderDays.reduce((sum, days) => sum + days, 0) < expiresDays, {
    path: ['reminderDays'],
    message: 'reminder_too_late',
  })
export type ProgrammeSettings = z.infer<typeof programmeSettings>

export const programme = z.object({
  id,
  place: z.int().describe('the first that fits decides'),
  state: z.enum(['on', 'off']),
  ...programmeSettings.shape,
  survey: z.object({
    name: z.string(),
    open: z.boolean().describe('whether it takes answers now, and by name'),
  }),
  createdAt: instant,
})
export type Programme = z.infer<typeof programme>

export const askingRules = z.strictObject({
  personDays: z.int().min(0).max(365).describe('no person again within so many days, over all surveys; 0 is no rule'),
  organisationDays: z.int().min(0).max(365).describe('no organisation again within so many days; 0 is no rule'),
  spareOpenProblems: z.boolean().describe('nobody is asked while another touchpoint of theirs has not ended'),
  fairShare: z.boolean().describe('frequent programmes leave place for rarer ones'),
})
export type AskingRules = z.infer<typeof askingRules>

const rule = z.enum(notAskedRules)
const state = z.enum(invitationStates)

export const invitation = z.object({
  id,
  state,
  rule: rule.nullable().describe('why nobody was asked'),
  kind: z.string(),
  touchpoint: z.object({ id, externalId: z.string().nullable() }).nullable(),
  programme: z.object({ id, name: z.string() }).nullable(),
  survey: z.object({ id, name: z.string() }).nullable(),
  customer: z.object({ id, name: z.string().nullable(), email: z.string().nullable() }).nullable(),
  organisation: z.string().nullable(),
  decidedAt: instant,
  dueAt: instant.nullable(),
})
export type Invitation = z.infer<typeof invitation>

export const invitationFacts = [
  'decided',
  'due',
  'queued',
  'sending',
  'uncertain',
  'sent',
  'replied',
  'bounced',
  'unsubscribed',
  'answered',
  'expired',
] as const

const between = {
  from: localDate.optional().describe('the first day on which it was decided'),
  to: localDate.optional().describe('the last day on which it was decided'),
  programme: id.optional(),
  kind: text(60, 1).optional(),
  touchpoint: id.optional(),
  customer: id.optional().describe('as whichever customers they are known'),
}

export const funnel = z.object({
  from: localDate,
  to: localDate,
  touchpoints: z.int().describe('the sum of all states'),
  states: z.array(z.object({ state, count: z.int() })).describe('every state once'),
  notAsked: z.array(z.object({ rule, count: z.int() })).describe('every rule once; their sum is the state not_asked'),
})
export type Funnel = z.infer<typeof funnel>

export const dryRun = z.object({
  from: instant,
  to: instant,
  touchpoints: z.int().describe('that ended in this time and were looked at'),
  complete: z.boolean().describe('false when there were more; the newest were looked at'),
  fitting: z.int().describe('that fit the programme’s conditions'),
  earlier: z.int().describe('that fit it and are decided by a programme before it'),
  asked: z.int(),
  notAsked: z.array(z.object({ rule, count: z.int() })),
  sample: z.array(
    z.object({ touchpoint: id, kind: z.string(), endedAt: instant, dueAt: instant.nullable(), rule: rule.nullable() }),
  ),
})
export type DryRun = z.infer<typeof dryRun>

const byId = z.object({ id })

export const programmes = {
  list: entry({
    method: 'GET',
    path: '/programmes',
    summary: 'Programmes in their order, at most 50: whom to ask about what, and when',
    permission: 'surveys.read',
    reply: z.object({ items: z.array(programme) }),
  }),
  create: entry({
    method: 'POST',
    path: '/programmes',
    summary: 'Make a programme; it is off and the last',
    permission: 'surveys.write',
    status: 201,
    body: programmeSettings,
    reply: programme,
  }),
  get: entry({
    method: 'GET',
    path: '/programmes/:id',
    summary: 'One programme',
    permission: 'surveys.read',
    params: byId,
    reply: programme,
  }),
  change: entry({
    method: 'PUT',
    path: '/programmes/:id',
    summary: 'Change a programme; what has been decided stays',
    permission: 'surveys.write',
    params: byId,
    body: programmeSettings,
    reply: programme,
  }),
  remove: entry({
    method: 'DELETE',
    path: '/programmes/:id',
    summary: 'Remove a programme; what waits of it is not sent, and the ledger still names it',
    permission: 'surveys.write',
    params: byId,
  }),
  restore: entry({
    method: 'PUT',
    path: '/programmes/:id/restoration',
    summary: 'Bring a removed programme back as it was; what its removal called off waits again',
    permission: 'surveys.write',
    params: byId,
    reply: programme,
  }),
  setState: entry({
    method: 'PUT',
    path: '/programmes/:id/state',
    summary: 'Turn a programme on or off; what waits of one that goes off is not sent',
    permission: 'surveys.write',
    params: byId,
    body: z.strictObject({
      state: z.enum(['on', 'off']),
      callBack: z.boolean().default(false).describe('what turning it off called off waits again'),
    }),
    reply: programme,
  }),
  order: entry({
    method: 'PUT',
    path: '/programmes/order',
    summary: 'Put all programmes into another order',
    permission: 'surveys.write',
    body: z.strictObject({ ids: z.array(id).max(50) }),
    reply: z.object({ items: z.array(programme) }),
  }),
  dryRun: entry({
    method: 'POST',
    path: '/programmes/dry-run',
    summary: 'What a programme would have done over the last 90 days; nothing is kept of it',
    permission: 'surveys.read',
    body: z.strictObject({
      programme: programmeSettings,
      replaces: id.nullable().default(null).describe('the programme in whose place it stands; else it is the last'),
    }),
    reply: dryRun,
  }),
  rules: entry({
    method: 'GET',
    path: '/asking-rules',
    summary: 'Rules over all programmes',
    permission: 'surveys.read',
    reply: askingRules,
  }),
  changeRules: entry({
    method: 'PUT',
    path: '/asking-rules',
    summary: 'Change the rules over all programmes; what has been decided stays',
    permission: 'surveys.write',
    body: askingRules,
    reply: askingRules,
  }),
  invitations: entry({
    method: 'GET',
    path: '/invitations',
    summary: 'The ledger: what became of each touchpoint that ended, newest first',
    permission: 'responses.read',
    query: z.object({ ...pageQuery, ...between, state: state.optional(), rule: rule.optional() }),
    reply: page(invitation),
  }),
  funnel: entry({
    method: 'GET',
    path: '/invitations/funnel',
    summary: 'How many touchpoints are in each state; of the last 30 days unless others are named, at most 366',
    permission: 'surveys.read',
    query: z.object(between),
    reply: funnel,
  }),
  invitation: entry({
    method: 'GET',
    path: '/invitations/:id',
    summary: 'One line of the ledger with its facts in their order',
    permission: 'responses.read',
    params: byId,
    reply: invitation.extend({
      facts: z.array(z.object({ fact: z.enum(invitationFacts), at: instant })),
      remindersSent: z.int(),
      nextReminderAt: instant.nullable(),
      expiresAt: instant.nullable(),
      responseId: id.nullable(),
      returned: z.array(returnedMail).describe('what came back to its mails, in its order, at most 100'),
    }),
  }),
} as const
