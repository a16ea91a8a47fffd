import { sql } from 'kysely'
import type { NoticeKind } from '@lahko/contract/notices'
import { firstIdAt, uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

/** What a module tells. */
export type NewNotice = {
  kind: NoticeKind | 'test'
  subjectId: string
  /** What can be muted, and what it is called. */
  topicId: string
  topic: string
  /** Everybody who may see it when left out. */
  memberId?: string
  /** Ids, numbers and labels; nothing that a customer wrote or is called. */
  data: Readonly<Record<string, unknown>>
}

export type NoticeRow = {
  id: string
  kind: NoticeKind | 'test'
  subject_id: string
  topic_id: string
  topic: string
  data: Record<string, unknown>
  at: Date
  seen: boolean
  mute_id: string | null
  mute_until: Date | null
}

/** Whose bell it is; a key has none of its own. */
export type Reader = { memberId: string | null; kinds: readonly (NoticeKind | 'test')[] }

const mostCounted = 100
/** So many of the newest are looked through for what is unseen. */
const mostSearched = 1_000

/** Two who tell members something do it one after the other, so that mails can be counted. */
export async function lockNotices(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`lahko notices ${tx.workspaceId}`}, 0))`.execute(tx.kysely)
}

/** When the newest of all was told; undefined when nothing was. */
export async function findNewestAt(db: Db): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select at from notices where workspace_id = ${db.workspaceId} order by id desc limit 1`.execute(db.kysely)
  return rows[0]?.at
}

/** @returns the places of those that had not been told before, with their ids */
export async function insertNotices(
  tx: Tx,
  news: readonly NewNotice[],
  at: Date,
): Promise<{ id: string; place: number }[]> {
  const ids = news.map(() => uuidv7(at.getTime()))
  const { rows } = await sql<{ id: string }>`
    insert into notices (workspace_id, id, kind, subject_id, topic_id, topic, member_id, data, at)
    select ${tx.workspaceId}, n.id, n.kind, n.subject_id, n.topic_id, n.topic, n.member_id, n.data, ${at}
    from unnest(${ids}::uuid[], ${news.map(({ kind }) => kind)}::text[],
      ${news.map(({ subjectId }) => subjectId)}::uuid[], ${news.map(({ topicId }) => topicId)}::uuid[],
      ${news.map(({ topic }) => topic)}::text[], ${news.map(({ memberId }) => memberId ?? null)}::uuid[],
      ${news.map(({ data }) => JSON.stringify(data))}::jsonb[]) n(id, kind, subject_id, topic_id, topic, member_id, data)
    on conflict (workspace_id, kind, subject_id, member_id) do nothing returning id`.execute(tx.kysely)
  return rows.map(({ id }) => ({ id, place: ids.indexOf(id) })).toSorted((a, b) => a.place - b.place)
}

/** @returns the places of those that said something else before, and what */
export async function updateNotices(
  tx: Tx,
  news: readonly NewNotice[],
): Promise<{ id: string; place: number; before: NewNotice['data'] }[]> {
  const { rows } = await sql<{ id: string; place: number; before: NewNotice['data'] }>`
    update notices n set topic = c.topic, data = c.data
    from unnest(${news.map(({ kind }) => kind)}::text[], ${news.map(({ subjectId }) => subjectId)}::uuid[],
      ${news.map(({ topic }) => topic)}::text[], ${news.map(({ memberId }) => memberId ?? null)}::uuid[],
      ${news.map(({ data }) => JSON.stringify(data))}::jsonb[])
      with ordinality c(kind, subject_id, topic, member_id, data, place), notices old
    where n.workspace_id = ${tx.workspaceId} and n.kind = c.kind and n.subject_id = c.subject_id
      and n.member_id is not distinct from c.member_id and n.data <> c.data
      and old.workspace_id = n.workspace_id and old.id = n.id
    returning n.id, c.place - 1 as place, old.data as before`.execute(tx.kysely)
  return rows
}

