import { z } from 'zod'
import { entry } from './entry.ts'
import { attributeName, email, id, instant, localDate, page, pageQuery, phone, text, timeZone } from './values.ts'

/** Who somebody is, as another program says it: known by the external id, else the address, else the phone. */
export const customerInput = z.strictObject({
  externalId: text(200, 1).optional(),
  email: email.optional(),
  phone: phone.optional(),
  name: text(120).optional(),
  language: text(20).optional(),
  organisation: text(120).optional(),
  timeZone: timeZone.optional().describe('where their hours are; the workspace’s when left out'),
})
/** The same, or one that is known already. */
export const customerReference = customerInput.extend({ id: id.optional() })
export type CustomerReference = z.infer<typeof customerReference>

/** As little of a customer as stands beside something of theirs. */
export const namedCustomer = z.object({
  id,
  name: z.string().nullable(),
  email: z.string().nullable(),
  externalId: z.string().nullable(),
})
export const customer = namedCustomer.extend({
  addresses: z.array(z.string()).describe('others, which they write from as well'),
  phone: z.string().nullable(),
  language: z.string().nullable(),
  organisation: z.string().nullable(),
  organisationId: id.nullable(),
  attributes: z.record(z.string(), z.string()),
  seesOrganisation: z.boolean().describe('whether they may follow what others of their organisation ask'),
  timeZone: z.string().nullable(),
  createdAt: instant,
})
export type Customer = z.infer<typeof customer>

/** What two have in common: their name and that, or what stands before the @ and nearly the name. */
export const customerLikenesses = ['organisation', 'domain', 'address'] as const
const alikeCustomer = z.object({
  customer,
  why: z
    .enum(customerLikenesses)
    .describe('name and organisation, name and domain of mail, or the part before the @ and nearly the name'),
})
export type AlikeCustomer = z.infer<typeof alikeCustomer>

const touchpointEntry = z.object({
  type: z.literal('touchpoint'),
  at: instant,
  id,
  kind: z.string(),
  externalId: z.string().nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  attributes: z.record(z.string(), z.string()),
})
export const answerEntry = z.object({
  type: z.literal('answer'),
  at: instant,
  id,
  survey: z.object({ id, name: z.string() }),
  score: z.int(),
  effortStep: z.int().min(1).max(7),
  countsAs: z.enum(['hard', 'neither', 'easy']),
  comment: z.string().nullable(),
  touchpointId: id.nullable(),
  agent: z.string().nullable().describe('the member for whom it counts, as it was known when it was given'),
  agentBy: z
    .string()
    .nullable()
    .describe('why for them: solved, wrote_most, owned_longest, or owned when no rule said whom'),
  excluded: z.enum(['spam', 'test', 'own']).nullable(),
})
export const replyEntry = z.object({
  type: z.literal('reply'),
  at: instant,
  id,
  invitationId: id.describe('the line of the ledger whose mail was answered'),
  survey: z.object({ id, name: z.string() }).nullable(),
  sender: z.string(),
  text: z.string().describe('without the mail that was answered'),
  automatic: z.boolean().describe('a program wrote it in the place of somebody who is away'),
})
const ticketEntry = z.object({
  type: z.literal('ticket'),
  at: instant.describe('when something last happened in it'),
  id,
  number: z.int(),
  subject: z.string(),
  status: z.enum(['new', 'open', 'waiting', 'on_hold', 'solved', 'closed']),
})
/** One thing that happened with a customer. */
export const timelineEntry = z.discriminatedUnion('type', [touchpointEntry, answerEntry, replyEntry, ticketEntry])
export type TimelineEntry = z.infer<typeof timelineEntry>
export type AnswerEntry = z.infer<typeof answerEntry>
export type ReplyEntry = z.infer<typeof replyEntry>

const customerId = z.object({ id })

export const customerNote = z.object({
  id,
  text: z.string(),
  by: z.object({ id, name: z.string() }).nullable(),
  at: instant,
})
export type CustomerNote = z.infer<typeof customerNote>
/** Attributes that change: null takes one away, what is left out stays. */
export const attributeChanges = z.record(attributeName, text(200).nullable())
const cleared = <T extends z.ZodType>(value: T) => value.nullable().optional()

export const suppressionReasons = ['unsubscribed', 'bounced', 'complained', 'by_hand', 'imported'] as const
const suppressionReason = z.enum(suppressionReasons)
const suppression = z.object({ id, address: z.string(), reason: suppressionReason, at: instant })
export type Suppression = z.infer<typeof suppression>

