import type { FastifyReply, FastifyRequest } from 'fastify'
import { acceptedLanguage } from '#platform/words.ts'
import { hostnameOf } from './places.ts'
import type { Device } from './sessions.ts'

// Longer than any session: it also tells that a device is a known one. Browsers keep no cookie beyond 400 days.
const maxAgeSeconds = 400 * 86_400
const usualPorts = ['', '80', '443']

/** The session token that a browser sent. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[cookieNameOn(request, 'lahko_session')]
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(cookieNameOn(request, 'lahko_session'), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: maxAgeSeconds,
  })
}

/** What a session is tied to. The header says what was chosen just now, whatever an older session speaks. */
export function deviceOf(request: FastifyRequest): Device {
  const { headers } = request
  return {
    host: hostnameOf(request),
    userAgent: headers['user-agent'] ?? '',
    language: acceptedLanguage(headers['accept-language'], request.language),
  }
}

/** The name of a cookie. Browsers keep ports together, so two Lahkos on one machine would sign each other out. */
export function cookieNameOn({ host, hostname }: FastifyRequest, name: string): string {
  const port = host.slice(hostname.length + 1)
  return usualPorts.includes(port) ? name : `${name}_${port}`
}
