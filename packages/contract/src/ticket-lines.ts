import { z } from 'zod'
import { namedCustomer } from './people.ts'
import { channels, priorities, ticketStatuses } from './ticket-states.ts'
import { email, id, instant, text } from './values.ts'

export * from './ticket-states.ts'

/** What a member may set: new and closed come about by themselves. */
export const settableStatuses = ['open', 'waiting', 'on_hold', 'solved'] as const
export const shelves = ['unsolved', 'solved', 'spam'] as const
/** By activity, wait, priority, beginning and last message, each in both directions. */
export const ticketSorts = [
  ...(['newest', 'oldest', 'waiting', 'waiting_least', 'priority', 'priority_lowest'] as const),
  ...(['created_newest', 'created_oldest', 'message_newest', 'message_oldest'] as const),
] as const
/** What members say of two tickets. causes: this one is why there is the other. */
export const givenLinkKinds = ['related', 'causes', 'caused_by'] as const
export type GivenLinkKind = (typeof givenLinkKinds)[number]
export const linkKinds = [...givenLinkKinds, 'split', 'continues', 'stranger'] as const

/** As tags are kept: in small letters. */
export const ticketTag = text(40, 1).overwrite((given) => given.toLowerCase())
export const ticketTopic = text(80, 1)
/** As ISO 639 calls it, perhaps with a region: `sl`, `en-gb`. */
export const ticketLanguage = z
  .string()
  .trim()
  .toLowerCase()
  .max(20)
  .regex(/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/, { message: 'not_language' })
export const namedMember = z.object({ id, name: z.string() })
export const mailAddress = z.object({ name: z.string(), address: z.string() })
export type MailAddress = z.infer<typeof mailAddress>
/** One that a member may write to. */
export const givenAddress = z.strictObject({ name: text(120).default(''), address: email })

/** Until when a ticket rests: a moment, or reply: until its customer writes, and by no clock. */
export const snoozedUntil = z.union([instant, z.literal('reply')])

/** A ticket as a line of a list. */
export const ticketLine = z.object({
  id,
  number: z.int(),
  subject: z.string(),
  status: z.enum(ticketStatuses),
  priority: z.enum(priorities),
  owner: namedMember.nullable(),
  topic: z.string().nullable(),
  tags: z.array(z.string()),
  channel: z.enum(channels),
  customer: namedCustomer.nullable(),
  snoozedUntil: snoozedUntil.nullable().describe('a moment; reply: not before the customer writes'),
  waitingSince: instant.nullable().describe('since when the customer has waited for us'),
  solvedAt: instant.nullable(),
  spam: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  lastAuthor: z.string(),
  lastExcerpt: z.string(),
  messages: z.int().describe('of the ticket itself, notes included'),
  mergedInto: z.object({ id, number: z.int() }).nullable(),
  mergedNumbers: z.array(z.int()).describe('of the tickets that were merged into this one, up to 200'),
})
export type TicketLine = z.infer<typeof ticketLine>

export const ticketParams = z.object({ id })
