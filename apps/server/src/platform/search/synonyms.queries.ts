import { sql } from 'kysely'
import type { Db, Tx } from '../store.ts'
import type { SynonymGroup } from './synonyms.ts'

type Written = SynonymGroup & { stems: readonly string[] }

export async function insertSynonyms(tx: Tx, group: Written): Promise<void> {
  await sql`
    insert into search_synonyms (workspace_id, id, language, words, stems, created_at)
    values (${tx.workspaceId}, ${group.id}, ${group.language}, ${group.words}::text[], ${[...group.stems]}::text[],
      ${tx.now})`.execute(tx.kysely)
}

export async function updateSynonyms(tx: Tx, { id, words, stems }: Written): Promise<void> {
  await sql`
    update search_synonyms set words = ${words}::text[], stems = ${[...stems]}::text[]
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
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

export async function findSynonymGroup(db: Db, id: string): Promise<SynonymGroup | undefined> {
  const { rows } = await sql<SynonymGroup>`
    select id, language, words from search_synonyms
    where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

export async function listSynonymGroups(
  db: Db,
  { language, after, limit }: { language: string; after?: string; limit: number },
): Promise<SynonymGroup[]> {
  const { rows } = await sql<SynonymGroup>`
    select id, language, words from search_synonyms
    where workspace_id = ${db.workspaceId} and language = ${language}
      ${after === undefined ? sql`` : sql`and id > ${after}`}
    order by id limit ${limit}`.execute(db.kysely)
  return rows
}

/**
 * The stems of those groups of a language that have one of some phrases. A workspace has at most a thousand groups.
 * @param without a group that is taken for removed
 */
export async function listMeanings(
  db: Db,
  language: string,
  phrases: readonly string[],
  without: string | undefined,
): Promise<string[][]> {
  const { rows } = await sql<{ stems: string[] }>`
    select stems from search_synonyms s
    where s.workspace_id = ${db.workspaceId} and s.language = ${language}
      and exists (select from unnest(s.stems) stem where stem = any (${[...phrases]}::text[]))
      ${without === undefined ? sql`` : sql`and s.id <> ${without}`}
    order by id`.execute(db.kysely)
  return rows.map(({ stems }) => stems)
}
