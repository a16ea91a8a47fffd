import { sql } from 'kysely'
import type { AskingRules, Condition, NotAskedRule, ProgrammeSettings } from '@lahko/contract/programmes'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'
import { factsOf, valueOf } from './conditions.ts'
import { remembered } from './fair-share.ts'
import type { DecidingProgramme, EndedTouchpoint, Fate, LastAsked } from './fates.ts'

/** One decides in a workspace at a time, and nobody turns a programme off meanwhile. */
export async function lockDeciding(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('deciding'), hashtext(${tx.workspaceId}))`.execute(tx.kysely)
}

type DecidingRow = {
  id: string
  survey_id: string
  conditions: Condition[]
  delay_minutes: number
  hours: ProgrammeSettings['hours']
  share: number
  seed: string
  expires_days: number
  quota: ProgrammeSettings['quota']
  state: string
  survey: 'open' | 'closed' | 'anonymous'
  lively: boolean
}

/** @param today the workspace's local day, on which a survey may have closed */
export async function listDeciding(db: Db, today: string): Promise<(DecidingProgramme & { state: string })[]> {
  const { rows } = await sql<DecidingRow>`
    select p.id, p.survey_id, p.conditions, p.delay_minutes, p.hours, p.share, p.seed, p.expires_days, p.quota, p.state,
      case when s.identity = 'anonymous' then 'anonymous'
        when s.state = 'published' and (s.closes_on is null or s.closes_on >= ${today}) then 'open'
        else 'closed' end as survey,
      exists (select from invitations i where i.workspace_id = ${db.workspaceId} and i.programme_id = p.id
        and i.decided_at > ${db.now}::timestamptz - interval '90 days') as lively
    from programmes p join surveys s on s.workspace_id = p.workspace_id and s.id = p.survey_id
    where p.workspace_id = ${db.workspaceId} and p.removed_at is null order by p.place, p.id`.execute(db.kysely)
  return rows.map(({ survey_id: surveyId, delay_minutes: delayMinutes, expires_days: expiresDays, ...row }) => ({
    ...row,
    surveyId,
    delayMinutes,
    expiresDays,
  }))
}

const defaultRules: AskingRules = { personDays: 30, organisationDays: 0, spareOpenProblems: true, fairShare: true }

/** The rules over all programmes; the defaults where none were chosen. */
export async function getAskingRules(db: Db): Promise<AskingRules> {
  const { rows } = await sql<AskingRules>`
    select person_days as "personDays", organisation_days as "organisationDays",
      spare_open_problems as "spareOpenProblems", fair_share as "fairShare"
    from asking_rules where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0] ?? defaultRules
}

export type AnswerAbout = { touchpointId: string; responseId: string; answeredAt: Date }

/** The first answer that counts about each of these touchpoints that has one. */
export async function listAnswersAbout(db: Db, touchpointIds: readonly string[]): Promise<AnswerAbout[]> {
  const { rows } = await sql<AnswerAbout>`
    select distinct on (touchpoint_id) touchpoint_id as "touchpointId", id as "responseId", answered_at as "answeredAt"
    from responses
    where workspace_id = ${db.workspaceId} and touchpoint_id = any(${touchpointIds}::uuid[])
      and excluded_at is null and answered_at > '-infinity'
    order by touchpoint_id, answered_at, id`.execute(db.kysely)
  return rows
}

type LastRow = { key: string; dueAt: Date; programmeId: string | null }

/**
 * The invitation that is due last of each of these persons or organisations.
 * @param groups all customers, or organisations, that are one, by whatever they are told apart by
 */
