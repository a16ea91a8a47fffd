import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/store.ts'
import { countAlike, strata, type LinesAlike } from './alike.queries.ts'

/** Everybody who was asked in one wording of one survey on some local days, both included. */
export type AskedFilter = { surveyId: string; wording: number; from: string; to: string; timeZone: string }

/** By what a response rate is told apart; `hour`: of sending, local, `00`–`23`. */
export type AskedBy = (typeof strata)[number] | 'hour' | 'programme'

export type AskedCount = { asked: number; answered: number }

type Span = { from: Date; to: Date | null }

/** From when on the wording was asked, and until when; undefined where it never was. */
async function findSpan(db: Db, { surveyId, wording }: AskedFilter): Promise<Span | undefined> {
  const { rows } = await sql<{ from: Date | null; to: Date | null }>`
    select min(published_at) filter (where wording = ${wording}) as from,
      min(published_at) filter (where wording > ${wording}) as to
    from survey_versions where workspace_id = ${db.workspaceId} and survey_id = ${surveyId}`.execute(db.kysely)
  const { from, to } = rows[0]!
  return from === null ? undefined : { from, to }
}

/**
 * Asked: a mail server took the mail, and it did not come back. Each bound is a known moment: of one that the statement
 * reckons itself the planner expects a handful of lines, sorts them all and looks up each answer by itself.
 */
async function askedBy(db: Db, filter: AskedFilter): Promise<RawBuilder<unknown>> {
  const { surveyId, from, to, timeZone } = filter
  const span = await findSpan(db, filter)
  return sql`
    i.workspace_id = ${db.workspaceId} and i.survey_id = ${surveyId} and i.bounced_at is null
    and i.sent_at >= ${from}::timestamp at time zone ${timeZone}
    and i.sent_at < (${to}::timestamp + interval '1 day') at time zone ${timeZone}
    and i.sent_at >= ${span?.from ?? 'infinity'}::timestamptz and i.sent_at < ${span?.to ?? 'infinity'}::timestamptz`
}

/** What was left out, such as spam, is no answer. */
const leftOut = sql`left join responses x on x.workspace_id = i.workspace_id and x.id = i.response_id
  and x.excluded_at is not null`

export async function countAsked(db: Db, filter: AskedFilter): Promise<AskedCount> {
  const { rows } = await sql<AskedCount>`
    select count(*) as asked, count(i.answered_at) filter (where x.id is null) as answered
    from invitations i ${leftOut} where ${await askedBy(db, filter)}`.execute(db.kysely)
  return rows[0]!
}

/** Who was asked, told apart; scores are those that count to the one wording. */
export async function listAsked(db: Db, filter: AskedFilter): Promise<LinesAlike<AskedBy>> {
  const lines = sql`
    select ${strataOf}, to_char(i.sent_at at time zone ${filter.timeZone}, 'HH24') as hour,
      coalesce(p.name, '') as programme, i.answered_at is not null and r.excluded_at is null as heard,
      case when r.wording = ${filter.wording} and r.excluded_at is null then r.score end as score
    from invitations i left join programmes p on p.workspace_id = i.workspace_id and p.id = i.programme_id
      left join responses r on r.workspace_id = i.workspace_id and r.id = i.response_id
    where ${await askedBy(db, filter)}`
  return countAlike(db, lines, ['hour', 'programme'])
}

/** The strata of a line of the ledger `i`, as it keeps them. */
export const strataOf = sql`coalesce(i.language, '') as language, coalesce(i.attributes->>'outcome', '') as outcome,
  coalesce(i.attributes->>'topic', '') as topic, coalesce(i.attributes->>'channel', '') as channel`
