import type { Language } from '@lahko/contract/values'
import type { Tx } from '#platform/store.ts'
import { localeOf } from '#platform/words.ts'
import { deleteFiles, insertFile } from '#platform/files.queries.ts'
import type { SentFile, SentForm } from './reading-forms.ts'
import {
  deleteKeptUploads,
  insertKeptUploads,
  listKeptUploads,
  sumKeptUploads,
  type KeptUpload,
} from './request-files.queries.ts'

/** What forms that came back may hold together in one workspace, in bytes. */
const mostKept = 200 * 2 ** 20

/** Keeps the files of a form that goes back to its sender, but what they want no more. @returns all that is kept with it */
export async function keepUploads(tx: Tx, tokenHash: Buffer, form: SentForm): Promise<KeptUpload[]> {
  const before = await listKeptUploads(tx, tokenHash)
  const unwanted = before.filter(({ id }) => !form.fields.has(`keep-${id}`)).map(({ id }) => id)
  await deleteFiles(tx, unwanted)
  const bytes = form.files.reduce((sum, { content }) => sum + content.length, 0)
  if (form.files.length > 0 && (await sumKeptUploads(tx)) + bytes <= mostKept) {
    await insertKeptUploads(tx, tokenHash, await insertFiles(tx, form.files))
  }
  return listKeptUploads(tx, tokenHash)
}

/** @returns their ids, in their order */
async function insertFiles(tx: Tx, files: readonly SentFile[]): Promise<string[]> {
  const ids: string[] = []
  for (const file of files) ids.push((await insertFile(tx, { ...file, uploadedBy: null })).id)
  return ids
}

/** The files of a form that is good: those that were kept and are still wanted, and those that came now. */
export async function attachUploads(tx: Tx, tokenHash: Buffer, form: SentForm): Promise<{ fileId: string }[]> {
  const kept = await listKeptUploads(tx, tokenHash)
  await deleteKeptUploads(tx, tokenHash)
  const wanted = kept.filter(({ id }) => form.fields.has(`keep-${id}`)).map(({ id }) => id)
  return [...wanted, ...(await insertFiles(tx, form.files))].map((fileId) => ({ fileId }))
}

/** `1.2 MB` in the words of a language. */
export function sayBytes(language: Language, bytes: number): string {
  const [unit, share] = bytes < 1_000_000 ? (['kilobyte', 1_000] as const) : (['megabyte', 1_000_000] as const)
  const options = { style: 'unit', unit, maximumFractionDigits: unit === 'megabyte' ? 1 : 0 } as const
  return new Intl.NumberFormat(localeOf[language], options).format(Math.max(1, bytes / share))
}
