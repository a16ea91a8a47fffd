import type { z } from 'zod'
import { createCalls, type CallOptions, type ClientOptions, type Upload } from './calling.ts'
import type { Entry } from './entry.ts'
import { contract } from './index.ts'

export { addressOf, ApiProblem, everyItem, type ClientOptions } from './calling.ts'

type Given<E extends Entry> = (z.input<E['params']> extends undefined ? unknown : { params: z.input<E['params']> }) &
  (z.input<E['query']> extends undefined ? unknown : { query?: z.input<E['query']> }) &
  (z.input<E['body']> extends undefined ? unknown : { body: z.input<E['body']> }) &
  CallOptions & { upload?: Upload }

type Caller<E extends Entry> = (given?: Given<E>) => Promise<z.output<E['reply']>>
export type Client = {
  [M in keyof typeof contract]: {
    [N in keyof (typeof contract)[M]]: (typeof contract)[M][N] extends Entry ? Caller<(typeof contract)[M][N]> : never
  }
}

/**
 * The API with its types: `client.surveys.list({ query: { limit: 10 } })`. What failed for the moment is tried again.
 * @throws ApiProblem for every reply that is not a success, or not Lahko's
 */
export function createClient(options: ClientOptions): Client {
  return createCalls(contract, options) as Client
}
