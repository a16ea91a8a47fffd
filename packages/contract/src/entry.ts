import { z } from 'zod'
import type { Permission } from './permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What crosses HTTP at one address: the one source of the route, the typed client and the OpenAPI document. */
export type Entry<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> = {
  readonly method: Method
  /** Below `/api/v1`, with `:name` for parameters. */
  readonly path: string
  readonly summary: string
  /** `null`: open to anybody; the handler itself decides (sign-in, public forms). */
  readonly permission: Permission | null
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly reply: Reply
  /** The status of success: 200 unless said otherwise; 204 has no body. */
  readonly status: 200 | 201 | 202 | 204
  /** `file` replies (CSV, SVG) and `upload` bodies are streams, not JSON. */
  readonly content?: 'file' | 'upload'
  /** The most bytes of a body, where 2 MB are too few. */
  readonly mostBytes?: number
  /** The same `Idempotency-Key` again is the same request. */
  readonly keyed?: true
}

export const nothing = z.undefined()
export type Nothing = typeof nothing

type Draft<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = {
  method: Method
  path: string
  summary: string
  permission: Permission | null
  params?: P
  query?: Q
  body?: B
  reply?: R
  status?: Entry['status']
  content?: Entry['content']
  mostBytes?: number
  keyed?: true
}

/** Declares one entry; what is left out is `nothing`, a reply of nothing is 204. */
export function entry<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  R extends z.ZodType = Nothing,
>(draft: Draft<P, Q, B, R>): Entry<P, Q, B, R> {
  return {
    ...draft,
    params: (draft.params ?? nothing) as P,
    query: (draft.query ?? nothing) as Q,
    body: (draft.body ?? nothing) as B,
    reply: (draft.reply ?? nothing) as R,
    status: draft.status ?? (draft.reply || draft.content === 'file' ? 200 : 204),
  }
}
