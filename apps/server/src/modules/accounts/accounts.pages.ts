import type { FastifyInstance } from 'fastify'
import type { House } from '#platform/house.ts'
import { Problem } from '#platform/problem.ts'
import { enterByToken } from './entering.ts'
import { findLogo } from './workspaces.queries.ts'

const yearSeconds = 31_536_000

/** The hand-over of a session between hosts, and the logo. */
export function accountPages(app: FastifyInstance, house: House): void {
  const schema = { hide: true }
  // Without a HEAD route: looking at the address must not use the token up.
  app.get<{ Params: { token: string } }>(
    '/enter/:token',
    { schema, exposeHeadRoute: false },
    async (request, reply) => {
      await enterByToken(house, { request, reply }, request.params.token)
      return reply.header('cache-control', 'no-store').redirect('/app', 303)
    },
  )

  app.get<{ Querystring: { v?: unknown } }>('/logo', { schema }, async (request, reply) => {
    const logo = await house.store.read(request.scope, findLogo)
    if (!logo) throw new Problem('not_found', 'accounts.no_logo')
    const etag = `"${logo.version}"`
    const lasting = request.query.v === logo.version
    reply
      .header('etag', etag)
      .header('cache-control', lasting ? `public, max-age=${yearSeconds}, immutable` : 'public, max-age=300')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type(logo.media_type).send(logo.content)
  })
}
