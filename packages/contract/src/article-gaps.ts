import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, language, page, pageQuery, text } from './values.ts'

export const gapKinds = ['missing', 'wrong'] as const
export type GapKind = (typeof gapKinds)[number]

const articleGap = z.object({
  id,
  kind: z.enum(gapKinds),
  text: z.string(),
  article: z
    .object({ id, language, title: z.string() })
    .nullable()
    .describe('the one that is wrong, or that answers the gap now, in its main language'),
  ticket: z.object({ id, number: z.int() }).nullable().describe('in which it was missed; null where that is gone'),
  reportedBy: id.nullable().describe('a member; null for a program, or somebody who left'),
  reportedAt: instant,
  outcome: z.enum(['answered', 'dismissed']).nullable().describe('null: it is open'),
  closedBy: id.nullable(),
  closedAt: instant.nullable(),
})
export type ArticleGap = z.infer<typeof articleGap>

const gapId = z.object({ id })

/** What members miss in the knowledge base. */
export const articleGapEntries = {
  reportGap: entry({
    method: 'POST',
    path: '/tickets/:id/article-gaps',
    summary: 'Say of a ticket that an article is missing, or that one is wrong; the same again is the same',
    permission: 'tickets.write',
    status: 201,
    params: z.object({ id }),
    body: z.strictObject({
      kind: z.enum(gapKinds),
      text: text(500, 1),
      articleId: id.nullable().default(null).describe('the one that is wrong, where that is known'),
    }),
    reply: articleGap,
  }),
  listGaps: entry({
    method: 'GET',
    path: '/article-gaps',
    summary: 'What members miss, the newest first',
    permission: 'articles.write',
    query: z.strictObject({ ...pageQuery, state: z.enum(['open', 'closed']).default('open') }),
    reply: page(articleGap),
  }),
  closeGap: entry({
    method: 'PUT',
    path: '/article-gaps/:id/outcome',
    summary: 'Say that a gap is answered, by which article, or dismiss it',
    permission: 'articles.write',
    params: gapId,
    body: z.strictObject({
      outcome: z.enum(['answered', 'dismissed']),
      articleId: id.optional().describe('left out: the one that it names stays'),
    }),
    reply: articleGap,
  }),
  openGap: entry({
    method: 'DELETE',
    path: '/article-gaps/:id/outcome',
    summary: 'Open a gap again',
    permission: 'articles.write',
    params: gapId,
  }),
} as const
