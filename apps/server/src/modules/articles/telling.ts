import { listMembers } from '#accounts'
import type { ArticleReviewNoticeData } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import { notify, type News } from '#notices'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import type { ReviewRow } from './reviews.queries.ts'
import { findTranslation } from './translations.queries.ts'

type About = { articleId: string; language: Language; memberId: string; subjectId: string }

/** Tells whoever is asked to look at a draft. */
export async function tellAsked(house: House, tx: Tx, review: ReviewRow, reviewers: readonly string[]): Promise<void> {
  const said = { state: 'asked', member: await nameOf(tx, review.asked_by) } as const
  await notify(house, tx, await reviewNews(tx, review, reviewers, { ...said, words: review.note }))
}

/** Tells whoever asked what became of it, unless they decided themselves. */
export async function tellDecided(house: House, tx: Tx, review: ReviewRow): Promise<void> {
  const { asked_by: asker, decided_by: by, outcome } = review
  if (asker === null || asker === by || (outcome !== 'approved' && outcome !== 'returned')) return
  const said = { state: outcome, member: await nameOf(tx, by) }
  await notify(house, tx, await reviewNews(tx, review, [asker], { ...said, words: review.answer ?? '' }))
}

/** Tells who wrote a draft last that its time came and nobody had approved it as it was. */
export async function tellHeld(house: House, tx: Tx, articleId: string, language: Language): Promise<void> {
  const draft = await findTranslation(tx, articleId, language)
  if (!draft?.edited_by) return
  const about = { id: uuidv7(tx.now.getTime()), article_id: articleId, language }
  await notify(house, tx, await reviewNews(tx, about, [draft.edited_by], { state: 'held', member: '', words: '' }))
}

type Said = Pick<ArticleReviewNoticeData, 'state' | 'member'> & { words: string }

async function reviewNews(
  tx: Tx,
  { id, article_id: articleId, language }: Pick<ReviewRow, 'id' | 'article_id' | 'language'>,
  memberIds: readonly string[],
  { words: said, ...data }: Said,
): Promise<News[]> {
  const title = (await findTranslation(tx, articleId, language))?.title ?? ''
  return memberIds.map((memberId) => ({
    ...newsOf('article_review', title, { articleId, language, memberId, subjectId: id }),
    data: { articleId, language, ...data },
    mail: ({ language: own, app }) => ({
      subject: words(own, 'article-news.subject', { title }),
      heading: words(own, `article-news.review_${data.state}`, {
        by: data.member ? 'member' : 'other',
        member: data.member,
        title,
      }),
      paragraphs: said === '' ? [] : [words(own, 'article-news.quote', { text: said })],
      button: {
        label: words(own, 'article-news.open'),
        url: `${app}/articles/${articleId}/${language}?show=review`,
      },
    }),
  }))
}

/** Tells an owner that their article is to be looked at again. */
export async function tellDue(house: House, tx: Tx, due: readonly Due[]): Promise<void> {
  await notify(
    house,
    tx,
    due.map(({ id, language, title, ownerId }) =>
      withMail(newsOf('article_due', title, { articleId: id, language, memberId: ownerId, subjectId: id }), {
        ...{ title, path: `${id}/${language}` },
      }),
    ),
  )
}

/** Tells an owner what a reader wrote. */
export async function tellComment(house: House, tx: Tx, { voteId, comment, ...due }: Commented): Promise<void> {
  const { id, language, title, ownerId } = due
  const news = newsOf('article_comment', title, { articleId: id, language, memberId: ownerId, subjectId: voteId })
  await notify(house, tx, [withMail(news, { title, path: `${id}/${language}?show=votes`, said: comment })])
}

export type Due = { id: string; language: Language; title: string; ownerId: string }
type Commented = Due & { voteId: string; comment: string }

function newsOf(kind: News['kind'], title: string, { articleId, language, memberId, subjectId }: About): News {
  return { kind, subjectId, topicId: articleId, topic: title, memberId, data: { articleId, language } }
}

function withMail(news: News, { title, path, said }: { title: string; path: string; said?: string }): News {
  return {
    ...news,
    mail: ({ language, app }) => ({
      subject: words(language, 'article-news.subject', { title }),
      heading: words(language, `article-news.${news.kind}`, { title }),
      paragraphs: [
        said === undefined
          ? words(language, 'article-news.article_due_why')
          : words(language, 'article-news.quote', { text: said }),
      ],
      button: { label: words(language, 'article-news.open'), url: `${app}/articles/${path}` },
    }),
  }
}

async function nameOf(tx: Tx, memberId: string | null): Promise<string> {
  if (memberId === null) return ''
  return (await listMembers(tx, { ids: [memberId], limit: 1 }))[0]?.name ?? ''
}
