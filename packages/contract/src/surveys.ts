import { z } from 'zod'
import { entry } from './entry.ts'
import { customerInput } from './people.ts'
import { attributes, id, instant, language, localDate, page, pageQuery, text, timeZone, translated } from './values.ts'

/** A scale as `@lahko/effort` knows it, with the labels of both ends. */
export const scale = z.strictObject({
  id: text(40, 1).describe('a preset of @lahko/effort, or custom'),
  family: z.enum(['effort', 'satisfaction', 'recommendation']),
  min: z.int().min(0).max(1),
  max: z.int().min(2).max(10),
  direction: z.enum(['high-is-easy', 'high-is-hard']),
})
export const rule = z.strictObject({
  id: text(40, 1),
  easy: z.array(z.int().min(0).max(10)).min(1).max(10),
  hard: z.array(z.int().min(0).max(10)).min(1).max(10),
})
export const metricName = z.enum(['mean', 'easyShare', 'hardShare', 'netEase', 'easeIndex'])
export type MetricName = z.infer<typeof metricName>

const option = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), label: translated(120) })
/** When something is shown: for scores that count as hard, as easy, or neither. */
const scoreKind = z.enum(['hard', 'neither', 'easy'])

export const question = z.discriminatedUnion('kind', [
  z.strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    kind: z.literal('choice'),
    text: translated(300),
    several: z.boolean(),
    required: z.boolean().default(false),
    options: z.array(option).min(2).max(20),
  }),
  z.strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    kind: z.literal('text'),
    text: translated(300),
    required: z.boolean().default(false),
    long: z.boolean(),
  }),
])

/** What one version asks. Everything in it is frozen once the version is published. */
export const surveyContent = z.strictObject({
  languages: z.array(language).min(1).max(3).describe('in which it is published, the first is the fallback'),
  score: z.strictObject({
    text: translated(300),
    scale,
    look: z.enum(['numbers', 'faces']),
    lowLabel: translated(60),
    highLabel: translated(60),
  }),
  reasons: z
    .array(
      z.strictObject({
        when: z.array(scoreKind).min(1).max(3),
        text: translated(200),
        options: z.array(option).min(1).max(20),
      }),
    )
    .max(3)
    .describe('sets of chips, shown by what the score counts as'),
  comment: z.strictObject({ text: translated(200) }).nullable(),
  questions: z.array(question).max(10),
  thanks: z.strictObject({ hard: translated(500), neither: translated(500), easy: translated(500) }),
})
export type SurveyContent = z.infer<typeof surveyContent>
export type SurveyQuestion = z.infer<typeof question>

export const libraryItem = z.object({
  id: z.string(),
  kind: z.enum(['effort', 'satisfaction', 'recommendation']),
  touchpoint: z.string().describe('ticket, article, call, thread, purchase, any …'),
  name: z.object({ en: z.string(), sl: z.string(), nb: z.string() }),
  whenToUse: z.object({ en: z.string(), sl: z.string(), nb: z.string() }),
  source: z.string(),
  content: surveyContent,
  rule,
})
export type LibraryItem = z.infer<typeof libraryItem>

export const surveyState = z.enum(['draft', 'published', 'paused', 'archived'])
export const surveySummary = z.object({
  id,
  key: z.string().describe('the last part of its address /s/:key'),
  name: z.string(),
  state: surveyState,
  identity: z.enum(['identified', 'anonymous']),
  version: z.int().nullable(),
  answers: z.int().describe('that count, over all wordings'),
  closesOn: localDate.nullable(),
  createdAt: instant,
})
export const survey = surveySummary.extend({
  url: z.string().nullable().describe('its public address; null until the workspace has a name that leads to it'),
  metric: metricName,
  rule,
  declared: z.array(z.string()),
  rebuild: z.object({ done: z.int(), total: z.int() }).nullable().describe('while cells are counted again'),
  content: surveyContent.nullable().describe('of the version that is asked now'),
  draft: surveyContent.nullable().describe('what is being edited, null when it equals the version'),
  draftSavedAt: instant.nullable(),
  draftChange: z
    .object({ newWording: z.boolean(), missing: z.array(z.object({ language, field: z.string() })) })
    .nullable()
    .describe('what publishing the draft would mean'),
  versions: z.array(
    z.object({
      version: z.int(),
      wording: z.int(),
      publishedAt: instant,
      answers: z.int().describe('to its wording, that count; versions of one wording share them'),
    }),
  ),
})
export type Survey = z.infer<typeof survey>
export type SurveySummary = z.infer<typeof surveySummary>

