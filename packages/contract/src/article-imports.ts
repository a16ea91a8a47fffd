import { z } from 'zod'
import { entry } from './entry.ts'
import { text } from './values.ts'

const path = text(400, 1).describe('in the folder, with / between names: `orders/pay.en.md`')
const said = { path: z.string(), code: z.string(), text: z.string().describe('in the language of the request') }

/** Articles that come as a folder. */
export const articleImportEntries = {
  importArticles: entry({
    method: 'POST',
    path: '/article-imports',
    summary:
      'Bring in a folder of Markdown with its pictures, as `lahko articles import` does; the same folder again changes nothing',
    permission: 'articles.publish',
    mostBytes: 24 * 2 ** 20,
    body: z.strictObject({
      files: z
        .array(
          z.union([
            z.strictObject({ path, text: text(500_000).describe('of .md and collection.json') }),
            z.strictObject({ path, content: z.string().describe('of a picture, in base64') }),
          ]),
        )
        .min(1)
        .max(2_000),
      drafts: z
        .boolean()
        .default(false)
        .describe(
          'publish nothing, and leave who may read what is there; so it is in any case where publishing needs an ' +
            'approval. What waits as a draft is published by a person: until then another text for it is refused',
        ),
    }),
    reply: z.object({
      counts: z.object({ new: z.int(), changed: z.int(), same: z.int(), refused: z.int() }).describe('of files'),
      refused: z.array(z.object(said)),
      warnings: z.array(z.object(said)).describe('what is wrong in files that were taken'),
    }),
  }),
} as const
