import type { Translated } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type CollectionRow = {
  id: string
  parent_id: string | null
  slug: string
  /** As a folder of files calls it, where that is not its address. */
  folder: string | null
  titles: Translated
  position: number
}

/** More are not made, so that all of them are read at once. */
export const mostCollections = 500

const columns = sql`id, parent_id, slug, folder, titles, position`

/** All of them, each level in its order. */
export async function listCollectionRows(db: Db): Promise<CollectionRow[]> {
  const { rows } = await sql<CollectionRow>`
    select ${columns} from article_collections where workspace_id = ${db.workspaceId}
    order by parent_id nulls first, position, id limit ${mostCollections}`.execute(db.kysely)
  return rows
}

export async function findCollectionRow(db: Db, id: string): Promise<CollectionRow | undefined> {
  const { rows } = await sql<CollectionRow>`
    select ${columns} from article_collections where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** The same, kept from being removed, or from being used, until the transaction ends. */
export async function holdCollection(
  tx: Tx,
  id: string,
  against: 'removal' | 'use',
): Promise<CollectionRow | undefined> {
  const { rows } = await sql<CollectionRow>`
    select ${columns} from article_collections where workspace_id = ${tx.workspaceId} and id = ${id}
    ${against === 'use' ? sql`for update` : sql`for key share`}`.execute(tx.kysely)
  return rows[0]
}

/** Nobody else makes, moves or removes collections until the transaction ends: their tree stays one. */
export async function lockCollections(tx: Tx): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended(${`article collections ${tx.workspaceId}`}, 0))`.execute(tx.kysely)
}

export async function insertCollection(tx: Tx, given: Omit<CollectionRow, 'id'>): Promise<CollectionRow> {
  const id = uuidv7(tx.now.getTime())
  await sql`
    insert into article_collections (workspace_id, id, parent_id, slug, folder, titles, position, created_at)
    values (${tx.workspaceId}, ${id}, ${given.parent_id}, ${given.slug}, ${given.folder},
      ${JSON.stringify(given.titles)}, ${given.position}, ${tx.now})`.execute(tx.kysely)
  return { id, ...given }
}

export async function updateCollection(tx: Tx, { id, slug, folder, titles }: CollectionRow): Promise<void> {
  await sql`
    update article_collections set slug = ${slug}, folder = ${folder}, titles = ${JSON.stringify(titles)}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

/** Puts collections below one, in this order. */
export async function updateCollectionPlaces(tx: Tx, parentId: string | null, ids: readonly string[]): Promise<void> {
  await sql`
    update article_collections c set parent_id = ${parentId}::uuid, position = o.place - 1
    from unnest(${ids}::uuid[]) with ordinality o(id, place)
    where c.workspace_id = ${tx.workspaceId} and c.id = o.id`.execute(tx.kysely)
}

export async function deleteCollection(tx: Tx, id: string): Promise<void> {
  await sql`delete from article_collections where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
