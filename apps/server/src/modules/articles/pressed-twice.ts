import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '#platform/clock.ts'
import { newToken } from '#platform/secrets.ts'

/** What a vote's sender gets, so that they and nobody else can change it and add why. */
export type Capabilities = {
  /** A new one; to whoever presses the same button again at once, the one that they have. */
  of(request: FastifyRequest, what: string): string
}

/** The same for whoever says it in an episode: also a day later it is the word that they have said. */
export function capabilityIn(episode: string, what: string): string {
  return hash('sha256', JSON.stringify(['vote', episode, what]), 'base64url')
}

/** Two presses so near to each other are one person's. */
const togetherMs = 5_000
const mostKept = 10_000

/** Who has just pressed is known in memory only, by a hash, and forgotten at once: nothing kept says who it was. */
export function capabilities(clock: Clock): Capabilities {
  const kept = new Map<string, { token: string; at: number }>()
  return {
    of(request, what) {
      const { scope, ip, headers } = request
      const key = hash('sha256', JSON.stringify([scope.workspaceId, what, ip, headers['user-agent']]), 'base64')
      const now = clock.now().getTime()
      for (const [old, { at }] of kept) {
        if (now - at < togetherMs && kept.size < mostKept) break
        kept.delete(old)
      }
      const token = kept.get(key)?.token ?? newToken()
      kept.delete(key)
      kept.set(key, { token, at: now })
      return token
    },
  }
}
