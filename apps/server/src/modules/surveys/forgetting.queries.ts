import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

/** The start of the local day that lies `months` before today. */
export async function momentBefore(db: Db, months: number, timeZone: string): Promise<Date> {
  const { rows } = await sql<{ before: Date }>`
    select ((${db.now}::timestamptz at time zone ${timeZone})::date - make_interval(months => ${months}::integer))
      at time zone ${timeZone} as before`.execute(db.kysely)
  return rows[0]!.before
}

// An import that may still go on knows by these answers what it has brought; its file is kept for a week.
const settled = (db: Db) => sql`(r.import_id is null or not exists (
  select from imports i where i.workspace_id = r.workspace_id and i.id = r.import_id
    and (i.state in ('running', 'undoing')
      or i.state = 'failed' and i.finished_at > ${db.now}::timestamptz - interval '7 days')))`

/**
 * Answers given before a moment, and received before another, that have not been forgotten; nobody else changes them
 * until the transaction ends.
 */
export async function lockGivenBefore(
  tx: Tx,
  surveyId: string,
  { given, received }: { given: Date; received: Date },
  most: number,
): Promise<string[]> {
  return locked(
    tx,
    sql`select r.id from responses r
      where r.workspace_id = ${tx.workspaceId} and r.survey_id = ${surveyId}
        and r.answered_at > '-infinity' and r.answered_at < ${given}
        and r.received_at < ${received} and ${settled(tx)}
      order by r.answered_at limit ${most}`,
  )
}

/** The same for spam and tests that were left out before a moment. */
export async function lockLeftOutBefore(tx: Tx, surveyId: string, before: Date, most: number): Promise<string[]> {
  return locked(
    tx,
    sql`select r.id from responses r
      where r.workspace_id = ${tx.workspaceId} and r.survey_id = ${surveyId}
        and r.excluded_reason in ('spam', 'test') and r.excluded_at < ${before} and ${settled(tx)}
      limit ${most}`,
  )
}

/** Answers that name a customer, or nobody and one of their touchpoints. */
const givenBy = (customerId: string, touchpoints: readonly string[]) => sql`(r.customer_id = ${customerId}
  or r.customer_id is null and r.touchpoint_id = any(${touchpoints}::uuid[]))`

/** The answers of a customer; nobody else changes them until the transaction ends. */
export async function lockGivenBy(tx: Tx, customerId: string, touchpoints: readonly string[]): Promise<string[]> {
  return locked(
    tx,
    sql`select r.id from responses r
      where r.workspace_id = ${tx.workspaceId} and ${givenBy(customerId, touchpoints)}`,
  )
}

/** The answers of a customer as they are kept, newest first. */
export async function listGivenBy(db: Db, customerId: string, touchpoints: readonly string[], most: number) {
  const { rows } = await sql<Record<string, unknown>>`
    select r.id, s.key as survey, r.version, r.score, r.answered_at, r.language, r.source, r.reasons, r.comment,
      r.answers, r.attributes, r.touchpoint_id, r.external_id, r.excluded_reason
    from responses r join surveys s on s.workspace_id = r.workspace_id and s.id = r.survey_id
    where r.workspace_id = ${db.workspaceId} and ${givenBy(customerId, touchpoints)}
    order by r.answered_at desc, r.id desc limit ${most}`.execute(db.kysely)
  return rows
}

/** In the order of ids, as everything that locks several answers does. */
async function locked(tx: Tx, chosen: ReturnType<typeof sql>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with chosen as materialized (${chosen})
    select id from responses where workspace_id = ${tx.workspaceId} and id in (select id from chosen)
    order by id for update`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** What became of answers: those that counted are forgotten, those that were left out deleted. */
export type Forgotten = { forgotten: number; deleted: number; customers: string[]; touchpoints: string[] }

/**
 * Keeps of locked answers the score, its day and its segment, so that no figure changes, and nothing by which somebody
 * could find out whose they were: not even the id, which tells the moment. What was left out of the figures goes.
 */
export async function forgetResponses(tx: Tx, ids: readonly string[]): Promise<Forgotten> {
  const fresh = ids.map(() => uuidv7(tx.now.getTime()))
  const { rows } = await sql<Forgotten>`
    with given as (
      select r.id, g.fresh, r.customer_id, r.touchpoint_id, r.excluded_at is null as counts
      from unnest(${ids}::uuid[], ${fresh}::uuid[]) g(id, fresh)
      join responses r on r.workspace_id = ${tx.workspaceId} and r.id = g.id
    ), forgotten as (
      update responses r set id = g.fresh, answered_at = '-infinity', received_at = '-infinity', language = null,
        reasons = '{}', comment = null, answers = '{}', customer_id = null, touchpoint_id = null, external_id = null,
        dedupe = gen_random_uuid(), fingerprint = 0,
        attributes = coalesce((select s.attributes from segments s where s.workspace_id = r.workspace_id
          and s.survey_id = r.survey_id and s.segment = r.segment), '{}')
      from given g where r.workspace_id = ${tx.workspaceId} and r.id = g.id and g.counts returning 1
    ), deleted as (
      delete from responses r using given g
      where r.workspace_id = ${tx.workspaceId} and r.id = g.id and not g.counts returning 1
    ), unanswered as (
      -- Whoever was asked had not answered by what was left out.
      update invitations i set answered_at = null, response_id = null from given g
      where i.workspace_id = ${tx.workspaceId} and i.touchpoint_id = g.touchpoint_id and i.response_id = g.id
        and not g.counts
    )
    select (select count(*) from forgotten) as forgotten, (select count(*) from deleted) as deleted,
      array(select distinct customer_id from given where customer_id is not null) as customers,
      array(select distinct touchpoint_id from given where touchpoint_id is not null) as touchpoints`.execute(tx.kysely)
  return rows[0]!
}

/** One transaction of the workspace at a time: two that each take an answer would both leave what they had in common. */
export async function lockForgetting(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`forget ${tx.workspaceId}`}, 0))`.execute(tx.kysely)
}

/** Which of these customers no answer names. */
export async function listUnansweredCustomers(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select g.id from unnest(${ids}::uuid[]) g(id) where not exists (
      select from responses r where r.workspace_id = ${db.workspaceId} and r.customer_id = g.id)`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Which of these touchpoints no answer is about. */
export async function listUnansweredTouchpoints(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select g.id from unnest(${ids}::uuid[]) g(id) where not exists (
      select from responses r where r.workspace_id = ${db.workspaceId} and r.touchpoint_id = g.id)`.execute(db.kysely)
  return rows.map(({ id }) => id)
}
