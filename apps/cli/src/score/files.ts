import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { openTable, TableProblem, type Table, type TableSource } from '@lahko/tables'
import { CommandError } from '../command-error.ts'
import type { Progress } from './progress.ts'

/** A file of answers, or standard input, not opened yet. */
export interface AnswerFile {
  /** As it was named on the command line; `-` is called *standard input*. */
  name: string
  /** In bytes; `null` where nobody knows. */
  size: number | null
  open: () => TableSource
}

const chunkBytes = 128 * 1024

/** Looks at every file before any is read. Throws a `CommandError` for one that cannot be. */
export async function findFiles(names: readonly string[], stdin: TableSource): Promise<AnswerFile[]> {
  return Promise.all(names.map(async (name) => (name === '-' ? standardInput(stdin) : findFile(name))))
}

function standardInput(stdin: TableSource): AnswerFile {
  return { name: 'standard input', size: null, open: () => stdin }
}

async function findFile(name: string): Promise<AnswerFile> {
  try {
    const found = await stat(name)
    if (found.isDirectory()) throw new CommandError(`${name} is a folder; name a file in it.`, 1)
    await access(name, constants.R_OK)
    const open = (): TableSource => createReadStream(name, { highWaterMark: chunkBytes })
    return { name, size: found.isFile() ? found.size : null, open }
  } catch (error) {
    throw error instanceof CommandError ? error : unreadable(name, error)
  }
}

/**
 * Opens a file as a table that may have `expected` columns, hands it to `work`, and counts its bytes for the progress
 * bar.
 * What goes wrong in the file is a `CommandError` that names it.
 */
export async function withTable<T>(
  file: AnswerFile,
  progress: Progress,
  expected: readonly string[],
  work: (table: Table) => Promise<T>,
): Promise<T> {
  try {
    return await work(await openTable(counted(file.open(), progress), expected))
  } catch (error) {
    if (error instanceof TableProblem) throw new CommandError(`${file.name}: ${error.message}`, 1)
    throw isSystemError(error) ? unreadable(file.name, error) : error
  }
}

async function* counted(source: TableSource, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    progress.read(chunk.length)
    yield chunk
  }
}

function unreadable(name: string, error: unknown): CommandError {
  const code = isSystemError(error) ? error.code : String(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CommandError(`There is no file ${name}.`, 1)
  if (code === 'EISDIR') return new CommandError(`${name} is a folder; name a file in it.`, 1)
  if (code === 'EACCES' || code === 'EPERM') return new CommandError(`This user may not read ${name}.`, 1)
  return new CommandError(`${name} cannot be read (${code}).`, 1)
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'errno' in error
}
