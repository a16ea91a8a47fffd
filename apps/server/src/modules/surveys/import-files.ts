import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { chown, mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openTable, TableProblem, type Table } from '@lahko/tables'
import { Problem } from '#platform/problem.ts'
import type { Said } from './import-rows.ts'

/** Where the files of imports lie: `imports/<workspace>/<import>` in the data folder, named by ids alone. */
export type Shelf = { folder: string; workspaceId: string }

/** The largest file that is taken, in bytes. */
export const mostBytes = 2 ** 30

/** What the files of one workspace may be together. */
const mostKept = { files: 200, bytes: 10 * 2 ** 30 }

/** After how many bytes of a file it is looked again how much room the others that come meanwhile have left. */
const lookEach = 64 * 2 ** 20

function pathOf({ folder, workspaceId }: Shelf, importId: string): string {
  return join(folder, 'imports', workspaceId, importId)
}

/**
 * Streams an upload into its file; when anything goes wrong, nothing of it stays.
 * @returns its size and SHA-256
 * @throws Problem too_large, conflict `importing.shelf_full`, invalid `importing.upload_broken`,
 *   unavailable `importing.disk_full`
 */
export async function keepUpload(
  shelf: Shelf,
  importId: string,
  body: Readable,
): Promise<{ bytes: number; hash: string }> {
  await refuseWhenFull(shelf)
  const hash = createHash('sha256')
  let [bytes, most, lookedAt] = [0, await roomOn(shelf), 0]
  const measure = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > mostBytes) throw tooLarge()
      if (bytes - lookedAt >= lookEach) [most, lookedAt] = [bytes + (await roomOn(shelf)), bytes]
      if (bytes > most) throw shelfFull()
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    // Opened before anything can break off, else the file would come to be after it was removed.
    const file = await openFresh(shelf, importId)
    await pipeline(body, measure, file.createWriteStream())
    return { bytes, hash: hash.digest('hex') }
  } catch (error) {
    await removeFile(shelf, importId).catch(() => undefined)
    throw explained(error)
  }
}

/** Folders and file belong to whom the data folder belongs to, also when root makes them beside a server of another. */
async function openFresh(shelf: Shelf, importId: string): Promise<FileHandle> {
  const path = pathOf(shelf, importId)
  const folders = [dirname(dirname(path)), dirname(path)]
  await mkdir(folders[1]!, { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx', 0o600)
  if (process.getuid?.() === 0) {
    const { uid, gid } = await stat(shelf.folder)
    for (const one of [...folders, path]) await chown(one, uid, gid)
  }
  return file
}

/** @throws Problem conflict `importing.shelf_full` */
async function refuseWhenFull(shelf: Shelf): Promise<void> {
  if ((await listFiles(shelf)).length >= mostKept.files || (await roomOn(shelf)) <= 0) throw shelfFull()
}

/** How many bytes more may lie there; below nothing when several came at once. */
async function roomOn(shelf: Shelf): Promise<number> {
  return mostKept.bytes - (await listFiles(shelf)).reduce((sum, { bytes }) => sum + bytes, 0)
}

function shelfFull(): Problem {
  return new Problem('conflict', 'importing.shelf_full', {
    files: mostKept.files,
    gigabytes: mostKept.bytes / 2 ** 30,
  })
}

export function tooLarge(): Problem {
  return new Problem('too_large', 'importing.too_large', { gigabytes: mostBytes / 2 ** 30 })
}

function explained(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('unavailable', 'importing.disk_full')
  if (!/^(ERR_STREAM_PREMATURE_CLOSE|ECONNRESET|EPIPE|ABORT_ERR|HPE_)/.test(code)) return error
  return new Problem('invalid', 'importing.upload_broken', {}, [{ field: '/body', code: 'importing.upload_broken' }])
}

export function hasFile(shelf: Shelf, importId: string): boolean {
  return existsSync(pathOf(shelf, importId))
}

export async function removeFile(shelf: Shelf, importId: string): Promise<void> {
  await rm(pathOf(shelf, importId), { force: true })
}

/**
 * Opens the file of an import. `part` tells how much of it has been read, from 0 to 1.
 * @throws TableProblem; ENOENT when the file is gone
 */
export async function openImport(shelf: Shelf, importId: string): Promise<{ table: Table; part(): number }> {
  const path = pathOf(shelf, importId)
  const { size } = await stat(path)
  let read = 0
  const counted = async function* () {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      read += chunk.length
      yield chunk
    }
  }
  return { table: await openTable(counted()), part: () => Math.min(1, read / Math.max(1, size)) }
}

/** What keeps a file from being read as a table, if `error` says that. */
export function tableProblem(error: unknown): Said | undefined {
  if (error instanceof TableProblem) {
    const code = `importing.file_${error.code.replaceAll('-', '_')}`
    return { code, args: { line: error.line ?? 0 } }
  }
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { code: 'importing.file_gone' } : undefined
}

/** The workspaces that have had files. */
export async function listShelves(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'imports')).catch(() => [])).filter(isId)
}

/** The files of a workspace, with the moment they were written. */
export async function listFiles({ folder, workspaceId }: Shelf): Promise<{ id: string; at: Date; bytes: number }[]> {
  const shelf = join(folder, 'imports', workspaceId)
  const ids = (await readdir(shelf).catch(() => [])).filter(isId)
  // One may go while the others are looked at.
  const found = ids.map(async (id) => {
    const file = await stat(join(shelf, id)).catch(() => undefined)
    return file ? [{ id, at: file.mtime, bytes: file.size }] : []
  })
  return (await Promise.all(found)).flat()
}

function isId(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)
}
