import type { Language } from '@lahko/contract/values'
import { sql, type RawBuilder } from 'kysely'
import type { Heading } from '#platform/markdown.ts'
import type { Db } from '#platform/store.ts'
import { picturesIn } from './pictures.ts'
import { renderArticle, renderer } from './rendering.ts'

/** Who reads: whoever works here, or a visitor; their organisations in lower case. */
export type Reader = 'member' | { signedIn: boolean; organisations: readonly string[] }

/** Whoever is not signed in. */
export const everybody: Reader = { signedIn: false, organisations: [] }

/** Whether a reader may see an article `a`: the one place that says so. */
function maySee(reader: Reader): RawBuilder<unknown> {
  if (reader === 'member') return sql`true`
  if (!reader.signedIn) return sql`a.audience = 'public'`
  return sql`(a.audience in ('public', 'signed-in') or a.audience = 'organisations' and exists (
    select from unnest(a.organisations) o where lower(o) = any(${reader.organisations}::text[])))`
}

/** An article as a list of links shows it, in the best of the languages. */
export type Listed = {
  id: string
  slug: string
  collection_id: string
  position: number
  language: Language
  title: string
  summary: string
}

/** An article as its page shows it, in the best of the languages. */
export type Shown = Listed & {
  audience: string
  html: string
  contents: Heading[]
  minutes: number
  number: number
  published_at: Date
  /** In which it can be read. */
  languages: Language[]
}

const published = sql`article_translations t
  join article_versions v on v.workspace_id = t.workspace_id and v.article_id = t.article_id
    and v.language = t.language and v.number = t.published_number`

/** What another renderer has left is made again for whoever reads it before `render_articles_again` comes by. */
type ShownRow = Shown & { stale_body: string | null }

/** @param wanted the languages, the best first; any other comes after them */
export async function findShown(
  db: Db,
  reader: Reader,
  id: string,
  wanted: readonly Language[],
): Promise<Shown | undefined> {
  const { rows } = await sql<ShownRow>`
    select a.id, a.slug, a.collection_id, a.position, a.audience, t.language, v.title, v.summary, v.html, v.contents, v.minutes,
      case when v.renderer <> ${renderer} then v.body end as stale_body, v.number, t.published_at, array(select l.language from article_translations l
        where l.workspace_id = a.workspace_id and l.article_id = a.id and l.published_number is not null
        order by l.language) as languages
    from articles a join ${published} on t.workspace_id = a.workspace_id and t.article_id = a.id
    where a.workspace_id = ${db.workspaceId} and a.id = ${id} and ${maySee(reader)}
    order by array_position(${wanted}::text[], t.language) limit 1`.execute(db.kysely)
  return rows[0] && renderedNow(db, rows[0])
}

async function renderedNow(db: Db, { stale_body: body, ...shown }: ShownRow): Promise<Shown> {
  if (body === null) return shown
  const { html, contents, minutes } = renderArticle(body, shown.language, await picturesIn(db, [body]))
  return { ...shown, html, contents, minutes }
}

/** The file of a picture that a text shows which a reader may read; members see all. `isPublic`: so may everybody. */
export async function findShownPicture(
  db: Db,
  reader: Reader,
  id: string,
): Promise<{ file_id: string; narrow_file_id: string | null; isPublic: boolean } | undefined> {
  const shownTo = (one: Reader) => sql`exists (select from article_picture_uses u
    join articles a on a.workspace_id = u.workspace_id and a.id = u.article_id
    join article_translations t on t.workspace_id = u.workspace_id and t.article_id = u.article_id
      and t.language = u.language and t.published_number = u.number
    where u.workspace_id = p.workspace_id and u.picture_id = p.id and ${maySee(one)})`
  const { rows } = await sql<{ file_id: string; narrow_file_id: string | null; isPublic: boolean }>`
    select p.file_id, p.narrow_file_id, ${shownTo(everybody)} as "isPublic" from article_pictures p
    where p.workspace_id = ${db.workspaceId} and p.id = ${id} and ${reader === 'member' ? sql`true` : shownTo(reader)}`.execute(
    db.kysely,
  )
  return rows[0]
}

/**
 * Articles of collections that a reader may see, in their order, at most so many of each.
 * @param after the last one of the page above
 */
