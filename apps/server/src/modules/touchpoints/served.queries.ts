import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'

/** How many touchpoints that ended are alike. */
export type ServedAlike = { attributes: Record<string, string>; n: number }

const mostAlike = 5_000

/** Touchpoints that ended on some local days, both included, by outcome, topic and channel. */
export async function listServedAlike(
  db: Db,
  { from, to, timeZone }: { from: string; to: string; timeZone: string },
): Promise<ServedAlike[]> {
  const { rows } = await sql<ServedAlike>`
    select jsonb_strip_nulls(jsonb_build_object('outcome', t.attributes->>'outcome',
        'topic', t.attributes->>'topic', 'channel', t.attributes->>'channel')) as attributes, count(*) as n
    from touchpoints t
    where t.workspace_id = ${db.workspaceId} and t.ended_at is not null
      and t.ended_at >= ${from}::timestamp at time zone ${timeZone}
      and t.ended_at < (${to}::timestamp + interval '1 day') at time zone ${timeZone}
    group by 1 order by 2 desc, 1 limit ${mostAlike}`.execute(db.kysely)
  return rows
}
