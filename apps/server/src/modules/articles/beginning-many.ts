import type { Language } from '@lahko/contract/values'
import { emitBatch } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import { insertManyArticles, insertManyTranslations, insertManyVersions } from './beginning-many.queries.ts'
import type { Audience } from './articles.queries.ts'
import { index } from './publishing.ts'
import { notePictures, picturesIn } from './pictures.ts'
import { renderArticle } from './rendering.ts'
import type { Content } from './translations.queries.ts'

/** An article whose address is free, with its texts; the first one is its main language. */
export type Beginning = {
  slug: string
  collectionId: string
  mainLanguage: Language
  audience?: Audience
  organisations?: string[]
  reviewOn?: string
  translations: (Content & { language: Language; published: boolean })[]
}

/** Writes articles and publishes what is to be, in a few statements: hundreds come with a folder. */
export async function beginMany(tx: Tx, articles: readonly Beginning[]): Promise<void> {
  const begun = articles.map((article) => ({
    ...{ id: uuidv7(tx.now.getTime()), audience: 'public' as const, organisations: [], reviewOn: null },
    ...article,
  }))
  await insertManyArticles(tx, begun)
  const texts = begun.flatMap((article) => article.translations.map((text) => ({ ...text, article })))
  await insertManyTranslations(
    tx,
    texts.map(({ article, ...text }) => ({ ...text, articleId: article.id })),
  )
  const shown = texts.filter(({ published }) => published)
  const pictures = await picturesIn(
    tx,
    shown.map(({ body }) => body),
  )
  const rendered = shown.map((text) => ({ ...text, rendered: renderArticle(text.body, text.language, pictures) }))
  await insertManyVersions(
    tx,
    rendered.map(({ article, rendered: { html, contents, minutes }, ...text }) => {
      const isMain = text.language === article.mainLanguage
      const hasMain = article.translations.some((one) => one.language === article.mainLanguage && one.published)
      return { ...text, articleId: article.id, html, contents, minutes, sourceNumber: isMain || !hasMain ? null : 1 }
    }),
  )
  await notePictures(
    tx,
    texts.flatMap(({ article: { id: articleId }, language, body, published }) =>
      (published ? [0, 1] : [0]).map((number) => ({ articleId, language, body, number })),
    ),
  )
  for (const { article, ...text } of rendered) await index(tx, article, text.language, text)
  await emitBatch(tx, [
    ...begun.map(({ id }) => ({ type: 'article.created', subjectId: id })),
    ...shown.map(({ article, language }) => {
      return { type: 'article.published', subjectId: article.id, data: { language, number: 1 } }
    }),
  ])
}
