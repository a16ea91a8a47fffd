import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Config } from '../../config.ts'
import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteHost, insertHost } from './hosts.queries.ts'

/**
 * A host as it is kept: lower case, letters beyond ASCII as browsers send them.
 * @returns undefined for what can be no workspace's own name: addresses, `localhost`, and the host of `LAHKO_BASE_URL`
 */
export function ownHost(name: string, { baseUrl }: Pick<Config, 'baseUrl'>): string | undefined {
  const host = domainToASCII(name.trim().toLowerCase().replace(/\.$/, ''))
  const isName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*$/.test(host)
  if (!isName || isIP(host) !== 0 || host.endsWith('.localhost')) return undefined
  return baseUrl !== undefined && host === new URL(baseUrl).hostname ? undefined : host
}

/** Gives a host, as `ownHost` writes it, to the workspace. @throws Problem conflict when it is another workspace's */
export async function addHost(tx: Tx, host: string): Promise<void> {
  if (!(await insertHost(tx, host))) throw new Problem('conflict', 'accounts.host_taken', { host })
  await emit(tx, { type: 'workspace.changed', subjectId: tx.workspaceId, data: { fields: ['hosts'] } })
}

/** Takes a host from the workspace. @returns false when it has no such host */
export async function removeHost(tx: Tx, host: string): Promise<boolean> {
  if (!(await deleteHost(tx, host))) return false
  await emit(tx, { type: 'workspace.changed', subjectId: tx.workspaceId, data: { fields: ['hosts'] } })
  return true
}
