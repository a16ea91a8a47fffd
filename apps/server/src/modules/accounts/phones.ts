import type { FastifyRequest } from 'fastify'
import { networkInterfaces } from 'node:os'
import type { House } from '#platform/house.ts'
import { Problem } from '#platform/problem.ts'
import { directoryOf } from './directory.ts'
import { originOf } from './entering.ts'
import { isPrivate } from '#platform/networks.ts'
import { hostnameOf } from './places.ts'

/**
 * What a code for a phone begins with. `localhost` is the phone itself: there the default workspace is found at this
 * machine's address in the local network, and no other workspace is found at all.
 * @throws Problem conflict that says how to give the workspace a name
 */
export async function originForPhones(house: House, request: FastifyRequest): Promise<string> {
  const origin = await originOf(house, request)
  if (!isLocal(new URL(origin).hostname)) return origin
  const home = await directoryOf(house).home(request.scope.workspaceId)
  if (!home?.is_default) throw new Problem('conflict', 'accounts.no_address')
  return phoneUrl(house, request) ?? origin
}

/**
 * Where a phone in the same network finds this machine: nowhere when the server listens to itself only. Only who came
 * by `localhost`, from this machine or network, is told the address.
 */
export function phoneUrl({ config }: House, request: FastifyRequest): string | null {
  if (config.baseUrl) return config.baseUrl
  const port = request.socket.localPort
  if (port === undefined || ['localhost', '127.0.0.1', '::1'].includes(config.host ?? '')) return null
  if (!isLocal(hostnameOf(request)) || !isPrivate(request.ip)) return null
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const mine = addresses.find(
    (one) =>
      one.family === 'IPv4' && !one.internal && (!config.host || isAny(config.host) || one.address === config.host),
  )
  return mine ? `http://${mine.address}:${port}` : null
}

function isLocal(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost')
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}
