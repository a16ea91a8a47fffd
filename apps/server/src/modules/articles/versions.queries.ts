import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import type { Heading } from '#platform/markdown.ts'
import type { Db, Tx } from '#platform/store.ts'
import { renderer } from './rendering.ts'
import type { Content } from './translations.queries.ts'

export type VersionLineRow = { number: number; title: string; published_by: string | null; published_at: Date }
export type VersionRow = VersionLineRow & Content

type NewVersion = Content & { html: string; contents: readonly Heading[]; minutes: number; sourceNumber: number | null }

/** Keeps what is published. @returns its number */
export async function insertVersion(
  tx: Tx,
  articleId: string,
  language: Language,
  version: NewVersion,
): Promise<number> {
  const publisher = tx.actor.kind === 'member' ? tx.actor.memberId : null
  const { rows } = await sql<{ number: number }>`
    insert into article_versions (workspace_id, article_id, language, number, title, summary, keywords, body, html, contents,
      minutes, renderer, source_number, published_by, published_at)
    select ${tx.workspaceId}, ${articleId}, ${language}, coalesce(max(number), 0) + 1, ${version.title},
      ${version.summary}, ${version.keywords}, ${version.body}, ${version.html}, ${JSON.stringify(version.contents)}, ${version.minutes},
      ${renderer}, ${version.sourceNumber}, ${publisher}, ${tx.now}
    from article_versions
    where workspace_id = ${tx.workspaceId} and article_id = ${articleId} and language = ${language}
    returning number`.execute(tx.kysely)
  return rows[0]!.number
}

/** What was published, the newest first. */
export async function listVersionRows(
  db: Db,
  articleId: string,
  language: Language,
  { before, limit }: { before?: number; limit: number },
): Promise<VersionLineRow[]> {
  const { rows } = await sql<VersionLineRow>`
    select number, title, published_by, published_at from article_versions
    where workspace_id = ${db.workspaceId} and article_id = ${articleId} and language = ${language}
      ${before ? sql`and number < ${before}` : sql``}
    order by number desc limit ${limit}`.execute(db.kysely)
  return rows
}

export async function findVersion(
  db: Db,
  articleId: string,
  language: Language,
  number: number,
): Promise<VersionRow | undefined> {
  const { rows } = await sql<VersionRow>`
    select number, title, summary, keywords, body, published_by, published_at from article_versions
    where workspace_id = ${db.workspaceId} and article_id = ${articleId} and language = ${language}
      and number = ${number}`.execute(db.kysely)
  return rows[0]
}

type Page = { article_id: string; language: Language; number: number }
type StalePage = Page & { body: string }

/** What readers see that something else than this renderer made, a part of it, held until the transaction ends. */
export async function lockStale(tx: Tx, limit: number): Promise<StalePage[]> {
  const { rows } = await sql<StalePage>`
    select v.article_id, v.language, v.number, v.body from article_translations t
    join article_versions v on v.workspace_id = t.workspace_id and v.article_id = t.article_id
      and v.language = t.language and v.number = t.published_number
    where t.workspace_id = ${tx.workspaceId} and v.renderer <> ${renderer}
    limit ${limit} for no key update of v skip locked`.execute(tx.kysely)
  return rows
}

/** Puts in the place of what was made of them what this renderer makes. */
export async function updateRendered(
  tx: Tx,
  pages: readonly (Page & Pick<NewVersion, 'html' | 'contents' | 'minutes'>)[],
): Promise<void> {
  await sql`
    update article_versions v set html = g.html, contents = g.contents, minutes = g.minutes, renderer = ${renderer}
    from jsonb_to_recordset(${JSON.stringify(pages)}::jsonb) g(article_id uuid, language text, number integer, html text,
      contents jsonb, minutes smallint)
    where v.workspace_id = ${tx.workspaceId} and v.article_id = g.article_id and v.language = g.language
      and v.number = g.number`.execute(tx.kysely)
}
