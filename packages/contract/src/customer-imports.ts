import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, page, pageQuery, text } from './values.ts'

const column = text(200, 1)

/** Which column holds what of a customer. One that names them has to be among these. */
export const customerColumns = z.strictObject({
  externalId: column.optional(),
  email: column.optional(),
  phone: column.optional(),
  name: column.optional(),
  familyName: column.optional().describe('stands behind the name'),
  language: column.optional(),
  organisation: column.optional(),
  timeZone: column.optional(),
})
export type CustomerColumns = z.infer<typeof customerColumns>

const row = z.object({ line: z.int(), value: z.string(), reason: z.string() })

const customerImport = z.object({
  id,
  fileName: z.string(),
  state: z.enum(['uploaded', 'checking', 'checked', 'running', 'done', 'failed']),
  columns: z.array(z.string()),
  sample: z.array(z.record(z.string(), z.string())).describe('the first rows'),
  mapping: customerColumns.describe('a guess until somebody chose'),
  overwrite: z.boolean(),
  rowsRead: z.int(),
  rowsNew: z.int(),
  rowsChanged: z.int(),
  rowsSame: z.int().describe('nothing in them was new'),
  rowsRefused: z.int(),
  refused: z.array(row).describe('the first hundred'),
  rowsPartly: z.int().describe('taken in without a phone number or a time zone that cannot be read'),
  partly: z.array(row).describe('the first hundred values that were left out'),
  progress: z.number().min(0).max(1),
  error: z.string().nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
})
export type CustomerImport = z.infer<typeof customerImport>

/** Customers by file. */
export const customerImports = {
  upload: entry({
    method: 'POST',
    path: '/customer-imports',
    summary:
      'Upload a file of customers (CSV, TSV, NDJSON, at most 100 MB) as the raw body; what its columns hold is guessed',
    permission: 'touchpoints.write',
    status: 201,
    query: z.object({ name: text(200, 1).default('customers.csv').describe('shown again') }),
    content: 'upload',
    reply: customerImport,
  }),
  list: entry({
    method: 'GET',
    path: '/customer-imports',
    summary: 'Files of customers, newest first',
    permission: 'touchpoints.write',
    query: z.object({ ...pageQuery, after: id.optional() }),
    reply: page(customerImport),
  }),
  get: entry({
    method: 'GET',
    path: '/customer-imports/:id',
    summary: 'How far one is, and what became of its rows',
    permission: 'touchpoints.write',
    params: z.object({ id }),
    reply: customerImport,
  }),
  check: entry({
    method: 'POST',
    path: '/customer-imports/:id/check',
    summary: 'Count what would become of its rows, and keep nothing; goes on in the background',
    permission: 'touchpoints.write',
    status: 202,
    params: z.object({ id }),
    body: z.strictObject({
      mapping: customerColumns,
      overwrite: z
        .boolean()
        .default(false)
        .describe('replace what is known; otherwise only what is unknown is filled in'),
    }),
    reply: customerImport,
  }),
  run: entry({
    method: 'POST',
    path: '/customer-imports/:id/run',
    summary: 'Take the customers in as checked; goes on in the background, and where it was after a crash',
    permission: 'touchpoints.write',
    status: 202,
    params: z.object({ id }),
    reply: customerImport,
  }),
} as const
