import { setImmediate } from 'node:timers/promises'
import { getWorkspace } from '#accounts'
import { type Language } from '@lahko/contract/values'
import { encodePicture } from '#platform/pictures.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import type { Said } from '#platform/uploads.ts'
import { listAddressees, type Addressee } from './addresses.queries.ts'
import {
  FileFault,
  isText,
  readArticleFile,
  readFileName,
  readFolderFile,
  type ArticleFile,
  type FolderEntry,
  type FolderFile,
  type OtherFile,
  type TextFile,
} from './article-files.ts'
import { changeArticle, placeArticle } from './articles.ts'
import { listArticleRows, type ArticleRow } from './articles.queries.ts'
import { beginMany } from './beginning-many.ts'
import { isSame, saveDraft } from './drafts.ts'
import { readHtmlFile } from './html-files.ts'
import { namePages, type Page, type Pages } from './html-names.ts'
import { ensureCollections, putInOrder } from './importing-collections.ts'
import { takePictures } from './importing-pictures.ts'
import { picturesIn, type Encode } from './pictures.ts'
import { publish } from './publishing.ts'
import { referencesIn } from './rendering.ts'
import { listDrafts, type DraftRow } from './translations.queries.ts'

export type Became = 'new' | 'changed' | 'same' | 'refused'
/** What became of each file, and why one was not taken. */
export type Outcome = { path: string; became: Became; said?: Said }
/** `warnings`: what is wrong in files that were taken. */
export type ImportReport = { outcomes: Outcome[]; warnings: ({ path: string } & Said)[] }

type Place = { folders: readonly string[]; slug: string; language: Language }
/** `pictures`: those that stand in the file itself. */
type Source = ArticleFile & Place & { path: string; pictures?: OtherFile[] }

/** How a folder says what it is called. */
const folderFile = 'collection.json'

/**
 * Brings a folder of Markdown or of another help centre's pages in: folders are collections, `SLUG.LANGUAGE.md` is an
 * article in one language, and the pictures that it shows come with it. The same folder again changes nothing; a draft
 * that somebody has changed here and not published is left alone.
 * @param drafts nothing is published, and who may read what is there stays as it is
 * @param encode how a picture is drawn that is not there yet
 */
export async function importArticles(
  tx: Tx,
  given: readonly FolderEntry[],
  { drafts = false, encode = encodePicture }: { drafts?: boolean; encode?: Encode } = {},
): Promise<ImportReport> {
  const { language } = await getWorkspace(tx)
  const report: ImportReport = { outcomes: [], warnings: [] }
  const files = given.filter(isText)
  const others = given.filter((one): one is OtherFile => !isText(one))
  const pages = namePages(files, language)
  const read = await readSources(files, language, pages, report)
  const sources = await bringPictures(tx, read, { files: others, encode }, report)
  const folders = readFolders(files, report)
  const collections = await ensureCollections(
    tx,
    sources.map((one) => one.folders),
    { folders, names: pages.folderNames },
  )
  const takings = [...Map.groupBy(sources, (one) => one.slug)].map(([slug, those]): Taking => {
    const collectionId = collections.get(those[0]!.folders.join('/'))!.id
    return { slug, collectionId, sources: mainFirst(those, language) }
  })
  const found = await listAddressees(
    tx,
    takings.map(({ slug }) => slug),
  )
  const known = await readKnown(tx, found)
  await takeNew(
    tx,
    takings.filter(({ slug }) => !found.has(slug)),
    drafts,
    report,
  )
  for (const taking of takings.filter(({ slug }) => found.has(slug))) {
    const there = known.get(taking.slug)
    if (there) await takeKnown(tx, taking, there, { drafts, report })
    else
      taking.sources.forEach(({ path, slug }) =>
        refuse(report, path, new FileFault('articles.file_slug_taken', { slug })),
      )
  }
  await putInOrder(tx, collections, folders)
  await warnOfLinks(tx, sources, report)
  return { ...report, outcomes: report.outcomes.toSorted((a, b) => (a.path < b.path ? -1 : 1)) }
}

