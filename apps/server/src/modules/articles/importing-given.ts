import type { articleImportEntries as contract } from '@lahko/contract/article-imports'
import type { Language } from '@lahko/contract/values'
import type { z } from 'zod'
import type { Tx } from '#platform/store.ts'
import { sentenceFor, type Said } from '#platform/uploads.ts'
import { readArticleRules } from './approvals.ts'
import type { FolderEntry } from './article-files.ts'
import { importArticles, type Became } from './importing.ts'

type Given = z.output<(typeof contract)['importArticles']['body']>
type Report = z.input<(typeof contract)['importArticles']['reply']>

/** Brings in a folder that came by the API: as drafts where publishing needs an approval. */
export async function importGiven(tx: Tx, { files, drafts }: Given, language: Language): Promise<Report> {
  const { approvalNeeded } = await readArticleRules(tx)
  const entries = files.map((file): FolderEntry =>
    'text' in file ? file : { path: file.path, read: async () => Buffer.from(file.content, 'base64') },
  )
  const { outcomes, warnings } = await importArticles(tx, entries, { drafts: drafts || approvalNeeded })
  const count = (wanted: Became) => outcomes.filter(({ became }) => became === wanted).length
  const told = ({ path, code, args }: { path: string } & Said) => ({
    ...{ path, code },
    text: sentenceFor(language, { code, ...(args && { args }) }),
  })
  return {
    counts: { new: count('new'), changed: count('changed'), same: count('same'), refused: count('refused') },
    refused: outcomes.flatMap(({ path, said }) => (said ? [told({ path, ...said })] : [])),
    warnings: warnings.map(told),
  }
}
