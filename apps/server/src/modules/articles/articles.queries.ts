import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type Audience = 'public' | 'signed-in' | 'organisations'
export type ArticleRow = {
  id: string
  collection_id: string
  slug: string
  position: number
  owner_id: string | null
  review_on: string | null
  review_months: number | null
  confirmed_by: string | null
  confirmed_at: Date | null
  audience: Audience
  organisations: string[]
  main_language: Language
  created_at: Date
  updated_at: Date
}

const columns = sql`a.id, a.collection_id, a.slug, a.position, a.owner_id, a.review_on, a.review_months,
  a.confirmed_by, a.confirmed_at, a.audience, a.organisations, a.main_language, a.created_at, a.updated_at`

export async function findArticleRow(db: Db, id: string): Promise<ArticleRow | undefined> {
  const { rows } = await sql<ArticleRow>`
    select ${columns} from articles a where a.workspace_id = ${db.workspaceId} and a.id = ${id}`.execute(db.kysely)
  return rows[0]
}

export async function listArticleRows(db: Db, ids: readonly string[]): Promise<ArticleRow[]> {
  const { rows } = await sql<ArticleRow>`
    select ${columns} from articles a where a.workspace_id = ${db.workspaceId} and a.id = any(${ids}::uuid[])`.execute(
    db.kysely,
  )
  return rows
}

/** Which of these there are. */
export async function listKnownArticles(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from articles where workspace_id = ${db.workspaceId} and id = any(${ids}::uuid[])`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** One that nobody else changes until the transaction ends. */
export async function lockArticle(tx: Tx, id: string): Promise<ArticleRow | undefined> {
  const { rows } = await sql<ArticleRow>`
    select ${columns} from articles a where a.workspace_id = ${tx.workspaceId} and a.id = ${id} for update`.execute(
    tx.kysely,
  )
  return rows[0]
}

/** Newest first. @param page `before`: the id of the last one above; `reviewBy`: a day by which it is to be looked at */
export async function listNewestArticles(
  db: Db,
  { before, reviewBy, limit }: { before?: string; reviewBy?: string; limit: number },
): Promise<ArticleRow[]> {
  const { rows } = await sql<ArticleRow>`
    select ${columns} from articles a where a.workspace_id = ${db.workspaceId}
      ${before ? sql`and a.id < ${before}` : sql``}
      ${reviewBy ? sql`and a.review_on <= ${reviewBy}::date` : sql``}
    order by a.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** Of one collection, in its order. */
export async function listArticlesIn(
  db: Db,
  collectionId: string,
  { after, limit }: { after?: { position: number; id: string }; limit: number },
): Promise<ArticleRow[]> {
  const { rows } = await sql<ArticleRow>`
    select ${columns} from articles a where a.workspace_id = ${db.workspaceId} and a.collection_id = ${collectionId}
      ${after ? sql`and (a.position, a.id) > (${after.position}, ${after.id}::uuid)` : sql``}
    order by a.position, a.id limit ${limit}`.execute(db.kysely)
  return rows
}

export async function hasArticles(db: Db, collectionId: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from articles where workspace_id = ${db.workspaceId} and collection_id = ${collectionId})
      as has`.execute(db.kysely)
  return rows[0]!.has
}

export type NewArticle = Omit<
  ArticleRow,
  'id' | 'slug' | 'position' | 'confirmed_by' | 'confirmed_at' | 'created_at' | 'updated_at'
>

/** Makes an article, the last one of its collection; its address comes after it. */
export async function insertArticle(tx: Tx, given: NewArticle): Promise<string> {
  const id = uuidv7(tx.now.getTime())
  await sql`
    insert into articles (workspace_id, id, collection_id, slug, position, owner_id, review_on, review_months,
      audience, organisations, main_language, created_at, updated_at)
    select ${tx.workspaceId}, ${id}, ${given.collection_id}, '', coalesce(max(position) + 1, 0), ${given.owner_id},
      ${given.review_on}::date, ${given.review_months}::smallint, ${given.audience}, ${given.organisations}::text[], ${given.main_language}, ${tx.now},
      ${tx.now}
    from articles where workspace_id = ${tx.workspaceId} and collection_id = ${given.collection_id}`.execute(tx.kysely)
  return id
}

/** Another day or another owner is told anew. */
export async function updateArticle(tx: Tx, row: ArticleRow): Promise<void> {
  await sql`
    update articles set slug = ${row.slug}, owner_id = ${row.owner_id}, review_on = ${row.review_on}::date,
      review_told_at = case when (review_on, owner_id) is not distinct from (${row.review_on}::date,
        ${row.owner_id}::uuid) then review_told_at end,
      review_months = ${row.review_months}, confirmed_by = ${row.confirmed_by}, confirmed_at = ${row.confirmed_at},
      audience = ${row.audience}, organisations = ${row.organisations}::text[], main_language = ${row.main_language},
      updated_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and id = ${row.id}`.execute(tx.kysely)
}

export type DueRow = { id: string; owner_id: string | null; main_language: Language; title: string }

/** Takes articles whose day of review has come, the earliest first, passing by what others hold. */
export async function takeReviewDays(tx: Tx, today: string, limit: number): Promise<DueRow[]> {
  const { rows } = await sql<DueRow>`
    with due as (
      select id from articles where workspace_id = ${tx.workspaceId} and review_told_at is null
        and review_on <= ${today}::date
      order by review_on limit ${limit} for update skip locked
    )
    update articles a set review_told_at = ${tx.now}
    from due d, article_translations t
    where a.workspace_id = ${tx.workspaceId} and a.id = d.id and t.workspace_id = a.workspace_id
      and t.article_id = a.id and t.language = a.main_language
    returning a.id, a.owner_id, a.main_language, t.title`.execute(tx.kysely)
  return rows
}

/** The articles of a collection, in its order, which nobody else moves until the transaction ends. */
export async function lockOrder(tx: Tx, collectionId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from articles where workspace_id = ${tx.workspaceId} and collection_id = ${collectionId}
    order by position, id for update`.execute(tx.kysely)
  return rows.map(({ id }) => id)
}

/** Puts articles into a collection, in this order. */
export async function updateArticlePlaces(tx: Tx, collectionId: string, ids: readonly string[]): Promise<void> {
  await sql`
    update articles a set collection_id = ${collectionId}, position = o.place - 1
    from unnest(${ids}::uuid[]) with ordinality o(id, place)
    where a.workspace_id = ${tx.workspaceId} and a.id = o.id
      and (a.collection_id, a.position) is distinct from (${collectionId}::uuid, o.place - 1)`.execute(tx.kysely)
}

export async function deleteArticle(tx: Tx, id: string): Promise<void> {
  await sql`delete from articles where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
