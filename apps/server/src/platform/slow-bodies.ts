import type { FastifyInstance, FastifyReply } from 'fastify'
import type { IncomingMessage } from 'node:http'

/** How long the body of a request may take, in milliseconds; an upload takes as long as it goes on. */
const mostMs = 30_000

const limits = new WeakMap<IncomingMessage, NodeJS.Timeout>()

/**
 * Ends requests whose body does not arrive in time, also when they were refused and nobody reads it: so it is mounted
 * before whatever refuses. The server's own limit counts every body alike, and a file of a gigabyte takes minutes; for
 * uploads there is the limit of a connection on which nothing moves.
 */
export function mountSlowBodies(app: FastifyInstance, ms: number = mostMs): void {
  app.addHook('onRequest', async ({ raw }, reply) => {
    if (!isComing(raw)) return
    limits.set(raw, setTimeout(() => end(app, raw, reply), ms).unref())
    raw.once('close', () => takeYourTime(raw))
    raw.once('end', () => takeYourTime(raw))
  })
}

/** Lets the body of a request take as long as it goes on: for an upload, once it is known who sends it. */
export function takeYourTime(raw: IncomingMessage): void {
  clearTimeout(limits.get(raw))
}

function end(app: FastifyInstance, raw: IncomingMessage, reply: FastifyReply): void {
  // After an answer another one would be taken for that of the next request.
  if (reply.raw.headersSent) raw.destroy()
  else app.server.emit('clientError', tooSlow(), raw.socket)
}

function isComing({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
}

function tooSlow(): Error {
  return Object.assign(new Error('The body did not arrive in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
}
