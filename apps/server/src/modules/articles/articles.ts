import { listMembers } from '#accounts'
import type { Article, articles as contract } from '@lahko/contract/articles'
import type { z } from 'zod'
import { retractAbout } from '#notices'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import { removeDocuments } from '#platform/search/index.ts'
import type { Db, Tx } from '#platform/store.ts'
import { slugOf, takeAlike, takeChosen } from './addresses.ts'
import {
  deleteArticle,
  insertArticle,
  listArticlesIn,
  listNewestArticles,
  lockOrder,
  updateArticle,
  updateArticlePlaces,
  type ArticleRow,
} from './articles.queries.ts'
import { getArticle, viewArticle, viewArticles } from './articles.view.ts'
import { firstReviewDay } from './review-days.ts'
import { getCollection } from './collections.ts'
import { holdCollection } from './collections.queries.ts'
import { holdArticle } from './drafts.ts'
import { listFitting } from './narrowing.queries.ts'
import { notePicturesOfDraft } from './pictures.ts'
import { placed } from './placing.ts'
import { indexAgain, searchKind } from './publishing.ts'
import { findTranslation, listTranslations, upsertDraft } from './translations.queries.ts'

type Given = z.output<(typeof contract)['create']['body']>
type Change = z.output<(typeof contract)['change']['body']>
type Listed = z.output<(typeof contract)['list']['query']>

/**
 * One page: the newest first, or those of a collection in its order; where only some are asked for, the newest first.
 * @throws Problem invalid `articles.bad_page`
 */
