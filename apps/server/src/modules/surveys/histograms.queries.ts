import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/store.ts'
import { coverDays, type Grain } from './cover.ts'
import type { AttributeFilter, HistogramFilter } from './histograms.ts'
import { firstMoment, lastMoment } from './moments.ts'

/** The ends of a wording's scale, and which attributes make the survey's segments. */
export type Shape = { min: number; max: number; declared: readonly string[] }

/** How often each score from 0 to 10 was given, for one key. */
export type Count = { attribute: string | null; key: string; counts: number[] }

/** `attribute` takes as many attributes as it is given, each its own rows. */
export type By = 'total' | 'period' | 'attribute'

const letters: Readonly<Record<Grain, string>> = { day: 'd', week: 'w', month: 'm' }
const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const columns = sql.raw(scores.map((score) => `c${score}`).join(', '))
const sums = sql.raw(scores.map((score) => `sum(c${score}) as c${score}`).join(', '))
const changed = sql.raw(scores.map((score) => `case d.score when ${score} then d.n else 0 end`).join(', '))
const all = sql.raw(`sum(${scores.map((score) => `c${score}`).join('+')})`)
const mostRows = 10_000

/** The shape of one wording, if the survey has it. */
export async function findShape(db: Db, surveyId: string, wording: number): Promise<Shape | undefined> {
  const { rows } = await sql<Shape>`
    select (v.content->'score'->'scale'->>'min')::int as min, (v.content->'score'->'scale'->>'max')::int as max,
      s.declared
    from survey_versions v join surveys s on s.workspace_id = v.workspace_id and s.id = v.survey_id
    where v.workspace_id = ${db.workspaceId} and v.survey_id = ${surveyId} and v.wording = ${wording}
    limit 1`.execute(db.kysely)
  return rows[0]
}

/**
 * Counts from the cells, and from what waits for them: from the total when nothing is filtered, else from the segments
 * that fit.
 */
export function countCells(db: Db, filter: HistogramFilter, by: By, attributes: readonly string[]): Promise<Count[]> {
  const where = filter.where ?? []
  const bySegment = by === 'attribute'
  const mine = (table: string) =>
    sql`${sql.ref(`${table}.workspace_id`)} = ${db.workspaceId} and ${sql.ref(`${table}.survey_id`)} = ${filter.surveyId}`
  // The segments that fit are found first, so that no other cell is read.
  const fitting = sql`= any(array(select g.segment from segments g where ${mine('g')} and ${allFit(sql`g.attributes`, where)}))`
  const chosen = where.length > 0 ? fitting : bySegment ? sql`> 0` : undefined
  const between = sql`between ${filter.from} and ${filter.to}`
  const segment = bySegment ? sql`d.segment` : sql`0`
  const cells = sql`
    select ${segment} as segment, ${by === 'period' ? sql`d.starts_on` : sql`null::date`} as at, ${sums}
    from ${by === 'period' ? sql`cells d` : coverOf(filter)}
    where ${mine('d')} and d.wording = ${filter.wording} and d.segment ${chosen ?? sql`= 0`}
      ${by === 'period' ? sql`and d.grain = ${letters[filter.grain ?? 'day']} and d.starts_on ${between}` : sql``}
    group by 1, 2`
  const startsOn = sql`date_trunc(${by === 'period' ? (filter.grain ?? 'day') : 'day'}, d.local_date::timestamp)::date`
  const changes = sql`
    select ${segment}, ${by === 'period' ? startsOn : sql`null`}, ${changed}
    from cell_changes c cross join unnest(c.changes) d
    where ${mine('c')} and d.wording = ${filter.wording} and ${startsOn} ${between}
      ${chosen ? sql`and d.segment ${chosen}` : sql``}`
  const both = sql`(${cells} union all ${changes}) t`
  if (!bySegment) return grouped(db, sql`select at, ${columns} from ${both}`, by, [])
  // Looked up one by one: what is known of a young table makes other joins a thousand times slower than they seem.
  const source = sql`select t.at, g.attributes, ${columns} from ${both}
    cross join lateral (select g.attributes from segments g where ${mine('g')} and g.segment = t.segment offset 0) g`
  return grouped(db, source, by, attributes)
}

/**
 * The same, counted from the answers: for attributes that have no cells. A declared attribute has the value that it has
 * in the cells, so that rare ones are *all others* here too.
 */
