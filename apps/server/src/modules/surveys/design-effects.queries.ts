import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/**
 * Of answers with a customer: their number, and sums over answers and over the customers' own sums. Those who were merged
 * are one customer.
 */
export type SumsByCustomer = {
  answers: number
  customers: number
  scores: number
  squares: number
  /** Over customers: of the square of their scores' sum, of that sum times their answers, of their answers' square. */
  sumSquares: number
  sumTimesAnswers: number
  answersSquares: number
}

/** So many answers, the newest, say enough; more would only take longer. */
const mostRead = 100_000

/** Sums over the newest counted answers with a customer from `since` on. */
export async function sumByCustomer(
  db: Db,
  survey: { id: string; wording: number },
  since: Date,
): Promise<SumsByCustomer> {
  const { rows } = await sql<SumsByCustomer>`
    with newest as (
      select customer_id, score from responses
      where workspace_id = ${db.workspaceId} and survey_id = ${survey.id} and wording = ${survey.wording}
        and answered_at >= ${since} and customer_id is not null and excluded_at is null
      order by answered_at desc, id desc limit ${mostRead}
    ), clusters as (
      select count(*)::float8 as answers, sum(score)::float8 as scores, sum(score * score)::float8 as squares
      from newest left join merged_customers() m on m.customer = customer_id group by coalesce(m.person, customer_id)
    )
    select coalesce(sum(answers), 0) as answers, count(*) as customers, coalesce(sum(scores), 0) as scores,
      coalesce(sum(squares), 0) as squares, coalesce(sum(scores * scores), 0) as "sumSquares",
      coalesce(sum(scores * answers), 0) as "sumTimesAnswers", coalesce(sum(answers * answers), 0) as "answersSquares"
    from clusters`.execute(db.kysely)
  return rows[0]!
}

/** Wordings of answers by name that got some since `since` and have not been measured on `today`, both local days. */
export async function listUnmeasured(
  db: Db,
  { since, today }: { since: string; today: string },
): Promise<{ id: string; wording: number }[]> {
  const { rows } = await sql<{ id: string; wording: number }>`
    select distinct s.id, v.wording from surveys s
    join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id
    where s.workspace_id = ${db.workspaceId} and s.identity = 'identified'
      and not exists (select from design_effects e where (e.workspace_id, e.survey_id, e.wording, e.measured_on)
        = (v.workspace_id, v.survey_id, v.wording, ${today}::date))
      and exists (select from cells c where (c.workspace_id, c.survey_id, c.wording, c.grain, c.segment)
        = (v.workspace_id, v.survey_id, v.wording, 'd', 0) and c.starts_on >= ${since}::date)
    order by s.id, v.wording`.execute(db.kysely)
  return rows
}

/** Notes the day; `null` leaves the value that is there, 1 if there is none. False when the survey is gone. */
export async function saveDesignEffect(
  tx: Tx,
  survey: { id: string; wording: number },
  value: number | null,
  measuredOn: string,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into design_effects as known (workspace_id, survey_id, wording, value, measured_on)
    select workspace_id, id, ${survey.wording}, coalesce(${value}::float8, 1), ${measuredOn} from surveys
    where workspace_id = ${tx.workspaceId} and id = ${survey.id}
    on conflict (workspace_id, survey_id, wording) do update
    set value = coalesce(${value}::float8, known.value), measured_on = excluded.measured_on`.execute(tx.kysely)
  return numAffectedRows === 1n
}
