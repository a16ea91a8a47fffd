import { createHash } from 'node:crypto'
import type { ArticlePicture } from '@lahko/contract/articles'
import type { Language } from '@lahko/contract/values'
import { deleteFiles, insertFile } from '#platform/files.queries.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { ShownPicture } from '#platform/markdown.ts'
import { encodePicture, narrowWidth, type EncodedPicture } from '#platform/pictures.ts'
import type { Db, Scope, Store, Tx } from '#platform/store.ts'
import {
  deleteDraftUses,
  deleteUnusedPictures,
  findPictureByHash,
  insertPicture,
  insertPictureUses,
  listKnownHashes,
  listPictureRows,
  updateCame,
  type PictureRow,
} from './pictures.queries.ts'

const keptUnusedMs = 7 * 86_400_000
const forgottenAtOnce = 100
const address = /\/help\/pictures\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.webp/g

/** Pictures that a text may show, by their addresses. */
export type Pictures = ReadonlyMap<string, ShownPicture>

/** Draws a picture anew; `encodePicture` or one that remembers what that made. */
export type Encode = (content: Buffer) => Promise<EncodedPicture>

/**
 * Keeps a picture for texts to show; the same bytes again are the same picture.
 * @param encode called where it is not there yet
 * @throws Problem as `encode` does
 */
export async function keepPicture(tx: Tx, content: Buffer, encode: Encode): Promise<ArticlePicture> {
  const cameHash = hashOf(content)
  const known = await findPictureByHash(tx, cameHash)
  if (known) {
    await updateCame(tx, known.id)
    return viewPicture(known)
  }
  const { content: kept, narrow, ...size } = await encode(content)
  const fileId = await keepFile(tx, kept)
  const narrowFileId = narrow ? await keepFile(tx, narrow) : null
  const files = { file_id: fileId, narrow_file_id: narrowFileId }
  const made = await insertPicture(tx, { ...size, ...files, cameHash, keptHash: hashOf(kept) })
  if (made) return viewPicture(made)
  await deleteFiles(tx, [fileId, ...(narrowFileId ? [narrowFileId] : [])])
  return viewPicture((await findPictureByHash(tx, cameHash))!)
}

async function keepFile(tx: Tx, content: Buffer): Promise<string> {
  const { id } = await insertFile(tx, {
    ...{ name: 'picture.webp', mediaType: 'image/webp', content, uploadedBy: null },
  })
  return id
}

/** Draws those of these pictures that are not there yet, so that nobody's transaction waits for it. */
export async function drawUnknown(store: Store, scope: Scope, contents: readonly Buffer[]): Promise<Encode> {
  const known = await store.read(scope, (db) => listKnownHashes(db, contents.map(hashOf)))
  const isKnown = new Set(known.map((hash) => hash.toString('hex')))
  const drawn = new Map<Buffer, Promise<EncodedPicture>>()
  for (const content of contents) {
    if (isKnown.has(hashOf(content).toString('hex'))) continue
    const picture = encodePicture(content)
    drawn.set(content, picture)
    // Why it cannot be is said where it would be kept.
    await picture.catch(() => undefined)
  }
  return (content) => drawn.get(content) ?? encodePicture(content)
}

/** Where a picture is, for good: its bytes never change. */
export function pictureAddress(id: string): string {
  return `/help/pictures/${id}.webp`
}

/** The pictures that a text names, each once. Pure. */
export function pictureIdsIn(body: string): string[] {
  return [...new Set([...body.matchAll(address)].map(([, id]) => id!))]
}

/** The pictures that these texts name, as far as there are such. */
export async function picturesIn(db: Db, bodies: readonly string[]): Promise<Pictures> {
  const rows = await listPictureRows(db, [...new Set(bodies.flatMap(pictureIdsIn))])
  return new Map(rows.map((row) => [pictureAddress(row.id), shownPicture(row)] as const))
}

function shownPicture({ id, width, height, narrow_file_id: narrow }: PictureRow): ShownPicture {
  const other = narrow === null ? {} : { narrow: { src: `/help/pictures/${id}.narrow.webp`, width: narrowWidth } }
  return { src: pictureAddress(id), width, height, ...other }
}

/** Texts of articles, drafts as number 0. */
export type Text = { articleId: string; language: Language; number: number; body: string }

/** Writes down which pictures texts show: by that readers see them, and they are kept. */
export async function notePictures(tx: Tx, texts: readonly Text[]): Promise<void> {
  const uses = texts.map(({ body, ...text }) => ({ ...text, pictureIds: pictureIdsIn(body) }))
  await insertPictureUses(tx, uses)
}

/** The same of a draft that was there before. */
export async function notePicturesOfDraft(tx: Tx, text: Omit<Text, 'number'>): Promise<void> {
  await deleteDraftUses(tx, { ...text, pictureIds: pictureIdsIn(text.body) })
  await notePictures(tx, [{ ...text, number: 0 }])
}

/** Forgets pictures that no draft and no version shows. */
export function forgetPicturesTask({ store }: House): Task {
  return {
    name: 'forget_unused_pictures',
    daily: true,
    async run(scope, _, stopping) {
      const forget = () =>
        store.write(scope, async (tx) => {
          const files = await deleteUnusedPictures(tx, new Date(tx.now.getTime() - keptUnusedMs), forgottenAtOnce)
          await deleteFiles(tx, files.flat())
          return files.length
        })
      while (!stopping.aborted && (await forget()) === forgottenAtOnce) continue
    },
  }
}

function viewPicture({ id, width, height }: PictureRow): ArticlePicture {
  return { id, address: pictureAddress(id), width, height }
}

function hashOf(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest()
}
