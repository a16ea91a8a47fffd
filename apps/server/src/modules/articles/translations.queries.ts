import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** An article in one language, without its text. */
export type TranslationLineRow = {
  article_id: string
  language: Language
  title: string
  revision: number
  edited_by: string | null
  edited_at: Date
  published_number: number | null
  published_revision: number | null
  published_at: Date | null
  published_title: string | null
  /** Whether the main language was published anew since. */
  outdated: boolean
  publish_at: Date | null
  unpublish_at: Date | null
}
export type TranslationRow = TranslationLineRow & { summary: string; keywords: string; body: string }
export type Content = { title: string; summary: string; keywords: string; body: string }

const columns = sql`t.article_id, t.language, t.title, t.revision, t.edited_by, t.edited_at, t.published_number,
  t.published_revision, t.published_at, v.title as published_title,
  coalesce(v.source_number < m.published_number, false) as outdated,
  (select s.due_at from article_schedules s where s.workspace_id = t.workspace_id and s.article_id = t.article_id
    and s.language = t.language and s.action = 'publish') as publish_at,
  (select s.due_at from article_schedules s where s.workspace_id = t.workspace_id and s.article_id = t.article_id
    and s.language = t.language and s.action = 'unpublish') as unpublish_at`
const from = sql`article_translations t
  join articles a on a.workspace_id = t.workspace_id and a.id = t.article_id
  left join article_versions v on v.workspace_id = t.workspace_id and v.article_id = t.article_id
    and v.language = t.language and v.number = t.published_number
  left join article_translations m on m.workspace_id = t.workspace_id and m.article_id = t.article_id
    and m.language = a.main_language and m.language <> t.language`

/** All languages of these articles, the main one first. */
export async function listTranslations(db: Db, articleIds: readonly string[]): Promise<TranslationLineRow[]> {
  const { rows } = await sql<TranslationLineRow>`
    select ${columns} from ${from}
    where t.workspace_id = ${db.workspaceId} and t.article_id = any(${articleIds}::uuid[])
    order by t.article_id, t.language <> a.main_language, t.language`.execute(db.kysely)
  return rows
}

export async function findTranslation(
  db: Db,
  articleId: string,
  language: Language,
): Promise<TranslationRow | undefined> {
  const { rows } = await sql<TranslationRow>`
    select ${columns}, t.summary, t.keywords, t.body from ${from}
    where t.workspace_id = ${db.workspaceId} and t.article_id = ${articleId} and t.language = ${language}`.execute(
    db.kysely,
  )
  return rows[0]
}

export type DraftRow = Content & Pick<TranslationLineRow, 'article_id' | 'language' | 'revision' | 'published_revision'>

/** The drafts of these articles in all languages. */
export async function listDrafts(db: Db, articleIds: readonly string[]): Promise<DraftRow[]> {
  const { rows } = await sql<DraftRow>`
    select article_id, language, title, summary, keywords, body, revision, published_revision from article_translations
    where workspace_id = ${db.workspaceId} and article_id = any(${articleIds}::uuid[])`.execute(db.kysely)
  return rows
}

/** Writes the draft, or begins it. */
export async function upsertDraft(
  tx: Tx,
  articleId: string,
  language: Language,
  { title, summary, keywords, body }: Content,
): Promise<void> {
  const editor = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into article_translations as t (workspace_id, article_id, language, title, summary, keywords, body,
      edited_by, edited_at)
    values (${tx.workspaceId}, ${articleId}, ${language}, ${title}, ${summary}, ${keywords}, ${body}, ${editor}, ${tx.now})
    on conflict (workspace_id, article_id, language) do update set title = excluded.title, summary = excluded.summary,
      keywords = excluded.keywords, body = excluded.body, revision = t.revision + 1, edited_by = excluded.edited_by, edited_at = excluded.edited_at`.execute(
    tx.kysely,
  )
}

/** Which version readers see, made of which revision of the draft; undefined: none. */
export async function updatePublished(
  tx: Tx,
  articleId: string,
  language: Language,
  published?: { number: number; revision: number },
): Promise<void> {
  await sql`
    update article_translations set published_number = ${published?.number ?? null},
      published_revision = ${published?.revision ?? null}, published_at = ${published ? tx.now : null}
    where workspace_id = ${tx.workspaceId} and article_id = ${articleId} and language = ${language}`.execute(tx.kysely)
}

export async function deleteTranslation(tx: Tx, articleId: string, language: Language): Promise<void> {
  await sql`
    delete from article_translations where workspace_id = ${tx.workspaceId} and article_id = ${articleId}
      and language = ${language}`.execute(tx.kysely)
}

/** Sets or takes away when something happens to a translation. */
export async function writeSchedule(
  tx: Tx,
  articleId: string,
  language: Language,
  times: { publish: Date | null; unpublish: Date | null },
): Promise<void> {
  await sql`
    delete from article_schedules where workspace_id = ${tx.workspaceId} and article_id = ${articleId}
      and language = ${language}`.execute(tx.kysely)
  await sql`
    insert into article_schedules (workspace_id, article_id, language, action, due_at)
    select ${tx.workspaceId}, ${articleId}, ${language}, g.action, g.due_at
    from (values ('publish', ${times.publish}::timestamptz), ('unpublish', ${times.unpublish}::timestamptz))
      g(action, due_at)
    where g.due_at is not null`.execute(tx.kysely)
}

export type DueSchedule = { article_id: string; language: Language; action: 'publish' | 'unpublish' }

/** What is due, the earliest first, passing by what others hold. It is due no more. */
export async function takeDueSchedules(tx: Tx, limit: number): Promise<DueSchedule[]> {
  const { rows } = await sql<DueSchedule>`
    with due as (
      select article_id, language, action from article_schedules
      where workspace_id = ${tx.workspaceId} and due_at <= ${tx.now}
      order by due_at, action limit ${limit} for update skip locked
    )
    delete from article_schedules s using due d
    where s.workspace_id = ${tx.workspaceId} and s.article_id = d.article_id and s.language = d.language
      and s.action = d.action
    returning s.article_id, s.language, s.action, s.due_at`.execute(tx.kysely)
  return rows
}

/** What readers see of articles, and drafts of what they do not see yet. */
export type TranslationText = Content & { article_id: string; language: Language; published: boolean }

export async function listTranslationTexts(db: Db, articleIds: readonly string[]): Promise<TranslationText[]> {
  const { rows } = await sql<TranslationText>`
    select t.article_id, t.language, t.published_number is not null as published, coalesce(v.title, t.title) as title,
      coalesce(v.summary, t.summary) as summary, coalesce(v.keywords, t.keywords) as keywords, coalesce(v.body, t.body) as body
    from article_translations t
    left join article_versions v on v.workspace_id = t.workspace_id and v.article_id = t.article_id
      and v.language = t.language and v.number = t.published_number
    where t.workspace_id = ${db.workspaceId} and t.article_id = any(${articleIds}::uuid[])
    order by t.article_id, t.language`.execute(db.kysely)
  return rows
}
