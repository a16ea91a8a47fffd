import { isDeepStrictEqual } from 'node:util'
import type { TouchpointReport } from '@lahko/contract/touchpoints'
import { ensureCustomers } from '#people'
import { emitBatch, type Fact } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Module } from '#platform/module.ts'
import type { Tx } from '#platform/store.ts'
import {
  fitReport,
  noSuchCustomer,
  refuseAttributes,
  refuseMoments,
  type FittingReport,
  type Refusal,
} from './fitting.ts'
import { undecide } from './reopening.ts'
import {
  insertTouchpoints,
  lockTouchpointsCalled,
  updateTouchpoints,
  type KeptTouchpoint,
} from './reporting.queries.ts'

export type ReportOutcome = { status: 'accepted' | 'repeated'; id: string } | Refusal

/** Somebody else has reported the same at the same time: what they wrote has to be read first. */
export class ReportedMeanwhile extends Error {}

type Turn = { report: FittingReport; place: number; customerId: string | null }

/**
 * Keeps what another program reports, each judged by itself, all in a handful of statements. Known by its external id,
 * a touchpoint is replaced by what is given, and attributes are added; once it was decided whether to ask about it, only
 * attributes are, unless it is opened again before anybody was written to.
 * @param locked those of them that are known, where whoever reports has locked them already
 * @param modules all of them, where a report may open again what was decided about
 * @throws ReportedMeanwhile then nothing was kept, and it is to be tried again
 */
export async function reportTouchpoints(
  tx: Tx,
  given: readonly TouchpointReport[],
  { locked, modules = [] }: { locked?: readonly KeptTouchpoint[]; modules?: readonly Module[] } = {},
): Promise<ReportOutcome[]> {
  const outcomes: ReportOutcome[] = []
  const turns: Turn[] = []
  given.forEach((one, place) => {
    const report = fitReport(one, tx.now)
    if (report.status === 'fits') turns.push({ report, place, customerId: null })
    else outcomes[place] = report
  })
  const known = await nameCustomers(tx, turns)
  for (const { place } of turns.filter((turn) => !known.has(turn))) outcomes[place] = noSuchCustomer()
  const there = locked ?? (await lockTouchpointsCalled(tx, externalIdsOf([...known])))
  const open = await undecide(tx, modules, reopenedBy(tx, [...known], there))
  for (const [turn, outcome] of await keep(tx, [...known], there, open)) outcomes[turn.place] = outcome
  return outcomes
}

/** Those that were decided about and that reports open again; what does not fit opens nothing. */
function reopenedBy(tx: Tx, turns: readonly Turn[], there: readonly KeptTouchpoint[]): KeptTouchpoint[] {
  const opening = Map.groupBy(
    turns.filter(({ report }) => report.endedAt === null && report.externalId !== undefined),
    ({ report }) => report.externalId!,
  )
  return there.filter((row) => {
    const own = row.decided && row.endedAt ? (opening.get(row.externalId!) ?? []) : []
    return own.some((turn) => !refuseMerged(merged({ ...row, decided: false }, turn), tx.now))
  })
}

/** Gives each turn its customer. @returns the turns whose customer is there */
async function nameCustomers(tx: Tx, turns: readonly Turn[]): Promise<Set<Turn>> {
  const named = turns.filter(({ report }) => report.customer)
  const distinct = new Map(named.map(({ report: { customer } }) => [JSON.stringify(customer), customer!]))
  const ids = await ensureCustomers(tx, [...distinct.values()])
  const idOf = new Map([...distinct.keys()].map((key, place) => [key, ids[place]]))
  for (const turn of named) turn.customerId = idOf.get(JSON.stringify(turn.report.customer)) ?? null
  return new Set(turns.filter(({ report, customerId }) => !report.customer || customerId !== null))
}

/** One touchpoint of a batch: as it was, and as it is to be. */
type Change = { before?: KeptTouchpoint; now: KeptTouchpoint }

function externalIdsOf(turns: readonly Turn[]): string[] {
  return [...new Set(turns.flatMap(({ report }) => report.externalId ?? []))]
}

async function keep(
  tx: Tx,
  turns: readonly Turn[],
  known: readonly KeptTouchpoint[],
  open: ReadonlyMap<string, KeptTouchpoint>,
): Promise<Map<Turn, ReportOutcome>> {
  const changeOf = (row: KeptTouchpoint): Change => ({ before: row, now: open.get(row.id) ?? row })
  const byName = new Map(known.map((row) => [row.externalId!, changeOf(row)]))
  const outcomes = new Map<Turn, ReportOutcome>()
  const changes = new Set<Change>()
  for (const turn of turns) {
    const { externalId } = turn.report
    const there = externalId === undefined ? undefined : byName.get(externalId)
    const refusal = there && refuseMerged(merged(there.now, turn), tx.now)
    if (refusal) {
      outcomes.set(turn, refusal)
      continue
    }
    const change: Change = there ?? { now: fresh(tx, turn) }
    if (there) change.now = merged(there.now, turn)
    else if (externalId !== undefined) byName.set(externalId, change)
    changes.add(change)
    outcomes.set(turn, { status: there ? 'repeated' : 'accepted', id: change.now.id })
  }
  await writeChanges(tx, [...changes])
  return outcomes
}

async function writeChanges(tx: Tx, changes: readonly Change[]): Promise<void> {
  const born = changes.filter(({ before }) => !before)
  const changed = changes.filter(({ before, now }) => before && !isDeepStrictEqual(before, now))
  const inserted = await insertTouchpoints(
    tx,
    born.map(({ now }) => now),
  )
  if (inserted < born.length) throw new ReportedMeanwhile()
  await updateTouchpoints(
    tx,
    changed.map(({ now }) => now),
  )
  await emitBatch(tx, [...born, ...changed].map(factOf))
}

/** That a touchpoint has ended is said once, and again when it is to be decided anew; everything else is a report. */
export function factOf({ before, now }: Change): Fact {
  const ended = now.endedAt !== null && (!before?.endedAt || (before.decided && !now.decided))
  return { type: ended ? 'touchpoint.ended' : 'touchpoint.reported', subjectId: now.id }
}

function fresh(tx: Tx, { report, customerId }: Turn): KeptTouchpoint {
  return {
    id: uuidv7(tx.now.getTime()),
    externalId: report.externalId ?? null,
    kind: report.kind,
    customerId,
    startedAt: report.startedAt ?? null,
    endedAt: report.endedAt ?? null,
    attributes: report.attributes,
    decided: false,
  }
}

/** Two reports may each fit, and not together: one began after the other has ended. Decided ones keep their moments. */
function refuseMerged(now: KeptTouchpoint, at: Date): Refusal | undefined {
  return (now.decided ? undefined : refuseMoments(now, at)) ?? refuseAttributes(now.attributes)
}

function merged(kept: KeptTouchpoint, { report, customerId }: Turn): KeptTouchpoint {
  const attributes = { ...kept.attributes, ...report.attributes }
  if (kept.decided) return { ...kept, attributes }
  return {
    ...kept,
    attributes,
    kind: report.kind,
    customerId: customerId ?? kept.customerId,
    startedAt: report.startedAt ?? kept.startedAt,
    endedAt: report.endedAt === undefined ? kept.endedAt : report.endedAt,
  }
}
