import type { Article, Language } from '@lahko/contract'
import type { Self } from './self.ts'

export const filters = ['toReview', 'draft', 'changed', 'scheduled', 'review', 'outdated', 'untranslated'] as const
export type ArticleFilter = (typeof filters)[number]

export type Line = Article['translations'][number]

/** What readers see of one language, in one word. */
export type LineState = 'draft' | 'changed' | 'published'

const all: readonly Language[] = ['en', 'sl', 'nb']

export function stateOf({ published, changed }: Pick<Line, 'published' | 'changed'>): LineState {
  if (!published) return 'draft'
  return changed ? 'changed' : 'published'
}

/** The line of a language; undefined where the article is not written in it. */
export function lineIn(article: Article, language: Language): Line | undefined {
  return article.translations.find((line) => line.language === language)
}

/** The line that is shown to a reader of the list: in their own language, else in the main one. */
export function shownLine(article: Article, language: Language): Line | undefined {
  return lineIn(article, language) ?? lineIn(article, article.mainLanguage) ?? article.translations[0]
}

/** Languages in which an article is not written yet. */
export function missingIn(article: Article): Language[] {
  return all.filter((language) => !lineIn(article, language))
}

/** Whether its owner wanted to look at it again by now. @param today the workspace's local date */
export function isReviewDue({ reviewOn }: Pick<Article, 'reviewOn'>, today: string): boolean {
  return reviewOn !== null && reviewOn <= today
}

/** Whether a draft waits for the approval of this member. Pure. */
export function waitsFor({ review }: Pick<Line, 'review'>, { id, publishes }: Self): boolean {
  if (review?.state !== 'asked' || id === undefined) return false
  return review.reviewerId === null ? publishes && review.askedBy !== id : review.reviewerId === id
}

/** Whether a member decides about a draft: who was asked, and who may publish; never who wrote it last. Pure. */
export function mayDecide(line: Pick<Line, 'review' | 'editedBy' | 'published' | 'changed'>, self: Self): boolean {
  if (self.id === undefined || line.editedBy === self.id) return false
  return waitsFor(line, self) || (self.publishes && (line.published === null || line.changed))
}
