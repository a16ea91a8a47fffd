import type { FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { HomeRow } from './directory.queries.ts'

/** Where a workspace is, as seen by whoever asks. `here`: its session cookie can be set with this reply. */
export type Place = { origin: string; here: boolean }

type Visit = Pick<FastifyRequest, 'host' | 'hostname' | 'protocol'>

/** The name of the workspace in `acme.localhost`, or in front of the host of `LAHKO_BASE_URL`; null when there is none. */
export function slugOfHost(hostname: string, { baseUrl }: Pick<Config, 'baseUrl'>): string | null {
  const domains = ['localhost', ...(baseUrl ? [new URL(baseUrl).hostname] : [])]
  for (const domain of domains) {
    if (!hostname.endsWith(`.${domain}`)) continue
    const slug = hostname.slice(0, -domain.length - 1)
    if (!slug.includes('.')) return slug
  }
  return null
}

/** A host as names are compared: lower case, without a final dot, never longer than a name can be. */
export function hostnameOf({ hostname }: Pick<Visit, 'hostname'>): string {
  return (hostname ?? '').toLowerCase().replace(/\.$/, '').slice(0, 253)
}

/**
 * Where a member works in a workspace. Its own host comes first. Every browser knows `acme.localhost`; other names
 * would need an entry in the company's DNS, so there the session alone says which workspace is meant.
 */
export function placeOf(home: HomeRow, visit: Visit): Place {
  const hostname = hostnameOf(visit)
  if (home.host !== null) return at(home.host, visit)
  if (hostname !== 'localhost' && !hostname.endsWith('.localhost')) return { origin: originOfVisit(visit), here: true }
  const ownName = `${home.slug}.localhost`
  return at(home.is_default && hostname !== ownName ? 'localhost' : ownName, visit)
}

/** What links to a workspace begin with. */
export function originOfHome(home: HomeRow, visit: Visit, { baseUrl }: Pick<Config, 'baseUrl'>): string {
  return home.is_default && home.host === null && baseUrl ? baseUrl : placeOf(home, visit).origin
}

/** The origin under which this request came. */
export function originOfVisit({ protocol, host }: Visit): string {
  return `${protocol}://${host}`
}

function at(host: string, visit: Visit): Place {
  const hostname = hostnameOf(visit)
  return { origin: `${visit.protocol}://${host}${visit.host.slice(visit.hostname.length)}`, here: host === hostname }
}
