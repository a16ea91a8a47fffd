import { z } from 'zod'
import { articleReview } from './article-reviews.ts'
import { entry } from './entry.ts'
import { id, instant, language, localDate, page, pageQuery, slug, text, translated } from './values.ts'

export const audiences = ['public', 'signed-in', 'organisations'] as const
/** In which an article is where one of its languages is; `untranslated`: it is not written in all of them. */
export const articleStates = ['draft', 'changed', 'scheduled', 'outdated', 'untranslated'] as const
export type ArticleState = (typeof articleStates)[number]

const titles = translated(120).refine((given) => Object.values(given).some(Boolean), { message: 'no_text' })
const position = z.int().min(0).max(1_000_000).describe('0 is the first; what is too large is the last')

export const collection = z.object({
  id,
  parentId: id.nullable(),
  slug: z.string(),
  titles: translated(120),
  position: z.int(),
})
export type Collection = z.infer<typeof collection>

const version = z.int().min(1).max(1_000_000_000)
/** One language of an article, as lists show it. */
const translationLine = z.object({
  language,
  title: z.string(),
  revision: z.int().describe('of the draft: give it back when you change or publish it'),
  editedAt: instant,
  editedBy: id.nullable().describe('a member; null for a program, or somebody who left'),
  published: z
    .object({ number: z.int(), at: instant, title: z.string() })
    .nullable()
    .describe('what readers see; null: nothing'),
  changed: z.boolean().describe('whether the draft says something else than what readers see'),
  outdated: z.boolean().describe('whether the main language was published anew since'),
  publishAt: instant.nullable(),
  unpublishAt: instant.nullable(),
  review: articleReview.nullable().describe('the newest since it was published last'),
})

export const article = z.object({
  id,
  collectionId: id,
  slug: z.string(),
  position: z.int(),
  ownerId: id.nullable(),
  reviewOn: localDate.nullable(),
  reviewMonths: z.int().nullable(),
  confirmed: z
    .object({ at: instant, by: id.nullable() })
    .nullable()
    .describe('when somebody last said that it is still right'),
  audience: z.enum(audiences),
  organisations: z.array(z.string()),
  mainLanguage: language,
  createdAt: instant,
  updatedAt: instant,
  translations: z.array(translationLine),
})
export type Article = z.infer<typeof article>

const content = {
  title: text(160, 1),
  summary: text(400).default(''),
  keywords: text(1000)
    .default('')
    .describe('words and questions of readers that the text does not have: found by, not shown'),
  body: text(100_000).describe('Markdown without HTML; > **Note** begins a callout, and links to articles end in .md'),
}
export const translation = translationLine.extend({ summary: z.string(), keywords: z.string(), body: z.string() })
export type ArticleTranslation = z.infer<typeof translation>

const versionLine = z.object({
  number: z.int(),
  title: z.string(),
  at: instant,
  by: id.nullable().describe('a member; null for a program, a schedule, or somebody who left'),
})
const fullVersion = versionLine.extend({ summary: z.string(), keywords: z.string(), body: z.string() })

const rendered = z.object({
  html: z.string(),
  contents: z.array(z.object({ id: z.string(), text: z.string(), level: z.int() })),
  minutes: z.int(),
  pictures: z
    .array(z.string())
    .describe('addresses of pictures that are not shown, since they lie elsewhere: their texts stand in their place'),
})

const picture = z.object({
  id,
  address: z.string().describe('by which texts show it: ![what there is to see](ADDRESS)'),
  width: z.int(),
  height: z.int(),
})
export type ArticlePicture = z.infer<typeof picture>

/** An article that was found. */
export const found = z.object({ articleId: id, slug: z.string(), language, title: z.string(), summary: z.string() })

const collectionId = z.object({ id })
const articleId = z.object({ id })
const ofLanguage = z.object({ id, language })
const ofVersion = z.object({ id, language, number: z.coerce.number().int().min(1).max(1_000_000_000) })

/** Who may read it, whose it is, and when it is looked at again. */
const settings = {
  slug: slug.optional().describe('its name in addresses; the old one goes on leading here'),
  ownerId: id.nullable().optional(),
  reviewOn: localDate.nullable().optional(),
  reviewMonths: z
    .int()
    .min(1)
    .max(60)
    .nullable()
    .optional()
    .describe('every how many months it is looked at again; the first day follows where none is set'),
  audience: z.enum(audiences).optional(),
  organisations: z.array(text(200, 1)).max(50).optional().describe('whose customers may read it'),
}