export async function listLastOf(
  db: Db,
  column: 'customer_id' | 'organisation_id',
  groups: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, LastAsked>> {
  const pairs = [...groups].flatMap(([one, ids]) => ids.map((id) => ({ one, id })))
  const { rows } = await sql<LastRow>`
    select distinct on (g.one) g.one as key, i.due_at as "dueAt", i.programme_id as "programmeId"
    from unnest(${pairs.map(({ one }) => one)}::uuid[], ${pairs.map(({ id }) => id)}::uuid[]) g(one, id)
    cross join lateral (
      select due_at, programme_id from invitations
      where workspace_id = ${db.workspaceId} and ${sql.ref(column)} = g.id and not_asked is null and due_at is not null
      order by due_at desc nulls last limit 1
    ) i
    order by g.one, i.due_at desc`.execute(db.kysely)
  return new Map(rows.map(({ key, ...last }) => [key, last]))
}

/** Which programmes made the last 1,000 invitations, newest first. */
export async function listLastAsking(db: Db): Promise<string[]> {
  const { rows } = await sql<{ programme_id: string | null }>`
    select programme_id from invitations where workspace_id = ${db.workspaceId} and not_asked is null
    order by decided_at desc, id desc limit ${remembered}`.execute(db.kysely)
  return rows.flatMap((row) => row.programme_id ?? [])
}

export type QuotaWanted = { key: string; programmeId: string; value: string; since: Date; most: number }

/** How many invitations each of these quotas has used, counted no further than it goes. */
export async function countQuotas(db: Db, wanted: readonly QuotaWanted[]): Promise<Map<string, number>> {
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<{ key: string; used: number }>`
    select w.key, u.used
    from unnest(${wanted.map(({ key }) => key)}::text[], ${wanted.map(({ programmeId }) => programmeId)}::uuid[],
      ${wanted.map(({ value }) => value)}::text[], ${wanted.map(({ since }) => since)}::timestamptz[],
      ${wanted.map(({ most }) => most)}::integer[]) w(key, programme_id, value, since, most)
    cross join lateral (
      select count(*) as used from (
        select from invitations i where i.workspace_id = ${db.workspaceId} and i.programme_id = w.programme_id
          and i.quota_value = w.value and i.decided_at >= w.since and i.not_asked is null limit w.most
      ) counted
    ) u`.execute(db.kysely)
  return new Map(rows.map(({ key, used }) => [key, used]))
}

export type DecidedTouchpoint = { touchpoint: EndedTouchpoint; fate: Fate; answer: AnswerAbout | undefined }

/** Writes the fates of touchpoints; one that has a fate keeps it. No foreign key looks whether they are locked. */
export async function insertFates(tx: Tx, decided: readonly DecidedTouchpoint[]): Promise<void> {
  const rows = decided.map(({ touchpoint, fate, answer }) => ({
    id: uuidv7(tx.now.getTime()),
    touchpoint_id: touchpoint.id,
    ended_at: touchpoint.endedAt,
    kind: touchpoint.kind,
    quota_value: fate.quotaValue,
    programme_id: fate.programme?.id ?? null,
    survey_id: fate.programme?.surveyId ?? null,
    customer_id: touchpoint.customer?.id ?? null,
    organisation_id: touchpoint.customer?.organisationId ?? null,
    organisation: touchpoint.customer?.organisation ?? null,
    language: valueOf(factsOf(touchpoint), 'language') || null,
    attributes: strataOf(touchpoint.attributes),
    not_asked: fate.notAsked satisfies NotAskedRule | null,
    due_at: fate.dueAt,
    answered_at: answer?.answeredAt ?? null,
    response_id: answer?.responseId ?? null,
  }))
  // Customers in the order of their indexes, where of many lines some fall on the same page; ids tell who was first.
  const inOrder = rows.toSorted((a, b) => compareTexts(a.customer_id ?? '', b.customer_id ?? ''))
  await sql`
    insert into invitations (workspace_id, id, touchpoint_id, ended_at, kind, quota_value, programme_id, survey_id,
      customer_id, organisation_id, organisation, language, attributes, decided_at, not_asked, due_at, answered_at,
      response_id)
    select ${tx.workspaceId}, r.id, r.touchpoint_id, r.ended_at, r.kind, r.quota_value, r.programme_id, r.survey_id, r.customer_id,
      r.organisation_id, r.organisation, r.language, r.attributes, ${tx.now}, r.not_asked, r.due_at, r.answered_at,
      r.response_id
    from jsonb_to_recordset(${JSON.stringify(inOrder)}::jsonb) as r(id uuid, touchpoint_id uuid, ended_at timestamptz, kind text,
      quota_value text, programme_id uuid, survey_id uuid, customer_id uuid, organisation_id uuid, organisation text,
      language text, attributes jsonb, not_asked text, due_at timestamptz, answered_at timestamptz, response_id uuid)
    on conflict (workspace_id, touchpoint_id) do nothing`.execute(tx.kysely)
}

function compareTexts(a: string, b: string): number {
  return Number(a > b) - Number(a < b)
}

/** What those who did not answer are told apart by. */
export function strataOf({ outcome, topic, channel }: EndedTouchpoint['attributes']) {
  return { outcome, topic, channel }
}

/**
 * Takes lines out of the ledger whose touchpoints go on, as long as nobody has been written to or has answered.
 * @returns the touchpoints whose line stays
 */
export async function deleteUnsentFates(tx: Tx, touchpointIds: readonly string[]): Promise<string[]> {
  await sql`
    delete from invitations where workspace_id = ${tx.workspaceId} and touchpoint_id = any(${touchpointIds}::uuid[])
      and state in ('waiting', 'queued', 'not_asked')`.execute(tx.kysely)
  const { rows } = await sql<{ touchpoint_id: string }>`
    select touchpoint_id from invitations
    where workspace_id = ${tx.workspaceId} and touchpoint_id = any(${touchpointIds}::uuid[])`.execute(tx.kysely)
  return rows.map((row) => row.touchpoint_id)
}
