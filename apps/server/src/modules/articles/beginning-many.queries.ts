import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import type { Heading } from '#platform/markdown.ts'
import type { Tx } from '#platform/store.ts'
import type { Audience } from './articles.queries.ts'
import { renderer } from './rendering.ts'
import type { Content } from './translations.queries.ts'

type NewArticle = {
  id: string
  slug: string
  collectionId: string
  mainLanguage: Language
  audience: Audience
  organisations: string[]
  reviewOn: string | null
}

/** Articles in this order behind those of their collections, with their addresses, which must be free. */
export async function insertManyArticles(tx: Tx, articles: readonly NewArticle[]): Promise<void> {
  const rows = articles.map(({ organisations, ...row }, place) => ({ ...row, organisations, place }))
  await sql`
    insert into articles (workspace_id, id, collection_id, slug, position, review_on, audience, organisations,
      main_language, created_at, updated_at)
    select ${tx.workspaceId}, g.id, g."collectionId", g.slug,
      coalesce((select max(a.position) + 1 from articles a
        where a.workspace_id = ${tx.workspaceId} and a.collection_id = g."collectionId"), 0)
        + row_number() over (partition by g."collectionId" order by g.place) - 1,
      g."reviewOn", g.audience, g.organisations, g."mainLanguage", ${tx.now}, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) g(id uuid, "collectionId" uuid, slug text, place integer,
      "reviewOn" date, audience text, organisations text[], "mainLanguage" text)`.execute(tx.kysely)
  await sql`
    insert into article_addresses (workspace_id, slug, article_id)
    select ${tx.workspaceId}, g.slug, g.id
    from unnest(${articles.map(({ slug }) => slug)}::text[], ${articles.map(({ id }) => id)}::uuid[]) g(slug, id)`.execute(
    tx.kysely,
  )
}

type NewText = Content & { articleId: string; language: Language; published: boolean }

/** Drafts, with the first version as what readers see where it is published. */
export async function insertManyTranslations(tx: Tx, texts: readonly NewText[]): Promise<void> {
  const editor = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into article_translations (workspace_id, article_id, language, title, summary, keywords, body, edited_by, edited_at,
      published_number, published_revision, published_at)
    select ${tx.workspaceId}, g."articleId", g.language, g.title, g.summary, g.keywords, g.body, ${editor}::uuid, ${tx.now},
      case when g.published then 1 end, case when g.published then 1 end,
      case when g.published then ${tx.now}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(texts)}::jsonb) g("articleId" uuid, language text, title text,
      summary text, keywords text, body text, published boolean)`.execute(tx.kysely)
}

type NewVersion = Content & {
  articleId: string
  language: Language
  html: string
  contents: readonly Heading[]
  minutes: number
  sourceNumber: number | null
}

/** The first version of each text. */
export async function insertManyVersions(tx: Tx, versions: readonly NewVersion[]): Promise<void> {
  const publisher = tx.actor.kind === 'member' ? tx.actor.memberId : null
  await sql`
    insert into article_versions (workspace_id, article_id, language, number, title, summary, keywords, body, html, contents,
      minutes, renderer, source_number, published_by, published_at)
    select ${tx.workspaceId}, g."articleId", g.language, 1, g.title, g.summary, g.keywords, g.body, g.html, g.contents, g.minutes,
      ${renderer}, g."sourceNumber", ${publisher}::uuid, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) g("articleId" uuid, language text, title text,
      summary text, keywords text, body text, html text, contents jsonb, minutes smallint, "sourceNumber" integer)`.execute(
    tx.kysely,
  )
}