async function readSources(
  files: readonly TextFile[],
  fallback: Language,
  pages: Pages,
  report: ImportReport,
): Promise<Source[]> {
  const homes = new Map<string, string>()
  const seen = new Set<string>()
  const sources: Source[] = []
  for (const file of files) {
    const { path } = file
    if (path.split('/').at(-1) === folderFile) continue
    // Whoever else waits for this process has their turn between two files.
    await setImmediate()
    try {
      const source = readSource(file, fallback, pages)
      const { folders, slug, language } = source
      const home = homes.get(slug) ?? folders.join('/')
      if (home !== folders.join('/') || seen.has(`${slug} ${language}`))
        throw new FileFault('articles.file_twice', { slug })
      homes.set(slug, home)
      seen.add(`${slug} ${language}`)
      sources.push(source)
    } catch (error) {
      refuse(report, path, error)
    }
  }
  return sources
}

/** @throws FileFault */
function readSource({ path, text }: TextFile, fallback: Language, pages: Pages): Source {
  const page = pages.byPath.get(path)
  if (page instanceof FileFault) throw page
  if (page) return { ...page, ...readPage(page, text, pages) }
  if (!path.endsWith('.md')) throw new FileFault('articles.file_no_markdown')
  const { language = fallback, ...place } = readFileName(path)
  return { ...readArticleFile(text), ...place, path, language }
}

/** @throws FileFault, also for elements so deep within each other that nothing reads them */
function readPage(page: Page, text: string, pages: Pages): ReturnType<typeof readHtmlFile> {
  try {
    return readHtmlFile(page, text, pages)
  } catch (error) {
    throw error instanceof RangeError ? new FileFault('articles.file_nested') : error
  }
}

const pictureEnding = /\.(png|jpe?g|gif|webp)$/i
/** What only dresses pages of other help centres. */
const dress = /\.(css|m?js|map|woff2?|ttf|otf|eot|ico|svg)$/i

/** Keeps what the texts show; what is no picture, and what nobody shows, is named. */
async function bringPictures(
  tx: Tx,
  sources: readonly Source[],
  { files, encode }: { files: readonly OtherFile[]; encode: Encode },
  report: ImportReport,
): Promise<Source[]> {
  const within = sources.flatMap(({ pictures = [] }) => pictures)
  const taken = await takePictures(tx, sources, { files: [...files, ...within], encode })
  for (const { path, error } of taken.refused) refuse(report, path, error)
  for (const path of taken.unused) {
    if (pictureEnding.test(path)) report.warnings.push({ path, code: 'articles.file_picture_unused' })
    else if (!dress.test(path)) refuse(report, path, new FileFault('articles.file_no_markdown'))
  }
  return taken.sources
}

function readFolders(files: readonly TextFile[], report: ImportReport): Map<string, FolderFile> {
  const folders = new Map<string, FolderFile>()
  for (const { path, text } of files) {
    const names = path.split('/')
    if (names.pop() !== folderFile) continue
    try {
      folders.set(names.join('/'), readFolderFile(text))
    } catch (error) {
      refuse(report, path, error)
    }
  }
  return folders
}

type Taking = { slug: string; collectionId: string; sources: readonly Source[] }
/** An article that is there, with its drafts. */
type Known = { row: ArticleRow; drafts: ReadonlyMap<Language, DraftRow> }

/** What is there of these articles, by their names in addresses. */
async function readKnown(tx: Tx, found: ReadonlyMap<string, Addressee>): Promise<Map<string, Known>> {
  const ids = [...found.values()].flatMap((one) => ('articleId' in one ? [one.articleId] : []))
  const rows = new Map((await listArticleRows(tx, ids)).map((row) => [row.id, row]))
  const drafts = Map.groupBy(await listDrafts(tx, ids), (draft) => draft.article_id)
  return new Map(
    [...found].flatMap(([slug, one]) => {
      const row = 'articleId' in one ? rows.get(one.articleId) : undefined
      if (!row) return []
      const own = new Map((drafts.get(row.id) ?? []).map((draft) => [draft.language, draft]))
      return [[slug, { row, drafts: own }] as const]
    }),
  )
}

