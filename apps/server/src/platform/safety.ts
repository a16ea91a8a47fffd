import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; object-src 'none'"

/** Headers that every reply carries, and the refusal of writes that another site's page sends. */
export function mountSafety(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=()',
      'x-request-id': String(request.id),
    })
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    refuseCrossSite(request)
  })
}

/**
 * A browser says where a request comes from (Fetch Metadata, or `Origin`); only a program says neither, and a
 * program carries no cookie of somebody else.
 */
function refuseCrossSite(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
  // Such a form acts for nobody; with `no-referrer` a browser may say neither where it comes from.
  if (request.routeOptions.config.publicForm) return
  // No other site can make a browser send a key; another scheme may be a proxy's, which the browser adds by itself.
  if (/^bearer /i.test(request.headers.authorization ?? '')) return
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return
  const { origin } = request.headers
  const own = origin !== undefined && origin !== 'null' && URL.canParse(origin) && new URL(origin).host === request.host
  if (own || (site === undefined && origin === undefined)) return
  throw new Problem('forbidden', 'platform.cross_site')
}
