import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openTable, TableProblem, type Table } from '@lahko/tables'
import { Problem } from '#platform/problem.ts'
import type { Said } from './import-rows.ts'

/** Where the files of imports lie: `imports/<workspace>/<import>` in the data folder, named by ids alone. */
export type Shelf = { folder: string; workspaceId: string }

/** The largest file that is taken, in bytes. */
export const mostBytes = 2 ** 30

function pathOf({ folder, workspaceId }: Shelf, importId: string): string {
  return join(folder, 'imports', workspaceId, importId)
}

/**
 * Streams an upload into its file; when anything goes wrong, nothing of it stays.
 * @returns its size and SHA-256
 * @throws Problem too_large, invalid `importing.upload_broken`, unavailable `importing.disk_full`
 */
export async function keepUpload(
  shelf: Shelf,
  importId: string,
  body: Readable,
): Promise<{ bytes: number; hash: string }> {
  const path = pathOf(shelf, importId)
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let bytes = 0
  const measure = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > mostBytes) throw tooLarge()
      hash.update(chunk)
      yield chunk
    }
  }
  // Opened before anything can break off, else the file would come to be after it was removed.
  const file = await open(path, 'wx', 0o600)
  try {
    await pipeline(body, measure, file.createWriteStream())
    return { bytes, hash: hash.digest('hex') }
  } catch (error) {
    await rm(path, { force: true })
    throw explained(error)
  }
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

/** The workspaces that have had files, and the files that each has, with the moment they were written. */
export async function listFiles(folder: string): Promise<{ workspaceId: string; files: { id: string; at: Date }[] }[]> {
  const root = join(folder, 'imports')
  const workspaces = await readdir(root).catch(() => [])
  return Promise.all(
    workspaces.filter(isId).map(async (workspaceId) => {
      const names = (await readdir(join(root, workspaceId))).filter(isId)
      const files = names.map(async (id) => ({ id, at: (await stat(join(root, workspaceId, id))).mtime }))
      return { workspaceId, files: await Promise.all(files) }
    }),
  )
}

function isId(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)
}
