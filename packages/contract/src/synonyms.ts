import { z } from 'zod'
import { found } from './articles.ts'
import { entry } from './entry.ts'
import { id, language, page, pageQuery, text } from './values.ts'

const words = z.array(text(100, 1)).max(100).describe('two or more words or phrases that mean the same')
const group = z.object({ id, language, words: z.array(z.string()) })
export type SynonymGroup = z.infer<typeof group>

const groupId = z.object({ id })

/** Words that mean the same to a company: a question with one of them finds what has another. */
export const synonyms = {
  list: entry({
    method: 'GET',
    path: '/synonyms',
    summary: 'Groups of words that mean the same in a language, the oldest first; there are at most 1,000',
    permission: 'articles.read',
    query: z.strictObject({ ...pageQuery, language }),
    reply: page(group),
  }),
  add: entry({
    method: 'POST',
    path: '/synonyms',
    summary: 'Say that words mean the same; searches know it at once',
    permission: 'articles.write',
    status: 201,
    body: z.strictObject({ language, words }),
    reply: group,
  }),
  change: entry({
    method: 'PUT',
    path: '/synonyms/:id',
    summary: 'Change the words of a group',
    permission: 'articles.write',
    params: groupId,
    body: z.strictObject({ words }),
    reply: group,
  }),
  remove: entry({
    method: 'DELETE',
    path: '/synonyms/:id',
    summary: 'Remove a group',
    permission: 'articles.write',
    params: groupId,
  }),
  preview: entry({
    method: 'POST',
    path: '/synonyms/preview',
    summary: 'What a question finds now, and would find with a group added, changed or removed; nothing is kept',
    permission: 'articles.read',
    body: z.strictObject({
      language,
      q: text(300, 1),
      words: words.optional().describe('as they would be; left out: the group would be removed'),
      id: id.optional().describe('of the group that would be changed or removed; left out: it is a new one'),
    }),
    reply: z.object({ before: z.array(found), after: z.array(found) }),
  }),
  text: entry({
    method: 'GET',
    path: '/synonyms/text',
    summary: 'All groups of a language as a text: one on each line, words with commas between them',
    permission: 'articles.read',
    query: z.strictObject({ language }),
    reply: z.object({ text: z.string() }),
  }),
  addText: entry({
    method: 'POST',
    path: '/synonyms/text',
    summary: 'Add the groups of such a text that are not there yet; all of them, or none',
    permission: 'articles.write',
    body: z.strictObject({ language, text: text(200_000, 1) }),
    reply: z.object({ added: z.int(), known: z.int() }),
  }),
} as const
