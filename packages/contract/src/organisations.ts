import { z } from 'zod'
import { entry } from './entry.ts'
import { summary } from './insight.ts'
import { attributeChanges, customer, customerNote, timelineEntry } from './people.ts'
import { rule, scale } from './surveys.ts'
import { attributes, email, id, instant, page, pageQuery, text } from './values.ts'

const organisationLine = z.object({
  id,
  name: z.string(),
  addresses: z.array(z.string()).describe('domains, and single addresses, whose customers belong to it'),
  customers: z.int().describe('counted up to 1,000'),
})
export type OrganisationLine = z.infer<typeof organisationLine>

const organisation = organisationLine.extend({
  otherNames: z.array(z.string()).describe('in lower case: names of before and of those merged into it lead to it too'),
  attributes: z.record(z.string(), z.string()),
  merged: z.array(z.object({ id, name: z.string() })).describe('what was merged into it'),
  createdAt: instant,
})
export type Organisation = z.infer<typeof organisation>

const byId = z.object({ id })
const name = text(120, 1)
const domain = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.(?:[a-z][a-z0-9-]*[a-z0-9])$/
/** A domain, such as `example.no`, or one address there. */
const joiningAddress = text(254, 1)
  .overwrite((given) => {
    const plain = given.toLowerCase().replace(/^@/, '')
    if (plain.includes('@')) return email.safeParse(plain).data ?? plain
    return URL.parse(`http://${plain}`)?.hostname ?? plain
  })
  .refine((given) => domain.test(given) || email.safeParse(given).success, { message: 'not_sender' })

const effort = z.object({
  survey: z.object({ id, key: z.string(), name: z.string() }),
  wording: z.int(),
  scale,
  rule,
  summary,
  designEffect: z
    .number()
    .describe(
      'of the survey: n / designEffect stands for n in every interval; 1 where the same customers do not repeat',
    ),
})
export type OrganisationEffort = z.infer<typeof effort>

/** Whom customers belong to. */
export const organisations = {
  list: entry({
    method: 'GET',
    path: '/organisations',
    summary: 'Organisations by name: all, or those whose names or addresses hold some words',
    permission: 'responses.read',
    query: z.strictObject({ ...pageQuery, search: text(200).optional() }),
    reply: page(organisationLine),
  }),
  create: entry({
    method: 'POST',
    path: '/organisations',
    summary: 'Make an organisation. One that a customer is reported with makes itself',
    permission: 'touchpoints.write',
    status: 201,
    body: z.strictObject({
      name,
      otherNames: z.array(name).max(50).optional().describe('names that lead to it too'),
      addresses: z.array(joiningAddress).max(50).optional(),
      attributes: attributes.optional(),
    }),
    reply: organisation,
  }),
  get: entry({
    method: 'GET',
    path: '/organisations/:id',
    summary: 'One organisation, or the one into which it was merged',
    permission: 'responses.read',
    params: byId,
    reply: organisation,
  }),
  change: entry({
    method: 'PATCH',
    path: '/organisations/:id',
    summary: 'Change its name or its attributes: all its customers show the name, and the one before still leads here',
    permission: 'touchpoints.write',
    params: byId,
    body: z.strictObject({ name: name.optional(), attributes: attributeChanges.optional() }),
    reply: organisation,
  }),
  remove: entry({
    method: 'DELETE',
    path: '/organisations/:id',
    summary: 'Remove an organisation that has no customers',
    permission: 'touchpoints.write',
    params: byId,
  }),
  customers: entry({
    method: 'GET',
    path: '/organisations/:id/customers',
    summary: 'Its customers, newest first',
    permission: 'responses.read',
    params: byId,
    query: z.object(pageQuery),
    reply: page(customer),
  }),
  timeline: entry({
    method: 'GET',
    path: '/organisations/:id/timeline',
    summary: 'What happened with its customers, the newest 500 of them, newest first',
    permission: 'touchpoints.read',
    params: byId,
    query: z.object(pageQuery),
    reply: page(timelineEntry),
  }),
  effort: entry({
    method: 'GET',
    path: '/organisations/:id/effort',
    summary: 'How easy it was for its customers, the newest 2,000 of them: by survey and wording, of answers by name',
    permission: 'responses.read',
    params: byId,
    reply: z.array(effort),
  }),
  addAddress: entry({
    method: 'POST',
    path: '/organisations/:id/addresses',
    summary: 'Say whose customers belong to it: of whom no organisation is known, those who are here and who will come',
    permission: 'touchpoints.write',
    params: byId,
    body: z.strictObject({ address: joiningAddress.describe('a domain, such as example.no, or one address') }),
    reply: z.object({ organisation, joined: z.int().describe('how many customers belong to it now by that') }),
  }),
  removeAddress: entry({
    method: 'DELETE',
    path: '/organisations/:id/addresses/:address',
    summary: 'Take one of them away; its customers stay',
    permission: 'touchpoints.write',
    params: z.object({ id, address: text(254, 1).toLowerCase() }),
    reply: organisation,
  }),
  merge: entry({
    method: 'PUT',
    path: '/organisations/:id/merge',
    summary: 'Say that an organisation is the same as another: its customers are shown with that one',
    permission: 'touchpoints.write',
    params: byId,
    body: z.strictObject({ intoId: id }),
    reply: organisation,
  }),
  unmerge: entry({
    method: 'DELETE',
    path: '/organisations/:id/merge',
    summary: 'Take a merge back: its customers are shown with it again',
    permission: 'touchpoints.write',
    params: byId,
    reply: organisation,
  }),
  listNotes: entry({
    method: 'GET',
    path: '/organisations/:id/notes',
    summary: 'What members wrote about an organisation, newest first',
    permission: 'tickets.read',
    params: byId,
    query: z.object(pageQuery),
    reply: page(customerNote),
  }),
  addNote: entry({
    method: 'POST',
    path: '/organisations/:id/notes',
    summary: 'Write a note about an organisation, for members alone',
    permission: 'tickets.write',
    params: byId,
    status: 201,
    body: z.strictObject({ text: text(5000, 1) }),
    reply: customerNote,
  }),
} as const
