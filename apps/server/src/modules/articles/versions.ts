import type { Language } from '@lahko/contract/values'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { viewTranslation } from './articles.view.ts'
import { findVersion, listVersionRows, type VersionLineRow } from './versions.queries.ts'

/** What was published, the newest first. @throws Problem not_found; invalid `articles.bad_page` */
export async function listVersions(
  db: Db,
  id: string,
  language: Language,
  { after, limit }: { after?: string; limit: number },
) {
  await viewTranslation(db, id, language)
  if (after !== undefined && !/^[1-9]\d{0,8}$/.test(after)) throw invalidField('/query/after', 'articles.bad_page')
  const before = after === undefined ? undefined : Number(after)
  const rows = await listVersionRows(db, id, language, { before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return { items: shown.map(viewVersion), next: rows.length > limit ? String(shown.at(-1)!.number) : null }
}

/** One version as it was published. @throws Problem not_found */
export async function getVersion(db: Db, id: string, language: Language, number: number) {
  const row = await findVersion(db, id, language, number)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return { ...viewVersion(row), summary: row.summary, keywords: row.keywords, body: row.body }
}

function viewVersion({ number, title, published_at: at, published_by: by }: VersionLineRow) {
  return { number, title, at: at.toISOString(), by }
}
