import { statusOfKind, type ProblemBody } from '@lahko/contract/problems'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from '@fastify/type-provider-zod'
import { z } from 'zod'
import type { Language } from '@lahko/contract/values'
import { Problem } from './problem.ts'
import { words } from './words.ts'

const zodWords = { en: z.locales.en(), sl: z.locales.sl(), nb: z.locales.no() }

/** How a page shows a problem to a person; given by the pages, because they know the look. */
export type ProblemPage = (request: FastifyRequest, problem: ProblemBody) => string

/** The one place where failures become statuses, problem+json and pages. */
export function mountProblems(app: FastifyInstance, page: ProblemPage): void {
  const send = (request: FastifyRequest, reply: FastifyReply, problem: Problem, retryAfterSeconds?: number) => {
    const body = problemBodyOf(problem, request.language ?? 'en', String(request.id))
    reply.code(body.status).header('cache-control', 'no-store')
    if (retryAfterSeconds ?? (problem.kind === 'rate_limited' || problem.kind === 'unavailable'))
      reply.header('retry-after', String(retryAfterSeconds ?? 5))
    if (wantsPage(request)) return reply.type('text/html; charset=utf-8').send(page(request, body))
    return reply.type('application/problem+json; charset=utf-8').serializer(JSON.stringify).send(body)
  }
  app.setNotFoundHandler((request, reply) => send(request, reply, new Problem('not_found', 'platform.no_such_address')))
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = asProblem(error, request.language ?? 'en')
    if (problem) return send(request, reply, problem)
    request.log.error({ err: error }, 'a bug')
    const body = { ...problemBodyOf(new Problem('unavailable', 'platform.bug'), request.language ?? 'en', String(request.id)), status: 500 }
    reply.code(500).header('cache-control', 'no-store')
    if (wantsPage(request)) return reply.type('text/html; charset=utf-8').send(page(request, body))
    return reply.type('application/problem+json; charset=utf-8').serializer(JSON.stringify).send(body)
  })
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
  if (isLostConnection(code)) return new Problem('unavailable', 'platform.database_away')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413) return new Problem('too_large', 'platform.body_too_large')
  if (statusCode === 415 || code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Problem('invalid', 'platform.media_type')
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return new Problem('invalid', 'platform.unreadable', {}, [{ field: '/body', code: 'platform.unreadable' }])
  }
  return undefined
}

type Validated = { validationContext?: string; validation: { params: { issue: z.core.$ZodIssue } }[] }

function invalidRequest(error: unknown, language: Language): Problem {
  const { validation, validationContext = 'body' } = error as Validated
  const place = validationContext === 'querystring' ? 'query' : validationContext
  const errors = validation.slice(0, 20).map(({ params: { issue } }) => ({
    field: `/${[place, ...issue.path].map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
    code: issue.code,
    message: sayIssue(issue, language),
  }))
  return new Problem('invalid', 'platform.invalid', { field: errors[0]?.field ?? '/body' }, errors)
}

function sayIssue(issue: z.core.$ZodIssue, language: Language): string {
  if (issue.code === 'custom') return issue.message
  const said = zodWords[language].localeError(issue as z.core.$ZodRawIssue)
  return (typeof said === 'string' ? said : said?.message) ?? issue.message
}

/** PostgreSQL's class 08 and 57P, and node's own words for a connection that is gone. */
function isLostConnection(code: string | undefined): boolean {
  return /^(08|57P0|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)/.test(code ?? '')
}
