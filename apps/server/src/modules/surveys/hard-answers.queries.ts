import { sql } from 'kysely'
import type { Rule } from '@lahko/effort'
import type { SurveyContent } from '@lahko/contract'
import type { Db, Tx } from '#platform/store.ts'

/** What has to be known of an answer to say whether it is a hard one. */
export type GivenScore = {
  id: string
  surveyId: string
  score: number
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

// What a file or the demo brought, and what another program reports late, is no news. Anonymous ids come after all that tell a moment.
const isNews = sql`r.source in ('link', 'api') and r.excluded_at is null
  and r.answered_at > r.received_at - interval '1 day' and s.identity = 'identified'`
const givenScores = sql`
  select r.id, r.survey_id as "surveyId", r.score, s.rule, v.content->'score'->'scale' as scale
  from responses r
  join surveys s on s.workspace_id = r.workspace_id and s.id = r.survey_id
  join survey_versions v on v.workspace_id = r.workspace_id and v.survey_id = r.survey_id and v.version = r.version`

/** Answers that name a moment, in the order of their ids. */
export async function listGivenAfter(db: Db, after: string, limit: number): Promise<GivenScore[]> {
  const { rows } = await sql<GivenScore>`
    ${givenScores} where r.workspace_id = ${db.workspaceId} and r.id > ${after}
      and r.id < 'f0000000-0000-0000-0000-000000000000' and ${isNews}
    order by r.id limit ${limit}`.execute(db.kysely)
  return rows
}

export async function listGivenScores(db: Db, ids: readonly string[]): Promise<GivenScore[]> {
  const { rows } = await sql<GivenScore>`
    ${givenScores} where r.workspace_id = ${db.workspaceId} and r.id = any(${[...ids]}::uuid[]) and ${isNews}`.execute(
    db.kysely,
  )
  return rows
}

/** Surveys that are asked now and have answers, oldest first. */
export async function listWatchedSurveys(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from surveys s where s.workspace_id = ${db.workspaceId} and s.state = 'published'
      and exists (select from responses r where r.workspace_id = s.workspace_id and r.survey_id = s.id)
    order by s.id`.execute(db.kysely)
  return rows.map(({ id }) => id)
}
