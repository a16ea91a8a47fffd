import type { FastifyReply, FastifyRequest } from 'fastify'
import { hostnameOf } from './places.ts'
import type { Device } from './sessions.ts'

// Longer than any session: it also tells that a device is a known one. Browsers keep no cookie beyond 400 days.
const maxAgeSeconds = 400 * 86_400
const usualPorts = ['', '80', '443']

/** The session token that a browser sent. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[cookieName(request)]
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(cookieName(request), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: maxAgeSeconds,
  })
}

/** What a session is tied to. */
export function deviceOf(request: FastifyRequest): Device {
  return { host: hostnameOf(request), userAgent: request.headers['user-agent'] ?? '' }
}

/** Browsers keep ports together, so two Lahkos on one machine would sign each other out. */
function cookieName({ host, hostname }: FastifyRequest): string {
  const port = host.slice(hostname.length + 1)
  return usualPorts.includes(port) ? 'lahko_session' : `lahko_session_${port}`
}
