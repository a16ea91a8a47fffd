import { sql, type RawBuilder } from 'kysely'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { mostValues } from './segment-values.ts'
import type { Segmentation } from './segments.ts'

/** How far answers have moved to the segments of the newest generation. */
export type Rebuild = {
  done: number
  total: number
  /** The highest segment of the generations before, if there is any. */
  upTo: number | null
  /** The last answer that was moved; newest first. */
  after?: { at: string; id: string }
  /** The values of each attribute that stay apart. */
  kept: Record<string, string[]>
  /** No answer has an old segment any more. */
  moved?: boolean
}

export type RebuildingSurvey = Segmentation & { rebuild: Rebuild }

/** An answer that still has a segment of a generation before. */
export type StrayAnswer = {
  id: string
  wording: number
  segment: number
  local_date: string
  score: number
  language: string | null
  attributes: Record<string, string>
  counts: boolean
  at: string
}

/** Finding the most frequent values looks at so many answers, the newest, so that it takes seconds and not minutes. */
const mostSampled = 500_000

/** Of an `integer`. */
const highestSegment = 2_147_483_647

/** How many segments go in one step: each may have a cell for every day, week and month of some years. */
const mostRemoved = 100

export type Declaration = Pick<Segmentation, 'id' | 'declared'>

/** @throws Problem `not_found` */
export async function getDeclaration(db: Db, id: string): Promise<Declaration> {
  return one(
    await sql<Declaration>`
      select id, declared from surveys where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely),
  )
}

/** The same; waits for batches of answers that are under way. Those that come later see the new generation. */
export async function lockDeclaration(tx: Tx, id: string): Promise<Declaration> {
  return one(
    await sql<Declaration>`
      select id, declared from surveys where workspace_id = ${tx.workspaceId} and id = ${id} for update`.execute(
      tx.kysely,
    ),
  )
}

function one({ rows }: { rows: Declaration[] }): Declaration {
  if (!rows[0]) throw new Problem('not_found', 'platform.not_found')
  return rows[0]
}

/** Begins to move answers to a new generation; what has no segments yet has nothing to move. */
export async function raiseGeneration(
  tx: Tx,
  { id, declared }: Declaration,
  chosen: Pick<Rebuild, 'total' | 'kept'>,
): Promise<void> {
  await sql`
    with highest as (
      select max(segment) as segment from segments where workspace_id = ${tx.workspaceId} and survey_id = ${id}
    )
    update surveys set declared = ${declared}, generation = generation + 1,
      rebuild = ${JSON.stringify({ ...chosen, done: 0 })}::jsonb || jsonb_build_object('upTo', highest.segment)
    from highest where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

export async function findRebuilding(db: Db, id: string): Promise<RebuildingSurvey | undefined> {
  const { rows } = await sql<RebuildingSurvey>`
    select workspace_id as "workspaceId", id, declared, generation, rebuild from surveys
    where workspace_id = ${db.workspaceId} and id = ${id} and rebuild is not null`.execute(db.kysely)
  return rows[0]
}

/** The same; only one transaction at a time goes on with it. */
export async function lockRebuilding(tx: Tx, id: string): Promise<RebuildingSurvey | undefined> {
  await sql`
    select 1 from surveys where workspace_id = ${tx.workspaceId} and id = ${id} for no key update`.execute(tx.kysely)
  return findRebuilding(tx, id)
}

export async function saveRebuild(tx: Tx, id: string, rebuild: Rebuild | null): Promise<void> {
  const value = rebuild && JSON.stringify(rebuild)
  await sql`
    update surveys set rebuild = ${value}::jsonb where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(
    tx.kysely,
  )
}

/** How many answers have a segment up to `upTo`; all that have one when left out. */
export async function countAnswersInSegments(db: Db, surveyId: string, upTo?: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from responses
    where workspace_id = ${db.workspaceId} and survey_id = ${surveyId}
      and segment between 1 and ${upTo ?? highestSegment}`.execute(db.kysely)
  return rows[0]!.n
}

/** The most frequent values of each declared attribute among the newest answers. */
export async function listFrequentValues(db: Db, declaration: Declaration): Promise<Record<string, string[]>> {
  const { rows } = await sql<{ name: string; values: string[] }>`
    select name, array_agg(value order by rank) as values from (${countedValues(db, declaration)}) counted
    where rank <= ${mostValues} group by name`.execute(db.kysely)
  return Object.fromEntries(rows.map(({ name, values }) => [name, values]))
}

/**
 * The share of the newest answers that would stand apart if the most frequent values did, and now are *all others*: of
 * the attribute where it is largest.
 */
export async function findGain(db: Db, declaration: Declaration): Promise<number> {
  const { rows } = await sql<{ gain: number }>`
    with counted as (${countedValues(db, declaration)}), apart as (
      select distinct one.key as name, one.value from segments g
      join surveys s on s.workspace_id = g.workspace_id and s.id = g.survey_id and s.generation = g.generation
      cross join lateral jsonb_each_text(g.attributes) one
      where g.workspace_id = ${db.workspaceId} and g.survey_id = ${declaration.id}
    )
    select coalesce(max(gain), 0) as gain from (
      select (sum(n) filter (where rank <= ${mostValues}) - coalesce(sum(n) filter (where apart.value is not null), 0))::float8
        / sum(n)::float8 as gain
      from counted left join apart using (name, value) group by name
    ) gains`.execute(db.kysely)
  return rows[0]!.gain
}

/** Each value of each declared attribute among the newest answers: how often it stands there, and its rank. */
function countedValues(db: Db, { id, declared }: Declaration): RawBuilder<unknown> {
  return sql`
    select d.name, v.value, count(*) as n,
      row_number() over (partition by d.name order by count(*) desc, v.value) as rank
    from (
      select attributes, language from responses
      where workspace_id = ${db.workspaceId} and survey_id = ${id} and excluded_at is null
      order by answered_at desc, id desc limit ${mostSampled}
    ) r
    cross join unnest(${declared}::text[]) as d(name)
    cross join lateral (
      select coalesce(r.attributes->>d.name, case when d.name = 'language' then r.language end) as value
    ) v
    where v.value <> '' group by d.name, v.value`
}

/**
 * The next answers to move, which nobody else changes until the transaction ends. They are locked in the order of
 * their ids, as everything that locks several answers does.
 */
export async function lockStrays(tx: Tx, survey: RebuildingSurvey, most: number): Promise<StrayAnswer[]> {
  const { upTo, after } = survey.rebuild
  const { rows } = await sql<StrayAnswer>`
    with chosen as materialized (
      select id from responses
      where workspace_id = ${tx.workspaceId} and survey_id = ${survey.id} and segment between 1 and ${upTo ?? 0}
        and ${after ? sql`(answered_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql`true`}
      order by answered_at desc, id desc limit ${most}
    )
    select id, wording, segment, local_date, score, language, attributes, excluded_at is null as counts,
      answered_at::text as at
    from responses where workspace_id = ${tx.workspaceId} and id = any(array(select id from chosen))
    order by id for no key update`.execute(tx.kysely)
  return rows
}

/** The one of these that comes last when the newest comes first. */
export async function findOldest(db: Db, strays: readonly StrayAnswer[]): Promise<{ at: string; id: string }> {
  const given = JSON.stringify(strays.map(({ at, id }) => ({ at, id })))
  const { rows } = await sql<{ at: string; id: string }>`
    select at::text, id from json_to_recordset(${given}::json) as g(at timestamptz, id uuid)
    order by at, id limit 1`.execute(db.kysely)
  return rows[0]!
}

export async function moveAnswers(tx: Tx, moves: readonly { id: string; to: number }[]): Promise<void> {
  await sql`
    update responses r set segment = g."to"
    from json_to_recordset(${JSON.stringify(moves.map(({ id, to }) => ({ id, to })))}::json) as g(id uuid, "to" integer)
    where r.workspace_id = ${tx.workspaceId} and r.id = g.id`.execute(tx.kysely)
}

/**
 * Removes some segments of generations before, which no answer has any more, with their empty cells. The survey's
 * highest stays, so that no number is given twice: whoever has read up to a number never looks below it again.
 * @returns how many
 */
export async function removeOldSegments(tx: Tx, { id, generation }: Segmentation): Promise<number> {
  // Nothing new comes for these segments, but something may still wait.
  await sql`select fold_cells(array[${tx.workspaceId}::uuid])`.execute(tx.kysely)
  const { rows } = await sql<{ n: number }>`
    with old as materialized (
      select segment from segments
      where workspace_id = ${tx.workspaceId} and survey_id = ${id} and generation < ${generation} and segment < (
        select max(segment) from segments where workspace_id = ${tx.workspaceId} and survey_id = ${id})
      order by segment limit ${mostRemoved}
    ), emptied as (
      delete from cells where workspace_id = ${tx.workspaceId} and survey_id = ${id} and segment in (table old)
        and wording in (select wording from survey_versions where workspace_id = ${tx.workspaceId} and survey_id = ${id})
        and grain in ('d', 'w', 'm')
    ), removed as (
      delete from segments where workspace_id = ${tx.workspaceId} and survey_id = ${id} and segment in (table old)
      returning 1
    )
    select count(*) as n from removed`.execute(tx.kysely)
  return rows[0]!.n
}

/** Surveys of a workspace in the order they were made; `key` picks one. */
export async function listSurveyIds(db: Db, key?: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from surveys
    where workspace_id = ${db.workspaceId} and ${key === undefined ? sql`true` : sql`key = ${key}`} order by id`.execute(
    db.kysely,
  )
  return rows
}

/** All workspaces' rebuilds that are not through. */
export async function listUnfinished(outside: Db['kysely']): Promise<{ workspace_id: string; survey_id: string }[]> {
  const { rows } = await sql<{ workspace_id: string; survey_id: string }>`
    select workspace_id, survey_id from unfinished_rebuilds()`.execute(outside)
  return rows
}

/** A cell that was not what the answers say. `counts`: what it has more (or, negative, less) now, by score from 0. */
export type CellDifference = {
  wording: number
  grain: 'd' | 'w' | 'm'
  segment: number
  starts_on: string
  counts: number[]
}

const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const each = (form: (column: string, score: number) => string) =>
  sql.raw(scores.map((score) => form(`c${score}`, score)).join(', '))
const columns = each((column) => column)

/**
 * Counts a survey's answers one by one and mends the cells that differ. Answers, cells and what waits for them are read
 * by one statement, so that they are of the same moment; the difference is added, so that what others add meanwhile stays.
 * The caller holds the survey's lock, so that nobody mends the same twice.
 * @returns what was mended
 */
export async function mendCells(tx: Tx, surveyId: string): Promise<CellDifference[]> {
  const { rows } = await sql<CellDifference>`
    with counted as (
      select r.wording, p.grain, p.segment, p.starts_on,
        ${each((column, score) => `coalesce(sum(r.n) filter (where r.score = ${score}), 0)::integer as ${column}`)}
      from (
        select wording, local_date, segment, score, 1 as n from responses
        where workspace_id = ${tx.workspaceId} and survey_id = ${surveyId} and excluded_at is null
        union all
        select d.wording, d.local_date, d.segment, d.score, -d.n from cell_changes c cross join unnest(c.changes) d
        where c.workspace_id = ${tx.workspaceId} and c.survey_id = ${surveyId}
      ) r cross join lateral periods_of(r.local_date, r.segment) p
      group by 1, 2, 3, 4
    ), kept as (
      select * from cells where workspace_id = ${tx.workspaceId} and survey_id = ${surveyId}
    ), compared as (
      select wording, grain, segment, starts_on,
        ${each((column) => `coalesce(counted.${column}, 0) - coalesce(kept.${column}, 0) as ${column}`)}
      from counted full join kept using (wording, grain, segment, starts_on)
    ), differing as materialized (
      select * from compared where ${sql.raw(scores.map((score) => `c${score} <> 0`).join(' or '))}
    ), mended as (
      insert into cells as cell (workspace_id, survey_id, wording, grain, segment, starts_on, ${columns})
      select ${tx.workspaceId}, ${surveyId}, wording, grain, segment, starts_on, ${columns} from differing
      order by wording, segment desc, grain, starts_on
      on conflict (workspace_id, survey_id, wording, grain, segment, starts_on)
      do update set ${each((column) => `${column} = cell.${column} + excluded.${column}`)}
    )
    select wording, grain, segment, starts_on, array[${columns}] as counts
    from differing order by wording, segment, grain, starts_on`.execute(tx.kysely)
  return rows
}