export async function deleteNotices(tx: Tx, kind: NoticeKind, subjectIds: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from notices where workspace_id = ${tx.workspaceId} and kind = ${kind}
      and subject_id = any(${[...subjectIds]}::uuid[])`.execute(tx.kysely)
  return Number(numAffectedRows ?? 0)
}

/** All that was told of a kind about a topic. @returns how much it was */
export async function deleteNoticesAbout(tx: Tx, kind: NoticeKind, topicId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from notices where workspace_id = ${tx.workspaceId} and topic_id = ${topicId} and kind = ${kind}`.execute(
    tx.kysely,
  )
  return Number(numAffectedRows ?? 0)
}

/** @returns how many there were */
export async function deleteNoticesBefore(tx: Tx, before: string, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from notices where workspace_id = ${tx.workspaceId} and id in (
      select id from notices where workspace_id = ${tx.workspaceId} and id < ${before} order by id limit ${most})`.execute(
    tx.kysely,
  )
  return Number(numAffectedRows ?? 0)
}

/** Newest first, by key. */
export async function listNotices(
  db: Db,
  reader: Reader,
  page: { after?: string; limit: number; since?: Date },
): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select n.id, n.kind, n.subject_id, n.topic_id, n.topic, n.data, n.at,
      coalesce(n.id <= s.seen_id, false) as seen, m.id as mute_id, m.until as mute_until
    from notices n ${withReader(db, reader)}
    where n.workspace_id = ${db.workspaceId} and ${mayRead(reader)}
      ${page.after === undefined ? sql`` : sql`and n.id < ${page.after}`}
      ${page.since === undefined ? sql`` : sql`and n.at >= ${page.since}`}
    order by n.id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

/** How many of a kind were told since a moment, counted no further than asked. */
export async function countNotices(db: Db, kind: string, since: Date, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select from notices where workspace_id = ${db.workspaceId} and id >= ${firstIdAt(since.getTime())}
        and kind = ${kind} limit ${most}) n`.execute(db.kysely)
  return rows[0]!.count
}

/** What is new since the member looked, and not muted; at most 100. */
export async function countUnseen(db: Db, reader: Reader): Promise<number> {
  if (reader.memberId === null) return 0
  const { rows } = await sql<{ count: number }>`
    select least(count(*), ${mostCounted}) as count from (
      select n.id, n.kind, n.topic_id from notices n left join notice_settings s
        on s.workspace_id = n.workspace_id and s.member_id = ${reader.memberId}
      where n.workspace_id = ${db.workspaceId} and ${mayRead(reader)} and (s.seen_id is null or n.id > s.seen_id)
      order by n.id desc limit ${mostSearched}) n
    where not exists (select from notice_mutes m where m.workspace_id = ${db.workspaceId}
      and m.member_id = ${reader.memberId} and m.kind = n.kind and m.topic_id = n.topic_id
      and (m.until is null or m.until > ${db.now}))`.execute(db.kysely)
  return rows[0]!.count
}

export async function findNotice(db: Db, reader: Reader, id: string): Promise<NoticeRow | undefined> {
  const { rows } = await sql<NoticeRow>`
    select n.id, n.kind, n.subject_id, n.topic_id, n.topic, n.data, n.at, false as seen, m.id as mute_id,
      m.until as mute_until
    from notices n ${withReader(db, reader)}
    where n.workspace_id = ${db.workspaceId} and n.id = ${id} and ${mayRead(reader)}`.execute(db.kysely)
  return rows[0]
}

const withReader = (db: Db, { memberId }: Reader) => sql`
  left join notice_settings s on s.workspace_id = n.workspace_id and s.member_id = ${memberId}::uuid
  left join notice_mutes m on m.workspace_id = n.workspace_id and m.member_id = ${memberId}::uuid and m.kind = n.kind
    and m.topic_id = n.topic_id and (m.until is null or m.until > ${db.now})`

const mayRead = ({ memberId, kinds }: Reader) => sql`n.kind = any(${[...kinds]}::text[])
  and (n.member_id is null or n.member_id = ${memberId}::uuid)`
