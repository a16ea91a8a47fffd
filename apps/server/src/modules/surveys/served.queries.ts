import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'
import { countAlike, type LinesAlike, type strata } from './alike.queries.ts'
import { strataOf, type AskedFilter } from './asked.queries.ts'
import { firstMoment, lastMoment } from './moments.ts'

/** From the end of a touchpoint to the last answer about it: the longest delay and the longest expiry. */
const longestDays = 150

/** The first answer that counts about each touchpoint, to one wording, however it came. */
const firstAnswers = (db: Db, { surveyId, wording, from, to }: AskedFilter) => sql`(
  select distinct on (touchpoint_id) touchpoint_id, score from responses
  where workspace_id = ${db.workspaceId} and survey_id = ${surveyId} and wording = ${wording}
    and excluded_at is null and touchpoint_id is not null and answered_at >= ${firstMoment(from)}
    and answered_at < ${lastMoment(to)} + interval '${sql.raw(String(longestDays))} days'
  order by touchpoint_id, answered_at, id)`

/**
 * The touchpoints that ended on the days and that a programme of the survey decided about, whether or not somebody was
 * asked, told apart, with their answers: those that fit no programme, or one of another survey, could not have been
 * asked about, and what was merged into another touchpoint is that one.
 */
export async function listServed(db: Db, filter: AskedFilter): Promise<LinesAlike<(typeof strata)[number]>> {
  const { surveyId, from, to, timeZone } = filter
  const lines = sql`
    select ${strataOf}, r.score is not null as heard, r.score
    from invitations i left join ${firstAnswers(db, filter)} r on r.touchpoint_id = i.touchpoint_id
    where i.workspace_id = ${db.workspaceId} and i.survey_id = ${surveyId} and i.touchpoint_id is not null
      and i.ended_at >= ${from}::timestamp at time zone ${timeZone}
      and i.ended_at < (${to}::timestamp + interval '1 day') at time zone ${timeZone}
      and not exists (select from touchpoints_merged(${from}, ${to}, ${timeZone}) m(id) where m.id = i.touchpoint_id)`
  return countAlike(db, lines, [])
}
