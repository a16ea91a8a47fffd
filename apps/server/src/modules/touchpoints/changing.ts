import type { CustomerReference } from '@lahko/contract/people'
import type { TouchpointReport } from '@lahko/contract/touchpoints'
import { isDeepStrictEqual } from 'node:util'
import { ensureCustomers } from '#people'
import { emitBatch } from '#platform/events.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import {
  attributesOf,
  noSuchCustomer,
  refuseAttributes,
  refuseCustomer,
  refuseMoments,
  type Refusal,
} from './fitting.ts'
import { undecide } from './reopening.ts'
import { lockTouchpoint, updateTouchpoints, type KeptTouchpoint } from './reporting.queries.ts'
import { factOf } from './reporting.ts'

/** What may be changed; null opens an ended one again, what is left out stays. */
export type TouchpointChange = Omit<Partial<TouchpointReport>, 'externalId'>

/**
 * Changes one touchpoint while it runs, and until it is decided whether to ask about it; its attributes at any time.
 * Opened again it is decided anew, unless somebody was written to.
 * @throws Problem not_found; conflict `touchpoints.decided`; invalid for what does not fit
 */
export async function changeTouchpoint(
  tx: Tx,
  modules: readonly Module[],
  id: string,
  change: TouchpointChange,
): Promise<void> {
  const before = await lockTouchpoint(tx, id)
  if (!before) throw new Problem('not_found', 'platform.not_found')
  const opens = change.endedAt === null && before.endedAt !== null && before.decided
  const kept = (opens && (await undecide(tx, modules, [before])).get(id)) || before
  const now = await changed(tx, kept, change)
  const frozen = kept.decided && frozenIn(kept, now)
  if (frozen) throw problemOf({ ...decided, field: `/${frozen}` })
  if (isDeepStrictEqual(before, now)) return
  await updateTouchpoints(tx, [now])
  await emitBatch(tx, [factOf({ before, now })])
}

const decided: Refusal = { status: 'refused', kind: 'conflict', code: 'touchpoints.decided', field: '' }

/** Which of what stays once it was decided would be another; what is said again as it is changes nothing. */
function frozenIn(kept: KeptTouchpoint, now: KeptTouchpoint): keyof TouchpointChange | undefined {
  const names = { kind: 'kind', startedAt: 'startedAt', endedAt: 'endedAt', customerId: 'customer' } as const
  const other = (Object.keys(names) as (keyof typeof names)[]).find((name) => !isDeepStrictEqual(kept[name], now[name]))
  return other && names[other]
}

async function changed(tx: Tx, before: KeptTouchpoint, change: TouchpointChange): Promise<KeptTouchpoint> {
  const startedAt = change.startedAt === undefined ? before.startedAt : new Date(change.startedAt)
  const endedAt =
    change.endedAt === undefined ? before.endedAt : change.endedAt === null ? null : new Date(change.endedAt)
  const attributes = { ...before.attributes, ...attributesOf(change as Partial<TouchpointReport>) }
  const refusal =
    refuseMoments({ startedAt, endedAt }, tx.now) ?? refuseCustomer(change.customer) ?? refuseAttributes(attributes)
  if (refusal) throw problemOf(refusal)
  return {
    ...before,
    kind: change.kind ?? before.kind,
    startedAt,
    endedAt: endedAt && endedAt > tx.now ? tx.now : endedAt,
    customerId: change.customer ? await customerOf(tx, change.customer) : before.customerId,
    attributes,
  }
}

async function customerOf(tx: Tx, given: CustomerReference): Promise<string> {
  const [id] = await ensureCustomers(tx, [given])
  if (id === undefined) throw problemOf(noSuchCustomer())
  return id
}

/** A refusal as the reply to a single request. */
export function problemOf({ kind, code, field }: Refusal): Problem {
  return new Problem(kind, code, {}, [{ field: `/body${field}`, code }])
}
