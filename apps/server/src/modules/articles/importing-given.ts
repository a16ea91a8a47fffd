import type { articleImportEntries as contract } from '@lahko/contract/article-imports'
import type { Language } from '@lahko/contract/values'
import type { z } from 'zod'
import type { House } from '#platform/house.ts'
import type { Scope } from '#platform/store.ts'
import { sentenceFor, type Said } from '#platform/uploads.ts'
import { readArticleRules } from './approvals.ts'
import type { FolderEntry } from './article-files.ts'
import { isHtml } from './html-names.ts'
import { importArticles, type Became } from './importing.ts'
import { drawUnknown } from './pictures.ts'

type Given = z.output<(typeof contract)['importArticles']['body']>
type Report = z.input<(typeof contract)['importArticles']['reply']>

/** Brings in a folder that came by the API: as drafts where publishing needs an approval. */
export async function importGiven({ store }: House, scope: Scope, given: Given, language: Language): Promise<Report> {
  const files = given.files.map((file) =>
    'text' in file ? file : { path: file.path, content: Buffer.from(file.content, 'base64') },
  )
  const encode = await drawUnknown(
    store,
    scope,
    files.flatMap((file) => ('text' in file ? [] : file.content)),
  )
  // To read a page made to be hard takes a process minutes, and this one has others to serve.
  const pages = files.filter(({ path }) => isHtml(path))
  const entries = files
    .filter(({ path }) => !isHtml(path))
    .map((file): FolderEntry => ('text' in file ? file : { path: file.path, read: async () => file.content }))
  const { outcomes, warnings } = await store.write(scope, async (tx) => {
    const { approvalNeeded } = await readArticleRules(tx)
    return importArticles(tx, entries, { drafts: given.drafts || approvalNeeded, encode })
  })
  const count = (wanted: Became) => outcomes.filter(({ became }) => became === wanted).length
  const told = ({ path, code, args }: { path: string } & Said) => ({
    ...{ path, code },
    text: sentenceFor(language, { code, ...(args && { args }) }),
  })
  return {
    counts: {
      new: count('new'),
      changed: count('changed'),
      same: count('same'),
      refused: count('refused') + pages.length,
    },
    refused: [
      ...outcomes.flatMap(({ path, said }) => (said ? [told({ path, ...said })] : [])),
      ...pages.map(({ path }) => told({ path, code: 'articles.file_html_by_command' })),
    ],
    warnings: warnings.map(told),
  }
}
