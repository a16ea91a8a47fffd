import { sql, type Updateable } from 'kysely'
import type { ImportMapping, ImportState } from '@lahko/contract/surveys'
import type { DB, Imports } from '#platform/database.generated.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'
import type { Columns } from './import-mapping.ts'
import type { RefusedRow, Said } from '#platform/uploads.ts'

const on = tablesOf<Pick<DB, 'imports'>>()

export type ImportRow = {
  id: string
  survey_id: string
  file_name: string
  state: ImportState['state']
  /** `guess` is the mapping as long as nobody has chosen one. */
  shape: Columns & { guess: ImportMapping }
  mapping: ImportMapping | null
  bytes: number
  hash: string
  line: number
  rows_read: number
  rows_accepted: number
  rows_refused: number
  rows_repeated: number
  rows_unanswered: number
  refused: RefusedRow[]
  progress: number
  error: Said | null
  remarks: Said[]
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

type Changes = Partial<Omit<ImportRow, 'id' | 'survey_id' | 'shape' | 'created_at'>>

export async function insertImport(
  tx: Tx,
  row: Pick<ImportRow, 'id' | 'survey_id' | 'file_name' | 'shape' | 'bytes' | 'hash' | 'remarks'>,
): Promise<void> {
  const { shape, remarks, ...plain } = row
  const json = { shape: JSON.stringify(shape), remarks: JSON.stringify(remarks) }
  await on(tx)
    .insertInto('imports')
    .values({ ...plain, ...json, workspace_id: tx.workspaceId, state: 'uploaded', created_at: tx.now })
    .execute()
}

export async function findImport(db: Db, id: string): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    select * from imports where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** @throws Problem `not_found`, also when it belongs to another survey */
export async function getImport(db: Db, surveyId: string, id: string): Promise<ImportRow> {
  const row = await findImport(db, id)
  if (!row || row.survey_id !== surveyId) throw new Problem('not_found', 'platform.not_found')
  return row
}

/** The import, which nobody else changes until this transaction ends. */
export async function lockImport(tx: Tx, id: string): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    select * from imports where workspace_id = ${tx.workspaceId} and id = ${id} for no key update`.execute(tx.kysely)
  return rows[0]
}

/** Newest first; `after` is the id of the last one that was seen. */
export async function listImports(
  db: Db,
  surveyId: string,
  { after, limit }: { after?: string; limit: number },
): Promise<ImportRow[]> {
  const { rows } = await sql<ImportRow>`
    select * from imports
    where workspace_id = ${db.workspaceId} and survey_id = ${surveyId}
      and (${after ?? null}::uuid is null or id < ${after ?? null}::uuid)
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

export async function listAllImports(
  db: Db,
): Promise<Pick<ImportRow, 'id' | 'state' | 'created_at' | 'finished_at'>[]> {
  return on(db)
    .selectFrom('imports')
    .select(['id', 'state', 'created_at', 'finished_at'])
    .where('workspace_id', '=', db.workspaceId)
    .execute() as Promise<Pick<ImportRow, 'id' | 'state' | 'created_at' | 'finished_at'>[]>
}

/** Changes an import that is in the state `when`; false when it is in another by now. */
export async function changeImport(tx: Tx, id: string, when: ImportRow['state'], changes: Changes): Promise<boolean> {
  const { mapping, refused, error, remarks, ...plain } = changes
  const json = Object.entries({ mapping, refused, error, remarks }).filter(([, value]) => value !== undefined)
  const values = Object.fromEntries(json.map(([name, value]) => [name, value === null ? null : JSON.stringify(value)]))
  const { numUpdatedRows } = await on(tx)
    .updateTable('imports')
    .set({ ...plain, ...values } as Updateable<Imports>)
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .where('state', '=', when)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** False when it was started, or is not there. */
export async function deleteUnstarted(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await on(tx)
    .deleteFrom('imports')
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .where('started_at', 'is', null)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** When the same file came to the same survey before, and was not taken back since. */
export async function findSameFile(db: Db, surveyId: string, hash: string, besides: string): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select max(started_at) as at from imports
    where workspace_id = ${db.workspaceId} and survey_id = ${surveyId} and hash = ${hash} and id <> ${besides}
      and state in ('running', 'done', 'failed')`.execute(db.kysely)
  return rows[0]?.at ?? undefined
}

/** Which of these keys responses have already. */
export async function listKnown(db: Db, dedupes: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ dedupe: string }>`
    select dedupe from responses where workspace_id = ${db.workspaceId} and dedupe = any(${dedupes}::uuid[])`.execute(
    db.kysely,
  )
  return new Set(rows.map((row) => row.dedupe))
}

// Ids begin with the moment they were made, so that an import's answers lie in a narrow range of the primary key: an
// index of their own would make each of them dearer. A day for clocks that were set back.
const slackMs = 86_400_000

function firstIdOf({ created_at: at }: ImportRow): string {
  return `${uuidv7(at.getTime() - slackMs).slice(0, 13)}-0000-0000-000000000000`
}

/** How many answers of an import there are. */
export async function countTaken(db: Db, row: ImportRow): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from responses
    where workspace_id = ${db.workspaceId} and id >= ${firstIdOf(row)} and import_id = ${row.id}`.execute(db.kysely)
  return rows[0]!.n
}

type TakenBack = { n: number; last: string | null; customers: string[]; touchpoints: string[] }

/**
 * Deletes up to `most` answers of an import, and takes them out of their cells.
 * @param after the last id that was deleted
 * @returns how many, the last id, and whom and what they named
 */
export async function takeBack(tx: Tx, row: ImportRow, after: string | undefined, most: number): Promise<TakenBack> {
  const { rows } = await sql<TakenBack>`
    with chosen as materialized (
      select id from responses
      where workspace_id = ${tx.workspaceId} and id > ${after ?? firstIdOf(row)} and import_id = ${row.id}
      order by workspace_id, id limit ${most} for update
    ), gone as (
      delete from responses r using chosen where r.workspace_id = ${tx.workspaceId} and r.id = chosen.id
      returning r.id, r.survey_id, r.wording, r.segment, r.local_date, r.score, r.excluded_at,
        r.customer_id, r.touchpoint_id
    )
    select count(*) as n, max(id::text) as last,
      coalesce(array_agg(distinct customer_id) filter (where customer_id is not null), '{}') as customers,
      coalesce(array_agg(distinct touchpoint_id) filter (where touchpoint_id is not null), '{}') as touchpoints,
      add_to_cells(coalesce(array_agg((survey_id, wording, segment, local_date, score, -1)::cell_delta)
        filter (where excluded_at is null), '{}'))
    from gone`.execute(tx.kysely)
  return rows[0]!
}