export const touchpointInput = z.strictObject({
  externalId: text(200, 1),
  kind: text(60, 1),
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  attributes: attributes.optional(),
})
/** One answer as another program reports it. */
export const responseInput = z.strictObject({
  survey: text(60, 1).describe('key or id of the survey'),
  score: z.int().min(0).max(10),
  externalId: text(200, 1).optional().describe('the same id again is the same response'),
  answeredAt: instant.optional().describe('in the past needs the permission responses.import'),
  language: language.optional(),
  reasons: z.array(text(40, 1)).max(20).optional().describe('ids of reason chips'),
  comment: text(5000).optional(),
  answers: z.record(text(40, 1), z.union([text(5000), z.array(text(40)).max(20)])).optional(),
  attributes: attributes.optional(),
  touchpoint: touchpointInput.optional(),
  customer: customerInput.optional().describe('where nobody is named, the customer of the touchpoint'),
})
export type ResponseInput = z.infer<typeof responseInput>

export const ingestResult = z.discriminatedUnion('status', [
  z.object({ index: z.int(), status: z.literal('accepted'), id }),
  z.object({ index: z.int(), status: z.literal('repeated'), id }).describe('known already: nothing was counted again'),
  z.object({ index: z.int(), status: z.literal('refused'), code: z.string(), field: z.string(), message: z.string() }),
])
export type IngestResult = z.infer<typeof ingestResult>

export const excludedReason = z.enum(['spam', 'test', 'own'])
export const response = z.object({
  id,
  score: z.int(),
  effortStep: z.int().min(1).max(7),
  answeredAt: instant,
  answeredOn: localDate.describe('in the workspace’s time zone'),
  language: z.string().nullable(),
  version: z.int(),
  wording: z.int(),
  source: z.enum(['link', 'api', 'import', 'demo']),
  reasons: z.array(z.object({ id: z.string(), label: z.string() })),
  comment: z.string().nullable(),
  answers: z.array(z.object({ id: z.string(), question: z.string(), value: z.string() })),
  attributes: z.record(z.string(), z.string()),
  customer: z
    .object({ id, name: z.string().nullable(), email: z.string().nullable(), externalId: z.string().nullable() })
    .nullable(),
  touchpoint: z.object({ id, externalId: z.string().nullable(), kind: z.string() }).nullable(),
  excluded: z.enum(['spam', 'test', 'own']).nullable(),
})
export type Response = z.infer<typeof response>

/** What may be read of an anonymous answer. */
export const anonymousComment = z.object({ id, comment: z.string(), excluded: excludedReason.nullable() })
export type AnonymousComment = z.infer<typeof anonymousComment>

/** Scores of one wording measure the same; those of two are never added up. */
export const wording = z.coerce.number().int().min(1).max(32_767)

/** Filters in the address: `filter=topic:Returns` any number of times; values of one attribute are alternatives. */
export const filters = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]))
  .pipe(z.array(text(260).regex(/^[a-z][a-z0-9_]{0,39}:/, { message: 'not_attribute_value' })).max(20))