export const people = {
  listCustomers: entry({
    method: 'GET',
    path: '/customers',
    summary:
      'Customers, newest first: all, those who hold some words, or the one with this external id, address or phone',
    permission: 'responses.read',
    query: z
      .strictObject({
        ...pageQuery,
        search: text(200).optional().describe('in name, address, external id, organisation and phone'),
        externalId: text(200, 1).optional(),
        email: email.optional(),
        phone: phone.optional(),
      })
      .refine(
        ({ search, externalId, email: address, phone: number }) => {
          return [search, externalId, address, number].filter(Boolean).length <= 1
        },
        { message: 'one_name_only' },
      ),
    reply: page(customer),
  }),
  customer: entry({
    method: 'GET',
    path: '/customers/:id',
    summary: 'Everything that is kept about one customer, for whoever asks for theirs; of each kind the newest 10,000',
    permission: 'responses.read',
    params: customerId,
    reply: z.record(z.string(), z.unknown()),
  }),
  timeline: entry({
    method: 'GET',
    path: '/customers/:id/timeline',
    summary:
      'One customer and what happened with them, newest first: touchpoints, tickets, answers and replies to invitations',
    permission: 'touchpoints.read',
    params: customerId,
    query: z.object(pageQuery),
    reply: z.object({
      customer: customer.describe('into whom the one that was asked for was merged, if they were'),
      merged: z.array(customer).describe('who was merged into them'),
      items: z.array(timelineEntry),
      next: z.string().nullable(),
    }),
  }),
  changeCustomer: entry({
    method: 'PATCH',
    path: '/customers/:id',
    summary: 'Change what is known about one customer; null takes it away',
    permission: 'touchpoints.write',
    params: customerId,
    body: z.strictObject({
      externalId: cleared(text(200, 1)),
      email: cleared(email),
      phone: cleared(phone),
      name: cleared(text(120, 1)),
      language: cleared(text(20, 1)),
      organisation: cleared(text(120, 1)),
      timeZone: cleared(timeZone),
      seesOrganisation: z.boolean().optional(),
      attributes: attributeChanges.optional().describe('what is left out stays, null takes away'),
    }),
    reply: customer,
  }),
  eraseCustomer: entry({
    method: 'DELETE',
    path: '/customers/:id',
    summary: 'Forget one customer for good: of their answers the score, its day and its segment stay in the figures',
    permission: 'workspace.manage',
    params: customerId,
  }),
  addAddress: entry({
    method: 'POST',
    path: '/customers/:id/addresses',
    summary: 'Say that mail from one more address is theirs, and that whoever reads it may see what they ask',
    permission: 'touchpoints.write',
    params: customerId,
    body: z.strictObject({ address: email }),
    reply: customer,
  }),
  removeAddress: entry({
    method: 'DELETE',
    path: '/customers/:id/addresses/:address',
    summary: 'Take one of their other addresses away',
    permission: 'touchpoints.write',
    params: z.object({ id, address: email }),
    reply: customer,
  }),
  mergeCustomer: entry({
    method: 'PUT',
    path: '/customers/:id/merge',
    summary: 'Say that a customer is the same person as another: nothing is moved, what comes goes to that one',
    permission: 'touchpoints.write',
    params: customerId,
    body: z.strictObject({ intoId: id }),
    reply: customer,
  }),
  unmergeCustomer: entry({
    method: 'DELETE',
    path: '/customers/:id/merge',
    summary: 'Take a merge back; what came meanwhile stays with the other',
    permission: 'touchpoints.write',
    params: customerId,
    reply: customer,
  }),
  alike: entry({
    method: 'GET',
    path: '/customers/:id/alike',
    summary:
      'Who might be the same person, at most ten; never two with external ids of their own, nor who was told apart',
    permission: 'touchpoints.read',
    params: customerId,
    reply: z.array(alikeCustomer),
  }),
  tellApart: entry({
    method: 'PUT',
    path: '/customers/:id/difference/:otherId',
    summary: 'Say that two customers are two persons, however alike: it is not asked again',
    permission: 'touchpoints.write',
    params: z.object({ id, otherId: id }),
  }),
  askAgain: entry({
    method: 'DELETE',
    path: '/customers/:id/difference/:otherId',
    summary: 'Take back that two customers are two persons',
    permission: 'touchpoints.write',
    params: z.object({ id, otherId: id }),
  }),
  listNotes: entry({
    method: 'GET',
    path: '/customers/:id/notes',
    summary: 'What members wrote about a customer, newest first',
    permission: 'tickets.read',
    params: customerId,
    query: z.object(pageQuery),
    reply: page(customerNote),
  }),
  addNote: entry({
    method: 'POST',
    path: '/customers/:id/notes',
    summary: 'Write a note about a customer, for members alone',
    permission: 'tickets.write',
    params: customerId,
    status: 201,
    body: z.strictObject({ text: text(5000, 1) }),
    reply: customerNote,
  }),
  removeNote: entry({
    method: 'DELETE',
    path: '/customer-notes/:id',
    summary: 'Remove a note about a customer or an organisation',
    permission: 'tickets.write',
    params: customerId,
  }),

  listSuppressions: entry({
    method: 'GET',
    path: '/suppressions',
    summary: 'Addresses that are not written to, newest first',
    permission: 'responses.read',
    query: z.object({
      ...pageQuery,
      after: id.optional(),
      address: email.optional(),
      begins: text(254, 1).toLowerCase().optional().describe('how the address begins'),
      reason: suppressionReason.optional(),
      from: localDate.optional().describe('the first day on which it was put there'),
      to: localDate.optional().describe('the last day'),
    }),
    reply: page(suppression),
  }),
  suppress: entry({
    method: 'POST',
    path: '/suppressions',
    summary: 'Write to an address no more; one that is on the list already keeps its first reason',
    permission: 'responses.write',
    status: 201,
    body: z.strictObject({ address: email, reason: suppressionReason.default('by_hand') }),
    reply: suppression,
  }),
  importSuppressions: entry({
    method: 'POST',
    path: '/suppressions/import',
    summary: 'Write to many addresses no more, such as those that another program kept; all of them or none',
    permission: 'responses.import',
    body: z.strictObject({
      addresses: z.array(email).min(1).max(10_000),
      reason: suppressionReason.default('imported'),
    }),
    reply: z.object({ added: z.int().describe('how many were not on the list before') }),
  }),
  removeSuppression: entry({
    method: 'DELETE',
    path: '/suppressions/:id',
    summary: 'Let an address be written to again',
    permission: 'workspace.manage',
    params: z.object({ id }),
  }),
} as const
