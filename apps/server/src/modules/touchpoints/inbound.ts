import { touchpointReport } from '@lahko/contract/touchpoints'
import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { fieldErrorsOf } from '#platform/problems.ts'
import { newToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import { problemOf } from './changing.ts'
import { isSigned, type Headers } from './inbound-signatures.ts'
import { reportOf } from './inbound-tickets.ts'
import {
  countHooks,
  findHook,
  insertHook,
  removeHook,
  setSecret,
  touchHook,
  type HelpDesk,
  type HookRow,
} from './inbound.queries.ts'
import { reportTouchpoints } from './reporting.ts'

const mostHooks = 100

/** @throws Problem not_found */
export async function getHook(db: Db, id: string): Promise<HookRow> {
  const hook = await findHook(db, id)
  if (!hook) throw new Problem('not_found', 'platform.not_found')
  return hook
}

/**
 * Makes an address for a help desk. Zendesk makes its own secret, which has to be given afterwards.
 * @throws Problem conflict when there are 100
 */
export async function createHook(
  tx: Tx,
  { system, name }: { system: HelpDesk; name: string },
): Promise<{ id: string; secret: string | null }> {
  if ((await countHooks(tx)) >= mostHooks) throw new Problem('conflict', 'touchpoints.too_many_hooks')
  const secret = system === 'zendesk' ? null : newToken()
  const id = uuidv7(tx.now.getTime())
  await insertHook(tx, { id, system, name, secret })
  await emit(tx, { type: 'inbound_hook.created', subjectId: id, data: { system } })
  return { id, secret }
}

/** Gives an address another secret. @returns the one that was made, null when it was given. @throws Problem not_found */
export async function changeHookSecret(tx: Tx, id: string, given: string | undefined): Promise<string | null> {
  await getHook(tx, id)
  const secret = given ?? newToken()
  await setSecret(tx, id, secret)
  await emit(tx, { type: 'inbound_hook.secret_changed', subjectId: id })
  return given === undefined ? secret : null
}

/** @throws Problem not_found */
export async function endHook(tx: Tx, id: string): Promise<void> {
  if (!(await removeHook(tx, id))) throw new Problem('not_found', 'platform.not_found')
  await emit(tx, { type: 'inbound_hook.removed', subjectId: id })
}

/** What came from a help desk: for whom, how signed, and its very bytes. */
export type Delivery = { system: HelpDesk; hookId: string; headers: Headers; body: Buffer }

/** Which touchpoint a delivery made. */
export type Received = { status: 'accepted' | 'repeated'; id: string } | { status: 'ignored'; id: null }

/**
 * Takes a delivery: a solved ticket is a touchpoint that has ended, anything else is ignored.
 * @throws Problem not_found; unauthenticated `touchpoints.bad_signature`; invalid for what cannot be read
 */
export async function receive(tx: Tx, delivery: Delivery, language: Language): Promise<Received> {
  const { system, hookId, headers, body } = delivery
  const hook = await findHook(tx, hookId)
  if (hook?.system !== system) throw new Problem('not_found', 'platform.not_found')
  if (hook.secret === null || !isSigned(system, hook.secret, headers, body))
    throw new Problem('unauthenticated', 'touchpoints.bad_signature')
  await touchHook(tx, hookId)
  const ticket = reportOf(system, readJson(body))
  if (ticket === undefined) return { status: 'ignored', id: null }
  const { data, error } = touchpointReport
    .required({ externalId: true })
    .safeParse({ endedAt: tx.now.toISOString(), ...defined(ticket) })
  if (error)
    throw new Problem('invalid', 'touchpoints.not_a_ticket', {}, fieldErrorsOf(error.issues, '/body', language))
  const [outcome] = await reportTouchpoints(tx, [data])
  if (outcome!.status === 'refused') throw problemOf(outcome!)
  return outcome!
}

function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new Problem('invalid', 'touchpoints.not_json', {}, [{ field: '/body', code: 'touchpoints.not_json' }])
  }
}
