import { hash } from 'node:crypto'
import { permissionsOfRole, roles, type Permission, type Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { House } from '#platform/house.ts'
import type { Scope } from '#platform/store.ts'
import {
  findHome,
  findHost,
  findKey,
  findSession,
  touchSession,
  type HomeRow,
  type HostRow,
} from './directory.queries.ts'
import { touchKey } from './keys.queries.ts'
import { slugOfHost } from './places.ts'
import { sessionEnds } from './sessions.ts'
import { shortMemory, type ShortMemory } from './short-memory.ts'

/** Somebody who was recognised: in which workspace, with which rights, and the language to speak. */
export type Known = { scope: Scope; language: Language }

/** Who and what requests name, remembered for at most five seconds. */
export type Directory = {
  host(hostname: string): HostRow | undefined | Promise<HostRow | undefined>
  home(workspaceId: string): HomeRow | undefined | Promise<HomeRow | undefined>
  key(key: string): Known | undefined | Promise<Known | undefined>
  session(token: string, hostname: string): Known | undefined | Promise<Known | undefined>
  /** What this process changed itself is forgotten without waiting for the wake-up. */
  forget(): void
}

const maxAgeMs = 5_000
const noticeAfterMs = 60_000
const permissionSets = Object.fromEntries(
  roles.map((role) => [role, new Set(permissionsOfRole[role])]),
) as unknown as Record<Role, ReadonlySet<Permission>>
const directories = new WeakMap<House, Directory>()

/** The one directory of a house. */
export function directoryOf(house: House): Directory {
  const known = directories.get(house)
  if (known) return known
  const directory = openDirectory(house)
  directories.set(house, directory)
  return directory
}

function openDirectory(house: House): Directory {
  const { clock, store } = house
  const memory = <T>(capacity: number, load: (key: string) => Promise<T>): ShortMemory<T> =>
    shortMemory({ capacity, maxAgeMs, clock, load })
  const hosts = memory(2_000, (hostname) =>
    findHost(store.outside, hostname, slugOfHost(hostname, house.config), house.config.workspace),
  )
  const homes = memory(2_000, (workspaceId) => findHome(store.outside, workspaceId, house.config.workspace))
  const keys = memory(20_000, (key) => loadKey(house, Buffer.from(key, 'base64')))
  const sessions = memory(20_000, (id) => loadSession(house, id))
  const all = [hosts, homes, keys, sessions]
  const changedBy: Readonly<Record<string, readonly { forget(): void }[]>> = {
    'key.revoked': [keys],
    'session.ended': [sessions],
    'member.changed': [sessions],
    'member.role_changed': [sessions],
    'member.removed': [sessions],
    'workspace.created': all,
    'workspace.changed': all,
    'workspace.removed': all,
  }
  house.live.onWake(({ type }) => changedBy[type]?.forEach((memory) => memory.forget()))
  return {
    host: (hostname) => hosts.get(hostname),
    home: (workspaceId) => homes.get(workspaceId),
    key: (key) => keys.get(hashed(key)),
    session: (token, hostname) => sessions.get(`${hashed(token)} ${hostname}`),
    forget: () => all.forEach((memory) => memory.forget()),
  }
}

/** What `hashToken` says, in base64: made in one call, because every request pays for it. */
function hashed(token: string): string {
  return hash('sha256', token, 'base64')
}

async function loadKey(house: House, hash: Buffer): Promise<Known | undefined> {
  const row = await findKey(house.store.outside, hash)
  if (!row) return undefined
  const scope: Scope = {
    workspaceId: row.workspace_id,
    actor: { kind: 'key', keyId: row.key_id, permissions: new Set(row.scopes) },
  }
  if (isLongAgo(house, row.last_used_at))
    later(
      house,
      house.store.write(scope, (tx) => touchKey(tx, row.key_id)),
    )
  return { scope, language: row.language }
}

async function loadSession(house: House, id: string): Promise<Known | undefined> {
  const [token = '', hostname = ''] = id.split(' ')
  const now = house.clock.now()
  const row = await findSession(house.store.outside, Buffer.from(token, 'base64'), hostname, now)
  if (!row) return undefined
  if (isLongAgo(house, row.seen_at))
    later(house, touchSession(house.store.outside, row.session_id, now, sessionEnds(now)))
  return {
    scope: {
      workspaceId: row.workspace_id,
      actor: {
        kind: 'member',
        memberId: row.member_id,
        accountId: row.account_id,
        sessionId: row.session_id,
        role: row.role,
        permissions: permissionSets[row.role],
      },
    },
    language: row.language,
  }
}

function isLongAgo(house: House, at: Date | null): boolean {
  return at === null || house.clock.now().getTime() - at.getTime() >= noticeAfterMs
}

/** Nobody waits for it, and nothing is lost when it fails: the next minute writes it again. */
function later(house: House, work: Promise<unknown>): void {
  work.catch((error: unknown) => house.log.warn({ err: error }, 'the time of last use was not written'))
}
