import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** What an address leads to, and by what name it is found now. */
export type Addressee = { slug: string } & ({ articleId: string; inCollection: string } | { collectionId: string })

type Row = { article_id: string | null; collection_id: string | null; in_collection: string | null; slug: string }

/** What stands or stood under an address. */
export async function findAddressee(db: Db, slug: string): Promise<Addressee | undefined> {
  const { rows } = await sql<Row>`
    select d.article_id, d.collection_id, a.collection_id as in_collection, coalesce(a.slug, c.slug) as slug from article_addresses d
    left join articles a on a.workspace_id = d.workspace_id and a.id = d.article_id
    left join article_collections c on c.workspace_id = d.workspace_id and c.id = d.collection_id
    where d.workspace_id = ${db.workspaceId} and d.slug = ${slug}`.execute(db.kysely)
  return rows[0] && addresseeOf(rows[0])
}

/** The same for many at once, by their addresses. */
export async function listAddressees(db: Db, slugs: readonly string[]): Promise<Map<string, Addressee>> {
  const { rows } = await sql<Row & { asked: string }>`
    select d.slug as asked, d.article_id, d.collection_id, a.collection_id as in_collection, coalesce(a.slug, c.slug) as slug from article_addresses d
    left join articles a on a.workspace_id = d.workspace_id and a.id = d.article_id
    left join article_collections c on c.workspace_id = d.workspace_id and c.id = d.collection_id
    where d.workspace_id = ${db.workspaceId} and d.slug = any(${slugs}::text[])`.execute(db.kysely)
  return new Map(rows.map((row) => [row.asked, addresseeOf(row)]))
}

function addresseeOf({ slug, ...row }: Row): Addressee {
  if (row.article_id === null) return { slug, collectionId: row.collection_id! }
  return { slug, articleId: row.article_id, inCollection: row.in_collection! }
}

/**
 * Takes an address; one that only leads on from an old name of something else is free.
 * @returns whether it is had now
 */
export async function takeAddress(
  tx: Tx,
  slug: string,
  to: { articleId: string } | { collectionId: string },
): Promise<boolean> {
  const [articleId, collectionId] = 'articleId' in to ? [to.articleId, null] : [null, to.collectionId]
  const { numAffectedRows = 0n } = await sql`
    insert into article_addresses as d (workspace_id, slug, article_id, collection_id)
    values (${tx.workspaceId}, ${slug}, ${articleId}, ${collectionId})
    on conflict (workspace_id, slug) do update set article_id = excluded.article_id,
      collection_id = excluded.collection_id
    where d.article_id is not distinct from excluded.article_id
        and d.collection_id is not distinct from excluded.collection_id
      or not exists (select from articles a
        where a.workspace_id = d.workspace_id and a.id = d.article_id and a.slug = d.slug)
      and not exists (select from article_collections c
        where c.workspace_id = d.workspace_id and c.id = d.collection_id and c.slug = d.slug)`.execute(tx.kysely)
  return numAffectedRows > 0n
}
