import type { Entry } from '@lahko/contract/entry'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { z } from 'zod'
import type { Language } from '@lahko/contract/values'
import { Problem } from './problem.ts'
import { takeYourTime } from './slow-bodies.ts'
import type { Db, Scope, Store, Tx } from './store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Which workspace the host or key names, and who asks. Set before any handler runs. */
    scope: Scope
    /** The language of whoever asks: their own, else the browser's, else the workspace's. */
    language: Language
  }
  interface FastifyContextConfig {
    /** Public forms that a browser may post without a session. */
    publicForm?: boolean
    entry?: Entry
  }
}

/** One request, as a handler sees it. */
export type Call<E extends Entry> = {
  params: z.output<E['params']>
  query: z.output<E['query']>
  /** As the entry says; for an upload the readable stream of its bytes. */
  body: z.output<E['body']>
  scope: Scope
  language: Language
  request: FastifyRequest
  reply: FastifyReply
  read<T>(work: (db: Db) => Promise<T>): Promise<T>
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

export type Route = { entry: Entry; handler: (call: Call<Entry>) => Promise<unknown> }

/** What a handler returns: an entry that replies nothing needs no `return`. */
type Answer<E extends Entry> = undefined extends z.input<E['reply']> ? z.input<E['reply']> | void : z.input<E['reply']>

/** Binds a contract entry to what answers it; the entry types both sides. */
export function route<E extends Entry>(entry: E, handler: (call: Call<E>) => Promise<Answer<E>>): Route {
  return { entry, handler: handler as unknown as Route['handler'] }
}

export const apiPrefix = '/api/v1'

/** Mounts API routes: validation, permission and replies by the contract. An upload's body is a stream for its handler. */
export function mountRoutes(app: FastifyInstance, store: Store, routes: readonly Route[]): void {
  const isUpload = ({ entry }: Route) => entry.content === 'upload'
  void app.register(async (child) => {
    // The pages' forms: here a forgotten Content-Type would be read as one field with a strange name.
    child.removeContentTypeParser('application/x-www-form-urlencoded')
    takeEmptyJson(child)
    for (const one of routes) if (!isUpload(one)) mountRoute(child, store, one)
  })
  void app.register(async (child) => {
    child.removeAllContentTypeParsers()
    child.addContentTypeParser('*', (_, payload, done) => done(null, payload))
    for (const one of routes) if (isUpload(one)) mountRoute(child, store, one)
  })
}

/** Many programs name the type of a body that they do not send: it is missing, and no bad JSON. */
function takeEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body, done)
  })
}

function mountRoute(app: FastifyInstance, store: Store, { entry, handler }: Route): void {
  app.route({
    method: entry.method,
    url: apiPrefix + entry.path,
    schema: schemaOf(entry),
    config: { entry },
    ...(entry.mostBytes !== undefined && { bodyLimit: entry.mostBytes }),
    // Before the body is looked at: a stranger learns first that they are one.
    preValidation: async (request) => demand(request.scope, entry),
    handler: async (request, reply) => {
      if (entry.content === 'upload') takeYourTime(request.raw)
      const result = await handler({
        params: request.params,
        query: request.query,
        body: request.body,
        scope: request.scope,
        language: request.language,
        request,
        reply,
        read: (work) => store.read(request.scope, work),
        write: (work) => store.write(request.scope, work),
      } as Call<Entry>)
      if (reply.sent || reply.raw.headersSent) return reply
      reply.code(entry.status)
      return entry.status === 204 ? reply.send() : result
    },
  })
}

function demand(scope: Scope, { permission }: Entry): void {
  if (permission === null || scope.actor.permissions.has(permission)) return
  if (scope.actor.kind === 'nobody') throw new Problem('unauthenticated', 'platform.sign_in_first')
  throw new Problem('forbidden', 'platform.not_allowed', { permission })
}

function schemaOf(entry: Entry): RouteOptions['schema'] {
  const given = (schema: z.ZodType) => (schema.def.type === 'undefined' ? undefined : schema)
  const schema: Record<string, unknown> = { summary: entry.summary, tags: [entry.path.split('/')[1]!] }
  if (entry.permission) schema['description'] = `Needs the scope ${entry.permission}.`
  if (given(entry.params)) schema['params'] = entry.params
  if (given(entry.query)) schema['querystring'] = entry.query
  if (given(entry.body) && entry.content !== 'upload') schema['body'] = entry.body
  if (given(entry.reply) && entry.content !== 'file') schema['response'] = { [entry.status]: entry.reply }
  return schema
}
