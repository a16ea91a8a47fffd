import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'
import { countsOf, strata, type AskedFilter, type PeopleAlike } from './asked.queries.ts'
import { firstMoment, lastMoment } from './moments.ts'

/** How many touchpoints of a survey are alike, with the answers about them; `whole`: of all, also beyond the most frequent. */
export type ServedAlike = PeopleAlike & { whole: number }

/** How many of them carry one value, `''` where it is not known; `whole` as above. */
export type ServedCount = { by: 'language' | 'topic' | 'channel' | 'outcome'; key: string; n: number; whole: number }

const mostAlike = 5_000
const mostKeys = 200
/** From the end of a touchpoint to the last answer about it: the longest delay and the longest expiry. */
const longestDays = 150

/**
 * The touchpoints that ended on the days and that a programme of the survey decided about, whether or not somebody was
 * asked: those that fit no programme, or one of another survey, could not have been asked about.
 */
const served = (db: Db, { surveyId, from, to, timeZone }: AskedFilter) => sql`
  touchpoints_served(${from}, ${to}, ${timeZone}) t(id)
  join invitations i on i.workspace_id = ${db.workspaceId} and i.touchpoint_id = t.id and i.survey_id = ${surveyId}`

/** The first answer that counts about each touchpoint, to one wording, however it came. */
const firstAnswers = (db: Db, { surveyId, wording, from, to }: AskedFilter) => sql`(
  select distinct on (touchpoint_id) touchpoint_id, score from responses
  where workspace_id = ${db.workspaceId} and survey_id = ${surveyId} and wording = ${wording}
    and excluded_at is null and touchpoint_id is not null and answered_at >= ${firstMoment(from)}
    and answered_at < ${lastMoment(to)} + interval '${sql.raw(String(longestDays))} days'
  order by touchpoint_id, answered_at, id)`

/** Who was served, by language, outcome, topic and channel as the ledger keeps them, with their answers. */
export async function listServedAlike(db: Db, filter: AskedFilter): Promise<ServedAlike[]> {
  const { rows } = await sql<ServedAlike>`
    select ${strata} as attributes, count(*) as people, (sum(count(*)) over ())::bigint as whole, ${countsOf}
    from ${served(db, filter)} left join ${firstAnswers(db, filter)} r on r.touchpoint_id = t.id
    group by 1 order by 2 desc, 1 limit ${mostAlike}`.execute(db.kysely)
  return rows
}

/** The same touchpoints by one thing at a time, most frequent first; at most 200 values of each. */
export async function countServedBy(db: Db, filter: AskedFilter): Promise<ServedCount[]> {
  const { rows } = await sql<ServedCount>`
    select by, key, n, whole from (
      select v.by, coalesce(v.value, '') as key, count(*) as n,
        (sum(count(*)) over (partition by v.by))::bigint as whole,
        row_number() over (partition by v.by order by count(*) desc, coalesce(v.value, '')) as place
      from ${served(db, filter)} cross join lateral (values ('language', i.language),
        ('topic', i.attributes->>'topic'), ('channel', i.attributes->>'channel'),
        ('outcome', i.attributes->>'outcome')) v(by, value)
      group by v.by, 2) ranked
    where place <= ${mostKeys} order by by, place`.execute(db.kysely)
  return rows
}