/** The knowledge base. */
export const articles = {
  listCollections: entry({
    method: 'GET',
    path: '/article-collections',
    summary: 'All collections, each level in its order; there are at most 500',
    permission: 'articles.read',
    reply: z.object({ items: z.array(collection) }),
  }),
  createCollection: entry({
    method: 'POST',
    path: '/article-collections',
    summary: 'Make a collection, the last one on its level; there are three levels',
    permission: 'articles.write',
    status: 201,
    body: z.strictObject({ titles, parentId: id.nullable().default(null), slug: slug.optional() }),
    reply: collection,
  }),
  changeCollection: entry({
    method: 'PATCH',
    path: '/article-collections/:id',
    summary: 'Change titles or address; the old address goes on leading there',
    permission: 'articles.write',
    params: collectionId,
    body: z.strictObject({ titles: titles.optional(), slug: slug.optional() }),
    reply: collection,
  }),
  placeCollection: entry({
    method: 'PUT',
    path: '/article-collections/:id/place',
    summary: 'Move a collection, with all in it',
    permission: 'articles.write',
    params: collectionId,
    body: z.strictObject({ parentId: id.nullable(), position }),
    reply: collection,
  }),
  removeCollection: entry({
    method: 'DELETE',
    path: '/article-collections/:id',
    summary: 'Remove an empty collection',
    permission: 'articles.write',
    params: collectionId,
  }),
  list: entry({
    method: 'GET',
    path: '/articles',
    summary: 'Articles, the newest first; those of a collection in its order',
    permission: 'articles.read',
    query: z.strictObject({
      ...pageQuery,
      collectionId: id.optional(),
      reviewBy: localDate.optional().describe('only those whose owner wants to look at them by this day'),
      q: text(200, 1).optional().describe('words of a title in any language, whatever their order and accents'),
      state: z.enum(articleStates).optional().describe('only those of which a language is in this state'),
      toReview: z.stringbool().default(false).describe('only those with a draft that waits for your approval'),
    }),
    reply: page(article),
  }),
  count: entry({
    method: 'GET',
    path: '/articles/counts',
    summary: 'How many articles there are, by collection and by state',
    permission: 'articles.read',
    query: z.strictObject({ reviewBy: localDate.optional().describe('the day by which `review` counts') }),
    reply: z.object({
      collections: z
        .array(z.object({ id, count: z.int() }))
        .describe('those in it itself; where there are none it is missing'),
      states: z.record(z.enum([...articleStates, 'review', 'toReview']), z.int()).describe('1,000 are 1,000 or more'),
    }),
  }),
  create: entry({
    method: 'POST',
    path: '/articles',
    summary: 'Write an article, in its main language; nobody sees it before it is published',
    permission: 'articles.write',
    status: 201,
    body: z.strictObject({ collectionId: id, language, ...content, ...settings }),
    reply: article,
  }),
  search: entry({
    method: 'GET',
    path: '/articles/search',
    summary: 'Published articles that answer a question, the best first, in the own language before others',
    permission: null,
    query: z.strictObject({
      q: text(300, 1),
      language,
      limit: z.coerce.number().int().min(1).max(50).default(10),
      typing: z
        .stringbool()
        .default(false)
        .describe('whether the last word may be unfinished; what is still typed is not kept'),
    }),
    reply: z.object({
      items: z.array(found),
      suggestions: z.array(found).describe('of the items, those good enough to be put before somebody unasked'),
      corrected: z
        .string()
        .nullable()
        .describe('the question as it was understood, where that is not what was written'),
    }),
  }),
  preview: entry({
    method: 'POST',
    path: '/articles/preview',
    summary: 'What Markdown looks like on the page; nothing is kept',
    permission: 'articles.read',
    body: z.strictObject({ language, body: content.body }),
    reply: rendered,
  }),
  addPicture: entry({
    method: 'POST',
    path: '/article-pictures',
    summary:
      'Upload a picture (PNG, JPEG, GIF, WebP) for texts to show; the same bytes are the same picture. Gone after a week when no text shows it',
    permission: 'articles.write',
    content: 'upload',
    mostBytes: 12 * 2 ** 20,
    status: 201,
    reply: picture,
  }),
  get: entry({
    method: 'GET',
    path: '/articles/:id',
    summary: 'An article',
    permission: 'articles.read',
    params: articleId,
    reply: article,
  }),
  change: entry({
    method: 'PATCH',
    path: '/articles/:id',
    summary: 'Change address, owner, review day or audience. Pages and search follow at once',
    permission: 'articles.write',
    params: articleId,
    body: z.strictObject({ ...settings, mainLanguage: language.optional() }),
    reply: article,
  }),
  place: entry({
    method: 'PUT',
    path: '/articles/:id/place',
    summary: 'Move an article within its collection, or to another',
    permission: 'articles.write',
    params: articleId,
    body: z.strictObject({ collectionId: id.optional().describe('left out: its own'), position }),
    reply: article,
  }),
  remove: entry({
    method: 'DELETE',
    path: '/articles/:id',
    summary: 'Remove an article of which nothing is published, with all its versions',
    permission: 'articles.write',
    params: articleId,
  }),
  getTranslation: entry({
    method: 'GET',
    path: '/articles/:id/translations/:language',
    summary: 'The draft of an article in one language',
    permission: 'articles.read',
    params: ofLanguage,
    reply: translation,
  }),
  saveDraft: entry({
    method: 'PUT',
    path: '/articles/:id/translations/:language',
    summary: 'Write the draft in one language, or begin it. Readers see nothing of it',
    permission: 'articles.write',
    params: ofLanguage,
    body: z.strictObject({
      ...content,
      revision: version.nullable().describe('the one you have read; null: there is none yet. An older one is refused'),
    }),
    reply: translation,
  }),
  removeTranslation: entry({
    method: 'DELETE',
    path: '/articles/:id/translations/:language',
    summary: 'Remove a translation that is not published and not the main language',
    permission: 'articles.write',
    params: ofLanguage,
  }),
  publish: entry({
    method: 'PUT',
    path: '/articles/:id/translations/:language/publication',
    summary: 'Publish the draft: page and search show it at once',
    permission: 'articles.publish',
    params: ofLanguage,
    body: z.strictObject({ revision: version }),
    reply: translation,
  }),
  unpublish: entry({
    method: 'DELETE',
    path: '/articles/:id/translations/:language/publication',
    summary: 'Take it back: page and search show it no more; the draft stays',
    permission: 'articles.publish',
    params: ofLanguage,
  }),
  schedule: entry({
    method: 'PUT',
    path: '/articles/:id/translations/:language/schedule',
    summary: 'Publish the draft as it is then, or take it back, at a time; null: not',
    permission: 'articles.publish',
    params: ofLanguage,
    body: z
      .strictObject({ publishAt: instant.nullable(), unpublishAt: instant.nullable() })
      .refine(
        ({ publishAt, unpublishAt }) => !publishAt || !unpublishAt || Date.parse(publishAt) < Date.parse(unpublishAt),
        {
          message: 'until_before_from',
          path: ['unpublishAt'],
        },
      ),
    reply: translation,
  }),
  listVersions: entry({
    method: 'GET',
    path: '/articles/:id/translations/:language/versions',
    summary: 'What was published, the newest first',
    permission: 'articles.read',
    params: ofLanguage,
    query: z.strictObject(pageQuery),
    reply: page(versionLine),
  }),
  getVersion: entry({
    method: 'GET',
    path: '/articles/:id/translations/:language/versions/:number',
    summary: 'One version as it was published',
    permission: 'articles.read',
    params: ofVersion,
    reply: fullVersion,
  }),
  restore: entry({
    method: 'PUT',
    path: '/articles/:id/translations/:language/versions/:number/restoration',
    summary: 'Put an old version into the draft; readers see it when that is published',
    permission: 'articles.write',
    params: ofVersion,
    body: z.strictObject({ revision: version }),
    reply: translation,
  }),
  confirm: entry({
    method: 'PUT',
    path: '/articles/:id/confirmation',
    summary: 'Say that an article is still right; it is looked at again after its months',
    permission: 'articles.write',
    params: articleId,
    reply: article,
  }),
} as const