export async function listShown(
  db: Db,
  reader: Reader,
  collectionIds: readonly string[],
  { wanted, limit, after }: { wanted: readonly Language[]; limit: number; after?: Pick<Listed, 'position' | 'id'> },
): Promise<Listed[]> {
  const { rows } = await sql<Listed>`
    select s.* from unnest(${collectionIds}::uuid[]) with ordinality c(id, place) cross join lateral (
      select a.id, a.slug, a.collection_id, a.position, b.language, b.title, b.summary from articles a
      cross join lateral (
        select t.language, v.title, v.summary from ${published}
        where t.workspace_id = a.workspace_id and t.article_id = a.id
        order by array_position(${wanted}::text[], t.language) limit 1) b
      where a.workspace_id = ${db.workspaceId} and a.collection_id = c.id and ${maySee(reader)}
        ${after ? sql`and (a.position, a.id) > (${after.position}, ${after.id}::uuid)` : sql``}
      order by a.position, a.id limit ${limit}) s
    order by c.place, s.position, s.id`.execute(db.kysely)
  return rows
}

/** These articles, as far as a reader may see them, in the languages in which they were found, in this order. */
export async function listFound(
  db: Db,
  reader: Reader,
  found: readonly { id: string; language: string }[],
): Promise<Listed[]> {
  const { rows } = await sql<Listed>`
    select a.id, a.slug, a.collection_id, a.position, t.language, v.title, v.summary
    from unnest(${found.map(({ id }) => id)}::uuid[], ${found.map(({ language }) => language)}::text[])
      with ordinality f(id, language, place)
    join articles a on a.workspace_id = ${db.workspaceId} and a.id = f.id
    join ${published} on t.workspace_id = a.workspace_id and t.article_id = a.id and t.language = f.language
    where ${maySee(reader)} order by f.place`.execute(db.kysely)
  return rows
}

/** The collections in which a reader finds something. */
export async function listFilled(db: Db, reader: Reader): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select c.id from article_collections c where c.workspace_id = ${db.workspaceId} and exists (
      select from articles a join article_translations t on t.workspace_id = a.workspace_id and t.article_id = a.id
      where a.workspace_id = c.workspace_id and a.collection_id = c.id and t.published_number is not null
        and ${maySee(reader)})`.execute(db.kysely)
  return new Set(rows.map(({ id }) => id))
}

/** Whether everybody finds something. */
export async function hasPublicArticles(db: Db): Promise<boolean> {
  return (await listMapped(db, { limit: 1 })).length > 0
}

export type Mapped = { id: string; slug: string; language: Language; published_at: Date; languages: Language[] }

/** What everybody may read, for the map of the site. @param after the last one of the page above */
export async function listMapped(
  db: Db,
  { after, limit }: { after?: { id: string; language: string }; limit: number },
): Promise<Mapped[]> {
  const { rows } = await sql<Mapped>`
    select a.id, a.slug, t.language, t.published_at, array(select l.language from article_translations l
      where l.workspace_id = a.workspace_id and l.article_id = a.id and l.published_number is not null
      order by l.language) as languages
    from article_translations t join articles a on a.workspace_id = t.workspace_id and a.id = t.article_id
    where t.workspace_id = ${db.workspaceId} and t.published_number is not null and a.audience = 'public'
      ${after ? sql`and (t.article_id, t.language) > (${after.id}::uuid, ${after.language})` : sql``}
    order by t.article_id, t.language limit ${limit}`.execute(db.kysely)
  return rows
}

/** Where each page of the map but the last ends, when a page has so many. */
export async function listMapEnds(db: Db, every: number): Promise<Pick<Mapped, 'id' | 'language'>[]> {
  const { rows } = await sql<Pick<Mapped, 'id' | 'language'>>`
    select m.id, m.language from (
      select a.id, t.language, row_number() over (order by t.article_id, t.language) as place, count(*) over () as total
      from article_translations t join articles a on a.workspace_id = t.workspace_id and a.id = t.article_id
      where t.workspace_id = ${db.workspaceId} and t.published_number is not null and a.audience = 'public') m
    where m.place % ${every} = 0 and m.place < m.total order by m.place limit 50000`.execute(db.kysely)
  return rows
}
