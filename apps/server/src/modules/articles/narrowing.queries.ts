import type { ArticleState } from '@lahko/contract/articles'
import { languages } from '@lahko/contract/values'
import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/store.ts'
import { listArticleRows, type ArticleRow } from './articles.queries.ts'

type Narrowing = { collectionId?: string; q?: string; state?: ArticleState; reviewBy?: string; toReview?: boolean }

const ofArticle = (alias: string) => sql.raw(`${alias}.workspace_id = a.workspace_id and ${alias}.article_id = a.id`)

/** Whether an article `a` is in a state in one of its languages: the same that the list shows of it. */
const inState: Readonly<Record<ArticleState, (db: Db) => RawBuilder<unknown>>> = {
  draft: (db) => sql`a.id in (select t.article_id from article_translations t where t.workspace_id = ${db.workspaceId}
    and t.published_revision is distinct from t.revision and t.published_number is null)`,
  changed: (db) => sql`a.id in (select t.article_id from article_translations t where t.workspace_id = ${db.workspaceId}
    and t.published_revision is distinct from t.revision and t.published_number is not null)`,
  scheduled: (db) =>
    sql`a.id in (select s.article_id from article_schedules s where s.workspace_id = ${db.workspaceId})`,
  outdated: (db) => sql`a.id in (select v.article_id from article_versions v
    join article_translations t on t.workspace_id = v.workspace_id and t.article_id = v.article_id
      and t.language = v.language and t.published_number = v.number
    join articles o on o.workspace_id = v.workspace_id and o.id = v.article_id
    join article_translations m on m.workspace_id = v.workspace_id and m.article_id = v.article_id
      and m.language = o.main_language
    where v.workspace_id = ${db.workspaceId} and v.source_number is not null and v.source_number < m.published_number)`,
  untranslated: () => sql`(select count(*) from article_translations t where ${ofArticle('t')}) < ${languages.length}`,
}

/** Whether a draft of an article `a` waits for the approval of the member who asks. */
function waitsForActor({ workspaceId, actor }: Db): RawBuilder<unknown> {
  if (actor.kind !== 'member') return sql`false`
  const publishes = actor.permissions.has('articles.publish')
  return sql`a.id in (select r.article_id from article_reviews r where r.workspace_id = ${workspaceId}
    and r.outcome is null and (r.reviewer_id = ${actor.memberId} or r.reviewer_id is null
      and ${publishes}::boolean and r.asked_by is distinct from ${actor.memberId}::uuid))`
}

/** More than these who hold the words are so many that going through all in their order meets them soon. */
const mostFound = 2_000

/** A page of those that fit, newest first. @param before the id of the last one above */
export async function listFitting(
  db: Db,
  { collectionId, q, state, reviewBy, toReview, before, limit }: Narrowing & { before?: string; limit: number },
): Promise<ArticleRow[]> {
  const { rows } = await sql<{ id: string }>`
    select a.id from articles a where a.workspace_id = ${db.workspaceId}
      ${before ? sql`and a.id < ${before}` : sql``}
      ${collectionId ? sql`and a.collection_id = ${collectionId}` : sql``}
      ${state ? sql`and ${inState[state](db)}` : sql``}
      ${reviewBy ? sql`and a.review_on <= ${reviewBy}::date` : sql``}
      ${toReview ? sql`and ${waitsForActor(db)}` : sql``}
      ${q ? await holdsWords(db, q) : sql``}
    order by a.id desc limit ${limit}`.execute(db.kysely)
  const found = new Map(
    (
      await listArticleRows(
        db,
        rows.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  )
  return rows.map(({ id }) => found.get(id)!)
}

/** All words in one title, in any order, or a name in addresses as it is or was. */
async function holdsWords(db: Db, q: string): Promise<RawBuilder<unknown>> {
  const words = q.split(/\s+/).toSorted((a, b) => b.length - a.length)
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const { rows } = await sql<{ id: string }>`
    select search_article_titles(${patterns}::text[], ${mostFound + 1}) as id
    union select article_id from article_addresses
    where workspace_id = ${db.workspaceId} and slug = ${q} and article_id is not null`.execute(db.kysely)
  if (rows.length <= mostFound) return sql`and a.id = any(${rows.map(({ id }) => id)}::uuid[])`
  return sql`and exists (select from article_translations t where ${ofArticle('t')}
    and not exists (select from unnest(${patterns}::text[]) p where t.searched not like fold_words(p)))`
}

/** How many articles each collection has itself; how many are in each state, and are to be looked at by a day. */
export async function countArticles(
  db: Db,
  { reviewBy, most }: { reviewBy?: string; most: number },
): Promise<{
  collections: { id: string; count: number }[]
  states: Record<ArticleState | 'review' | 'toReview', number>
}> {
  const { rows: collections } = await sql<{ id: string; count: number }>`
    select a.collection_id as id, count(*)::integer as count from articles a where a.workspace_id = ${db.workspaceId}
    group by 1`.execute(db.kysely)
  const count = (condition: RawBuilder<unknown>) => sql`(select count(*)::integer from (
    select from articles a where a.workspace_id = ${db.workspaceId} and ${condition} limit ${most}) fitting)`
  const { rows: states } = await sql<Record<ArticleState | 'review' | 'toReview', number>>`
    select ${count(inState.draft(db))} as draft, ${count(inState.changed(db))} as changed,
      ${count(inState.scheduled(db))} as scheduled, ${count(inState.outdated(db))} as outdated,
      ${count(inState.untranslated(db))} as untranslated,
      ${count(sql`a.review_on <= ${reviewBy ?? null}::date`)} as review,
      ${count(waitsForActor(db))} as "toReview"`.execute(db.kysely)
  return { collections, states: states[0]! }
}
