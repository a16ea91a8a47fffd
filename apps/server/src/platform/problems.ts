import { statusOfKind, type ProblemBody } from '@lahko/contract/problems'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from '@fastify/type-provider-zod'
import { z } from 'zod'
import type { Language } from '@lahko/contract/values'
import { invalidField, Problem } from './problem.ts'
import { allWords, isLanguage, words } from './words.ts'

const zodWords = { en: z.locales.en(), sl: z.locales.sl(), nb: z.locales.no() }

/** How a page shows a problem to a person, and the policy that lets its style in; given by the pages, because they know the look. */
export type ProblemPage = (language: Language, problem: ProblemBody) => { text: string; policy: string }

/** Answers a request with a problem, as JSON or as a page. `status` differs from the kind's own only for bugs. */
export type SendProblem = (request: FastifyRequest, reply: FastifyReply, problem: Problem, status?: number) => unknown

export function createProblemSender(page: ProblemPage): SendProblem {
  return (request, reply, problem, status = statusOfKind[problem.kind]) => {
    const language = languageOf(request)
    const body = { ...problemBodyOf(problem, language, String(request.id)), status }
    reply.code(status).header('cache-control', 'no-store')
    if (problem.kind === 'rate_limited' || status === 503)
      reply.header('retry-after', String(problem.args['retryAfterSeconds'] ?? 5))
    if (!wantsPage(request))
      return reply.type('application/problem+json; charset=utf-8').serializer(JSON.stringify).send(body)
    const { text, policy } = page(language, body)
    return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(text)
  }
}

/** The one place where failures become statuses, problem+json and pages. */
export function mountProblems(app: FastifyInstance, send: SendProblem): void {
  app.setNotFoundHandler((request, reply) => send(request, reply, new Problem('not_found', 'platform.no_such_address')))
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (isDiskFull(error)) request.log.error({ err: error }, 'the disk is full')
    const problem = asProblem(error, request.language ?? 'en')
    if (problem) return send(request, reply, problem)
    request.log.error({ err: error }, 'a bug')
    return send(request, reply, new Problem('unavailable', 'platform.bug'), 500)
  })
}

/** An address that cannot be decoded never reaches a route, nor the handler of errors. */
export function unreadableAddress(): Problem {
  return invalidField('/path', 'platform.unreadable_address')
}

/** Of a page, the language that its address names; else that of whoever asks. */
function languageOf(request: FastifyRequest): Language {
  const { lang } = (request.query ?? {}) as Record<string, unknown>
  return wantsPage(request) && isLanguage(lang) ? lang : (request.language ?? 'en')
}

function wantsPage(request: FastifyRequest): boolean {
  return !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html')
}

/** The body of a problem, in the reader's language. */
export function problemBodyOf(problem: Problem, language: Language, requestId: string): ProblemBody {
  const [namespace = 'platform', name = problem.code] = problem.code.split('.')
  return {
    type: 'about:blank',
    title: words(language, `${namespace}.problem.${name}`, problem.args),
    status: statusOfKind[problem.kind],
    code: problem.code,
    requestId,
    errors: problem.errors.map(({ field, code, message, args }) => {
      const [space = 'platform', short = code] = code.split('.')
      return { field, code, message: message ?? words(language, `${space}.problem.${short}`, args) }
    }),
  }
}

function asProblem(error: unknown, language: Language): Problem | undefined {
  if (error instanceof Problem) return error
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error, language)
  const { code, statusCode } = error as FastifyError
  if (isLostConnection(error as FastifyError)) return new Problem('unavailable', 'platform.database_away')
  if (isDiskFull(error as FastifyError)) return new Problem('unavailable', 'platform.disk_full')
  if (code === '57014') return new Problem('unavailable', 'platform.took_too_long')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413)
    return new Problem('too_large', 'platform.body_too_large', {}, [
      { field: '/body', code: 'platform.body_too_large' },
    ])
  if (statusCode === 415 || code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Problem('invalid', 'platform.media_type', {}, [{ field: '/body', code: 'platform.media_type' }])
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return new Problem('invalid', 'platform.unreadable', {}, [{ field: '/body', code: 'platform.unreadable' }])
  }
  return undefined
}

