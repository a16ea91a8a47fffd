import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { hashToken, newToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import { deleteSession, expireSession, insertSession } from './sessions.queries.ts'

const days = 30
const dayMs = 86_400_000

/** Where a session lives: the host that it belongs to, what the browser calls itself, and what was spoken there. */
export type Device = { host: string; userAgent: string; language: Language }

/** When a session that is used now ends: thirty days without a visit. */
export function sessionEnds(now: Date): Date {
  return new Date(now.getTime() + days * dayMs)
}

/**
 * Starts a session of an account in this workspace.
 * @returns the token for the cookie; only its hash is kept
 * @throws Problem forbidden when the account is not a member here
 */
export async function startSession(tx: Tx, accountId: string, device: Device): Promise<string> {
  const token = newToken()
  const id = uuidv7(tx.now.getTime())
  const started = await insertSession(tx, {
    hash: hashToken(token),
    id,
    accountId,
    workspaceId: tx.workspaceId,
    host: device.host,
    userAgent: device.userAgent.slice(0, 300),
    language: device.language,
    expires: sessionEnds(tx.now),
  })
  if (!started) throw new Problem('forbidden', 'accounts.no_workspace')
  await emit(tx, { type: 'session.started', subjectId: id })
  return token
}

/** Ends the session of whoever asks. It stays as the mark of a known device; nobody signed in is signed out already. */
export async function signOut(tx: Tx): Promise<void> {
  if (tx.actor.kind !== 'member') return
  await expireSession(tx, tx.actor.sessionId)
  await emit(tx, { type: 'session.ended', subjectId: tx.actor.sessionId })
}

/**
 * Ends another session of whoever asks, wherever it was started; its device is no longer a known one.
 * @throws Problem not_found when there is none of that id
 */
export async function revokeSession(tx: Tx, accountId: string, id: string): Promise<void> {
  if (!(await deleteSession(tx, accountId, id))) throw new Problem('not_found', 'platform.not_found')
  await emit(tx, { type: 'session.ended', subjectId: id })
}
