import { z } from 'zod'
import { entry } from './entry.ts'
import { id, language, localDate, text, translated } from './values.ts'

export const fieldKinds = ['text', 'number', 'date', 'choice', 'yes_no'] as const
export type FieldKind = (typeof fieldKinds)[number]
export const onFormStates = ['no', 'optional', 'required'] as const

const topicName = text(80, 1)
const formTopic = z.strictObject({
  name: topicName.describe('what stands on the ticket'),
  label: translated(80).default({}).describe('what customers read, where it is said otherwise'),
})
export const contactForm = z.object({
  open: z.boolean(),
  intro: translated(600),
  topics: z.array(formTopic),
  url: z.string().nullable().describe('where customers find it; null: no name is known under which they reach it'),
})
export type ContactForm = z.infer<typeof contactForm>

const fieldChoice = z.strictObject({ value: text(80, 1), label: translated(80).default({}) })
const givenField = z
  .strictObject({
    name: text(80, 1).describe('what members read'),
    label: translated(120).default({}).describe('what customers read, where it is said otherwise'),
    kind: z.enum(fieldKinds),
    choices: z.array(fieldChoice).max(60).default([]).describe('of a choice: at least two'),
    topics: z.array(topicName).max(40).default([]).describe('asked for only with these; empty: with all'),
    onForm: z.enum(onFormStates).default('no').describe('whether customers are asked on the contact form'),
    requiredOnSolving: z.boolean().default(false),
  })
  .refine(({ kind, choices }) => kind !== 'choice' || choices.length >= 2, {
    message: 'too_few_choices',
    path: ['choices'],
  })
  .refine(({ choices }) => new Set(choices.map(({ value }) => value)).size === choices.length, {
    message: 'choice_twice',
    path: ['choices'],
  })
export type GivenTicketField = z.output<typeof givenField>

export const ticketField = z.object({
  id,
  name: z.string(),
  label: translated(120),
  kind: z.enum(fieldKinds),
  choices: z.array(fieldChoice),
  topics: z.array(z.string()),
  onForm: z.enum(onFormStates),
  requiredOnSolving: z.boolean(),
})
export type TicketField = z.infer<typeof ticketField>

/** A text or a choice, a number, a day, yes or no; as its field has it. */
const fieldValue = z.union([text(2000, 1), z.number().min(-1e15).max(1e15), z.boolean()])
export type FieldValue = z.infer<typeof fieldValue>

const ticketFieldValue = z.object({
  field: ticketField,
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  missing: z.boolean().describe('whether it is required before the ticket can be solved'),
})
export type TicketFieldValue = z.infer<typeof ticketFieldValue>

const fieldId = z.object({ id })

/** The contact form and what it asks. */
export const contactFormEntries = {
  get: entry({
    method: 'GET',
    path: '/contact-form',
    summary: 'The contact form: whether it is open, what it says, and its topics',
    permission: 'tickets.read',
    reply: contactForm,
  }),
  change: entry({
    method: 'PUT',
    path: '/contact-form',
    summary: 'Change the contact form',
    permission: 'tickets.manage',
    body: z.strictObject({
      open: z.boolean(),
      intro: translated(600).default({}),
      topics: z
        .array(formTopic)
        .max(40)
        .default([])
        .refine((topics) => new Set(topics.map(({ name }) => name)).size === topics.length, { message: 'topic_twice' }),
    }),
    reply: contactForm,
  }),
  page: entry({
    method: 'GET',
    path: '/contact-form/page',
    summary: 'The form as customers see it, also while it is closed; it sends nothing',
    permission: 'tickets.manage',
    query: z.strictObject({ language, topic: topicName.optional() }),
    content: 'file',
  }),
  listFields: entry({
    method: 'GET',
    path: '/ticket-fields',
    summary: 'What is asked of a ticket besides its text, in its order; at most 60',
    permission: 'tickets.read',
    reply: z.array(ticketField),
  }),
  createField: entry({
    method: 'POST',
    path: '/ticket-fields',
    summary: 'Ask for something more; it comes last',
    permission: 'tickets.manage',
    status: 201,
    body: givenField,
    reply: ticketField,
  }),
  changeField: entry({
    method: 'PUT',
    path: '/ticket-fields/:id',
    summary: 'Change a field; one that was removed is there again. Its kind stays once tickets have values of it',
    permission: 'tickets.manage',
    params: fieldId,
    body: givenField,
    reply: ticketField,
  }),
  removeField: entry({
    method: 'DELETE',
    path: '/ticket-fields/:id',
    summary: 'Ask for it no more; its values are kept, and changing it brings it back',
    permission: 'tickets.manage',
    params: fieldId,
  }),
  orderFields: entry({
    method: 'PUT',
    path: '/ticket-field-order',
    summary: 'Put the fields into another order; those that are not named come last',
    permission: 'tickets.manage',
    body: z.strictObject({ ids: z.array(id).max(60) }),
    reply: z.array(ticketField),
  }),
  values: entry({
    method: 'GET',
    path: '/tickets/:id/fields',
    summary: 'The fields of a ticket with its topic, with their values; others only where they have one',
    permission: 'tickets.read',
    params: fieldId,
    reply: z.array(ticketFieldValue),
  }),
  setValues: entry({
    method: 'PATCH',
    path: '/tickets/:id/fields',
    summary: 'Set values of fields by their ids; null takes one away, what is left out stays',
    permission: 'tickets.write',
    params: fieldId,
    body: z.strictObject({ values: z.record(id, fieldValue.nullable()) }),
    reply: z.array(ticketFieldValue),
  }),
} as const

/** A day as a field holds it. */
export const fieldDate = localDate