type Validated = {
  validationContext?: string
  validation: { keyword: string; message: string; instancePath: string; params: object }[]
}

function invalidRequest(error: unknown, language: Language): Problem {
  const { validation, validationContext = 'body' } = error as Validated
  const place = validationContext === 'querystring' ? 'query' : validationContext
  // The type provider takes zod's issues apart in its own words.
  const issues = validation.map(({ keyword: code, message, instancePath, params }) => {
    return { ...params, code, message, path: instancePath.split('/').filter(Boolean) } as z.core.$ZodIssue
  })
  const errors = fieldErrorsOf(issues, `/${place}`, language)
  return new Problem('invalid', 'platform.invalid', { field: errors[0]?.field ?? '/body' }, errors)
}

/**
 * What a schema found wrong, field by field, in the reader's language; the first twenty.
 * @param place JSON Pointer of what was checked
 */
export function fieldErrorsOf(issues: readonly z.core.$ZodIssue[], place: string, language: Language) {
  return issues
    .flatMap(nearestIssues)
    .slice(0, 20)
    .map((issue) => ({
      field: [place, ...pathOf(issue).map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join(
        '/',
      ),
      code: issue.code,
      message: sayIssue(issue, language),
    }))
}

/** Of a union, what keeps its nearest branch from fitting. */
function nearestIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const nearest = issue.errors.toSorted((a, b) => a.length - b.length)[0]!
  return nearest.flatMap((one) => nearestIssues({ ...one, path: [...issue.path, ...one.path] }))
}

function pathOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
}

function sayIssue(issue: z.core.$ZodIssue, language: Language): string {
  // What is wrong with a name is what the name's own rule says.
  if (issue.code === 'invalid_key' && issue.issues[0]) return sayIssue(issue.issues[0], language)
  const own = ownWordsOf(issue)
  const options = issue.code === 'invalid_value' ? { options: issue.values.join(', ') } : {}
  if (own) return words(language, `platform.field.${own}`, { ...issue, ...options })
  const said = zodWords[language].localeError(issue as z.core.$ZodRawIssue)
  return (typeof said === 'string' ? said : said?.message) ?? issue.message
}

/** What people get wrong in forms; zod's own words about it are for programmers. */
function ownWordsOf(issue: z.core.$ZodIssue): string | undefined {
  // The contract's own rules are called by the names of their sentences.
  if (known(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return known(`type_${issue.expected}`)
    case 'invalid_format':
      return known(`not_${issue.format}`)
    case 'unrecognized_keys':
      return 'unknown_field'
    case 'invalid_value':
      return 'not_in_list'
    case 'too_small':
    case 'too_big':
      return issue.inclusive === false ? undefined : known(limitNameOf(issue))
    default:
      return undefined
  }
}

function limitNameOf({ code, origin }: { code: 'too_small' | 'too_big'; origin: string }): string {
  if (origin === 'string') return code
  return `${{ array: 'entries', int: 'number' }[origin] ?? origin}_${code}`
}

function known(name: string): string | undefined {
  return allWords().en.has(`platform.field.${name}`) ? name : undefined
}

/** As PostgreSQL says it, and the system. */
function isDiskFull({ code }: Pick<FastifyError, 'code'>): boolean {
  return ['53100', 'ENOSPC', 'EDQUOT'].includes(code ?? '')
}

/** PostgreSQL's class 08 and 57P, node's own words for a connection that is gone, and those of pg, which have no code. */
export function isLostConnection({ code, message }: { code?: string; message?: string }): boolean {
  return (
    /^(08|57P0|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)/.test(code ?? '') ||
    /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
      message ?? '',
    )
  )
}
