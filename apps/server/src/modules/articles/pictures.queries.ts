import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type PictureRow = {
  id: string
  file_id: string
  narrow_file_id: string | null
  width: number
  height: number
}

const columns = sql`p.id, p.file_id, p.narrow_file_id, p.width, p.height`

/** By the SHA-256 of what came once, or of what was made of it. */
export async function findPictureByHash(db: Db, hash: Buffer): Promise<PictureRow | undefined> {
  const { rows } = await sql<PictureRow>`
    select ${columns} from article_pictures p where p.workspace_id = ${db.workspaceId} and p.came_hash = ${hash}
    union all
    select ${columns} from article_pictures p where p.workspace_id = ${db.workspaceId} and p.kept_hash = ${hash}
    limit 1`.execute(db.kysely)
  return rows[0]
}

/** Those of these SHA-256 by which `findPictureByHash` finds something. */
export async function listKnownHashes(db: Db, hashes: readonly Buffer[]): Promise<Buffer[]> {
  const { rows } = await sql<{ hash: Buffer }>`
    select p.came_hash as hash from article_pictures p
    where p.workspace_id = ${db.workspaceId} and p.came_hash = any(${hashes}::bytea[])
    union all
    select p.kept_hash from article_pictures p
    where p.workspace_id = ${db.workspaceId} and p.kept_hash = any(${hashes}::bytea[])`.execute(db.kysely)
  return rows.map(({ hash }) => hash)
}

export async function listPictureRows(db: Db, ids: readonly string[]): Promise<PictureRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<PictureRow>`
    select ${columns} from article_pictures p
    where p.workspace_id = ${db.workspaceId} and p.id = any(${ids}::uuid[]) order by p.id`.execute(db.kysely)
  return rows
}

export type NewPicture = Omit<PictureRow, 'id'> & { cameHash: Buffer; keptHash: Buffer }

/** @returns undefined where the same bytes came at the same time */
export async function insertPicture(tx: Tx, given: NewPicture): Promise<PictureRow | undefined> {
  const { rows } = await sql<PictureRow>`
    insert into article_pictures as p (workspace_id, id, file_id, narrow_file_id, came_hash, kept_hash, width, height,
      came_at)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${given.file_id}, ${given.narrow_file_id}, ${given.cameHash},
      ${given.keptHash}, ${given.width}, ${given.height}, ${tx.now})
    on conflict (workspace_id, came_hash) do nothing returning ${columns}`.execute(tx.kysely)
  return rows[0]
}

/** It came again: it stays as long as a new one. */
export async function updateCame(tx: Tx, id: string): Promise<void> {
  await sql`
    update article_pictures set came_at = ${tx.now}
    where workspace_id = ${tx.workspaceId} and id = ${id} and came_at < ${tx.now}`.execute(tx.kysely)
}

/** A text, and the pictures that it names. */
export type PictureUse = { articleId: string; language: Language; number: number; pictureIds: readonly string[] }

/** Writes down which pictures texts show, as far as there are such. */
export async function insertPictureUses(tx: Tx, uses: readonly PictureUse[]): Promise<void> {
  const rows = uses.flatMap(({ pictureIds, ...text }) => pictureIds.map((pictureId) => ({ ...text, pictureId })))
  if (rows.length === 0) return
  await sql`
    insert into article_picture_uses (workspace_id, picture_id, article_id, language, number)
    select p.workspace_id, p.id, g."articleId", g.language, g.number
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      g("pictureId" uuid, "articleId" uuid, language text, number integer)
    join article_pictures p on p.workspace_id = ${tx.workspaceId} and p.id = g."pictureId"
    on conflict do nothing`.execute(tx.kysely)
}

/** The draft shows no other pictures any more than these. */
export async function deleteDraftUses(
  tx: Tx,
  { articleId, language, pictureIds }: Omit<PictureUse, 'number'>,
): Promise<void> {
  await sql`
    delete from article_picture_uses where workspace_id = ${tx.workspaceId} and article_id = ${articleId}
      and language = ${language} and number = 0 and not picture_id = any(${pictureIds}::uuid[])`.execute(tx.kysely)
}

/** Forgets pictures from before a moment that no text shows. @returns the files of each */
export async function deleteUnusedPictures(tx: Tx, before: Date, most: number): Promise<string[][]> {
  const { rows } = await sql<Pick<PictureRow, 'file_id' | 'narrow_file_id'>>`
    delete from article_pictures where workspace_id = ${tx.workspaceId} and id in (
      select p.id from article_pictures p where p.workspace_id = ${tx.workspaceId} and p.came_at < ${before}
        and not exists (select from article_picture_uses u where u.workspace_id = p.workspace_id and u.picture_id = p.id)
      order by p.came_at limit ${most} for update skip locked)
    returning file_id, narrow_file_id`.execute(tx.kysely)
  return rows.map((row) => [row.file_id, row.narrow_file_id].filter((one) => one !== null))
}
