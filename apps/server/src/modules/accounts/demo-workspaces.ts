import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { Config } from '../../config.ts'
import { emit, wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { system, type Tx } from '#platform/store.ts'
import { deleteStrayAccounts, findAccount, hasAccountsWaiting, insertAccount } from './accounts.queries.ts'
import { findDemo } from './directory.queries.ts'
import { directoryOf } from './directory.ts'
import { insertMember, listAccountIds } from './members.queries.ts'
import { deleteWorkspace, insertWorkspace } from './workspaces.queries.ts'

// Nobody signs in with it: it has no password, and no mail reaches the name (RFC 2606).
const visitorEmail = 'visitor@demo.invalid'

/** The demo's workspace; undefined when there is none. There is at most one. */
export function findDemoWorkspace(house: House): Promise<string | undefined> {
  return findDemo(house.store.outside)
}

/**
 * Makes the demo's workspace, the one that the transaction works in. Of two at once one makes it.
 * @returns false when there is one already
 */
export async function makeDemoWorkspace(
  tx: Tx,
  given: { name: string; language: Language; timeZone: string },
): Promise<boolean> {
  await hasAccountsWaiting(tx)
  if ((await findDemo(tx.kysely)) !== undefined) return false
  if (!(await insertWorkspace(tx, { ...given, slug: 'demo', kind: 'demo' })))
    throw new Problem('conflict', 'accounts.slug_taken')
  await emit(tx, { type: 'workspace.created', subjectId: tx.workspaceId })
  return true
}

/**
 * Makes an account a member of the demo; without one it is the visitor, whom everybody shares.
 * @returns the account, and the member unless they were one already
 */
export async function joinDemo(
  tx: Tx,
  account: string | undefined,
  role: Role,
): Promise<{ accountId: string; memberId: string | undefined }> {
  const accountId = account ?? (await visitor(tx))
  const id = uuidv7(tx.now.getTime())
  return { accountId, memberId: (await insertMember(tx, { id, accountId, role })) ? id : undefined }
}

/** Whether a visitor without an account may look at the demo: only where they could sign up as well. */
export async function demandVisitorsAllowed(tx: Tx, policy: Config['signup']): Promise<void> {
  if (policy !== 'open' && (await hasAccountsWaiting(tx)))
    throw new Problem('unauthenticated', 'accounts.demo_needs_account')
}

/** Removes the demo's workspace with everything in it, and the accounts that are members nowhere else. */
export async function removeDemoWorkspace(house: House, workspaceId: string): Promise<void> {
  await house.store.write({ workspaceId, actor: system }, async (tx) => {
    const accountIds = await listAccountIds(tx)
    await deleteWorkspace(tx)
    await deleteStrayAccounts(tx, accountIds)
    await wake(tx, 'workspace.removed', workspaceId)
  })
  directoryOf(house).forget()
}

async function visitor(tx: Tx): Promise<string> {
  const known = await findAccount(tx.kysely, visitorEmail)
  if (known) return known.id
  const id = uuidv7(tx.now.getTime())
  await insertAccount(tx, { id, email: visitorEmail, name: 'Demo', language: 'en', passwordHash: null, isDemo: true })
  return id
}
