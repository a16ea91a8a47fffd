import { languages, type Language, type Translated } from '@lahko/contract/values'
import type { Db } from '#platform/store.ts'
import { listAddressees, type Addressee } from './addresses.queries.ts'
import { listWholeFiles } from '#platform/files.queries.ts'
import { writeArticleFile, writeFolderFile, type FolderEntry, type OtherFile, type TextFile } from './article-files.ts'
import { listArticlesIn, type ArticleRow } from './articles.queries.ts'
import { pathOf } from './collections.ts'
import { listCollectionRows, type CollectionRow } from './collections.queries.ts'
import { folderName } from './importing-collections.ts'
import { pictureIdsIn, picturesIn, type Pictures } from './pictures.ts'
import { listPictureRows } from './pictures.queries.ts'
import { relink, type Target } from './relative-links.ts'
import { pictureFolder, withFiles } from './relative-pictures.ts'
import { referencesIn } from './rendering.ts'
import { listTranslationTexts, type TranslationText } from './translations.queries.ts'

const atOnce = 200

/**
 * The knowledge base as the folder that `importArticles` takes: what readers see, and drafts of what they do not see
 * yet, with the pictures that these show. Changes of published texts that are not published stay here.
 */
export async function* exportArticles(db: Db): AsyncGenerator<FolderEntry> {
  const shown = new Set<string>()
  const collections = await listCollectionRows(db)
  const foldersOf = (id: string) => pathOf(collections, { id }).map(folderName)
  for (const parent of [undefined, ...collections]) {
    const inner = collections.filter((one) => one.parent_id === (parent?.id ?? null))
    const order = inner.map(folderName)
    const folders = parent ? foldersOf(parent.id) : []
    for await (const article of parent ? articlesIn(db, parent) : []) {
      order.push(article.row.slug)
      const bodies = article.texts.map(({ body }) => body)
      const there = { targets: await targetsOf(db, bodies, foldersOf), pictures: await picturesIn(db, bodies) }
      for (const text of article.texts) yield fileOf(article.row, text, folders, there)
      for (const id of bodies.flatMap(pictureIdsIn)) shown.add(id)
    }
    const folder = { ...(parent && { titles: inOrder(parent.titles) }), order }
    yield { path: [...folders, 'collection.json'].join('/'), text: writeFolderFile(folder) }
  }
  for (const id of shown) yield* pictureOf(db, id)
}

async function* pictureOf(db: Db, id: string): AsyncGenerator<OtherFile> {
  const [picture] = await listPictureRows(db, [id])
  const [file] = picture ? await listWholeFiles(db, [picture.file_id]) : []
  if (file) yield { path: `${pictureFolder}/${id}.webp`, read: async () => file.content }
}

type Whole = { row: ArticleRow; texts: TranslationText[] }

async function* articlesIn(db: Db, { id }: CollectionRow): AsyncGenerator<Whole> {
  for (let last: ArticleRow | undefined, more = true; more;) {
    const rows = await listArticlesIn(db, id, { limit: atOnce, ...(last && { after: last }) })
    const texts = Map.groupBy(
      await listTranslationTexts(
        db,
        rows.map((row) => row.id),
      ),
      (text) => text.article_id,
    )
    for (const row of rows) yield { row, texts: texts.get(row.id) ?? [] }
    last = rows.at(-1)
    more = rows.length === atOnce
  }
}

type Targets = ReadonlyMap<string, Target>

/** Where the articles are to which texts link, by the names that they are linked by. */
async function targetsOf(db: Db, bodies: readonly string[], foldersOf: (id: string) => string[]): Promise<Targets> {
  const linked = new Set(bodies.flatMap((body) => referencesIn(body).articles))
  const found = linked.size === 0 ? new Map<string, Addressee>() : await listAddressees(db, [...linked])
  return new Map(
    [...found].flatMap(([asked, one]) =>
      'articleId' in one ? [[asked, { slug: one.slug, folders: foldersOf(one.inCollection) }] as const] : [],
    ),
  )
}

type There = { targets: Targets; pictures: Pictures }

function fileOf(
  row: ArticleRow,
  text: TranslationText,
  folders: readonly string[],
  { targets, pictures }: There,
): TextFile {
  const { title, summary, keywords } = text
  const linked = relink(text.body, folders, (slug) => targets.get(slug))
  const body = withFiles(linked, folders, (address) => pictures.has(address))
  const isMain = text.language === row.main_language
  const settings = isMain && { audience: row.audience, organisations: row.organisations, ...reviewOf(row) }
  const content = writeArticleFile({ title, summary, keywords, body, ...settings, published: text.published })
  return { path: [...folders, nameOf(row, text.language)].join('/'), text: content }
}

/** The database keeps no order of languages. */
function inOrder(titles: Translated): Translated {
  return Object.fromEntries(languages.flatMap((language) => (titles[language] ? [[language, titles[language]]] : [])))
}

function reviewOf({ review_on: review }: ArticleRow): { review?: string } {
  return review === null ? {} : { review }
}

function nameOf({ slug }: ArticleRow, language: Language): string {
  return `${slug}.${language}.md`
}
