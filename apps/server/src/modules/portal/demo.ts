import {
  demandVisitorsAllowed,
  findDemoWorkspace,
  hasAccounts,
  joinDemo,
  listMemberships,
  makeDemoWorkspace,
  removeDemoWorkspace,
} from '#accounts'
import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { enqueue } from '#platform/jobs.ts'
import { Problem } from '#platform/problem.ts'
import { system, type Actor, type Scope, type Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { findDemoProgress, upsertDemoProgress, type DemoProgress } from './demo.queries.ts'

/** The job that fills the demo. It reports through `noteDemoProgress`. */
export const buildDemoTask = 'build_demo'
/** The job that lets somebody who came to a demo that is ready find something of their own. */
export const greetInDemoTask = 'greet_in_demo'

/**
 * Makes the demo when there is none, and lets whoever asks in: a member with their own account, anybody else as the
 * visitor, as long as they could sign up too.
 * @throws Problem unauthenticated for strangers where sign-up is closed, forbidden without the right to make it
 */
export async function openDemo(
  house: House,
  { actor }: Scope,
  language: Language,
): Promise<{ workspaceId: string; accountId: string }> {
  if (actor.kind === 'key') throw new Problem('forbidden', 'portal.demo_by_key')
  const workspaceId = (await findDemoWorkspace(house)) ?? (await makeDemo(house, actor, language))
  const accountId = await house.store.write({ workspaceId, actor: system }, async (tx) => {
    if (actor.kind !== 'member') await demandVisitorsAllowed(tx, house.config.signup)
    await startBuilding(tx)
    const { accountId, memberId } = await (actor.kind === 'member'
      ? joinDemo(tx, actor.accountId, roleIn(actor))
      : joinDemo(tx, undefined, 'owner'))
    if (memberId !== undefined) await enqueue(tx, greetInDemoTask, { memberId }, `${greetInDemoTask}:${memberId}`)
    return accountId
  })
  return { workspaceId, accountId }
}

/** Makes the demo's workspace unless there is one, for the command and the start as well. @returns its id */
export async function makeDemo(house: House, actor: Actor, language: Language): Promise<string> {
  if (actor.kind === 'member' && !actor.permissions.has('workspace.manage')) {
    throw new Problem('forbidden', 'platform.not_allowed', { permission: 'workspace.manage' })
  }
  const workspaceId = uuidv7(house.clock.now().getTime())
  const made = await house.store.write({ workspaceId, actor: system }, async (tx) => {
    if (actor.kind === 'nobody') await demandVisitorsAllowed(tx, house.config.signup)
    if (
      !(await makeDemoWorkspace(tx, {
        name: words(language, 'portal.demo_name'),
        language,
        timeZone: 'Europe/Ljubljana',
      }))
    )
      return false
    await startBuilding(tx)
    return true
  })
  return made ? workspaceId : (await findDemoWorkspace(house))!
}

/** How far the demo is; `none` when there is no demo. */
export async function readDemoProgress(
  house: House,
): Promise<DemoProgress | { state: 'none'; done: number; total: number }> {
  const none = { state: 'none', done: 0, total: 0 } as const
  const workspaceId = await findDemoWorkspace(house)
  if (workspaceId === undefined) return none
  return (await house.store.read({ workspaceId, actor: system }, findDemoProgress)) ?? none
}

/** What the builder reports while it works, and at its end. Open screens hear of it. */
export async function noteDemoProgress(tx: Tx, progress: DemoProgress): Promise<void> {
  await upsertDemoProgress(tx, progress)
  await wake(tx, 'demo.progressed', tx.workspaceId)
}

/**
 * Removes the demo with all that is in it. Whoever manages it may: inside it, or from another workspace with an
 * account that owns it; and the operator at the terminal.
 * @throws Problem not_found when there is none, or not for whoever asks
 */
export async function removeDemo(house: House, by: Scope | 'operator'): Promise<void> {
  const demo = await findDemoWorkspace(house)
  if (
    demo === undefined ||
    !(by === 'operator' || by.workspaceId === demo || (await ownsElsewhere(house, by.actor, demo)))
  ) {
    throw new Problem('not_found', 'platform.not_found')
  }
  await removeDemoWorkspace(house, demo)
}

/** Starts the builder, for the first time or after a failure. */
async function startBuilding(tx: Tx): Promise<void> {
  const progress = await findDemoProgress(tx)
  if (progress && progress.state !== 'failed') return
  await upsertDemoProgress(tx, { state: 'building', done: 0, total: 0 })
  await enqueueDemo(tx)
}

/** Adds the job that begins or continues the demo. */
export async function enqueueDemo(tx: Tx): Promise<void> {
  await enqueue(tx, buildDemoTask, {}, buildDemoTask)
}

/** Takes up a demo whose builder died before it was ready, and makes one where an empty installation wants it. */
export async function beginDemo(house: House): Promise<void> {
  const workspaceId = await findDemoWorkspace(house)
  if (workspaceId === undefined) {
    if (house.config.seed === 'demo' && !(await hasAccounts(house.store.outside))) await makeDemo(house, system, 'en')
    return
  }
  await house.store.write({ workspaceId, actor: system }, async (tx) => {
    if ((await findDemoProgress(tx))?.state === 'building') await enqueueDemo(tx)
  })
}

function roleIn(actor: Extract<Actor, { kind: 'member' }>): Role {
  return actor.permissions.has('workspace.manage') ? 'owner' : actor.role
}

async function ownsElsewhere(house: House, actor: Actor, demo: string): Promise<boolean> {
  if (actor.kind !== 'member') return false
  const memberships = await listMemberships(house.store.outside, actor.accountId)
  return memberships.some((one) => one.workspace_id === demo && one.role === 'owner')
}
