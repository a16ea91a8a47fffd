import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import type { Db } from '#platform/store.ts'

export type Title = { id: string; language: Language; title: string }

/** What articles are called, each in the best of the languages; those that are gone are left out. */
export async function listTitles(
  db: Db,
  ids: readonly string[],
  wanted: readonly string[],
): Promise<Map<string, Title>> {
  const { rows } = await sql<Title>`
    select a.id, t.language, t.title from unnest(${[...new Set(ids)]}::uuid[]) a(id) cross join lateral (
      select language, title from article_translations
      where workspace_id = ${db.workspaceId} and article_id = a.id
      order by array_position(${wanted}::text[], language) limit 1) t`.execute(db.kysely)
  return new Map(rows.map((row) => [row.id, row]))
}
