import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/store.ts'
import { firstMoment, lastMoment } from './moments.ts'

/** Everybody who was asked in one wording of one survey on some local days, both included. */
export type AskedFilter = { surveyId: string; wording: number; from: string; to: string; timeZone: string }

/** By what a response rate is told apart; `hour`: of sending, local, `00`–`23`. */
export const askedBy = ['language', 'topic', 'channel', 'outcome', 'hour', 'programme'] as const
export type AskedBy = (typeof askedBy)[number]

export type AskedCount = { key: string; asked: number; answered: number }

/** How often each score from 0 to 10 was given by people who are alike, and how many they are. */
export type PeopleAlike = { attributes: Record<string, string>; people: number; counts: number[] }

const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const mostKeys = 200
const mostAlike = 5_000

/** Asked: a mail server took the mail, and it did not come back. */
const asked = (db: Db, { surveyId, wording, from, to, timeZone }: AskedFilter) => sql`
  i.workspace_id = ${db.workspaceId} and i.survey_id = ${surveyId} and i.bounced_at is null
  and i.sent_at >= ${firstMoment(from)} and i.sent_at < ${lastMoment(to)}
  and (i.sent_at at time zone ${timeZone})::date between ${from} and ${to}
  and i.sent_at >= ${publishedAt(db, surveyId, sql`v.wording = ${wording}`)}
  and i.sent_at < coalesce(${publishedAt(db, surveyId, sql`v.wording > ${wording}`)}, 'infinity')`

const publishedAt = (db: Db, surveyId: string, which: RawBuilder<unknown>) => sql`(
  select min(v.published_at) from survey_versions v
  where v.workspace_id = ${db.workspaceId} and v.survey_id = ${surveyId} and ${which})`

/** What was left out, such as spam, is no answer. */
const leftOut = sql`left join responses x on x.workspace_id = i.workspace_id and x.id = i.response_id
  and x.excluded_at is not null`
const answeredOf = sql`count(i.answered_at) filter (where x.id is null) as answered`

export async function countAsked(db: Db, filter: AskedFilter): Promise<Omit<AskedCount, 'key'>> {
  const { rows } = await sql<Omit<AskedCount, 'key'>>`
    select count(*) as asked, ${answeredOf} from invitations i ${leftOut} where ${asked(db, filter)}`.execute(db.kysely)
  return rows[0]!
}

/** The same for each value, most asked first; `''` where it is not known. At most 200. */
export async function countAskedBy(db: Db, filter: AskedFilter, by: AskedBy): Promise<AskedCount[]> {
  const { rows } = await sql<AskedCount>`
    select ${keyOf(by, filter)} as key, count(*) as asked, ${answeredOf}
    from invitations i left join programmes p on p.workspace_id = i.workspace_id and p.id = i.programme_id ${leftOut}
    where ${asked(db, filter)} group by 1 order by 2 desc, 1 limit ${mostKeys}`.execute(db.kysely)
  return rows
}

function keyOf(by: AskedBy, { timeZone }: AskedFilter): RawBuilder<unknown> {
  if (by === 'language') return sql`coalesce(i.language, '')`
  if (by === 'programme') return sql`coalesce(p.name, '')`
  if (by === 'hour') return sql`to_char(i.sent_at at time zone ${timeZone}, 'HH24')`
  return sql`coalesce(i.attributes->>${by}, '')`
}

/** Who was asked by language, outcome, topic and channel, with the answers that count to one wording. */
export async function listAskedAlike(db: Db, filter: AskedFilter): Promise<PeopleAlike[]> {
  const { rows } = await sql<PeopleAlike>`
    select ${strata} as attributes, count(*) as people, ${countsOf}
    from invitations i left join responses r on r.workspace_id = i.workspace_id and r.id = i.response_id
      and r.wording = ${filter.wording} and r.excluded_at is null
    where ${asked(db, filter)} group by 1 order by 2 desc, 1 limit ${mostAlike}`.execute(db.kysely)
  return rows
}

/** What silent and answering people are told apart by, of a line of the ledger `i`. */
export const strata = sql`jsonb_strip_nulls(jsonb_build_object('language', i.language,
  'outcome', i.attributes->>'outcome', 'topic', i.attributes->>'topic', 'channel', i.attributes->>'channel'))`

/** How often each score from 0 to 10 was given, of responses `r`. */
export const countsOf = sql.raw(
  `array[${scores.map((score) => `count(*) filter (where r.score = ${score})`).join(', ')}]::integer[] as counts`,
)
