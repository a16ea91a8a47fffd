import { sql } from 'kysely'
import type { SurveyContent } from '@lahko/contract'
import type { Rule } from '@lahko/effort'
import type { DB } from '#platform/database.generated.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'responses'>>()

/** One answer more (`n` = 1) or less (`n` = −1) in its cells. */
export type CellDelta = {
  survey_id: string
  wording: number
  segment: number
  local_date: string
  score: number
  n: number
}

/** Moves answers in and out of their cells. */
export async function addToCells(tx: Tx, deltas: readonly CellDelta[]): Promise<void> {
  if (deltas.length === 0) return
  const given = deltas.map(({ survey_id, wording, segment, local_date, score, n }) => ({
    survey_id,
    wording,
    segment,
    local_date,
    score,
    n,
  }))
  await sql`select add_to_cells(array(
    select d from json_populate_recordset(null::cell_delta, ${JSON.stringify(given)}::json) d))`.execute(tx.kysely)
}

/** The responses that these names stand for, by name. */
export async function findKnownResponses(db: Db, dedupes: readonly string[]) {
  const rows = await on(db)
    .selectFrom('responses')
    .select(['dedupe', 'id', 'score', 'fingerprint'])
    .where('workspace_id', '=', db.workspaceId)
    .where('dedupe', 'in', dedupes)
    .execute()
  return new Map(rows.map((row) => [row.dedupe, { ...row, fingerprint: Number(row.fingerprint) }]))
}

/** A response that nobody else changes until the transaction ends. */
export type LockedResponse = {
  id: string
  survey_id: string
  wording: number
  segment: number
  local_date: string
  score: number
  reasons: string[]
  comment: string | null
  answers: Record<string, string | string[]>
  received_at: Date
  excluded_at: Date | null
  excluded_reason: string | null
}

/** What the response was asked, and until when it may change. */
export type AskedThen = { content: SurveyContent; rule: Rule; state: string; closes_on: string | null }

const locked = sql.raw(
  'r.id, r.survey_id, r.wording, r.segment, r.local_date, r.score, r.reasons, r.comment, r.answers, r.received_at, ' +
    'r.excluded_at, r.excluded_reason',
)

export async function lockResponse(tx: Tx, id: string): Promise<LockedResponse | undefined> {
  const { rows } = await sql<LockedResponse>`
    select ${locked} from responses r where r.workspace_id = ${tx.workspaceId} and r.id = ${id} for no key update`.execute(
    tx.kysely,
  )
  return rows[0]
}

/** @param dedupe as `dedupeOfToken` makes it */
export async function lockResponseOfToken(
  tx: Tx,
  surveyId: string,
  dedupe: string,
): Promise<(LockedResponse & AskedThen) | undefined> {
  const { rows } = await sql<LockedResponse & AskedThen>`
    select ${locked}, v.content, s.rule, s.state, s.closes_on
    from responses r
    join surveys s on s.workspace_id = r.workspace_id and s.id = r.survey_id
    join survey_versions v on v.workspace_id = r.workspace_id and v.survey_id = r.survey_id and v.version = r.version
    where r.workspace_id = ${tx.workspaceId} and r.dedupe = ${dedupe} and r.survey_id = ${surveyId} and r.source = 'link'
    for no key update of r`.execute(tx.kysely)
  return rows[0]
}

export type ResponseValues = Partial<
  Pick<LockedResponse, 'score' | 'reasons' | 'comment' | 'answers' | 'excluded_at' | 'excluded_reason'>
>

export async function updateResponse(tx: Tx, id: string, { answers, ...values }: ResponseValues): Promise<void> {
  await on(tx)
    .updateTable('responses')
    .set({ ...values, ...(answers && { answers: JSON.stringify(answers) }) })
    .where('workspace_id', '=', tx.workspaceId)
    .where('id', '=', id)
    .execute()
}
