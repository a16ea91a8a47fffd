import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'
import { attributesOf, mostSegments } from './segment-values.ts'
import type { Segmentation } from './segments.ts'

/** A segment with the values of the declared attributes, in their order. */
export type SegmentRow = { segment: number; values: readonly string[] }

/** One transaction at a time adds segments to a survey. */
export async function lockSegments(tx: Tx, surveyId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`segments ${surveyId}`}, 0))`.execute(tx.kysely)
}

/**
 * The segments of one generation above `after`, the survey's highest segment of any, and the values that a running
 * rebuild has chosen to keep.
 */
export async function listSegments(db: Db, { id, generation }: Segmentation, after: number) {
  const { rows } = await sql<{ kept: Record<string, string[]> | null; last: number }>`
    select rebuild->'kept' as kept,
      (select coalesce(max(segment), 0) from segments g where g.workspace_id = s.workspace_id and g.survey_id = s.id) as last
    from surveys s where s.workspace_id = ${db.workspaceId} and s.id = ${id}`.execute(db.kysely)
  const { rows: segments } = await sql<{ segment: number; attributes: Record<string, string> }>`
    select segment, attributes from segments
    where workspace_id = ${db.workspaceId} and survey_id = ${id} and generation = ${generation} and segment > ${after}
    order by segment`.execute(db.kysely)
  return { segments, kept: rows[0]?.kept ?? {}, last: rows[0]?.last ?? 0 }
}

export async function insertSegments(tx: Tx, survey: Segmentation, rows: readonly SegmentRow[]): Promise<void> {
  if (rows.length === 0) return
  const given = rows.map(({ segment, values }) => ({ segment, attributes: attributesOf(survey.declared, values) }))
  await sql`
    insert into segments (workspace_id, survey_id, generation, segment, attributes)
    select ${tx.workspaceId}, ${survey.id}, ${survey.generation}, segment, attributes
    from json_to_recordset(${JSON.stringify(given)}::json) as g(segment integer, attributes jsonb)`.execute(tx.kysely)
}

/**
 * The attribute with the most values, when the survey has so many segments that it combines no further: the one to
 * drop.
 */
export async function findCrowdingAttribute(db: Db, surveyId: string): Promise<string | undefined> {
  const present = sql`segments g where g.workspace_id = ${db.workspaceId} and g.survey_id = ${surveyId}
    and g.generation = (select generation from surveys where workspace_id = ${db.workspaceId} and id = ${surveyId})`
  const { rows } = await sql<{ attribute: string }>`
    select attribute
    from (select attributes from ${present} and (select count(*) from ${present}) >= ${mostSegments}) full_survey
    cross join lateral jsonb_each_text(attributes) as one(attribute, value)
    group by attribute order by count(distinct value) desc, attribute limit 1`.execute(db.kysely)
  return rows[0]?.attribute
}
