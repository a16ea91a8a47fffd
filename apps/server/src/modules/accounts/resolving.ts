import type { FastifyRequest } from 'fastify'
import type { Language } from '@lahko/contract/values'
import type { House } from '#platform/house.ts'
import { withoutDatabase } from '#platform/operations.ts'
import { Problem } from '#platform/problem.ts'
import { nobody, type Scope } from '#platform/store.ts'
import { acceptedLanguage } from '#platform/words.ts'
import { sessionTokenOf } from './cookies.ts'
import { directoryOf } from './directory.ts'
import { hostnameOf } from './places.ts'

/** The workspace of a house that has none yet. */
export const noWorkspace = '00000000-0000-0000-0000-000000000000'

type Resolved = { scope: Scope; language: Language }

/**
 * Which workspace a request is about, who asks, and in which language. A key implies its workspace; else the host
 * names it, and on a host that names none the session does.
 * @throws Problem unauthenticated for a key that opens nothing
 */
export async function resolveScope(house: House, request: FastifyRequest): Promise<Resolved> {
  const accepted = request.headers['accept-language']
  if (withoutDatabase(request.url))
    return { scope: { workspaceId: noWorkspace, actor: nobody }, language: spoken(accepted, 'en') }
  const key = bearerOf(request)
  return key === undefined ? byHost(house, request) : byKey(house, request, key)
}

async function byKey(house: House, request: FastifyRequest, key: string): Promise<Resolved> {
  const accepted = request.headers['accept-language']
  const known = await directoryOf(house).key(key)
  if (known) return { scope: known.scope, language: spoken(accepted, known.language) }
  request.language = spoken(accepted, 'en')
  throw new Problem('unauthenticated', 'accounts.unknown_key')
}

async function byHost(house: House, request: FastifyRequest): Promise<Resolved> {
  const directory = directoryOf(house)
  const hostname = hostnameOf(request)
  const host = await directory.host(hostname)
  const accepted = request.headers['accept-language']
  if (!host) return { scope: { workspaceId: noWorkspace, actor: nobody }, language: spoken(accepted, 'en') }
  const token = sessionTokenOf(request)
  const member = token === undefined ? undefined : await directory.session(token, hostname)
  if (member && (!host.named || member.scope.workspaceId === host.workspace_id)) return member
  return { scope: { workspaceId: host.workspace_id, actor: nobody }, language: spoken(accepted, host.language) }
}

/** Another scheme belongs to a proxy in front, and says nothing about who asks Lahko. */
function bearerOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return authorization && /^bearer /i.test(authorization) ? authorization.slice(7).trim() : undefined
}

function spoken(accepted: string | undefined, fallback: Language): Language {
  return accepted === undefined ? fallback : acceptedLanguage(accepted, fallback)
}
