import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'

/** How long the body of a request may take, in milliseconds; an upload takes as long as it goes on. */
const mostMs = 30_000

/**
 * Ends requests whose body does not arrive in time. The server's own limit counts every body alike, and a file of a
 * gigabyte takes minutes; for uploads there is the limit of a connection on which nothing moves.
 */
export function mountSlowBodies(app: FastifyInstance, ms: number = mostMs): void {
  app.addHook('preParsing', async ({ raw, routeOptions }) => {
    if (!isComing(raw) || routeOptions.config.entry?.content === 'upload') return
    const limit = setTimeout(() => {
      app.server.emit('clientError', tooSlow(), raw.socket)
    }, ms).unref()
    raw.once('close', () => clearTimeout(limit))
    raw.once('end', () => clearTimeout(limit))
  })
}

function isComing({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
}

function tooSlow(): Error {
  return Object.assign(new Error('The body did not arrive in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
}
