import { isDeepStrictEqual } from 'node:util'
import { getWorkspace, listMembers } from '#accounts'
import type { ArticleTranslation } from '@lahko/contract/articles'
import type { Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { lockArticle, type ArticleRow } from './articles.queries.ts'
import { viewTranslation } from './articles.view.ts'
import { notePicturesOfDraft } from './pictures.ts'
import {
  deleteTranslation,
  findTranslation,
  upsertDraft,
  type Content,
  type TranslationRow,
} from './translations.queries.ts'
import { findVersion } from './versions.queries.ts'

/**
 * Writes the draft of an article in one language, or begins it. The same again changes nothing.
 * @param revision the one that the writer had read; null where there was none
 * @throws Problem not_found; conflict `articles.edited_meanwhile`, which names who and when
 */
export async function saveDraft(
  tx: Tx,
  id: string,
  language: Language,
  { revision, ...content }: Content & { revision: number | null },
): Promise<ArticleTranslation> {
  await holdArticle(tx, id)
  const draft = await findTranslation(tx, id, language)
  if (!draft || !isSame(draft, content)) {
    if (draft) await demandRevision(tx, draft, revision)
    else if (revision !== null) throw new Problem('not_found', 'platform.not_found')
    await upsertDraft(tx, id, language, content)
    await notePicturesOfDraft(tx, { articleId: id, language, body: content.body })
    await emit(tx, { type: 'article.drafted', subjectId: id, data: { language } })
  }
  return viewTranslation(tx, id, language)
}

/** Puts an old version into the draft. @throws Problem not_found; conflict `articles.edited_meanwhile` */
export async function restoreVersion(
  tx: Tx,
  id: string,
  language: Language,
  { number, revision }: { number: number; revision: number },
): Promise<ArticleTranslation> {
  await holdArticle(tx, id)
  const old = await findVersion(tx, id, language, number)
  if (!old) throw new Problem('not_found', 'platform.not_found')
  return saveDraft(tx, id, language, { ...contentOf(old), revision })
}

/** @throws Problem not_found; conflict `articles.still_published`, `articles.main_language` */
export async function removeTranslation(tx: Tx, id: string, language: Language): Promise<void> {
  const article = await holdArticle(tx, id)
  const draft = await getDraft(tx, id, language)
  if (draft.published_number !== null) throw new Problem('conflict', 'articles.still_published')
  if (article.main_language === language) throw new Problem('conflict', 'articles.main_language')
  await deleteTranslation(tx, id, language)
  await emit(tx, { type: 'article.translation_removed', subjectId: id, data: { language } })
}

/** @throws Problem not_found */
export async function getDraft(db: Db, id: string, language: Language): Promise<TranslationRow> {
  const draft = await findTranslation(db, id, language)
  if (!draft) throw new Problem('not_found', 'platform.not_found')
  return draft
}

/** Keeps others from changing an article until the transaction ends. @throws Problem not_found */
export async function holdArticle(tx: Tx, id: string): Promise<ArticleRow> {
  const article = await lockArticle(tx, id)
  if (!article) throw new Problem('not_found', 'platform.not_found')
  return article
}

/** Nobody writes over what they have not read. @throws Problem conflict `articles.edited_meanwhile` */
export async function demandRevision(db: Db, draft: TranslationRow, read: number | null): Promise<void> {
  if (draft.revision === read) return
  const ids = draft.edited_by === null ? [] : [draft.edited_by]
  const who = (await listMembers(db, { ids, limit: 1 }))[0]?.name
  const { time_zone: timeZone } = await getWorkspace(db)
  // Written the same in all three languages.
  const at = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone })
  throw new Problem('conflict', 'articles.edited_meanwhile', {
    by: who === undefined ? 'program' : 'member',
    who: who ?? '',
    at: at.format(draft.edited_at),
  })
}

function contentOf({ title, summary, keywords, body }: Content): Content {
  return { title, summary, keywords, body }
}

/** Whether two texts are the same, whatever else is known of them. Pure. */
export function isSame(one: Content, other: Content): boolean {
  return isDeepStrictEqual(contentOf(one), contentOf(other))
}
