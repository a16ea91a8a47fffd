import type { Permission } from '@lahko/contract'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { hashToken, newToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import { countKeys, getKey, insertKey, markKeyRevoked, type ApiKeyRow } from './keys.queries.ts'

const most = 500
const prefix = 'lahko_'

/**
 * Makes an API key. The key itself is in this reply and nowhere else: only its hash is kept.
 * @throws Problem forbidden when a scope is beyond what the maker may do, conflict when there are 500 keys
 */
export async function createKey(
  tx: Tx,
  given: { name: string; scopes: readonly Permission[] },
): Promise<{ key: string; row: ApiKeyRow }> {
  refuseBeyondOwn(tx, given.scopes)
  if ((await countKeys(tx)) >= most) throw new Problem('conflict', 'accounts.too_many_keys', { most })
  const key = prefix + newToken()
  const row = {
    id: uuidv7(tx.now.getTime()),
    name: given.name,
    hint: key.slice(0, prefix.length + 4),
    scopes: [...new Set(given.scopes)],
  }
  await insertKey(tx, { ...row, hash: hashToken(key) })
  await emit(tx, { type: 'key.created', subjectId: row.id, data: { scopes: row.scopes } })
  return { key, row: { ...row, created_at: tx.now, last_used_at: null } }
}

/** Ends a key; a second time changes nothing. @throws Problem not_found */
export async function revokeKey(tx: Tx, id: string): Promise<void> {
  await getKey(tx, id)
  if (await markKeyRevoked(tx, id)) await emit(tx, { type: 'key.revoked', subjectId: id })
}

/** Nobody hands out more than they hold. Commands act as the system, whose operator holds everything. */
function refuseBeyondOwn({ actor }: Tx, scopes: readonly Permission[]): void {
  if (actor.kind === 'system') return
  const beyond = scopes.findIndex((scope) => !actor.permissions.has(scope))
  if (beyond >= 0) throw new Problem('forbidden', 'accounts.scope_beyond_own', { scope: scopes[beyond] })
}
