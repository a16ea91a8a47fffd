import type { ProblemBody } from './problems.ts'

/** What a call has to know of an entry: no schema, so that none comes into a browser or a package. */
export type Address = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly content?: 'file' | 'upload'
  /** The same `Idempotency-Key` again is the same request. */
  readonly keyed?: true
}

export type Upload = Blob | Uint8Array<ArrayBuffer> | string

/** What every call takes beside what its entry asks for. */
export type CallOptions = {
  signal?: AbortSignal
  /** Sent as `Idempotency-Key`. Where the server knows it, a call that perhaps arrived is tried again. */
  idempotencyKey?: string
}

export type Given = CallOptions & {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  upload?: Upload
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

export type ClientOptions = {
  /** Such as `https://feedback.example.com`; empty in a page of Lahko's own. */
  baseUrl: string
  key?: string
  fetch?: typeof fetch
  /** Of the sentences in problems: `en`, `sl` or `nb`. */
  language?: string
  /** How often what failed for the moment is tried again; 3 unless said otherwise. */
  retries?: number
  /** How long one attempt may take, 60 seconds unless said otherwise; 0 for any time. Files take theirs. */
  timeoutMs?: number
}

const usualRetries = 3
const usualTimeoutMs = 60_000
const firstWaitMs = 500
/** Nobody waits longer than this for another attempt: what asks for more patience is told to the caller. */
const longestWaitMs = 60_000

/** The address of an entry with its parameters and query filled in. */
export function addressOf({ path }: Pick<Address, 'path'>, given: Pick<Given, 'params' | 'query'> = {}): string {
  const filled = path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(given.params?.[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) query.append(name, String(one))
  }
  return `/api/v1${filled}${query.size ? `?${query}` : ''}`
}

/** Everything in `entries`, module by module, as functions that call it. */
export function createCalls(
  entries: Readonly<Record<string, Readonly<Record<string, Address>>>>,
  options: ClientOptions,
): Record<string, Record<string, (given?: Given) => Promise<unknown>>> {
  return Object.fromEntries(
    Object.entries(entries).map(([module, all]) => [
      module,
      Object.fromEntries(
        Object.entries(all).map(([name, entry]) => [name, (given: Given = {}) => callPatiently(options, entry, given)]),
      ),
    ]),
  )
}

/** What a page of a list is, whatever is listed. */
type Page<T> = { items: T[]; next: string | null }

/**
 * Every item of a list, one page after the other: `for await (const one of everyItem(client.people.listCustomers))`.
 * @param given as for the list itself; `query.limit` says how many come at once
 */
export async function* everyItem<T, Q extends object, G extends { query?: Q }>(
  list: (given: G) => Promise<Page<T>>,
  given: G = {} as G,
): AsyncGenerator<T, void, undefined> {
  let after: string | null | undefined
  do {
    const page = await list({ ...given, query: { ...given.query, ...(after && { after }) } } as G)
    yield* page.items
    after = page.next
  } while (after !== null)
}

async function callPatiently(options: ClientOptions, entry: Address, given: Given): Promise<unknown> {
  const { retries = usualRetries } = options
  for (let attempt = 0; ; attempt++) {
    try {
      return await call(options, entry, given)
    } catch (error) {
      if (attempt > 0 && isGone(error, entry)) return undefined
      const waitMs = attempt < retries && !given.signal?.aborted ? waitBefore(error, entry, given, attempt) : undefined
      if (waitMs === undefined) throw error
      await pause(waitMs, given.signal)
    }
  }
}

const retryAfterMs = new WeakMap<object, number>()

/** How long to wait before another attempt; undefined when there should be none. */
function waitBefore(error: unknown, { method, keyed }: Address, { idempotencyKey }: Given, attempt: number) {
  const status = statusOf(error)
  // With 429 the server has done nothing. Of anything else that hinders nobody knows whether it was done: the database
  // may have gone away after a commit.
  const unknown = [0, 502, 503, 504].includes(status)
  const harmless = (keyed && idempotencyKey !== undefined) || !['POST', 'PATCH'].includes(method)
  if (status !== 429 && !(unknown && harmless)) return undefined
  const asked = retryAfterMs.get(error as object)
  const backOffMs = firstWaitMs * 2 ** attempt * (0.5 + Math.random() / 2)
  const waitMs = Math.max(asked ?? 0, backOffMs)
  return waitMs > longestWaitMs ? undefined : waitMs
}

/** A removal that was tried again, because nobody knew whether it was done, was done. */
function isGone(error: unknown, { method }: Address): boolean {
  return method === 'DELETE' && statusOf(error) === 404
}

/** 0 when no reply came. */
function statusOf(error: unknown): number {
  return error instanceof ApiProblem ? error.problem.status : 0
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => (clearTimeout(timer), reject(signal?.reason as Error))
    const timer = setTimeout(() => (signal?.removeEventListener('abort', stop), resolve()), ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

async function call(options: ClientOptions, entry: Address, given: Given): Promise<unknown> {
  const reply = await (options.fetch ?? fetch)(options.baseUrl + addressOf(entry, given), {
    method: entry.method,
    headers: headersOf(options, given),
    body: given.upload ?? (given.body === undefined ? undefined : JSON.stringify(given.body)),
    signal: signalOf(options, entry, given),
  })
  if (!reply.ok) throw await problemOf(reply, options)
  if (reply.status === 204) return undefined
  if (entry.content === 'file') return reply.blob()
  const value = parsed(await reply.text())
  if (value === undefined) throw new ApiProblem(unavailable(reply, options))
  return value
}

function headersOf({ key, language }: ClientOptions, given: Given): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (key) headers['authorization'] = `Bearer ${key}`
  if (language) headers['accept-language'] = language
  if (given.body !== undefined) headers['content-type'] = 'application/json'
  if (given.upload !== undefined) headers['content-type'] = 'application/octet-stream'
  if (given.idempotencyKey) headers['idempotency-key'] = given.idempotencyKey
  return headers
}

function signalOf({ timeoutMs = usualTimeoutMs }: ClientOptions, { content }: Address, { signal }: Given) {
  if (timeoutMs === 0 || content !== undefined) return signal
  const timeout = AbortSignal.timeout(timeoutMs)
  return signal ? AbortSignal.any([signal, timeout]) : timeout
}

async function problemOf(reply: Response, options: ClientOptions): Promise<ApiProblem> {
  const body = parsed(await reply.text())
  const problem = new ApiProblem(isProblem(body) ? body : unavailable(reply, options))
  const asked = Number(reply.headers.get('retry-after') ?? Number.NaN)
  if (Number.isFinite(asked)) retryAfterMs.set(problem, asked * 1000)
  return problem
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
