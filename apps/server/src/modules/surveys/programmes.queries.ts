import { sql } from 'kysely'
import type { AskingRules, ProgrammeSettings } from '@lahko/contract/programmes'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'

/** A programme as its editor sees it. */
export type ProgrammeRow = {
  id: string
  name: string
  place: number
  state: 'on' | 'off'
  survey_id: string
  survey_name: string
  survey_open: boolean
  conditions: ProgrammeSettings['conditions']
  delay_minutes: number
  hours: ProgrammeSettings['hours']
  share: number
  reminder_days: number[]
  expires_days: number
  quota: ProgrammeSettings['quota']
  seed: string
  created_at: Date
}

/** All programmes that have not been removed, in their order. @param today the workspace's local day, on which a survey may have closed */
export async function listProgrammeRows(db: Db, today: string, id: string | null = null): Promise<ProgrammeRow[]> {
  const { rows } = await sql<ProgrammeRow>`
    select p.id, p.name, p.place, p.state, p.survey_id, s.name as survey_name, p.conditions, p.delay_minutes, p.hours,
      p.share, p.reminder_days, p.expires_days, p.quota, p.seed, p.created_at,
      s.identity = 'identified' and s.state = 'published' and (s.closes_on is null or s.closes_on >= ${today})
        as survey_open
    from programmes p join surveys s on s.workspace_id = p.workspace_id and s.id = p.survey_id
    where p.workspace_id = ${db.workspaceId} and p.removed_at is null and (${id}::uuid is null or p.id = ${id}::uuid)
    order by p.place, p.id`.execute(db.kysely)
  return rows
}

/** What programmes are called, in their order. */
export async function listProgrammeNames(db: Db): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from programmes where workspace_id = ${db.workspaceId} and removed_at is null order by place, id`.execute(
    db.kysely,
  )
  return rows
}

/** The ids of all programmes in their order; nobody else puts them into another until the transaction ends. */
export async function lockProgrammes(tx: Tx): Promise<string[]> {
  await sql`select pg_advisory_xact_lock(hashtext('programmes'), hashtext(${tx.workspaceId}))`.execute(tx.kysely)
  const { rows } = await sql<{ id: string }>`
    select id from programmes where workspace_id = ${tx.workspaceId} and removed_at is null order by place, id`.execute(
    tx.kysely,
  )
  return rows.map(({ id }) => id)
}

/** @throws Problem not_found */
export async function lockProgramme(tx: Tx, id: string): Promise<{ state: 'on' | 'off' }> {
  const { rows } = await sql<{ state: 'on' | 'off' }>`
    select state from programmes
    where workspace_id = ${tx.workspaceId} and id = ${id} and removed_at is null for update`.execute(tx.kysely)
  if (!rows[0]) throw new Problem('not_found', 'platform.not_found')
  return rows[0]
}

export async function insertProgramme(
  tx: Tx,
  { id, place, seed, settings }: { id: string; place: number; seed: string; settings: ProgrammeSettings },
): Promise<void> {
  const { name, surveyId, conditions, delayMinutes, hours, share, reminderDays, expiresDays, quota } = settings
  await sql`
    insert into programmes (workspace_id, id, name, place, survey_id, conditions, delay_minutes, hours, share, seed,
      reminder_days, expires_days, quota, created_at)
    values (${tx.workspaceId}, ${id}, ${name}, ${place}, ${surveyId}, ${JSON.stringify(conditions)}, ${delayMinutes},
      ${hours && JSON.stringify(hours)}, ${share}, ${seed}, ${reminderDays}, ${expiresDays},
      ${quota && JSON.stringify(quota)}, ${tx.now})`.execute(tx.kysely)
}

export async function updateProgramme(tx: Tx, id: string, settings: ProgrammeSettings): Promise<void> {
  const { name, surveyId, conditions, delayMinutes, hours, share, reminderDays, expiresDays, quota } = settings
  await sql`
    update programmes set name = ${name}, survey_id = ${surveyId}, conditions = ${JSON.stringify(conditions)},
      delay_minutes = ${delayMinutes}, hours = ${hours && JSON.stringify(hours)}, share = ${share},
      reminder_days = ${reminderDays}, expires_days = ${expiresDays}, quota = ${quota && JSON.stringify(quota)}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

