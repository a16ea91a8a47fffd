import { sql } from 'kysely'
import type { NoticeKind } from '@lahko/contract/notices'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

/** @param kind null for what tells several things together. @returns the id under which the mail is queued */
export async function insertNoticeMail(
  tx: Tx,
  memberId: string,
  kind: NoticeKind | null,
  subjectIds: readonly string[],
): Promise<string> {
  const id = uuidv7(tx.now.getTime())
  await sql`insert into notice_mails (workspace_id, id, member_id, kind, at)
    values (${tx.workspaceId}, ${id}, ${memberId}, ${kind}, ${tx.now})`.execute(tx.kysely)
  await sql`insert into mailed_subjects (workspace_id, mail_id, subject_id)
    select ${tx.workspaceId}, ${id}, s from unnest(${[...subjectIds]}::uuid[]) s on conflict do nothing`.execute(
    tx.kysely,
  )
  return id
}

/** How many mails of each kind each member got since a moment, by `mailedKey`. */
export async function countMailed(db: Db, since: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ memberId: string; kind: NoticeKind; count: number }>`
    select member_id as "memberId", kind, count(*) as count from notice_mails
    where workspace_id = ${db.workspaceId} and at > ${since} and kind is not null group by 1, 2`.execute(db.kysely)
  return new Map(rows.map(({ memberId, kind, count }) => [mailedKey(memberId, kind), count]))
}

export function mailedKey(memberId: string, kind: NoticeKind): string {
  return `${memberId} ${kind}`
}

/** One more is told later, together with whatever else of its kind waits. */
export async function collect(tx: Tx, memberId: string, kind: NoticeKind, dueAt: Date): Promise<void> {
  await sql`
    insert into collected_notices (workspace_id, member_id, kind, count, due_at)
    values (${tx.workspaceId}, ${memberId}, ${kind}, 1, ${dueAt})
    on conflict (workspace_id, member_id, kind) do update set count = collected_notices.count + 1`.execute(tx.kysely)
}

export type Collected = { memberId: string; kind: NoticeKind; count: number }

/** What is due to be told together; it waits no more. */
export async function takeCollected(tx: Tx, most: number): Promise<Collected[]> {
  const { rows } = await sql<Collected>`
    delete from collected_notices where workspace_id = ${tx.workspaceId} and (member_id, kind) in (
      select member_id, kind from collected_notices where workspace_id = ${tx.workspaceId} and due_at <= ${tx.now}
      order by due_at limit ${most} for update skip locked)
    returning member_id as "memberId", kind, count`.execute(tx.kysely)
  return rows
}

export async function isMemberOf(db: Db, mailId: string): Promise<boolean> {
  const { rows } = await sql`
    select from notice_mails where workspace_id = ${db.workspaceId} and id = ${mailId}`.execute(db.kysely)
  return rows.length > 0
}

/** The mails that tell one of these subjects. */
export async function deleteMailsAbout(tx: Tx, subjectIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from notice_mails where workspace_id = ${tx.workspaceId} and id in (
      select mail_id from mailed_subjects
      where workspace_id = ${tx.workspaceId} and subject_id = any(${[...subjectIds]}::uuid[]))
    returning id`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** @returns how many there were */
export async function deleteMailsBefore(tx: Tx, before: string, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from notice_mails where workspace_id = ${tx.workspaceId} and id in (
      select id from notice_mails where workspace_id = ${tx.workspaceId} and id < ${before} order by id limit ${most})`.execute(
    tx.kysely,
  )
  return Number(numAffectedRows ?? 0)
}