export async function listArticles(db: Db, query: Listed): Promise<{ items: Article[]; next: string | null }> {
  const { collectionId, reviewBy, limit } = query
  const after = readEnd(query.after)
  if (query.toReview) demandMember(db)
  if (collectionId !== undefined) await getCollection(db, collectionId)
  const rows = isNarrowed(query)
    ? await listFitting(db, { ...query, before: after?.id, limit: limit + 1 })
    : collectionId === undefined
      ? await listNewestArticles(db, { reviewBy, before: after?.id, limit: limit + 1 })
      : await listArticlesIn(db, collectionId, { after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last ? `${last.position}.${last.id}` : null
  return { items: await viewArticles(db, shown), next }
}

function isNarrowed({ q, state, toReview, collectionId, reviewBy }: Listed): boolean {
  return toReview || q !== undefined || state !== undefined || (collectionId !== undefined && reviewBy !== undefined)
}

/**
 * Writes an article in its main language; nobody sees it before it is published.
 * @throws Problem not_found for its collection; invalid at its address, owner or audience
 */
export async function createArticle(tx: Tx, given: Given): Promise<Article> {
  const { collectionId, language, title, summary, keywords, body, slug, ...settings } = given
  if (!(await holdCollection(tx, collectionId, 'removal'))) throw new Problem('not_found', 'platform.not_found')
  const row = {
    ...{ collection_id: collectionId, main_language: language },
    ...{ owner_id: settings.ownerId ?? null, review_months: settings.reviewMonths ?? null },
    review_on: settings.reviewOn ?? (await firstReviewDay(tx, settings.reviewMonths)),
    ...{ audience: settings.audience ?? ('public' as const), organisations: settings.organisations ?? [] },
  }
  await demandSettings(tx, row)
  const id = await insertArticle(tx, row)
  if (slug !== undefined) await takeChosen(tx, slug, { articleId: id })
  const own = slug ?? (await takeAlike(tx, slugOf(title), { articleId: id }))
  await updateArticle(tx, { ...(await getArticle(tx, id)), slug: own })
  await upsertDraft(tx, id, language, { title, summary, keywords, body })
  await notePicturesOfDraft(tx, { articleId: id, language, body })
  await emit(tx, { type: 'article.created', subjectId: id })
  return viewArticle(tx, id)
}

/**
 * Changes address, owner, review day, audience or main language. Whoever may not see it any more finds it neither on
 * the page nor in the search from the same commit on.
 * @throws Problem not_found; invalid at its address, owner, audience or main language
 */
export async function changeArticle(tx: Tx, id: string, change: Change): Promise<Article> {
  const before = await holdArticle(tx, id)
  const after: ArticleRow = {
    ...before,
    slug: change.slug ?? before.slug,
    owner_id: change.ownerId === undefined ? before.owner_id : change.ownerId,
    review_months: change.reviewMonths === undefined ? before.review_months : change.reviewMonths,
    review_on: change.reviewOn === undefined ? before.review_on : change.reviewOn,
    audience: change.audience ?? before.audience,
    organisations: change.organisations ?? before.organisations,
    main_language: change.mainLanguage ?? before.main_language,
  }
  if (change.reviewOn === undefined) after.review_on ??= await firstReviewDay(tx, change.reviewMonths)
  await demandSettings(tx, after)
  if (after.slug !== before.slug) await takeChosen(tx, after.slug, { articleId: id })
  if (after.main_language !== before.main_language && !(await findTranslation(tx, id, after.main_language))) {
    throw invalidField('/body/mainLanguage', 'articles.no_translation')
  }
  await updateArticle(tx, after)
  if (after.review_on !== before.review_on) await retractAbout(tx, 'article_due', id)
  if (audienceOf(after) !== audienceOf(before)) await indexAgain(tx, after)
  await emit(tx, { type: 'article.changed', subjectId: id, data: { fields: Object.keys(change) } })
  return viewArticle(tx, id)
}

/** Moves an article within its collection, or to another. @throws Problem not_found */
export async function placeArticle(
  tx: Tx,
  id: string,
  { collectionId, position }: { collectionId?: string; position: number },
): Promise<Article> {
  const { collection_id: own } = await getArticle(tx, id)
  const to = collectionId ?? own
  if (!(await holdCollection(tx, to, 'removal'))) throw new Problem('not_found', 'platform.not_found')
  await updateArticlePlaces(tx, to, placed(await lockOrder(tx, to), id, position))
  await emit(tx, { type: 'article.placed', subjectId: id })
  return viewArticle(tx, id)
}

/** Removes an article with its versions. @throws Problem not_found; conflict `articles.still_published` */
export async function removeArticle(tx: Tx, id: string): Promise<void> {
  await holdArticle(tx, id)
  const translations = await listTranslations(tx, [id])
  if (translations.some((one) => one.published_number !== null)) {
    throw new Problem('conflict', 'articles.still_published')
  }
  await removeDocuments(tx, { kind: searchKind, subjectId: id })
  for (const kind of ['article_review', 'article_due', 'article_comment'] as const) await retractAbout(tx, kind, id)
  await deleteArticle(tx, id)
  await emit(tx, { type: 'article.removed', subjectId: id })
}

/** @throws Problem invalid `articles.no_member`, `articles.no_organisation` */
async function demandSettings(
  db: Db,
  { owner_id: ownerId, audience, organisations }: Pick<ArticleRow, 'owner_id' | 'audience' | 'organisations'>,
): Promise<void> {
  if (ownerId !== null && !(await listMembers(db, { ids: [ownerId], limit: 1 }))[0]) {
    throw invalidField('/body/ownerId', 'articles.no_member')
  }
  if (audience === 'organisations' && organisations.length === 0) {
    throw invalidField('/body/organisations', 'articles.no_organisation')
  }
}

/** @throws Problem forbidden for a key, which nobody asks */
function demandMember({ actor }: Db): void {
  if (actor.kind !== 'member') throw new Problem('forbidden', 'articles.members_only')
}

function audienceOf({ audience, organisations }: ArticleRow): string {
  return JSON.stringify([audience, organisations])
}

function readEnd(after: string | undefined): { position: number; id: string } | undefined {
  if (after === undefined) return undefined
  const [, position, id] = /^(\d{1,9})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? []
  if (position === undefined || id === undefined) throw invalidField('/query/after', 'articles.bad_page')
  return { position: Number(position), id }
}