export function countAnswers(
  db: Db,
  filter: HistogramFilter,
  by: By,
  attributes: readonly string[],
  declared: readonly string[],
): Promise<Count[]> {
  const counted = sql.raw(scores.map((score) => `(r.score = ${score})::int as c${score}`).join(', '))
  const own = sql`(jsonb_strip_nulls(jsonb_build_object('language', r.language)) || r.attributes)`
  const values = sql`((${own} - ${declared}::text[]) || coalesce(g.attributes, '{}'))`
  const grain = by === 'period' ? (filter.grain ?? 'day') : 'day'
  const startsOn = sql`date_trunc(${grain}, r.local_date::timestamp)::date`
  const period = sql`${`1 ${grain}`}::interval`
  const countedWhere = (when: RawBuilder<unknown>) => sql`
    select ${startsOn} as at, ${values} as attributes, ${counted}
    from responses r
    left join segments g on g.workspace_id = r.workspace_id and g.survey_id = r.survey_id and g.segment = r.segment
    where r.workspace_id = ${db.workspaceId} and r.survey_id = ${filter.surveyId} and r.wording = ${filter.wording}
      and ${when} and r.excluded_at is null and ${startsOn} between ${filter.from} and ${filter.to}
      and ${allFit(values, filter.where ?? [])}`
  const remembered = countedWhere(sql`r.answered_at >= ${firstMoment(filter.from)}
    and r.answered_at < ${lastMoment(filter.to)} + ${period}`)
  // Of what has been forgotten only the day is known.
  const forgotten = countedWhere(sql`r.answered_at = '-infinity' and r.local_date >= ${filter.from}
    and r.local_date < ${filter.to}::date + ${period}`)
  return grouped(db, sql`${remembered} union all ${forgotten}`, by, attributes)
}

/** The cells of the fewest periods that are exactly the days asked for. */
function coverOf({ from, to }: HistogramFilter): RawBuilder<unknown> {
  const cover = coverDays(from, to)
  const grains = cover.map(({ grain }) => letters[grain]).join('')
  return sql`(select unnest(string_to_array(${grains}, null))::"char" as grain,
      unnest(${cover.map(({ startsOn }) => startsOn)}::date[]) as starts_on) p
    join cells d on d.grain = p.grain and d.starts_on = p.starts_on`
}

function allFit(attributes: RawBuilder<unknown>, where: readonly AttributeFilter[]): RawBuilder<unknown> {
  const fits = where.map(({ attribute, values }) => sql`coalesce(${attributes}->>${attribute}, '') = any(${values})`)
  return fits.length === 0 ? sql`true` : sql.join(fits, sql` and `)
}

async function grouped(db: Db, source: RawBuilder<unknown>, by: By, attributes: readonly string[]): Promise<Count[]> {
  const { rows } = await sql<Record<string, string | number | null>>`
    select ${by === 'attribute' ? eachOf(attributes) : sql.raw(keys[by])}, ${sums}, ${all} as n
    from (${by === 'attribute' ? withKeys(source, attributes) : source}) s
    group by ${by === 'attribute' ? sql`grouping sets (${keysOf(attributes, (key) => sql`(${key})`)})` : sql`1, 2`}
    having ${all} > 0
    order by ${sql.raw(by === 'period' ? 'key' : 'n desc, attribute, key')} limit ${mostRows}`.execute(db.kysely)
  return rows.map((row) => ({
    attribute: row['attribute'] as string | null,
    key: row['key'] as string,
    counts: scores.map((score) => Number(row[`c${score}`])),
  }))
}

const keys: Readonly<Record<Exclude<By, 'attribute'>, string>> = {
  total: `null::text as attribute, '' as key`,
  period: `null::text as attribute, to_char(s.at, 'YYYY-MM-DD') as key`,
}

/** The values of the attributes as columns k0, k1 …: grouped by each in turn, every row is read once. */
function withKeys(source: RawBuilder<unknown>, attributes: readonly string[]): RawBuilder<unknown> {
  const named = keysOf(attributes, (key, name) => sql`coalesce(t.attributes->>${name}, '') as ${key}`)
  return sql`select ${named}, ${columns} from (${source}) t`
}

function eachOf(attributes: readonly string[]): RawBuilder<unknown> {
  const choose = (then: (key: RawBuilder<unknown>, name: string) => RawBuilder<unknown>) =>
    sql`case ${keysOf(attributes, (key, name) => sql`when grouping(${key}) = 0 then ${then(key, name)}`, sql` `)} end`
  return sql`${choose((_, name) => sql`${name}::text`)} as attribute, ${choose((key) => key)} as key`
}

function keysOf(
  attributes: readonly string[],
  form: (key: RawBuilder<unknown>, name: string) => RawBuilder<unknown>,
  between = sql`, `,
): RawBuilder<unknown> {
  return sql.join(
    attributes.map((name, place) => form(sql.raw(`k${place}`), name)),
    between,
  )
}
