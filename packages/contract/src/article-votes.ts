import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, language, page, pageQuery } from './values.ts'

export const voteReasons = ['unclear', 'wrong', 'missing', 'other'] as const
export type VoteReason = (typeof voteReasons)[number]

const articleVote = z.object({
  id,
  language,
  number: z.int().describe('the version that was read'),
  helpful: z.boolean(),
  reason: z.enum(voteReasons).nullable(),
  comment: z.string().nullable(),
  at: instant,
  settled: z
    .object({ at: instant, by: id.nullable() })
    .nullable()
    .describe('when its comment was dealt with; by: a member, null for a program or somebody who left'),
})
export type ArticleVote = z.infer<typeof articleVote>

const counted = z.object({
  helpful: z.int(),
  unhelpful: z.int(),
  share: z
    .object({ value: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe('of those whom it helped, with its interval (Wilson, 95 %); null without votes'),
})
export type VotesCounted = z.infer<typeof counted>

const rating = counted.extend({
  articleId: id,
  language,
  title: z.string(),
  ownerId: id.nullable(),
  openComments: z.int().describe('that nobody has dealt with'),
})
export type ArticleRating = z.infer<typeof rating>

const comment = articleVote.extend({
  articleId: id,
  title: z.string().describe('of the article, in the language that was read where it is there'),
})
export type ArticleComment = z.infer<typeof comment>

/** What readers say of articles. */
export const articleVoteEntries = {
  listVotes: entry({
    method: 'GET',
    path: '/articles/:id/votes',
    summary: 'What readers said of an article, the newest first, and how often it helped',
    permission: 'articles.read',
    params: z.object({ id }),
    query: z.strictObject({
      ...pageQuery,
      only: z.enum(['comments', 'open']).optional().describe('open: comments that nobody has dealt with'),
    }),
    reply: page(articleVote).extend({
      counts: counted.extend({
        reasons: z.object({ unclear: z.int(), wrong: z.int(), missing: z.int(), other: z.int() }),
        comments: z.int(),
        openComments: z.int(),
      }),
    }),
  }),
  listComments: entry({
    method: 'GET',
    path: '/article-comments',
    summary: 'What readers wrote about any article, the newest first',
    permission: 'articles.read',
    query: z.strictObject({
      ...pageQuery,
      articleId: id.optional(),
      language: language.optional().describe('in which the article was read'),
      reason: z.enum(voteReasons).optional(),
      open: z.enum(['true', 'false']).optional().describe('true: nobody has dealt with it; all when left out'),
    }),
    reply: page(comment),
  }),
  settleVote: entry({
    method: 'PUT',
    path: '/article-votes/:id/settlement',
    summary: 'Say that a comment is dealt with',
    permission: 'articles.write',
    params: z.object({ id }),
    reply: articleVote,
  }),
  unsettleVote: entry({
    method: 'DELETE',
    path: '/article-votes/:id/settlement',
    summary: 'Say that a comment is not dealt with after all',
    permission: 'articles.write',
    params: z.object({ id }),
  }),
  listRatings: entry({
    method: 'GET',
    path: '/article-ratings',
    summary: 'Articles by what readers say: first those that surely did not help most often',
    permission: 'articles.read',
    query: z.strictObject(pageQuery),
    reply: page(rating),
  }),
} as const
