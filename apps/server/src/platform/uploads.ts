import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { chown, mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openTable, TableProblem, type RowProblem, type Table, type TableShape, type TextRecord } from '@lahko/tables'
import { text, type Language } from '@lahko/contract/values'
import { invalidField, Problem } from './problem.ts'
import { words } from './words.ts'

/** Something to say, to be put into words in the language of whoever reads it. */
export type Said = { code: string; args?: Record<string, unknown> }

/** A row that is not taken in. `line` is 1-based, `value` the cell that is to blame. */
export type RefusedRow = { line: number; value: string } & Said

/** How many refused rows are shown. */
export const mostShown = 100

/**
 * Where the files of imports lie: `imports/<workspace>/<import>` in the data folder, named by ids alone; `of` is
 * another folder beside that one.
 */
export type Shelf = { folder: string; workspaceId: string; of?: string }

/** The largest file that is taken where nothing else is said, in bytes. */
export const mostBytes = 2 ** 30

/** What the files of one workspace may be together. */
const mostKept = { files: 200, bytes: 10 * 2 ** 30 }

/** After how many bytes of a file it is looked again how much room the others that come meanwhile have left. */
const lookEach = 64 * 2 ** 20

const folderOf = ({ folder, workspaceId, of = 'imports' }: Shelf) => join(folder, of, workspaceId)

function pathOf(shelf: Shelf, importId: string): string {
  return join(folderOf(shelf), importId)
}

/**
 * Streams an upload into its file; when anything goes wrong, nothing of it stays.
 * @returns its size and SHA-256
 * @throws Problem too_large, conflict `uploads.shelf_full`, invalid `uploads.upload_broken`,
 *   unavailable `uploads.disk_full`
 */
export async function keepUpload(
  shelf: Shelf,
  importId: string,
  body: Readable,
  mostOfOne = mostBytes,
): Promise<{ bytes: number; hash: string }> {
  await refuseWhenFull(shelf)
  const hash = createHash('sha256')
  let [bytes, most, lookedAt] = [0, await roomOn(shelf), 0]
  const measure = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > mostOfOne) throw tooLarge(mostOfOne)
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

/**
 * Reads an upload to its end, where all of it is needed at once.
 * @param code of the sentence for what is too large
 * @throws Problem too_large with that code; invalid `files.empty`, both at the body
 */
export async function readUpload(
  body: Readable | null | undefined,
  { most, code = 'files.too_large' }: { most: number; code?: string },
): Promise<Buffer> {
  const chunks: Buffer[] = []
  const args = { megabytes: most / 2 ** 20 }
  let size = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw new Problem('too_large', code, args, [{ field: '/body', code, args }])
    chunks.push(chunk)
  }
  if (size === 0) throw invalidField('/body', 'files.empty')
  return Buffer.concat(chunks)
}

/** @throws Problem conflict `uploads.shelf_full` */
async function refuseWhenFull(shelf: Shelf): Promise<void> {
  if ((await listFiles(shelf)).length >= mostKept.files || (await roomOn(shelf)) <= 0) throw shelfFull()
}

/** How many bytes more may lie there; below nothing when several came at once. */
async function roomOn(shelf: Shelf): Promise<number> {
  return mostKept.bytes - (await listFiles(shelf)).reduce((sum, { bytes }) => sum + bytes, 0)
}

function shelfFull(): Problem {
  return new Problem('conflict', 'uploads.shelf_full', {
    files: mostKept.files,
    gigabytes: mostKept.bytes / 2 ** 30,
  })
}

export function tooLarge(most = mostBytes): Problem {
  return new Problem('too_large', 'uploads.too_large', { megabytes: most / 2 ** 20 })
}

function explained(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('unavailable', 'uploads.disk_full')
  if (!/^(ERR_STREAM_PREMATURE_CLOSE|ECONNRESET|EPIPE|ABORT_ERR|HPE_)/.test(code)) return error
  return new Problem('invalid', 'uploads.upload_broken', {}, [{ field: '/body', code: 'uploads.upload_broken' }])
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
    const code = `uploads.file_${error.code.replaceAll('-', '_')}`
    return { code, args: { line: error.line ?? 0 } }
  }
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { code: 'uploads.file_gone' } : undefined
}

const shownRows = 5
const longestShown = 200

/** The columns that an import can name: others hold what no database keeps, or nobody could write. */
export function usableColumns(columns: readonly string[]): string[] {
  const name = text(200, 1)
  return columns.filter((column) => name.safeParse(column).data === column).slice(0, 500)
}

/** What the first bytes of a kept file tell. @throws Problem invalid when it is no table or has no rows */
export async function shapeOf(shelf: Shelf, importId: string): Promise<TableShape> {
  try {
    const { table } = await openImport(shelf, importId)
    await table.close()
    if (table.shape.sample.length === 0) throw unusable('uploads.no_rows')
    return { ...table.shape, columns: usableColumns(table.shape.columns) }
  } catch (error) {
    const problem = tableProblem(error)
    throw problem ? unusable(problem.code, problem.args) : error
  }
}

/** Why a file is not taken. */
export function unusable(code: string, args: Record<string, unknown> = {}): Problem {
  return new Problem('invalid', code, args, [{ field: '/body', code, args }])
}

/** The first rows as they are shown: short, and without what no database keeps. */
export function shownSample(sample: readonly TextRecord[]): Record<string, string>[] {
  return sample.slice(0, shownRows).map((record) => {
    const cells = Object.entries(record).filter(([column]) => usableColumns([column]).length > 0)
    return Object.fromEntries(
      cells.map(([column, value]) => [column, value.slice(0, longestShown).replaceAll('\u0000', ' ').toWellFormed()]),
    )
  })
}

/** What keeps a row from being read. */
export function rowProblem(problem: RowProblem): string {
  return problem === 'not-json' ? 'uploads.row_not_json' : 'uploads.row_too_many_cells'
}

/** The workspaces that have had files. */
export async function listShelves(folder: string, of = 'imports'): Promise<string[]> {
  return (await readdir(join(folder, of)).catch(() => [])).filter(isId)
}

/** The files of a workspace, with the moment they were written. */
export async function listFiles(shelf: Shelf): Promise<{ id: string; at: Date; bytes: number }[]> {
  const folder = folderOf(shelf)
  const ids = (await readdir(folder).catch(() => [])).filter(isId)
  // One may go while the others are looked at.
  const found = ids.map(async (id) => {
    const file = await stat(join(folder, id)).catch(() => undefined)
    return file ? [{ id, at: file.mtime, bytes: file.size }] : []
  })
  return (await Promise.all(found)).flat()
}

function isId(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)
}

/** A sentence for what was said; codes are those of problems. */
export function sentenceFor(language: Language, { code, args }: Said): string {
  return words(language, code.replace('.', '.problem.'), args)
}

/** The first refused rows, never more than are shown. */
export function addRefused(known: readonly RefusedRow[], more: readonly RefusedRow[]): RefusedRow[] {
  return known.length >= mostShown ? [...known] : [...known, ...more].slice(0, mostShown)
}

const unclean = /[\p{Cc}\p{Cs}]/u

/** A cell of an old file without the control characters and halves of characters that nothing here may hold. */
export function cleanCell(value: string): string {
  const text = value.trim()
  return unclean.test(text)
    ? text
        .toWellFormed()
        .replace(/[^\P{Cc}\t\n\r]/gu, ' ')
        .trim()
    : text
}
