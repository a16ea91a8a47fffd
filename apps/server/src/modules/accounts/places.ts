import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { HomeRow } from './directory.queries.ts'

/** Where a workspace is, as seen by whoever asks. `here`: its session cookie can be set with this reply. */
export type Place = { origin: string; here: boolean }

type Base = Pick<Config, 'baseUrl'>
type Visit = Pick<FastifyRequest, 'host' | 'hostname' | 'protocol'>

/** The name of the workspace in `acme.localhost`, or in front of the host of `LAHKO_BASE_URL`; null when there is none. */
export function slugOfHost(hostname: string, { baseUrl }: Base): string | null {
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

/** What the visited host is to a workspace: its own name, no workspace's name, or another's. */
export type HostIs = 'its' | 'nobodys' | 'anothers'

/**
 * Where a member works in a workspace. A name of the workspace comes first; on a host that names none the session
 * alone says which is meant, so no entry in the company's DNS is needed there.
 * @returns undefined when the visited host is another workspace's and no better one is known
 */
export function placeOf(home: HomeRow, visit: Visit, hostIs: HostIs, { baseUrl }: Base): Place | undefined {
  if (hostIs === 'its') return { origin: originOfVisit(visit), here: true }
  if (home.host !== null) return at(home.host, visit, baseUrl)
  const name = localName(home, visit)
  if (name !== null) return at(name, visit)
  if (hostIs === 'nobodys') return { origin: originOfVisit(visit), here: true }
  return baseUrl === undefined ? undefined : { origin: baseUrl, here: false }
}

/**
 * What links to a workspace begin with: they have to lead there for people without a session.
 * @returns undefined when no name is known under which strangers reach it
 */
export function originOfHome(home: HomeRow, visit: Visit, hostIs: HostIs, { baseUrl }: Base): string | undefined {
  if (home.host !== null) return at(home.host, visit, baseUrl).origin
  if (baseUrl !== undefined) return home.is_default ? baseUrl : underBase(home.slug, baseUrl)
  const name = localName(home, visit)
  if (name !== null) return at(name, visit).origin
  return hostIs === 'its' || (hostIs === 'nobodys' && home.is_default) ? originOfVisit(visit) : undefined
}

/**
 * All that is known under which strangers reach a workspace; links begin with the first. With a name of its own and
 * without `LAHKO_BASE_URL` any other leads to this machine only, and is left out.
 * @param hosts the workspace's own, in their order
 */
export function originsOfHome(
  home: HomeRow,
  hosts: readonly string[],
  visit: Visit,
  hostIs: HostIs,
  { baseUrl }: Base,
): string[] {
  const own = hosts.map((host) => at(host, visit, baseUrl).origin)
  if (own.length > 0 && baseUrl === undefined) return own
  const other = originOfHome({ ...home, host: null }, visit, hostIs, { baseUrl })
  return [...own, ...(other === undefined ? [] : [other])]
}

/**
 * What links to a workspace begin with when nobody visits, as in a mail. Without `LAHKO_BASE_URL` or a name of its own
 * a workspace is known on this machine only.
 */
export function originWithoutVisit(home: HomeRow, { baseUrl, port }: Base & Pick<Config, 'port'>): string {
  const url = new URL(baseUrl ?? `http://localhost:${port}`)
  if (home.host !== null) return `${url.protocol}//${home.host}${url.port && `:${url.port}`}`
  if (home.is_default) return url.origin
  return underBase(home.slug, url.origin) ?? `http://${home.slug}.localhost:${port}`
}

/** Whether mails go out whose links work on this machine only, so that customers cannot answer. */
export function mailsLeadNowhere({ host }: Pick<HomeRow, 'host'>, { baseUrl, mail }: Pick<Config, 'baseUrl' | 'mail'>) {
  return mail.smtpUrl !== undefined && baseUrl === undefined && host === null
}

/** The origin under which this request came. */
export function originOfVisit({ protocol, host }: Visit): string {
  return `${protocol}://${host}`
}

/** Every browser knows `acme.localhost`; null for a visitor who is not on this machine. */
function localName(home: HomeRow, visit: Visit): string | null {
  const hostname = hostnameOf(visit)
  if (hostname !== 'localhost' && !hostname.endsWith('.localhost')) return null
  const ownName = `${home.slug}.localhost`
  return home.is_default && hostname !== ownName ? 'localhost' : ownName
}

/** `acme` in front of the host of `LAHKO_BASE_URL`; an address has no names in front of it. */
function underBase(slug: string, baseUrl: string): string | undefined {
  const url = new URL(baseUrl)
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined
  return `${url.protocol}//${slug}.${url.host}`
}

/** Another host behind the door by which the visitor came, or behind that of `LAHKO_BASE_URL`. */
function at(host: string, visit: Visit, baseUrl?: string): Place {
  const here = host === hostnameOf(visit)
  const door = here || baseUrl === undefined ? new URL(originOfVisit(visit)) : new URL(baseUrl)
  return { origin: `${door.protocol}//${host}${door.port && `:${door.port}`}`, here }
}
