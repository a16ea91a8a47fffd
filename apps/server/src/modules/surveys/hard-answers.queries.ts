import { sql } from 'kysely'
import type { Rule } from '@lahko/effort'
import type { SurveyContent } from '@lahko/contract'
import type { Db, Tx } from '#platform/store.ts'

/** How the scores of one version of a survey are read. */
export type ReadVersion = {
  surveyId: string
  version: number
  rule: Rule
  scale: SurveyContent['score']['scale']
}

/** Until when answers have been looked through; undefined before the first time. */
export async function findWatch(db: Db): Promise<Date | undefined> {
  const { rows } = await sql<{ through: Date }>`
    select through from answer_watches where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0]?.through
}

/** Never backwards. */
export async function upsertWatch(tx: Tx, through: Date): Promise<void> {
  await sql`insert into answer_watches (workspace_id, through) values (${tx.workspaceId}, ${through})
    on conflict (workspace_id) do update set through = greatest(answer_watches.through, excluded.through)`.execute(
    tx.kysely,
  )
}

/** Of an anonymous survey no single answer is told. */
export async function listReadVersions(db: Db): Promise<ReadVersion[]> {
  const { rows } = await sql<ReadVersion>`
    select s.id as "surveyId", v.version, s.rule, v.content->'score'->'scale' as scale
    from surveys s join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id
    where s.workspace_id = ${db.workspaceId} and s.identity = 'identified'`.execute(db.kysely)
  return rows
}

/** What is looked for: these scores of these versions. */
export type Sought = { surveyId: string; version: number; score: number }

// What a file or the demo brought, and what another program reports late, is no news. Anonymous ids come after all that
// tell a moment.
const found = (sought: readonly Sought[]) => sql`
  select r.id from responses r
  join unnest(${sought.map(({ surveyId }) => surveyId)}::uuid[], ${sought.map(({ version }) => version)}::integer[],
    ${sought.map(({ score }) => score)}::smallint[]) h(survey_id, version, score)
    on h.survey_id = r.survey_id and h.version = r.version and h.score = r.score
  where r.source in ('link', 'api') and r.excluded_at is null and r.answered_at > r.received_at - interval '1 day'`

/** Ids of answers that name a moment, in their order. */
export async function listFoundAfter(
  db: Db,
  sought: readonly Sought[],
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    ${found(sought)} and r.workspace_id = ${db.workspaceId} and r.id > ${after}
      and r.id < 'f0000000-0000-0000-0000-000000000000'
    order by r.id limit ${limit}`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

export async function listFound(db: Db, sought: readonly Sought[], ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    ${found(sought)} and r.workspace_id = ${db.workspaceId} and r.id = any(${[...ids]}::uuid[])`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Surveys that are asked now and have answers, oldest first. */
export async function listWatchedSurveys(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from surveys s where s.workspace_id = ${db.workspaceId} and s.state = 'published'
      and exists (select from responses r where r.workspace_id = s.workspace_id and r.survey_id = s.id)
    order by s.id`.execute(db.kysely)
  return rows.map(({ id }) => id)
}