/** Writes and publishes what is not there yet, all at once. */
async function takeNew(tx: Tx, fresh: readonly Taking[], drafts: boolean, report: ImportReport): Promise<void> {
  const published = (source: Source) => !drafts && source.published !== false
  await beginMany(
    tx,
    fresh.map(({ slug, collectionId, sources }) => ({
      ...{ slug, collectionId, ...settingsIn(sources[0]!), mainLanguage: sources[0]!.language },
      translations: sources.map((source) => ({ keywords: '', ...source, published: published(source) })),
    })),
  )
  for (const { sources } of fresh) {
    for (const { path } of sources) report.outcomes.push({ path, became: 'new' })
  }
}

async function takeKnown(
  tx: Tx,
  { collectionId, sources }: Taking,
  { row, drafts: there }: Known,
  { drafts, report }: { drafts: boolean; report: ImportReport },
): Promise<void> {
  const moves = row.collection_id !== collectionId
  if (moves) await placeArticle(tx, row.id, { collectionId, position: 10_000 })
  for (const source of sources) {
    try {
      const settled = !drafts && (await settle(tx, row, source))
      const became = await takeText(tx, row.id, source, { drafts, draft: there.get(source.language) })
      report.outcomes.push({ path: source.path, became: became === 'same' && (moves || settled) ? 'changed' : became })
    } catch (error) {
      refuse(report, source.path, error)
    }
  }
}

/** What a file leaves out stays as it is: nobody widens an audience without saying so. */
function settingsIn({ audience, organisations, review }: ArticleFile) {
  return { ...(audience && { audience }), ...(organisations && { organisations }), ...(review && { reviewOn: review }) }
}

async function takeText(
  tx: Tx,
  articleId: string,
  source: Source,
  { draft, drafts }: { draft: DraftRow | undefined; drafts: boolean },
): Promise<Became> {
  const { language, title, summary, keywords = draft?.keywords ?? '', body } = source
  const text = { title, summary, keywords, body }
  if (draft && isSame(draft, text)) return 'same'
  const isPublished = draft?.published_revision === draft?.revision
  if (draft && !isPublished) throw new FileFault('articles.file_edited_here')
  await saveDraft(tx, articleId, language, { ...text, revision: draft?.revision ?? null })
  if (!drafts && source.published !== false) await publish(tx, articleId, language)
  return draft ? 'changed' : 'new'
}

/** What all languages of an article share, as far as its main language says it. @returns whether it was otherwise */
async function settle(tx: Tx, article: ArticleRow, source: Source): Promise<boolean> {
  const { audience, organisations, review_on: reviewOn } = article
  const wanted = settingsIn(source)
  const is = { audience, organisations, reviewOn }
  if (article.main_language !== source.language || JSON.stringify({ ...is, ...wanted }) === JSON.stringify(is))
    return false
  await changeArticle(tx, article.id, wanted)
  return true
}

async function warnOfLinks(tx: Tx, sources: readonly Source[], report: ImportReport): Promise<void> {
  const refused = new Set(report.outcomes.filter(({ became }) => became === 'refused').map(({ path }) => path))
  const taken = sources.filter(({ path }) => !refused.has(path))
  const references = taken.map(({ path, body }) => ({ path, ...referencesIn(body) }))
  const there = await listAddressees(tx, [...new Set(references.flatMap(({ articles }) => articles))])
  const shown = await picturesIn(
    tx,
    taken.map(({ body }) => body),
  )
  for (const { path, articles, pictures } of references) {
    for (const slug of articles.filter((one) => !there.has(one))) {
      report.warnings.push({ path, code: 'articles.file_dead_link', args: { slug } })
    }
    for (const address of pictures.filter((one) => !shown.has(one))) {
      report.warnings.push({ path, code: 'articles.file_picture', args: { address } })
    }
  }
}

/** The company's language first: it becomes the main one. */
function mainFirst(sources: readonly Source[], main: Language): Source[] {
  return sources.toSorted((a, b) => Number(b.language === main) - Number(a.language === main))
}

function refuse(report: ImportReport, path: string, error: unknown): void {
  if (!(error instanceof FileFault) && !(error instanceof Problem)) throw error
  report.outcomes.push({ path, became: 'refused', said: { code: error.code, args: error.args } })
}
