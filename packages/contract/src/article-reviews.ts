import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, language, page, pageQuery, text } from './values.ts'

const revision = z.int().min(1).max(1_000_000_000)
const note = text(2000)

/** How a review stands. */
export const reviewStates = ['asked', 'approved', 'void', 'returned', 'over'] as const
export type ReviewState = (typeof reviewStates)[number]

export const articleReview = z.object({
  id,
  state: z
    .enum(reviewStates)
    .describe('void: it was approved, and then somebody changed the draft; over: published without it, or taken back'),
  askedBy: id.nullable().describe('a member; null for a program, or somebody who left'),
  askedAt: instant,
  reviewerId: id.nullable().describe('null: whoever may publish'),
  note: z.string().describe('what the reviewer should know'),
  decidedBy: id.nullable(),
  decidedAt: instant.nullable(),
  answer: z.string().nullable().describe('what the reviewer said'),
})
export type ArticleReview = z.infer<typeof articleReview>

const rules = z.strictObject({
  approvalNeeded: z.boolean().describe('whether members and programs publish only what somebody else has approved'),
  effortSurveyId: id
    .nullable()
    .default(null)
    .describe(
      'the survey that asks readers how easy it was, once they have said whether an article helped; null: none',
    ),
})
export type ArticleRules = z.infer<typeof rules>

const ofLanguage = z.object({ id, language })

/** A colleague looks at a draft before it is published. */
export const articleReviewEntries = {
  articleRules: entry({
    method: 'GET',
    path: '/article-rules',
    summary: 'Whether publishing needs an approval, and which survey asks readers',
    permission: 'articles.read',
    reply: rules,
  }),
  changeArticleRules: entry({
    method: 'PUT',
    path: '/article-rules',
    summary: 'Say whether publishing needs an approval, and which survey asks readers',
    permission: 'workspace.manage',
    body: rules,
    reply: rules,
  }),
  askReview: entry({
    method: 'POST',
    path: '/articles/:id/translations/:language/reviews',
    summary: 'Ask somebody to look at a draft, or whoever may publish; what was asked before is over',
    permission: 'articles.write',
    status: 201,
    params: ofLanguage,
    body: z.strictObject({
      revision: revision.describe('the one you have read'),
      reviewerId: id.nullable().default(null).describe('a member who writes articles; null: whoever may publish'),
      note: note.default(''),
    }),
    reply: articleReview,
  }),
  decideReview: entry({
    method: 'PUT',
    path: '/articles/:id/translations/:language/review',
    summary: 'Approve a draft, and publish it at once where that is wanted, or send it back with a note',
    permission: 'articles.write',
    params: ofLanguage,
    body: z
      .strictObject({
        outcome: z.enum(['approved', 'returned']),
        revision: revision.describe('the one you have looked at; an approval holds for no other'),
        answer: note.default(''),
        publish: z.boolean().default(false).describe('needs the permission articles.publish'),
      })
      .refine(({ outcome, answer }) => outcome === 'approved' || answer !== '', {
        message: 'no_review_note',
        path: ['answer'],
      }),
    reply: articleReview,
  }),
  endReview: entry({
    method: 'DELETE',
    path: '/articles/:id/translations/:language/review',
    summary: 'Ask no more',
    permission: 'articles.write',
    params: ofLanguage,
  }),
  listReviews: entry({
    method: 'GET',
    path: '/articles/:id/translations/:language/reviews',
    summary: 'Who was asked and what they said, the newest first',
    permission: 'articles.read',
    params: ofLanguage,
    query: z.strictObject(pageQuery),
    reply: page(articleReview),
  }),
} as const
