import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'

/** How many touchpoints that ended are alike; `whole`: how many ended, also those of combinations beyond the most frequent. */
export type ServedAlike = { attributes: Record<string, string>; n: number; whole: number }

/** How many touchpoints that ended carry one value, `''` where it is not known; `whole` as above. */
export type ServedCount = { by: 'topic' | 'channel' | 'outcome'; key: string; n: number; whole: number }

type Days = { from: string; to: string; timeZone: string }

const mostAlike = 5_000
const mostKeys = 200

const ended = (db: Db, { from, to, timeZone }: Days) => sql`
  t.workspace_id = ${db.workspaceId} and t.ended_at is not null
  and t.ended_at >= ${from}::timestamp at time zone ${timeZone}
  and t.ended_at < (${to}::timestamp + interval '1 day') at time zone ${timeZone}`

/** Touchpoints that ended on some local days, both included, by outcome, topic and channel. */
export async function listServedAlike(db: Db, days: Days): Promise<ServedAlike[]> {
  const { rows } = await sql<ServedAlike>`
    select jsonb_strip_nulls(jsonb_build_object('outcome', t.attributes->>'outcome',
        'topic', t.attributes->>'topic', 'channel', t.attributes->>'channel')) as attributes,
      count(*) as n, (sum(count(*)) over ())::bigint as whole
    from touchpoints t where ${ended(db, days)}
    group by 1 order by 2 desc, 1 limit ${mostAlike}`.execute(db.kysely)
  return rows
}

/** The same touchpoints by one thing at a time, most frequent first; at most 200 values of each. */
export async function countServedBy(db: Db, days: Days): Promise<ServedCount[]> {
  const { rows } = await sql<ServedCount>`
    select by, key, n, whole from (
      select case when grouping(topic) = 0 then 'topic' when grouping(channel) = 0 then 'channel' else 'outcome' end as by,
        coalesce(topic, channel, outcome, '') as key, count(*) as n,
        (sum(count(*)) over (partition by grouping(topic, channel, outcome)))::bigint as whole,
        row_number() over (partition by grouping(topic, channel, outcome)
          order by count(*) desc, coalesce(topic, channel, outcome, '')) as place
      from (select t.attributes->>'topic' as topic, t.attributes->>'channel' as channel,
          t.attributes->>'outcome' as outcome from touchpoints t where ${ended(db, days)}) served
      group by grouping sets ((topic), (channel), (outcome))) ranked
    where place <= ${mostKeys} order by by, place`.execute(db.kysely)
  return rows
}
