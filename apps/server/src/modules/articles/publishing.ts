import { createHash } from 'node:crypto'
import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import type { Rendered } from '#platform/markdown.ts'
import { removeDocuments, writeDocument } from '#platform/search/index.ts'
import type { Tx } from '#platform/store.ts'
import type { ArticleRow } from './articles.queries.ts'
import { demandApproval, endWaiting } from './approvals.ts'
import { demandRevision, getDraft, holdArticle } from './drafts.ts'
import { notePictures, picturesIn } from './pictures.ts'
import { renderArticle } from './rendering.ts'
import {
  findTranslation,
  listTranslations,
  updatePublished,
  writeSchedule,
  type Content,
} from './translations.queries.ts'
import { findVersion, insertVersion } from './versions.queries.ts'

/** How search calls what this module writes there. */
export const searchKind = 'article'

/**
 * Publishes the draft in one language: its page, its version and its row in the search come with one commit. Doing it
 * twice is doing it once.
 * @param revision the one that whoever publishes has read; undefined: as the draft is
 * @throws Problem not_found; conflict `articles.edited_meanwhile`, `articles.not_approved`
 */
export async function publish(tx: Tx, id: string, language: Language, revision?: number): Promise<void> {
  const article = await holdArticle(tx, id)
  const draft = await getDraft(tx, id, language)
  if (revision !== undefined) await demandRevision(tx, draft, revision)
  if (draft.publish_at) await writeSchedule(tx, id, language, { publish: null, unpublish: draft.unpublish_at })
  if (draft.published_revision === draft.revision) return
  await demandApproval(tx, draft)
  await endWaiting(tx, draft)
  const rendered = renderArticle(draft.body, language, await picturesIn(tx, [draft.body]))
  const { html, contents, minutes } = rendered
  const sourceNumber = await sourceOf(tx, article, language)
  const { title, summary, keywords, body } = draft
  const kept = { title, summary, keywords, body, html, contents, minutes, sourceNumber }
  const number = await insertVersion(tx, id, language, kept)
  await notePictures(tx, [{ articleId: id, language, number, body }])
  await updatePublished(tx, id, language, { number, revision: draft.revision })
  await index(tx, article, language, { title, summary, keywords, rendered })
  await emit(tx, { type: 'article.published', subjectId: id, data: { language, number } })
}

/** Takes it back: page and search show it no more. @throws Problem not_found */
export async function unpublish(tx: Tx, id: string, language: Language): Promise<void> {
  await holdArticle(tx, id)
  const draft = await getDraft(tx, id, language)
  if (draft.unpublish_at) await writeSchedule(tx, id, language, { publish: draft.publish_at, unpublish: null })
  if (draft.published_number === null) return
  await updatePublished(tx, id, language)
  await removeDocuments(tx, { kind: searchKind, subjectId: id, language })
  await emit(tx, { type: 'article.unpublished', subjectId: id, data: { language } })
}

/** Lets search show an article to whom its audience is now. */
export async function indexAgain(tx: Tx, article: ArticleRow): Promise<void> {
  for (const { language, published_number: number } of await listTranslations(tx, [article.id])) {
    const version = number === null ? undefined : await findVersion(tx, article.id, language, number)
    if (!version) continue
    const rendered = renderArticle(version.body, language, await picturesIn(tx, [version.body]))
    await index(tx, article, language, { ...version, rendered })
  }
}

/** An organisation as search knows it: customers have its name, and names have no ids. */
export function organisationId(name: string): string {
  const hex = createHash('sha256').update(name.trim().toLowerCase()).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

type Page = Pick<Content, 'title' | 'summary' | 'keywords'> & { rendered: Rendered }

/** Writes what search finds of an article in one language. */
export async function index(
  tx: Tx,
  article: Pick<ArticleRow, 'id' | 'audience' | 'organisations'>,
  language: Language,
  { title, summary, keywords, rendered }: Page,
): Promise<void> {
  const { plain, contents } = rendered
  await writeDocument(tx, {
    ...{ kind: searchKind, subjectId: article.id, language, title, body: plain },
    keywords: [summary, keywords, ...contents.map(({ text }) => text)].join('\n'),
    audience: article.audience,
    organisations: article.organisations.map(organisationId),
  })
}

/** Beside which version of the main language a translation is published; null for the main language itself. */
async function sourceOf(tx: Tx, { id, main_language: main }: ArticleRow, language: Language): Promise<number | null> {
  if (language === main) return null
  return (await findTranslation(tx, id, main))?.published_number ?? null
}