export const importMapping = z.strictObject({
  score: text(200, 1).describe('the column that holds the score'),
  answeredAt: text(200, 1).optional(),
  externalId: text(200, 1).optional(),
  comment: text(200, 1).optional(),
  language: text(200, 1).optional(),
  customerEmail: text(200, 1).optional(),
  customerExternalId: text(200, 1).optional(),
  customerName: text(200, 1).optional(),
  attributes: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), text(200, 1))
    .refine((record) => Object.keys(record).length <= 20, { message: 'too_many_attributes' })
    .default({})
    .describe('attribute name → column'),
  timeZone: timeZone.optional().describe('of times without an offset; the workspace’s when left out'),
})
export const importState = z.object({
  id,
  surveyId: id,
  fileName: z.string(),
  state: z.enum(['uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'undoing', 'undone']),
  columns: z.array(z.string()),
  sample: z.array(z.record(z.string(), z.string())),
  mapping: importMapping.nullable().describe('guessed after the upload'),
  rowsRead: z.int(),
  rowsAccepted: z.int(),
  rowsRefused: z.int(),
  rowsRepeated: z.int().describe('known already: nothing is counted again'),
  rowsUnanswered: z.int().describe('without a score'),
  refused: z.array(z.object({ line: z.int(), value: z.string(), reason: z.string() })).describe('the first 100'),
  progress: z.number().min(0).max(1),
  error: z.string().nullable(),
  remarks: z
    .array(z.string())
    .describe('what to know before the answers are taken in, such as that no column holds dates'),
  createdAt: instant,
  startedAt: instant.nullable().describe('When its answers were asked to come in'),
})
export type ImportState = z.infer<typeof importState>
export type ImportMapping = z.infer<typeof importMapping>

const surveyId = z.object({ id })
const importId = z.object({ id, importId: id })
const singleAnswer = z.object({ survey: z.object({ id, key: z.string(), name: z.string(), scale }), response })
export type SingleAnswer = z.infer<typeof singleAnswer>
const responseId = z.object({ id })

export const surveys = {
  library: entry({
    method: 'GET',
    path: '/survey-library',
    summary: 'Suitable questions, each with its source; also for whoever signs up',
    permission: null,
    reply: z.array(libraryItem),
  }),
  list: entry({
    method: 'GET',
    path: '/surveys',
    summary: 'Surveys, newest first',
    permission: 'surveys.read',
    query: z.object({ ...pageQuery, archived: z.stringbool().default(false) }),
    reply: page(surveySummary),
  }),
  create: entry({
    method: 'POST',
    path: '/surveys',
    summary: 'Make a survey from the library or as a copy',
    permission: 'surveys.write',
    status: 201,
    body: z
      .strictObject({ name: text(120, 1), libraryId: text(60).optional(), copyOf: id.optional() })
      .refine((body) => !body.libraryId !== !body.copyOf, { message: 'library_or_copy' }),
    reply: survey,
  }),
  get: entry({
    method: 'GET',
    path: '/surveys/:id',
    summary: 'One survey with its draft and versions',
    permission: 'surveys.read',
    params: surveyId,
    reply: survey,
  }),
  change: entry({
    method: 'PATCH',
    path: '/surveys/:id',
    summary: 'Change what is not a question: name, address, rule, metric, declared attributes, closing date',
    permission: 'surveys.write',
    params: surveyId,
    body: z.strictObject({
      name: text(120, 1).optional(),
      key: z
        .string()
        .regex(/^[a-z0-9-]{2,40}$/)
        .optional(),
      rule: rule.optional(),
      metric: metricName.optional(),
      identity: z.enum(['identified', 'anonymous']).optional().describe('only before the first answer'),
      declared: z
        .array(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/))
        .max(8)
        .optional(),
      closesOn: localDate.nullable().optional(),
    }),
    reply: survey,
  }),
  saveDraft: entry({
    method: 'PUT',
    path: '/surveys/:id/draft',
    summary: 'Keep what is being edited',
    permission: 'surveys.write',
    params: surveyId,
    body: surveyContent,
    reply: survey,
  }),
  dropDraft: entry({
    method: 'DELETE',
    path: '/surveys/:id/draft',
    summary: 'Go back to the version that is asked now',
    permission: 'surveys.write',
    params: surveyId,
    reply: survey,
  }),
  publish: entry({
    method: 'POST',
    path: '/surveys/:id/versions',
    summary: 'Make the draft the version that is asked; doing it twice is doing it once',
    permission: 'surveys.write',
    params: surveyId,
    status: 201,
    body: z.strictObject({
      sameQuestion: z.boolean().default(false).describe('the author declares that old and new scores measure the same'),
    }),
    reply: survey,
  }),
  setState: entry({
    method: 'PUT',
    path: '/surveys/:id/state',
    summary: 'Pause, go on, archive',
    permission: 'surveys.write',
    params: surveyId,
    body: z.strictObject({ state: z.enum(['published', 'paused', 'archived']) }),
    reply: survey,
  }),
  qr: entry({
    method: 'GET',
    path: '/surveys/:id/qr.svg',
    summary: 'A QR code of the address',
    permission: 'surveys.read',
    params: surveyId,
    content: 'file',
  }),
  snippet: entry({
    method: 'GET',
    path: '/surveys/:id/snippet',
    summary: 'The scale as links, to paste into a mail of your own help desk',
    permission: 'surveys.read',
    params: surveyId,
    query: z.object({
      language: language.default('en'),
      program: z.enum(['plain', 'zendesk', 'freshdesk', 'zammad', 'helpscout', 'outlook']).default('plain'),
    }),
    reply: z.object({
      html: z.string(),
      text: z.string(),
      mergeFields: z.array(z.object({ field: z.string(), meaning: z.string() })),
    }),
  }),
  trial: entry({
    method: 'POST',
    path: '/surveys/:id/trials',
    summary: 'An address where the draft can be tried; what is sent there does not count',
    permission: 'surveys.write',
    params: surveyId,
    status: 201,
    reply: z.object({ url: z.string() }),
  }),

  ingest: entry({
    method: 'POST',
    path: '/responses',
    summary: 'Report one answer, or up to 1,000 at once; each is accepted or refused by itself',
    permission: 'responses.write',
    body: z.union([
      responseInput,
      z.strictObject({ responses: z.array(z.unknown()).min(1).max(1000).describe('each as a single answer') }),
    ]),
    reply: z.object({ results: z.array(ingestResult) }),
    // A thousand answers with long comments.
    mostBytes: 8 * 1024 * 1024,
    keyed: true,
  }),
  responses: entry({
    method: 'GET',
    path: '/surveys/:id/responses',
    summary: 'Answers, newest or hardest first, searchable; not of an anonymous survey',
    permission: 'responses.read',
    params: surveyId,
    query: z.object({
      ...pageQuery,
      order: z.enum(['newest', 'hardest']).default('newest'),
      search: text(200).optional(),
      wording: wording.optional().describe('the newest when left out'),
      from: localDate.optional(),
      to: localDate.optional(),
      filter: filters,
      scores: z.enum(['hard', 'neither', 'easy']).optional(),
      excluded: z.stringbool().default(false),
    }),
    reply: page(response),
  }),
  responsesCsv: entry({
    method: 'GET',
    path: '/surveys/:id/responses.csv',
    summary: 'All answers that fit, streamed; not of an anonymous survey',
    permission: 'responses.read',
    params: surveyId,
    query: z.object({
      wording: wording.optional().describe('all of them when left out'),
      from: localDate.optional(),
      to: localDate.optional(),
      filter: filters,
    }),
    content: 'file',
  }),
  comments: entry({
    method: 'GET',
    path: '/surveys/:id/comments',
    summary: 'The comments of an anonymous survey in an order that tells nothing, without score, date or language',
    permission: 'responses.read',
    params: surveyId,
    query: z.object({ ...pageQuery, after: id.optional(), excluded: z.stringbool().default(false) }),
    reply: page(anonymousComment),
  }),
  response: entry({
    method: 'GET',
    path: '/responses/:id',
    summary: 'One answer; not of an anonymous survey',
    permission: 'responses.read',
    params: responseId,
    reply: singleAnswer,
  }),
  exclude: entry({
    method: 'PUT',
    path: '/responses/:id/exclusion',
    summary: 'Leave an answer out of every figure',
    permission: 'responses.exclude',
    params: responseId,
    body: z.strictObject({ reason: excludedReason }),
  }),
  include: entry({
    method: 'DELETE',
    path: '/responses/:id/exclusion',
    summary: 'Count it again',
    permission: 'responses.exclude',
    params: responseId,
  }),

  upload: entry({
    method: 'POST',
    path: '/surveys/:id/imports',
    summary: 'Upload a file of old answers as the raw body, its name in ?name=',
    permission: 'responses.import',
    params: surveyId,
    query: z.object({ name: text(200, 1) }),
    content: 'upload',
    status: 201,
    reply: importState,
  }),
  listImports: entry({
    method: 'GET',
    path: '/surveys/:id/imports',
    summary: 'Imports, newest first',
    permission: 'responses.import',
    params: surveyId,
    query: z.object(pageQuery),
    reply: page(importState),
  }),
  getImport: entry({
    method: 'GET',
    path: '/surveys/:id/imports/:importId',
    summary: 'How far an import is',
    permission: 'responses.import',
    params: importId,
    reply: importState,
  }),
  checkImport: entry({
    method: 'POST',
    path: '/surveys/:id/imports/:importId/check',
    summary: 'A dry run: what would be accepted and refused',
    permission: 'responses.import',
    params: importId,
    body: importMapping,
    reply: importState,
  }),
  runImport: entry({
    method: 'POST',
    path: '/surveys/:id/imports/:importId/run',
    summary: 'Take the answers in',
    permission: 'responses.import',
    params: importId,
    status: 202,
    reply: importState,
  }),
  undoImport: entry({
    method: 'DELETE',
    path: '/surveys/:id/imports/:importId',
    summary: 'Take an import back',
    permission: 'responses.import',
    params: importId,
    reply: importState,
  }),
} as const
