import { sql } from 'kysely'
import type { NoticeKind } from '@lahko/contract/notices'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type MuteRow = { id: string; kind: NoticeKind; topic_id: string; topic: string; until: Date | null }

type About = { kind: NoticeKind; topic_id: string; topic: string }

/** Replaces the mute of the same, if there is one, and forgets those that are over. */
export async function upsertMute(tx: Tx, memberId: string, about: About, until: Date | null): Promise<MuteRow> {
  await sql`delete from notice_mutes where workspace_id = ${tx.workspaceId} and member_id = ${memberId}
    and until <= ${tx.now}`.execute(tx.kysely)
  const { rows } = await sql<MuteRow>`
    insert into notice_mutes (workspace_id, id, member_id, kind, topic_id, topic, until)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${memberId}, ${about.kind}, ${about.topic_id},
      ${about.topic}, ${until})
    on conflict (workspace_id, member_id, kind, topic_id) do update set until = excluded.until, topic = excluded.topic
    returning id, kind, topic_id, topic, until`.execute(tx.kysely)
  return rows[0]!
}

/** Newest first, by key: those that hold. */
export async function listMutes(
  db: Db,
  memberId: string | null,
  page: { after?: string; limit: number },
): Promise<MuteRow[]> {
  const { rows } = await sql<MuteRow>`
    select id, kind, topic_id, topic, until from notice_mutes
    where workspace_id = ${db.workspaceId} and member_id = ${memberId}::uuid and (until is null or until > ${db.now})
      ${page.after === undefined ? sql`` : sql`and id < ${page.after}`}
    order by id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

/** @returns false when the member has none such */
export async function deleteMute(tx: Tx, memberId: string | null, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from notice_mutes where workspace_id = ${tx.workspaceId} and member_id = ${memberId}::uuid
      and id = ${id}`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0) > 0
}

/** Who hears nothing of this kind about this topic now. */
export async function listMuting(db: Db, kind: NoticeKind, topicId: string): Promise<Set<string>> {
  const { rows } = await sql<{ memberId: string }>`
    select member_id as "memberId" from notice_mutes where workspace_id = ${db.workspaceId} and kind = ${kind}
      and topic_id = ${topicId} and (until is null or until > ${db.now})`.execute(db.kysely)
  return new Set(rows.map(({ memberId }) => memberId))
}
