import { sql } from 'kysely'
import { uuidv7 } from './identifiers.ts'
import { enqueued, type NewJob } from './jobs.ts'
import type { Actor, Tx } from './store.ts'

/** A fact in the past tense. `data` carries ids and field names, never personal values. */
export type Fact = { type: string; subjectId: string; data?: Record<string, unknown> }

/** Which jobs a type of event starts; filled once by `app.ts` from the doors of the modules. */
const reactions = new Map<string, string[]>()

export function registerReaction(eventType: string, task: string): void {
  reactions.set(eventType, [...(reactions.get(eventType) ?? []).filter((name) => name !== task), task])
}

/** Writes the fact, its jobs and one wake-up for open screens, all in the verb's own transaction. */
export async function emit(tx: Tx, fact: Fact): Promise<void> {
  await emitBatch(tx, [fact])
}

/**
 * Many facts of one verb, in one statement: their rows, one job for each reaction with the ids of all whom it concerns,
 * and one wake-up for each type.
 * @returns their ids, in the order of the facts
 */
export async function emitBatch(tx: Tx, facts: readonly Fact[]): Promise<string[]> {
  if (facts.length === 0) return []
  const kept = facts.map((fact) => ({ ...fact, id: uuidv7(tx.now.getTime()) }))
  const groups = [...Map.groupBy(kept, ({ type }) => type).values()]
  const jobs = groups.flatMap((those) => jobsOf(those))
  const wakes = groups.map(([first]) => wakeOf(tx, first!.type, first!.subjectId))
  await sql`
    with kept as (${insertion(tx, kept)})
    select (${enqueued(tx, jobs)}) as enqueued, (${notified(wakes)}) as notified`.execute(tx.kysely)
  return kept.map(({ id }) => id)
}

type KeptFact = Fact & { id: string }

/** What facts of one type start: a single one is told as it is. */
function jobsOf(those: readonly KeptFact[]): NewJob[] {
  const { id: eventId, ...fact } = those[0]!
  const payload =
    those.length === 1
      ? { eventId, ...fact }
      : { eventId, type: fact.type, subjectIds: those.map(({ subjectId }) => subjectId) }
  return (reactions.get(fact.type) ?? []).map((task) => ({ task, payload, key: `${task}:${eventId}` }))
}

function insertion(tx: Tx, facts: readonly KeptFact[]) {
  const { actor_kind: kind, actor_id: actorId } = actorColumns(tx.actor)
  return sql`
    insert into events (workspace_id, id, type, subject_id, actor_kind, actor_id, data, at)
    select ${tx.workspaceId}, f.id, f.type, f.subject_id, ${kind}, ${actorId}::uuid, f.data, ${tx.now}
    from unnest(${facts.map(({ id }) => id)}::uuid[], ${facts.map(({ type }) => type)}::text[],
      ${facts.map(({ subjectId }) => subjectId)}::uuid[],
      ${facts.map(({ data }) => JSON.stringify(data ?? {}))}::jsonb[]) f(id, type, subject_id, data)`
}

/** Tells open screens, after the commit, that something happened. */
export async function wake(tx: Tx, type: string, subjectId: string): Promise<void> {
  await notified([wakeOf(tx, type, subjectId)]).execute(tx.kysely)
}

/** The same about several things at once. */
export async function wakeAll(tx: Tx, type: string, subjectIds: readonly string[]): Promise<void> {
  await notified(subjectIds.map((subjectId) => wakeOf(tx, type, subjectId))).execute(tx.kysely)
}

function wakeOf({ workspaceId }: Tx, type: string, subjectId: string): string {
  return JSON.stringify({ workspaceId, type, subjectId })
}

function notified(wakes: readonly string[]) {
  return sql`select count(pg_notify('lahko', said)) from unnest(${wakes}::text[]) said`
}

function actorColumns(actor: Actor) {
  if (actor.kind === 'member') return { actor_kind: 'member', actor_id: actor.memberId }
  if (actor.kind === 'key') return { actor_kind: 'key', actor_id: actor.keyId }
  return { actor_kind: actor.kind === 'system' ? 'system' : 'customer', actor_id: null }
}
