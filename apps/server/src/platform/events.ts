import { sql } from 'kysely'
import { uuidv7 } from './identifiers.ts'
import { enqueue } from './jobs.ts'
import type { Actor, Tx } from './store.ts'
import { tablesOf } from './store.ts'
import type { DB } from './database.generated.ts'

const on = tablesOf<Pick<DB, 'events'>>()

/** A fact in the past tense. `data` carries ids and field names, never personal values. */
export type Fact = { type: string; subjectId: string; data?: Record<string, unknown> }

/** Which jobs a type of event starts; filled once by `app.ts` from the doors of the modules. */
const reactions = new Map<string, string[]>()

export function registerReaction(eventType: string, task: string): void {
  reactions.set(eventType, [...(reactions.get(eventType) ?? []).filter((name) => name !== task), task])
}

/** Writes the fact, its jobs and one wake-up for open screens, all in the verb's own transaction. */
export async function emit(tx: Tx, fact: Fact): Promise<void> {
  const id = uuidv7(tx.now.getTime())
  await on(tx)
    .insertInto('events')
    .values({
      workspace_id: tx.workspaceId,
      id,
      type: fact.type,
      subject_id: fact.subjectId,
      ...actorColumns(tx.actor),
      data: JSON.stringify(fact.data ?? {}),
      at: tx.now,
    })
    .execute()
  for (const task of reactions.get(fact.type) ?? []) await enqueue(tx, task, { eventId: id, ...fact }, `${task}:${id}`)
  await wake(tx, fact.type, fact.subjectId)
}

/**
 * Many facts of one verb: their rows in one statement, one job for each reaction with the ids of all whom it concerns,
 * and one wake-up for each type.
 */
export async function emitBatch(tx: Tx, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return
  const rows = facts.map((fact) => ({ ...fact, id: uuidv7(tx.now.getTime()) }))
  await insertFacts(tx, rows)
  for (const [type, those] of Map.groupBy(rows, (row) => row.type)) {
    const [{ id, subjectId }] = those as [(typeof rows)[number]]
    const payload = { eventId: id, type, subjectIds: those.map((one) => one.subjectId) }
    for (const task of reactions.get(type) ?? []) await enqueue(tx, task, payload, `${task}:${id}`)
    await wake(tx, type, subjectId)
  }
}

async function insertFacts(tx: Tx, rows: readonly (Fact & { id: string })[]): Promise<void> {
  const { actor_kind: kind, actor_id: actorId } = actorColumns(tx.actor)
  await sql`
    insert into events (workspace_id, id, type, subject_id, actor_kind, actor_id, data, at)
    select ${tx.workspaceId}, f.id, f.type, f.subject_id, ${kind}, ${actorId}::uuid, f.data, ${tx.now}
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ type }) => type)}::text[],
      ${rows.map(({ subjectId }) => subjectId)}::uuid[],
      ${rows.map(({ data }) => JSON.stringify(data ?? {}))}::jsonb[]) f(id, type, subject_id, data)`.execute(tx.kysely)
}

/** Tells open screens, after the commit, that something happened. */
export async function wake(tx: Tx, type: string, subjectId: string): Promise<void> {
  await sql`select pg_notify('lahko', ${JSON.stringify({ workspaceId: tx.workspaceId, type, subjectId })})`.execute(
    tx.kysely,
  )
}

/** The same about several things at once. */
export async function wakeAll(tx: Tx, type: string, subjectIds: readonly string[]): Promise<void> {
  const { workspaceId } = tx
  const said = subjectIds.map((subjectId) => JSON.stringify({ workspaceId, type, subjectId }))
  await sql`select pg_notify('lahko', said) from unnest(${said}::text[]) said`.execute(tx.kysely)
}

function actorColumns(actor: Actor) {
  if (actor.kind === 'member') return { actor_kind: 'member', actor_id: actor.memberId }
  if (actor.kind === 'key') return { actor_kind: 'key', actor_id: actor.keyId }
  return { actor_kind: actor.kind === 'system' ? 'system' : 'customer', actor_id: null }
}
