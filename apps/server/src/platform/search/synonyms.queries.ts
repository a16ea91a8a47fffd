import { sql } from 'kysely'
import type { Db, Tx } from '../store.ts'
import type { SynonymGroup } from './synonyms.ts'

export async function insertSynonyms(tx: Tx, group: SynonymGroup & { stems: readonly string[] }): Promise<void> {
  await sql`
    insert into search_synonyms (workspace_id, id, language, words, stems, created_at)
    values (${tx.workspaceId}, ${group.id}, ${group.language}, ${group.words}::text[], ${[...group.stems]}::text[],
      ${tx.now})`.execute(tx.kysely)
}

export async function deleteSynonyms(tx: Tx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from search_synonyms where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
  return numAffectedRows === 1n
}

export async function countSynonyms(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from search_synonyms where workspace_id = ${db.workspaceId}`.execute(db.kysely)
  return rows[0]!.count
}

export async function listSynonymGroups(db: Db, page: { after?: string; limit: number }): Promise<SynonymGroup[]> {
  const after = page.after === undefined ? sql`` : sql`and id > ${page.after}`
  const { rows } = await sql<SynonymGroup>`
    select id, language, words from search_synonyms where workspace_id = ${db.workspaceId} ${after}
    order by id limit ${page.limit}`.execute(db.kysely)
  return rows
}

/** The stems of those groups of a language that have one of some phrases. A workspace has at most a thousand groups. */
export async function listMeanings(db: Db, language: string, phrases: readonly string[]): Promise<string[][]> {
  const { rows } = await sql<{ stems: string[] }>`
    select stems from search_synonyms s
    where s.workspace_id = ${db.workspaceId} and s.language = ${language}
      and exists (select from unnest(s.stems) stem where stem = any (${[...phrases]}::text[]))
    order by id`.execute(db.kysely)
  return rows.map(({ stems }) => stems)
}
