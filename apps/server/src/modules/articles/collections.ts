import type { articles as contract, Collection } from '@lahko/contract/articles'
import type { z } from 'zod'
import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { slugOf, takeAlike, takeChosen } from './addresses.ts'
import { hasArticles } from './articles.queries.ts'
import {
  deleteCollection,
  findCollectionRow,
  holdCollection,
  insertCollection,
  listCollectionRows,
  lockCollections,
  mostCollections,
  updateCollection,
  updateCollectionPlaces,
  type CollectionRow,
} from './collections.queries.ts'
import { placed } from './placing.ts'

type Given = z.output<(typeof contract)['createCollection']['body']>
type Change = z.output<(typeof contract)['changeCollection']['body']>
type Place = z.output<(typeof contract)['placeCollection']['body']>

const mostLevels = 3

/** All of them, each level in its order. */
export async function listCollections(db: Db): Promise<Collection[]> {
  return (await listCollectionRows(db)).map(viewCollection)
}

/**
 * Makes a collection, the last one on its level.
 * @param given `folder`: as files call it, where that is not its address
 * @throws Problem not_found for its parent; conflict `articles.too_deep`, `articles.too_many_collections`
 */
export async function createCollection(
  tx: Tx,
  { titles, parentId, slug, folder = null }: Given & { folder?: string | null },
): Promise<Collection> {
  await lockCollections(tx)
  const all = await listCollectionRows(tx)
  if (all.length >= mostCollections) {
    throw new Problem('conflict', 'articles.too_many_collections', { most: mostCollections })
  }
  if (parentId !== null && levelOf(all, demand(all, parentId)) >= mostLevels) throw tooDeep()
  const position = all.filter((one) => one.parent_id === parentId).length
  const row = await insertCollection(tx, { parent_id: parentId, slug: '', folder, titles, position })
  const to = { collectionId: row.id }
  if (slug !== undefined) await takeChosen(tx, slug, to)
  const own = slug ?? (await takeAlike(tx, slugOf(titles.en ?? Object.values(titles)[0] ?? ''), to))
  await updateCollection(tx, { ...row, slug: own })
  await emit(tx, { type: 'article_collection.created', subjectId: row.id })
  return viewCollection({ ...row, slug: own })
}

/** @throws Problem not_found; invalid `articles.slug_taken` */
export async function changeCollection(tx: Tx, id: string, { titles, slug }: Change): Promise<Collection> {
  await lockCollections(tx)
  const row = await getCollection(tx, id)
  if (slug !== undefined && slug !== row.slug) await takeChosen(tx, slug, { collectionId: id })
  const after = { ...row, slug: slug ?? row.slug, titles: titles ?? row.titles }
  await updateCollection(tx, after)
  await emit(tx, { type: 'article_collection.changed', subjectId: id })
  return viewCollection(after)
}

/** Moves a collection with all in it. @throws Problem not_found; conflict `articles.too_deep`, `articles.into_itself` */
export async function placeCollection(tx: Tx, id: string, { parentId, position }: Place): Promise<Collection> {
  await lockCollections(tx)
  const all = await listCollectionRows(tx)
  const row = demand(all, id)
  if (parentId !== null) {
    const parent = demand(all, parentId)
    if (pathOf(all, parent).includes(row)) throw new Problem('conflict', 'articles.into_itself')
    if (levelOf(all, parent) + heightOf(all, row) > mostLevels) throw tooDeep()
  }
  const beside = all.filter((one) => one.parent_id === parentId && one.id !== id).map((one) => one.id)
  const order = placed(beside, id, position)
  await updateCollectionPlaces(tx, parentId, order)
  await emit(tx, { type: 'article_collection.placed', subjectId: id })
  return viewCollection({ ...row, parent_id: parentId, position: order.indexOf(id) })
}

/** @throws Problem not_found; conflict `articles.collection_not_empty` */
export async function removeCollection(tx: Tx, id: string): Promise<void> {
  await lockCollections(tx)
  await holdCollection(tx, id, 'use')
  const all = await listCollectionRows(tx)
  demand(all, id)
  if (all.some((one) => one.parent_id === id) || (await hasArticles(tx, id))) {
    throw new Problem('conflict', 'articles.collection_not_empty')
  }
  await deleteCollection(tx, id)
  await emit(tx, { type: 'article_collection.removed', subjectId: id })
}

/** @throws Problem not_found */
export async function getCollection(db: Db, id: string): Promise<CollectionRow> {
  const row = await findCollectionRow(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

/** A collection and those around it, from the first level on. */
export function pathOf(all: readonly CollectionRow[], { id }: Pick<CollectionRow, 'id'>): CollectionRow[] {
  const path: CollectionRow[] = []
  for (let at = all.find((one) => one.id === id); at; at = all.find((one) => one.id === at!.parent_id)) path.unshift(at)
  return path
}

function levelOf(all: readonly CollectionRow[], row: CollectionRow): number {
  return pathOf(all, row).length
}

/** How many levels a collection has, itself included. */
function heightOf(all: readonly CollectionRow[], { id }: CollectionRow): number {
  const below = all.filter((one) => one.parent_id === id).map((one) => heightOf(all, one))
  return 1 + Math.max(0, ...below)
}

function demand(all: readonly CollectionRow[], id: string): CollectionRow {
  const row = all.find((one) => one.id === id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

function tooDeep(): Problem {
  return new Problem('conflict', 'articles.too_deep', { most: mostLevels })
}

function viewCollection({ id, parent_id: parentId, slug, titles, position }: CollectionRow): Collection {
  return { id, parentId, slug, titles, position }
}
