import type { Article, ArticleTranslation } from '@lahko/contract/articles'
import type { Language } from '@lahko/contract/values'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { findArticleRow, type ArticleRow } from './articles.queries.ts'
import { listNewestReviews, type ReviewRow } from './reviews.queries.ts'
import { viewReview } from './reviews.view.ts'
import { findTranslation, listTranslations, type TranslationLineRow } from './translations.queries.ts'

/** An article as the API shows it. @throws Problem not_found */
export async function viewArticle(db: Db, id: string): Promise<Article> {
  return (await viewArticles(db, [await getArticle(db, id)]))[0]!
}

/** The same for many at once. */
export async function viewArticles(db: Db, rows: readonly ArticleRow[]): Promise<Article[]> {
  const ids = rows.map(({ id }) => id)
  const translations = Map.groupBy(await listTranslations(db, ids), (one) => one.article_id)
  const reviews = await listNewestReviews(db, ids)
  return rows.map((row) => ({
    id: row.id,
    collectionId: row.collection_id,
    slug: row.slug,
    position: row.position,
    ownerId: row.owner_id,
    reviewOn: row.review_on,
    reviewMonths: row.review_months,
    confirmed: row.confirmed_at && { at: row.confirmed_at.toISOString(), by: row.confirmed_by },
    audience: row.audience,
    organisations: row.organisations,
    mainLanguage: row.main_language,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    translations: (translations.get(row.id) ?? []).map((line) => viewLine(line, reviews)),
  }))
}

/** The draft of an article in one language. @throws Problem not_found */
export async function viewTranslation(db: Db, id: string, language: Language): Promise<ArticleTranslation> {
  const row = await findTranslation(db, id, language)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return {
    ...viewLine(row, await listNewestReviews(db, [id])),
    summary: row.summary,
    keywords: row.keywords,
    body: row.body,
  }
}

/** @throws Problem not_found */
export async function getArticle(db: Db, id: string): Promise<ArticleRow> {
  const row = await findArticleRow(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

function viewLine(row: TranslationLineRow, reviews: readonly ReviewRow[]): Article['translations'][number] {
  const review = reviews.find((one) => one.article_id === row.article_id && one.language === row.language)
  const { published_number: number, published_at: at, published_title: title } = row
  const published = number === null || at === null || title === null ? null : { number, at: at.toISOString(), title }
  return {
    language: row.language,
    title: row.title,
    revision: row.revision,
    editedAt: row.edited_at.toISOString(),
    editedBy: row.edited_by,
    published,
    changed: published !== null && row.published_revision !== row.revision,
    outdated: row.outdated,
    publishAt: row.publish_at?.toISOString() ?? null,
    unpublishAt: row.unpublish_at?.toISOString() ?? null,
    review: review && review.outcome !== 'over' ? viewReview(review, row.revision) : null,
  }
}
