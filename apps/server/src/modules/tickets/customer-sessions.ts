import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieNameOn, hostnameOf } from '#accounts'
import { hashToken, newToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import {
  deleteCustomerSession,
  findCustomerSession,
  insertCustomerSession,
  type CustomerSession,
} from './customer-sessions.queries.ts'

const days = 30
const cookie = 'lahko_customer'
// Articles may be for whoever is signed in, too.
const cookiePath = '/'

/** A customer who is signed in. `secret` is what only their browser and this request know. */
export type SignedIn = CustomerSession & { secret: string }

/** Who asks, if they are signed in on this host. */
export async function signedInBy(db: Db, request: FastifyRequest): Promise<SignedIn | undefined> {
  const secret = secretOf(request)
  if (secret === undefined) return undefined
  const session = await findCustomerSession(db, hashToken(secret), hostnameOf(request))
  return session && { ...session, secret }
}

/** Whether a request carries a session, be it over or not. */
export function saysSignedIn(request: FastifyRequest): boolean {
  return secretOf(request) !== undefined
}

function secretOf(request: FastifyRequest): string | undefined {
  return request.cookies[cookieNameOn(request, cookie)]
}

/** @returns the secret of the new session, for `keepSession` after the commit */
export async function beginSession(tx: Tx, session: CustomerSession & { host: string }): Promise<string> {
  const secret = newToken()
  const expiresAt = new Date(tx.now.getTime() + days * 86_400_000)
  await insertCustomerSession(tx, hashToken(secret), session, expiresAt)
  return secret
}

export function keepSession(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.setCookie(cookieNameOn(request, cookie), secret, {
    path: cookiePath,
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: days * 86_400,
  })
}

export async function endSession(tx: Tx, { secret }: SignedIn): Promise<void> {
  await deleteCustomerSession(tx, hashToken(secret))
}

export function dropSession(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(cookieNameOn(request, cookie), { path: cookiePath })
}
