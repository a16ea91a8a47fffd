import { getWorkspace } from '#accounts'
import { languages, type Translated } from '@lahko/contract/values'
import type { Tx } from '#platform/store.ts'
import { listAddressees } from './addresses.queries.ts'
import type { FolderFile } from './article-files.ts'
import { listArticlesIn, lockOrder, updateArticlePlaces } from './articles.queries.ts'
import { changeCollection, createCollection } from './collections.ts'
import { listCollectionRows, updateCollectionPlaces, type CollectionRow } from './collections.queries.ts'

/**
 * A collection for each of these folders and those around them, by their paths.
 * @param names what folders were called before they became names in addresses
 */
export async function ensureCollections(
  tx: Tx,
  paths: readonly (readonly string[])[],
  { folders, names }: { folders: ReadonlyMap<string, FolderFile>; names: ReadonlyMap<string, string> },
): Promise<Map<string, CollectionRow>> {
  const all = new Set(paths.flatMap((names) => names.map((_, at) => names.slice(0, at + 1).join('/'))))
  const known = await listCollectionRows(tx)
  const found = new Map<string, CollectionRow>()
  for (const path of [...all].toSorted()) {
    const around = path.split('/')
    const name = around.pop()!
    const parent = found.get(around.join('/'))
    const title = names.get(path) ?? titleOf(name)
    found.set(path, await ensureCollection(tx, known, { name, title, parent, titles: folders.get(path)?.titles }))
  }
  return found
}

/** What the folder of a collection is called. */
export function folderName({ folder, slug }: CollectionRow): string {
  return folder ?? slug
}

type Folder = { name: string; title: string; parent?: CollectionRow; titles?: Translated }

async function ensureCollection(
  tx: Tx,
  all: readonly CollectionRow[],
  { name, title, parent, titles }: Folder,
): Promise<CollectionRow> {
  const parentId = parent?.id ?? null
  const known = all.find((one) => one.parent_id === parentId && folderName(one) === name)
  if (known) {
    const same = !titles || languages.every((language) => titles[language] === known.titles[language])
    if (!same) await changeCollection(tx, known.id, { titles })
    return { ...known, titles: titles ?? known.titles }
  }
  const given = titles ?? { [(await getWorkspace(tx)).language]: title }
  // Two folders of one name have two addresses.
  const isFree = !(await listAddressees(tx, [name])).has(name)
  const called = isFree ? { slug: name } : { folder: name }
  const made = await createCollection(tx, { titles: given, parentId, ...called })
  return { ...made, parent_id: parentId, folder: isFree ? null : name }
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** As the folders say; what they do not name comes after it. */
export async function putInOrder(
  tx: Tx,
  collections: ReadonlyMap<string, CollectionRow>,
  folders: ReadonlyMap<string, FolderFile>,
): Promise<void> {
  const all = await listCollectionRows(tx)
  for (const [path, { order }] of folders) {
    const parent = collections.get(path)
    if (!order || (path !== '' && !parent)) continue
    const beside = all.filter((one) => one.parent_id === (parent?.id ?? null))
    const named = beside.map((one) => ({ id: one.id, name: folderName(one) }))
    await updateCollectionPlaces(tx, parent?.id ?? null, sortedBy(order, named))
    if (!parent) continue
    await lockOrder(tx, parent.id)
    const articles = await listArticlesIn(tx, parent.id, { limit: 10_000 })
    await updateArticlePlaces(
      tx,
      parent.id,
      sortedBy(
        order,
        articles.map(({ id, slug: name }) => ({ id, name })),
      ),
    )
  }
}

function sortedBy(order: readonly string[], things: readonly { id: string; name: string }[]): string[] {
  const places = new Map(order.map((name, at) => [name, at]))
  const place = ({ name }: { name: string }) => places.get(name) ?? order.length
  return things.toSorted((a, b) => place(a) - place(b)).map(({ id }) => id)
}
