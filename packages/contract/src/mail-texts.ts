import { z } from 'zod'
import { entry } from './entry.ts'
import { id, language, text } from './values.ts'

const written = (max: number) => text(max, 1)
const line = (max: number) =>
  written(max).refine((given) => !/[\t\n\r\u2028\u2029]/u.test(given), { message: 'not_one_line' })

/** What a mail says around its question. Where nothing stands, it says what Lahko says by itself. */
export const mailText = z.strictObject({
  subject: line(150).optional(),
  greeting: line(120).optional(),
  introduction: written(600).optional(),
  closing: written(600).optional(),
  signature: written(200).optional(),
})
export type MailText = z.infer<typeof mailText>

/** Both mails in one language. A reminder says what the invitation says where it has nothing of its own. */
export const mailTexts = z.strictObject({
  sender: line(60).optional().describe('the name that mails come from; else the workspace’s'),
  invitation: mailText.optional(),
  reminder: mailText.optional(),
})
export type MailTexts = z.infer<typeof mailTexts>

export const programmeTexts = z
  .strictObject({ en: mailTexts.optional(), sl: mailTexts.optional(), nb: mailTexts.optional() })
  .describe(
    'Variables are {company}, {question} and, with what to say when nothing is known, {customer.name|there}, ' +
      '{customer.organisation|…}, {agent|…} and {touchpoint.topic|…} for any attribute',
  )
export type ProgrammeTexts = z.infer<typeof programmeTexts>

export const mailParts = ['subject', 'greeting', 'introduction', 'closing', 'signature'] as const

const which = {
  language,
  number: z.coerce.number().int().min(0).max(2).default(0).describe('0 is the invitation, others remind'),
}
/** Whether variables are filled from an example or with what stands for the unknown. */
const known = z.enum(['yes', 'no']).default('yes')
const byId = z.object({ id })

export const mailPreview = z.object({
  sender: z.string(),
  subject: z.string(),
  text: z.string().describe('the plain part'),
  presets: z
    .object({ subject: z.string(), greeting: z.string(), introduction: z.string() })
    .describe('what Lahko says by itself'),
})
export type MailPreview = z.infer<typeof mailPreview>

/** What the mails of a programme say. */
export const mailTextEntries = {
  get: entry({
    method: 'GET',
    path: '/programmes/:id/texts',
    summary: 'What the mails of a programme say, by language',
    permission: 'surveys.read',
    params: byId,
    reply: programmeTexts,
  }),
  change: entry({
    method: 'PUT',
    path: '/programmes/:id/texts',
    summary: 'Change what the mails of a programme say, from the next mail on',
    permission: 'surveys.write',
    params: byId,
    body: programmeTexts,
    reply: programmeTexts,
  }),
  preview: entry({
    method: 'POST',
    path: '/programmes/:id/mail-preview',
    summary: 'What a mail with these texts would say; nothing is kept of it',
    permission: 'surveys.read',
    params: byId,
    body: z.strictObject({ ...which, known, texts: mailTexts.default({}) }),
    reply: mailPreview,
  }),
  page: entry({
    method: 'GET',
    path: '/programmes/:id/mail-page',
    summary: 'The same as a page that runs nothing, with a customer’s eyes',
    permission: 'surveys.read',
    params: byId,
    query: z.object({
      ...which,
      language: language.default('en'),
      known,
      scheme: z.enum(['light', 'dark']).default('light'),
      texts: z.string().max(12_000).optional().describe('JSON, as in the preview; else what is saved'),
    }),
    content: 'file',
  }),
  test: entry({
    method: 'POST',
    path: '/programmes/:id/mail-tests',
    summary: 'Send such a mail to one’s own address; its links count nothing',
    permission: 'surveys.write',
    status: 201,
    params: byId,
    body: z.strictObject({ ...which, texts: mailTexts.default({}) }),
    reply: z.object({ mailId: id, recipient: z.string() }),
  }),
} as const
