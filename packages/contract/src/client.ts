import type { z } from 'zod'
import type { Entry } from './entry.ts'
import { contract } from './index.ts'
import type { ProblemBody } from './problems.ts'

type Upload = Blob | Uint8Array<ArrayBuffer> | string

type Given<E extends Entry> = (z.input<E['params']> extends undefined ? unknown : { params: z.input<E['params']> }) &
  (z.input<E['query']> extends undefined ? unknown : { query?: z.input<E['query']> }) &
  (z.input<E['body']> extends undefined ? unknown : { body: z.input<E['body']> }) & {
    signal?: AbortSignal
    idempotencyKey?: string
    upload?: Upload
  }

type Caller<E extends Entry> = (given?: Given<E>) => Promise<z.output<E['reply']>>
export type Client = {
  [M in keyof typeof contract]: {
    [N in keyof (typeof contract)[M]]: (typeof contract)[M][N] extends Entry ? Caller<(typeof contract)[M][N]> : never
  }
}

/**
 * What the server refused, in words that its reader can act on. `unavailable`, with the status that came, stands for a
 * reply that is not Lahko's, such as a proxy's page while the server restarts.
 */
export class ApiProblem extends Error {
  readonly problem: ProblemBody
  constructor(problem: ProblemBody) {
    super(problem.title)
    this.name = 'ApiProblem'
    this.problem = problem
  }
}

export type ClientOptions = { baseUrl: string; key?: string; fetch?: typeof fetch; language?: string }

/**
 * The API with its types: `client.surveys.list({ query: { limit: 10 } })`.
 * @throws ApiProblem for every reply that is not a success, or not Lahko's
 */
export function createClient(options: ClientOptions): Client {
  const modules = Object.entries(contract).map(([module, entries]) => [
    module,
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, (given = {}) => call(options, entry, given)]),
    ),
  ])
  return Object.fromEntries(modules) as Client
}

type Loose = {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
  idempotencyKey?: string
  upload?: Upload
}

/** The address of an entry with its parameters and query filled in. */
export function addressOf(entry: Entry, given: Pick<Loose, 'params' | 'query'> = {}): string {
  const path = entry.path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(String(given.params?.[name])),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) query.append(name, String(one))
  }
  return `/api/v1${path}${query.size ? `?${query}` : ''}`
}

async function call(options: ClientOptions, entry: Entry, given: Loose): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.key) headers['authorization'] = `Bearer ${options.key}`
  if (options.language) headers['accept-language'] = options.language
  if (given.body !== undefined) headers['content-type'] = 'application/json'
  if (given.upload !== undefined) headers['content-type'] = 'application/octet-stream'
  if (given.idempotencyKey) headers['idempotency-key'] = given.idempotencyKey
  const reply = await (options.fetch ?? fetch)(options.baseUrl + addressOf(entry, given), {
    method: entry.method,
    headers,
    body: given.upload ?? (given.body === undefined ? undefined : JSON.stringify(given.body)),
    signal: given.signal,
  })
  if (!reply.ok) throw new ApiProblem(await readProblem(reply, options))
  if (reply.status === 204) return undefined
  if (entry.content === 'file') return reply.text()
  const value = parsed(await reply.text())
  if (value === undefined) throw new ApiProblem(unavailable(reply, options))
  return value
}

async function readProblem(reply: Response, options: ClientOptions): Promise<ProblemBody> {
  const body = parsed(await reply.text())
  return isProblem(body) ? body : unavailable(reply, options)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// By hand, so that no schema comes into the browser.
function isProblem(body: unknown): body is ProblemBody {
  const { title, code, status } = (body ?? {}) as Partial<ProblemBody>
  return typeof title === 'string' && typeof code === 'string' && typeof status === 'number'
}

const sentences: Readonly<Record<string, (status: number) => string>> = {
  en: (status) => `Lahko cannot be reached just now (status ${status}). Try again in a moment.`,
  sl: (status) => `Program Lahko trenutno ni dosegljiv (stanje ${status}). Poskusite znova čez trenutek.`,
  nb: (status) => `Lahko kan ikke nås akkurat nå (status ${status}). Prøv igjen om et øyeblikk.`,
}

function unavailable({ status, headers }: Response, { language = 'en' }: ClientOptions): ProblemBody {
  const sentence = sentences[language.slice(0, 2)] ?? sentences['en']!
  const requestId = headers.get('x-request-id') ?? ''
  return { type: 'about:blank', title: sentence(status), status, code: 'unavailable', requestId }
}
