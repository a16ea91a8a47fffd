import type { Article, Collection, Language, Translated } from '@lahko/contract'

/** A collection with what is shown of it. `count`: how many articles it has itself. */
export type Branch = { collection: Collection; level: number; articles: Article[]; count: number; branches: Branch[] }

type Placed = { id: string; position: number }

/**
 * Collections and articles as readers find them, each level in its order. Pure.
 * @param counts how many a collection has, where not all of them are shown
 */
export function treeOf(
  collections: readonly Collection[],
  articles: readonly Article[],
  counts: ReadonlyMap<string, number> = new Map(),
): Branch[] {
  const below = Map.groupBy(collections, ({ parentId }) => parentId)
  const within = Map.groupBy(articles, ({ collectionId }) => collectionId)
  const branchesOf = (parentId: string | null, level: number): Branch[] =>
    (below.get(parentId) ?? []).toSorted(byPlace).map((collection) => {
      const own = (within.get(collection.id) ?? []).toSorted(byPlace)
      const count = Math.max(own.length, counts.get(collection.id) ?? 0)
      return { collection, level, articles: own, count, branches: branchesOf(collection.id, level + 1) }
    })
  return branchesOf(null, 1)
}

/** All branches, each before what is in it. Pure. */
export function flat(branches: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => [branch, ...flat(branch.branches)])
}

/** Only branches that hold something, however deep. Pure. */
export function filled(branches: readonly Branch[]): Branch[] {
  return branches
    .map((branch) => ({ ...branch, branches: filled(branch.branches) }))
    .filter(({ articles, branches: inner }) => articles.length > 0 || inner.length > 0)
}

/** How many articles a branch holds, however deep. Pure. */
export function countIn({ count, branches }: Branch): number {
  return branches.reduce((sum, branch) => sum + countIn(branch), count)
}

/** Articles after one is put at a place of a collection. Pure. */
export function withArticleAt(
  articles: readonly Article[],
  id: string,
  { collectionId, position }: { collectionId: string; position: number },
): Article[] {
  const moved = articles.find((one) => one.id === id)
  if (!moved) return [...articles]
  const beside = articles.filter((one) => one.collectionId === collectionId && one.id !== id).toSorted(byPlace)
  const places = placesOf(beside, id, position)
  return articles.map((one) => {
    const own = one.id === id ? { ...one, collectionId } : one
    return own.collectionId === collectionId ? { ...own, position: places.get(own.id) ?? own.position } : own
  })
}

/** Collections after one is put at a place under another. Pure. */
export function withCollectionAt(
  collections: readonly Collection[],
  id: string,
  { parentId, position }: { parentId: string | null; position: number },
): Collection[] {
  const beside = collections.filter((one) => one.parentId === parentId && one.id !== id).toSorted(byPlace)
  const places = placesOf(beside, id, position)
  return collections.map((one) => {
    const own = one.id === id ? { ...one, parentId } : one
    return own.parentId === parentId ? { ...own, position: places.get(own.id) ?? own.position } : own
  })
}

export type ArticlePlace = { collectionId: string; position: number }

/** Where an article goes by one step: past the end of its collection it goes on in the next one. Pure. */
export function articleStep(
  tree: readonly Branch[],
  { id, collectionId }: Article,
  by: 1 | -1,
): ArticlePlace | undefined {
  const branches = flat(tree)
  const at = branches.findIndex(({ collection }) => collection.id === collectionId)
  const own = branches[at]
  if (!own) return undefined
  const next = own.articles.findIndex((one) => one.id === id) + by
  if (next >= 0 && next < own.count) return { collectionId, position: next }
  const other = branches[at + by]
  return other && { collectionId: other.collection.id, position: by > 0 ? 0 : other.count }
}

export type CollectionPlace = { parentId: string | null; position: number }
export type Direction = 'up' | 'down' | 'in' | 'out'

/** Where a collection goes by one step; `in` is into the one before it, `out` is after the one that it is in. Pure. */
export function collectionStep(
  collections: readonly Collection[],
  { id, parentId }: Collection,
  direction: Direction,
): CollectionPlace | undefined {
  const beside = collections.filter((one) => one.parentId === parentId).toSorted(byPlace)
  const at = beside.findIndex((one) => one.id === id)
  if (direction === 'up') return at > 0 ? { parentId, position: at - 1 } : undefined
  if (direction === 'down') return at < beside.length - 1 ? { parentId, position: at + 1 } : undefined
  if (direction === 'in') {
    const into = beside[at - 1]
    return into && { parentId: into.id, position: collections.filter((one) => one.parentId === into.id).length }
  }
  const parent = collections.find((one) => one.id === parentId)
  return parent && { parentId: parent.parentId, position: parent.position + 1 }
}

/** A title in the reader's language, else in another that there is. Pure. */
export function titleIn(titles: Translated, language: Language): string {
  return titles[language] || titles.en || titles.sl || titles.nb || ''
}

/** A collection with those that it is in: `Orders / Paying`. Pure. */
export function pathTitle(collections: readonly Collection[], id: string, language: Language): string {
  const parts: string[] = []
  for (let at = collections.find((one) => one.id === id); at;) {
    parts.unshift(titleIn(at.titles, language))
    const { parentId } = at
    at = collections.find((one) => one.id === parentId)
  }
  return parts.join(' / ')
}

function placesOf(beside: readonly Placed[], id: string, position: number): Map<string, number> {
  const ids = beside.map((one) => one.id)
  return new Map([...ids.slice(0, position), id, ...ids.slice(position)].map((one, place) => [one, place]))
}

function byPlace(one: Placed, other: Placed): number {
  return one.position - other.position || one.id.localeCompare(other.id)
}
