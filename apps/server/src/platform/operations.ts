import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { sql } from 'kysely'
import type { House } from './house.ts'
import { Problem } from './problem.ts'
import { hashToken } from './secrets.ts'
import { acceptedLanguage } from './words.ts'

/** Whether an address answers also while the database is away; it is about no workspace then. */
export function withoutDatabase(url: string): boolean {
  return /^\/(healthz|readyz|metrics|app)(?:[/?]|$)/.test(url)
}

/** Addresses for whoever keeps it running: alive, ready, figures; and one log line a request. */
export function mountOperations(app: FastifyInstance, house: House): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'lahko_request_seconds',
    help: 'Time from the first byte of a request to the last of its reply',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  })
  app.addHook('onRequest', async (request) => {
    if (house.healthy() || withoutDatabase(request.url)) return
    request.language = acceptedLanguage(request.headers['accept-language'] ?? '', 'en')
    throw new Problem('unavailable', 'platform.database_away')
  })
  app.get('/healthz', { schema: { hide: true }, logLevel: 'silent' }, async () => ({ status: 'alive' }))
  app.get('/readyz', { schema: { hide: true }, logLevel: 'silent' }, async (_, reply) => {
    try {
      if (!house.healthy()) return reply.code(503).send({ status: 'the database is away' })
      await sql`select 1`.execute(house.store.outside)
      return { status: 'ready' }
    } catch {
      return reply.code(503).send({ status: 'the database is away' })
    }
  })
  app.get('/metrics', { schema: { hide: true }, logLevel: 'silent' }, async (request, reply) => {
    if (!mayMeasure(house.config, request)) throw new Problem('not_found', 'platform.no_such_address')
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    request.log.debug(
      {
        method: request.method,
        url: redactPath(request.url),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
  })
}

/** Whoever sends the token; without one whoever asks from this machine, and not through a proxy that nobody told of. */
function mayMeasure({ metricsToken, trustProxy }: House['config'], request: FastifyRequest): boolean {
  if (metricsToken !== undefined) {
    const given = hashToken((request.headers.authorization ?? '').replace(/^bearer /i, ''))
    return timingSafeEqual(given, hashToken(metricsToken))
  }
  const proxied = trustProxy === false && request.headers['x-forwarded-for'] !== undefined
  return !proxied && /^(127\.|::1$|::ffff:127\.)/.test(request.ip)
}

/** An address as it may be logged: what follows `/r/`, `/a/` or a token's name opens something, and the query may hold anything. */
function redactPath(url: string): string {
  return url
    .split('?')[0]!
    .replace(/\/(r|a|try|member-links|password-links|sign-in-links|enter|password|unsubscribe|join)\/[^/]+/g, '/$1/…')
}
