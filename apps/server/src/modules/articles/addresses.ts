import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { takeAddress } from './addresses.queries.ts'

const mostTries = 50
// What stands below /help besides articles and collections.
const reserved = new Set(['search', 'new', 'en', 'sl', 'nb'])

/** Whether a page of Lahko's own has this name. */
export function isReserved(slug: string): boolean {
  return reserved.has(slug)
}

/** A name for addresses out of a title: `Vračilo čevljev` is `vracilo-cevljev`. */
export function slugOf(title: string): string {
  const plain = title.toLowerCase().replaceAll('ø', 'o').replaceAll('æ', 'ae').replaceAll('đ', 'd')
  const ascii = plain
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
  const short = ascii
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return short.length < 2 || reserved.has(short) ? `help-${short}`.replace(/-$/, '') : short
}

type To = { articleId: string } | { collectionId: string }

/** Takes the address that somebody chose. @throws Problem invalid `articles.slug_taken`, `articles.slug_reserved` */
export async function takeChosen(tx: Tx, slug: string, to: To): Promise<void> {
  if (reserved.has(slug)) throw invalidField('/body/slug', 'articles.slug_reserved')
  if (!(await takeAddress(tx, slug, to))) throw invalidField('/body/slug', 'articles.slug_taken')
}

/** Takes an address like the wanted one that is free. @throws Problem conflict after fifty that are not */
export async function takeAlike(tx: Tx, wanted: string, to: To): Promise<string> {
  for (let count = 1; count <= mostTries; count++) {
    const slug = count === 1 ? wanted : `${wanted.slice(0, 37).replace(/-+$/, '')}-${count}`
    if (await takeAddress(tx, slug, to)) return slug
  }
  throw new Problem('conflict', 'articles.no_address_left')
}