export async function setProgrammeState(tx: Tx, id: string, state: 'on' | 'off'): Promise<void> {
  await sql`update programmes set state = ${state} where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(
    tx.kysely,
  )
}

/** @param removed false when it is brought back */
export async function setProgrammeRemoved(tx: Tx, id: string, removed: boolean): Promise<void> {
  await sql`
    update programmes set removed_at = ${removed ? tx.now : null}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

type PerhapsRemoved = { place: number; removed: boolean; state: 'on' | 'off' }

/** One that may have been removed, with the place that it has or had. @throws Problem not_found */
export async function lockPerhapsRemoved(tx: Tx, id: string): Promise<PerhapsRemoved> {
  const { rows } = await sql<PerhapsRemoved>`
    select place, removed_at is not null as removed, state from programmes
    where workspace_id = ${tx.workspaceId} and id = ${id} for update`.execute(tx.kysely)
  if (!rows[0]) throw new Problem('not_found', 'platform.not_found')
  return rows[0]
}

export async function placeProgrammes(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    update programmes p set place = o.place from unnest(${ids}::uuid[]) with ordinality o(id, place)
    where p.workspace_id = ${tx.workspaceId} and p.id = o.id and p.place <> o.place`.execute(tx.kysely)
}

export async function saveAskingRules(tx: Tx, rules: AskingRules): Promise<void> {
  await sql`
    insert into asking_rules (workspace_id, person_days, organisation_days, spare_open_problems, fair_share)
    values (${tx.workspaceId}, ${rules.personDays}, ${rules.organisationDays}, ${rules.spareOpenProblems},
      ${rules.fairShare})
    on conflict (workspace_id) do update set person_days = excluded.person_days,
      organisation_days = excluded.organisation_days, spare_open_problems = excluded.spare_open_problems,
      fair_share = excluded.fair_share`.execute(tx.kysely)
}

/** What waits of a programme and has no mail yet is not sent. @returns how many */
export async function callOffWaiting(tx: Tx, programmeId: string): Promise<number> {
  await sql`
    update programmes set called_off_at = ${tx.now} where workspace_id = ${tx.workspaceId} and id = ${programmeId}`.execute(
    tx.kysely,
  )
  const { numAffectedRows } = await sql`
    update invitations set not_asked = 'programme_off', called_off_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and programme_id = ${programmeId} and state = 'waiting'`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0)
}

/** The invitations of a programme whose mails are in the outbox. */
export async function listQueuedOf(db: Db, programmeId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from invitations where workspace_id = ${db.workspaceId} and programme_id = ${programmeId}
      and state = 'queued'`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** Their mails are called off with their programme. */
export async function updateQueuedOff(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    update invitations set not_asked = 'programme_off', called_off_at = ${tx.now}, queued_at = null
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) and state = 'queued'`.execute(tx.kysely)
}

const calledOffWith = (tx: Tx, programmeId: string) => sql`p.workspace_id = ${tx.workspaceId} and p.id = ${programmeId}
  and i.workspace_id = ${tx.workspaceId} and i.programme_id = p.id and i.called_off_at = p.called_off_at`
const timely = (tx: Tx, rules: AskingRules) => sql`i.state = 'not_asked' and i.not_asked = 'programme_off'
  and i.due_at > ${tx.now}::timestamptz - make_interval(days => p.expires_days)
  and not ${askedSince('customer_id', rules.personDays)} and not ${askedSince('organisation_id', rules.organisationDays)}`
/** Whether another invitation to the same was decided on since, so near that the rules of fatigue leave no room. */
const askedSince = (whom: 'customer_id' | 'organisation_id', days: number) => sql`exists (select from invitations o
  where o.workspace_id = i.workspace_id and ${sql.ref(`o.${whom}`)} = ${sql.ref(`i.${whom}`)} and o.not_asked is null
    and o.decided_at >= p.called_off_at and o.due_at > i.due_at - make_interval(days => ${days}::integer)
    and ${days}::integer > 0)`

/**
 * What a programme called off last and had no mail yet waits again, unless it would have expired by now, or somebody was
 * asked otherwise meanwhile.
 * @returns how many
 */
export async function callBackWaiting(tx: Tx, programmeId: string, rules: AskingRules): Promise<number> {
  const { numAffectedRows } = await sql`
    update invitations i set not_asked = null, called_off_at = null
    from programmes p where ${calledOffWith(tx, programmeId)} and ${timely(tx, rules)} and i.token_hash is null`.execute(
    tx.kysely,
  )
  return Number(numAffectedRows ?? 0)
}

/** The others that it called off last: a first mail that had been written already, or a reminder. */
export async function lockCalledOffMails(tx: Tx, programmeId: string, rules: AskingRules): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.id from invitations i, programmes p
    where ${calledOffWith(tx, programmeId)} and ((${timely(tx, rules)} and i.token_hash is not null)
      or (i.state = 'sent' and i.replied_at is null and i.expires_at > ${tx.now}))
    order by i.id for update of i`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** Their first mails stand in the outbox again. */
export async function updateQueuedBack(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    update invitations set not_asked = null, called_off_at = null, queued_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) and state = 'not_asked'`.execute(tx.kysely)
}

/** Reminders come after all. @param due of which none stands in the outbox: they are written now. @returns how many */
export async function updateRemindedBack(tx: Tx, ids: readonly string[], due: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    update invitations set called_off_at = null,
      next_reminder_at = case when id = any(${due}::uuid[]) then ${tx.now}::timestamptz end
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) and state = 'sent'`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0)
}

/** Those of these programmes that are off or removed, until the transaction ends. */
export async function lockProgrammesOff(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string; on: boolean }>`
    select id, state = 'on' and removed_at is null as on from programmes
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) order by id for share`.execute(tx.kysely)
  return rows.flatMap(({ id, on }) => (on ? [] : id))
}
