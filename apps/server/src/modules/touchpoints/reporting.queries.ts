import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '#platform/store.ts'

/** A touchpoint as it is kept; null is not known. */
export type KeptTouchpoint = {
  id: string
  externalId: string | null
  kind: string
  customerId: string | null
  startedAt: Date | null
  endedAt: Date | null
  attributes: Record<string, string>
  /** Whether it was decided whether to ask about it. */
  decided: boolean
}

/** Whether they are decided is asked once they are locked: whoever held them until then may have decided. */
async function lockThose(tx: Tx, those: RawBuilder<unknown>): Promise<KeptTouchpoint[]> {
  const { rows } = await sql<KeptTouchpoint>`
    select locked.id, locked.external_id as "externalId", locked.kind, locked.customer_id as "customerId",
      locked.started_at as "startedAt", locked.ended_at as "endedAt", locked.attributes,
      is_decided(locked.id) as decided
    from ${those}`.execute(tx.kysely)
  return rows
}

/**
 * Those with these external ids; nobody else changes them until the transaction ends. Each is looked up by itself and in
 * order: who waits for whom never turns in a circle, and without statistics a plan would read all of a workspace.
 */
export async function lockTouchpointsCalled(tx: Tx, externalIds: readonly string[]): Promise<KeptTouchpoint[]> {
  if (externalIds.length === 0) return []
  return lockThose(
    tx,
    sql`(select called from unnest(${externalIds}::text[]) called group by called order by called collate "C") g,
      lateral (select * from touchpoints t
        where t.workspace_id = ${tx.workspaceId} and t.external_id = g.called for update) locked`,
  )
}

/** The touchpoint; nobody else changes it until the transaction ends. */
export async function lockTouchpoint(tx: Tx, id: string): Promise<KeptTouchpoint | undefined> {
  const those = sql`(select * from touchpoints where workspace_id = ${tx.workspaceId} and id = ${id} for update) locked`
  return (await lockThose(tx, those))[0]
}

/** @returns how many came in; others have external ids that somebody else has just reported */
export async function insertTouchpoints(tx: Tx, given: readonly KeptTouchpoint[]): Promise<number> {
  if (given.length === 0) return 0
  const { numAffectedRows } = await sql`
    insert into touchpoints (workspace_id, id, external_id, kind, customer_id, started_at, ended_at, attributes,
      created_at)
    select ${tx.workspaceId}, g.*, ${tx.now} from ${rowsOf(given)} order by g.external_id
    on conflict (workspace_id, external_id) do nothing`.execute(tx.kysely)
  return Number(numAffectedRows)
}

/** Writes locked touchpoints as they are now; what is not decided any more waits for a decision again. */
export async function updateTouchpoints(tx: Tx, given: readonly KeptTouchpoint[]): Promise<void> {
  if (given.length === 0) return
  await sql`
    with written as (
      update touchpoints t set kind = g.kind, customer_id = g.customer_id, started_at = g.started_at,
        ended_at = g.ended_at, attributes = g.attributes
      from ${rowsOf(given)} where t.workspace_id = ${tx.workspaceId} and t.id = g.id
    )
    insert into undecided_touchpoints (workspace_id, touchpoint_id, ended_at)
    select ${tx.workspaceId}, g.id, g.ended_at from ${rowsOf(given.filter(({ decided }) => !decided))}
    on conflict do nothing`.execute(tx.kysely)
}

function rowsOf(given: readonly KeptTouchpoint[]) {
  const of = <K extends keyof KeptTouchpoint>(name: K) => given.map((one) => one[name])
  return sql`unnest(${of('id')}::uuid[], ${of('externalId')}::text[], ${of('kind')}::text[],
    ${of('customerId')}::uuid[], ${of('startedAt')}::timestamptz[], ${of('endedAt')}::timestamptz[],
    ${given.map(({ attributes }) => JSON.stringify(attributes))}::jsonb[])
    g(id, external_id, kind, customer_id, started_at, ended_at, attributes)`
}
