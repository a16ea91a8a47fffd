import { touchpointReport, type UntakenReason } from '@lahko/contract/touchpoints'
import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import { fieldErrorsOf } from '#platform/problems.ts'
import { newToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import { problemOf } from './changing.ts'
import { isSigned, type Headers } from './inbound-signatures.ts'
import { ticketIn, type InboundTicket } from './inbound-tickets.ts'
import {
  countHooks,
  findHook,
  insertHook,
  noteOpen,
  removeHook,
  setSecret,
  touchHook,
  wasOpenAfter,
  type HelpDesk,
  type HookRow,
} from './inbound.queries.ts'
import { noteUnsigned, noteUntaken } from './inbound-untaken.queries.ts'
import { lockTouchpoint, lockTouchpointsCalled } from './reporting.queries.ts'
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

/** Which touchpoint a delivery made, ended or opened again. */
export type Received =
  | { status: 'accepted' | 'repeated' | 'reopened'; id: string }
  | { status: 'ignored'; id: null; reason: UntakenReason }

/**
 * Takes a delivery: a solved ticket is a touchpoint that has ended, one that is solved no longer opens it again, and
 * anything else is ignored. What nothing becomes of is kept for a while with the reason.
 * @returns a problem where it cannot be taken, with what is to be kept of that written already
 * @throws Problem not_found
 */
export async function receive(
  tx: Tx,
  modules: readonly Module[],
  delivery: Delivery,
  language: Language,
): Promise<Received | Problem> {
  const { system, hookId, headers, body } = delivery
  const hook = await findHook(tx, hookId)
  if (hook?.system !== system) throw new Problem('not_found', 'platform.not_found')
  if (hook.secret === null || !isSigned(system, hook.secret, headers, body)) {
    await noteUnsigned(tx, hookId)
    return new Problem('unauthenticated', 'touchpoints.bad_signature')
  }
  await touchHook(tx, hookId)
  const given = readJson(body)
  if (given instanceof Problem) {
    await noteUntaken(tx, hookId, { reason: 'not_json' })
    return given
  }
  const ticket = ticketIn(system, given)
  const received = await take(tx, modules, ticket, language)
  const reason = received instanceof Problem ? 'not_a_ticket' : received.status === 'ignored' && received.reason
  if (reason) await noteUntaken(tx, hookId, { reason, ticket: ticket.externalId, status: ticket.status })
  return received
}

async function take(
  tx: Tx,
  modules: readonly Module[],
  ticket: InboundTicket,
  language: Language,
): Promise<Received | Problem> {
  if (ticket.reopened) return reopen(tx, modules, ticket.externalId, ticket.reopened.at)
  if (!ticket.solved) return ignored(ticket.status === undefined ? 'no_ticket' : 'not_solved')
  const { externalId, lastSolvedAt } = ticket
  const locked = externalId === undefined ? [] : await lockTouchpointsCalled(tx, [externalId])
  const [before] = locked
  if (before && lastSolvedAt !== undefined && (await wasOpenAfter(tx, before.id, lastSolvedAt))) return ignored('older')
  const again = before?.endedAt === null && lastSolvedAt !== undefined
  const { data, error } = touchpointReport.required({ externalId: true }).safeParse({
    endedAt: tx.now.toISOString(),
    ...defined({ ...ticket.solved, ...(again && { endedAt: lastSolvedAt }) }),
  })
  if (error)
    return new Problem('invalid', 'touchpoints.not_a_ticket', {}, fieldErrorsOf(error.issues, '/body', language))
  const [outcome] = await reportTouchpoints(tx, [data], { locked })
  return outcome!.status === 'refused' ? problemOf(outcome!) : outcome!
}

/** @param at when it was opened again; undefined: just now. Deliveries may come in another order than they were sent. */
async function reopen(
  tx: Tx,
  modules: readonly Module[],
  externalId: string | undefined,
  at: string | undefined,
): Promise<Received> {
  const locked = externalId === undefined ? [] : await lockTouchpointsCalled(tx, [externalId])
  const [before] = locked
  if (!before) return ignored('unknown_ticket')
  if (at !== undefined && before.endedAt !== null && new Date(at) < before.endedAt) return ignored('older')
  if (at !== undefined) await noteOpen(tx, before.id, at)
  if (before.endedAt === null) return { status: 'repeated', id: before.id }
  const { externalId: name, kind } = before
  await reportTouchpoints(tx, [{ externalId: name!, kind, endedAt: null }], { locked, modules })
  const now = await lockTouchpoint(tx, before.id)
  return now?.endedAt === null ? { status: 'reopened', id: before.id } : ignored('asked_already')
}

function ignored(reason: UntakenReason): Received {
  return { status: 'ignored', id: null, reason }
}

function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return new Problem('invalid', 'touchpoints.not_json', {}, [{ field: '/body', code: 'touchpoints.not_json' }])
  }
}
