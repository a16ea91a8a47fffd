import type { FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { Problem } from '#platform/problem.ts'
import { system, type Db } from '#platform/store.ts'
import { deviceOf, setSessionCookie } from './cookies.ts'
import { directoryOf } from './directory.ts'
import { findHome } from './directory.queries.ts'
import { listHosts } from './hosts.queries.ts'
import {
  hostnameOf,
  mailsLeadNowhere,
  originOfHome,
  originsOfHome,
  originWithoutVisit,
  placeOf,
  type HostIs,
  type Place,
} from './places.ts'
import { expireSession } from './sessions.queries.ts'
import { startSession } from './sessions.ts'
import { insertToken, peekToken, takeToken } from './tokens.queries.ts'

const handOverMs = 60_000

type Visit = { request: FastifyRequest; reply: FastifyReply }

/**
 * Lets an account into a workspace. On the workspace's own host the session starts with this reply; elsewhere the
 * address carries a one-time token, good for a minute, that starts it there.
 * @returns where the browser goes now
 * @throws Problem forbidden when the account is not a member there, conflict when no host leads there from this one
 */
export async function enterWorkspace(
  house: House,
  { request, reply }: Visit,
  accountId: string,
  workspaceId: string,
): Promise<{ workspaceUrl: string }> {
  const place = await workplaceOf(house, request, workspaceId)
  if (!place) throw new Problem('conflict', 'accounts.no_address')
  const scope = { workspaceId, actor: system }
  if (place.here) {
    const token = await house.store.write(scope, async (tx) => {
      if (request.scope.actor.kind === 'member') await expireSession(tx, request.scope.actor.sessionId)
      return startSession(tx, accountId, deviceOf(request))
    })
    setSessionCookie(request, reply, token)
    directoryOf(house).forget()
    return { workspaceUrl: `${place.origin}/app` }
  }
  const host = new URL(place.origin).hostname
  const { language } = deviceOf(request)
  const token = await house.store.write(scope, (tx) =>
    insertToken(tx, 'hand_over', workspaceId, { accountId, host, language }, new Date(tx.now.getTime() + handOverMs)),
  )
  return { workspaceUrl: `${place.origin}/enter/${token}` }
}

/** The other half of a hand-over, on the workspace's own host. @throws Problem gone when the token is used or over */
export async function enterByToken(house: House, { request, reply }: Visit, token: string): Promise<void> {
  const offer = await peekToken(house.store.outside, 'hand_over', token, house.clock.now())
  if (!offer || offer.data.host !== hostnameOf(request)) throw new Problem('gone', 'accounts.link_gone')
  const session = await house.store.write({ workspaceId: offer.workspaceId, actor: system }, async (tx) => {
    const taken = await takeToken(tx, 'hand_over', token)
    if (!taken) throw new Problem('gone', 'accounts.link_gone')
    const { accountId, language } = taken.data
    return startSession(tx, accountId, { ...deviceOf(request), language })
  })
  setSessionCookie(request, reply, session)
}

/**
 * Where a member works in a workspace, as seen from a request; undefined when no host leads there from this one.
 * @throws Problem forbidden when there is no such workspace
 */
export async function workplaceOf(
  house: House,
  request: FastifyRequest,
  workspaceId: string,
): Promise<Place | undefined> {
  const home = await directoryOf(house).home(workspaceId)
  if (!home) throw new Problem('forbidden', 'accounts.no_workspace')
  return placeOf(home, request, await hostIs(house, request, workspaceId), house.config)
}

/**
 * What links to the workspace of a request begin with, such as `https://feedback.example.com`; null when no name is
 * known under which somebody without a session reaches it.
 */
export async function findOrigin(house: House, request: FastifyRequest): Promise<string | null> {
  const { workspaceId } = request.scope
  const home = await directoryOf(house).home(workspaceId)
  if (!home) throw new Problem('not_found', 'platform.not_found')
  return originOfHome(home, request, await hostIs(house, request, workspaceId), house.config) ?? null
}

/** The same with all other names that are known: links begin with the first. */
export async function listOrigins(house: House, request: FastifyRequest): Promise<string[]> {
  const { workspaceId } = request.scope
  const home = await directoryOf(house).home(workspaceId)
  if (!home) throw new Problem('not_found', 'platform.not_found')
  const hosts = await house.store.read(request.scope, listHosts)
  return originsOfHome(home, hosts, request, await hostIs(house, request, workspaceId), house.config)
}

/** The same for what cannot be handed out without it. @throws Problem conflict that says how to give it a name */
export async function originOf(house: House, request: FastifyRequest): Promise<string> {
  const origin = await findOrigin(house, request)
  if (origin === null) throw new Problem('conflict', 'accounts.no_address')
  return origin
}

/**
 * What links to a workspace begin with in a mail, which no request asks for. Asks over the connection of whoever writes
 * the mail: with one more each, a dozen at once would wait for each other.
 * @throws Problem not_found
 */
export async function originForMail(
  { config }: Pick<House, 'config'>,
  { kysely, workspaceId }: Pick<Db, 'kysely' | 'workspaceId'>,
): Promise<string> {
  const home = await findHome(kysely, workspaceId, config.workspace)
  if (!home) throw new Problem('not_found', 'platform.not_found')
  return originWithoutVisit(home, config)
}

/** What links in mails begin with although it leads customers nowhere; null when nothing is wrong with them. */
export async function findDeadMailOrigin(house: House, workspaceId: string): Promise<string | null> {
  const home = await directoryOf(house).home(workspaceId)
  return home && mailsLeadNowhere(home, house.config) ? originWithoutVisit(home, house.config) : null
}

async function hostIs(house: House, request: FastifyRequest, workspaceId: string): Promise<HostIs> {
  const host = await directoryOf(house).host(hostnameOf(request))
  if (!host?.named) return 'nobodys'
  return host.workspace_id === workspaceId ? 'its' : 'anothers'
}
