import { z } from 'zod'

/** The closed list of what can go wrong; only the server's HTTP layer turns a kind into a status. */
export const problemKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'gone',
  'too_large',
  'rate_limited',
  'unavailable',
] as const
export type ProblemKind = (typeof problemKinds)[number]

export const statusOfKind: Readonly<Record<ProblemKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
}

/** `application/problem+json` (RFC 9457) as Lahko writes it. */
export const problemBody = z.object({
  type: z.string().describe('about:blank, or the address of a page that explains the code'),
  title: z.string().describe('One sentence in the language of the request that says what to do'),
  status: z.int(),
  code: z.string().describe('Stable, for programs'),
  requestId: z.string(),
  errors: z
    .array(
      z.object({
        field: z.string().describe('JSON Pointer into params, query or body'),
        code: z.string(),
        message: z.string(),
      }),
    )
    .optional(),
})
export type ProblemBody = z.infer<typeof problemBody>
