import { sql } from 'kysely'
import type { NoticeKind, NoticeRule } from '@lahko/contract/notices'
import type { Db, Tx } from '#platform/store.ts'

export type SettingsRow = {
  member_id: string
  seen_id: string | null
  time_zone: string | null
  digest_hour: number | null
  digest_due_at: Date | null
  /** The last local day of the workspace that a digest has told, `YYYY-MM-DD`. */
  digest_through: string | null
  /** Alarms and lost mails up to this moment have been told. */
  digest_told_at: Date
  mails_off: NoticeKind[]
  new_tickets: boolean
  unowned_minutes: number | null
}

const columns = sql`member_id, seen_id, time_zone, digest_hour, digest_due_at, digest_through, digest_told_at,
  mails_off, new_tickets, unowned_minutes`

export async function listSettings(db: Db): Promise<Map<string, SettingsRow>> {
  const { rows } = await sql<SettingsRow>`
    select ${columns} from notice_settings where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return new Map(rows.map((row) => [row.member_id, row]))
}

/** The same for whoever changes them; in one order, so that two wait for each other. */
export async function lockAllSettings(tx: Tx): Promise<SettingsRow[]> {
  const { rows } = await sql<SettingsRow>`
    select ${columns} from notice_settings where workspace_id = ${tx.workspaceId}
    order by member_id for update`.execute(tx.kysely)
  return rows
}

export async function lockSettings(tx: Tx, memberId: string): Promise<SettingsRow | undefined> {
  const { rows } = await sql<SettingsRow>`
    select ${columns} from notice_settings
    where workspace_id = ${tx.workspaceId} and member_id = ${memberId} for update`.execute(tx.kysely)
  return rows[0]
}

export async function findSettings(db: Db, memberId: string): Promise<SettingsRow | undefined> {
  const { rows } = await sql<SettingsRow>`
    select ${columns} from notice_settings
    where workspace_id = ${db.workspaceId} and member_id = ${memberId}`.execute(db.kysely)
  return rows[0]
}

/** The usual settings, for members who have none yet. */
export async function insertSettings(
  tx: Tx,
  memberIds: readonly string[],
  usual: { hour: number; dueAt: Date; through: string },
): Promise<void> {
  await sql`insert into notice_settings (workspace_id, member_id, digest_hour, digest_due_at, digest_through, digest_told_at)
    select ${tx.workspaceId}, m.id, ${usual.hour}, ${usual.dueAt}, ${usual.through}, ${tx.now}
    from unnest(${[...memberIds]}::uuid[]) m(id) on conflict do nothing`.execute(tx.kysely)
}

export type SettingsChange = Partial<
  Pick<SettingsRow, 'time_zone' | 'digest_hour' | 'digest_due_at' | 'digest_through' | 'digest_told_at' | 'mails_off'> &
    Pick<SettingsRow, 'new_tickets' | 'unowned_minutes'>
>

/** What is left out stays. */
export async function updateSettings(tx: Tx, memberId: string, change: SettingsChange): Promise<void> {
  const columns = Object.entries(change).map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  if (columns.length === 0) return
  await sql`
    update notice_settings set ${sql.join(columns)}
    where workspace_id = ${tx.workspaceId} and member_id = ${memberId}`.execute(tx.kysely)
}

/** Never backwards: an older tab has seen less. */
export async function updateSeen(tx: Tx, memberId: string, through: string): Promise<void> {
  await sql`
    update notice_settings set seen_id = greatest(seen_id, ${through}::uuid)
    where workspace_id = ${tx.workspaceId} and member_id = ${memberId}`.execute(tx.kysely)
}

/** Who wants to hear of tickets that nobody has. */
export async function listWatching(
  db: Db,
): Promise<{ memberId: string; newTickets: boolean; unownedMinutes: number | null }[]> {
  const { rows } = await sql<{ memberId: string; newTickets: boolean; unownedMinutes: number | null }>`
    select member_id as "memberId", new_tickets as "newTickets", unowned_minutes as "unownedMinutes" from notice_settings
    where workspace_id = ${db.workspaceId} and (new_tickets or unowned_minutes is not null)`.execute(db.kysely)
  return rows
}

/** Whose digest is due, the one that has waited longest first. */
export async function listDueDigests(db: Db, most: number): Promise<SettingsRow[]> {
  const { rows } = await sql<SettingsRow>`
    select ${columns} from notice_settings
    where workspace_id = ${db.workspaceId} and digest_due_at <= ${db.now}
    order by digest_due_at limit ${most}`.execute(db.kysely)
  return rows
}

/** @returns whether it is still due as it was read, and nobody else tells it now */
export async function lockDueDigest(tx: Tx, { member_id: id, digest_told_at: at }: SettingsRow): Promise<boolean> {
  const { rows } = await sql`
    select from notice_settings
    where workspace_id = ${tx.workspaceId} and member_id = ${id} and digest_due_at <= ${tx.now}
      and digest_told_at = ${at} for update skip locked`.execute(tx.kysely)
  return rows.length > 0
}

/** Once more at another time, unless it has been told. */
export async function postponeDueDigest(tx: Tx, memberId: string, until: Date): Promise<void> {
  await sql`update notice_settings set digest_due_at = ${until}
    where workspace_id = ${tx.workspaceId} and member_id = ${memberId} and digest_due_at <= ${tx.now}`.execute(
    tx.kysely,
  )
}

export async function listRules(db: Db): Promise<Map<NoticeKind, NoticeRule>> {
  const { rows } = await sql<NoticeRule & { kind: NoticeKind }>`
    select kind, mail, topics, members from notice_rules where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return new Map(rows.map(({ kind, ...rule }) => [kind, rule]))
}

export async function upsertRule(tx: Tx, kind: NoticeKind, { mail, topics, members }: NoticeRule): Promise<void> {
  await sql`
    insert into notice_rules (workspace_id, kind, mail, topics, members)
    values (${tx.workspaceId}, ${kind}, ${mail}, ${topics}::uuid[], ${members}::uuid[])
    on conflict (workspace_id, kind) do update
      set mail = excluded.mail, topics = excluded.topics, members = excluded.members`.execute(tx.kysely)
}

/** A rule that named nobody else holds for all from then on. */
export async function removeFromRules(tx: Tx, memberId: string): Promise<void> {
  await sql`
    update notice_rules set members = nullif(array_remove(members, ${memberId}::uuid), '{}')
    where workspace_id = ${tx.workspaceId} and members @> array[${memberId}::uuid]`.execute(tx.kysely)
}
