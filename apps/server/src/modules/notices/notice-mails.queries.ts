import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

/** @returns the id under which the mail is queued */
export async function insertNoticeMail(tx: Tx, memberId: string, subjectIds: readonly string[]): Promise<string> {
  const id = uuidv7(tx.now.getTime())
  await sql`insert into notice_mails (workspace_id, id, member_id, at)
    values (${tx.workspaceId}, ${id}, ${memberId}, ${tx.now})`.execute(tx.kysely)
  await sql`insert into mailed_subjects (workspace_id, mail_id, subject_id)
    select ${tx.workspaceId}, ${id}, s from unnest(${[...subjectIds]}::uuid[]) s on conflict do nothing`.execute(
    tx.kysely,
  )
  return id
}

/** How many mails each member got since a moment. */
export async function countMailed(db: Db, since: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ memberId: string; count: number }>`
    select member_id as "memberId", count(*) as count from notice_mails
    where workspace_id = ${db.workspaceId} and at > ${since} group by 1`.execute(db.kysely)
  return new Map(rows.map(({ memberId, count }) => [memberId, count]))
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
