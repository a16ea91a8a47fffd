import { articles as contract } from '@lahko/contract/articles'
import type { Readable } from 'node:stream'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { encodePicture, mostBytesOfPicture } from '#platform/pictures.ts'
import { readUpload } from '#platform/uploads.ts'
import { changeArticle, createArticle, listArticles, placeArticle, removeArticle } from './articles.ts'
import { viewArticle, viewTranslation } from './articles.view.ts'
import {
  changeCollection,
  createCollection,
  listCollections,
  placeCollection,
  removeCollection,
} from './collections.ts'
import { removeTranslation, restoreVersion, saveDraft } from './drafts.ts'
import { countArticles } from './narrowing.queries.ts'
import { publish, unpublish } from './publishing.ts'
import { keepPicture, picturesIn } from './pictures.ts'
import { confirmArticle } from './review-days.ts'
import { renderArticle } from './rendering.ts'
import { readerBy } from './readers.ts'
import { searchKeeperOf } from './keeping-searches.ts'
import { searchArticles, type Answers } from './searching.ts'
import { schedule } from './scheduling.ts'
import type { Listed } from './help.queries.ts'
import { getVersion, listVersions } from './versions.ts'

const mostCounted = 1_000

/** The knowledge base, as those who write it and other programs do. */
export function articleRoutes(house: House): Route[] {
  return [
    route(contract.list, ({ query, read }) => read((db) => listArticles(db, query))),
    route(contract.count, ({ query, read }) => read((db) => countArticles(db, { ...query, most: mostCounted }))),
    route(contract.create, ({ body, write }) => write((tx) => createArticle(tx, body))),
    route(contract.preview, ({ body: { body, language }, read }) =>
      read(async (db) => renderArticle(body, language, await picturesIn(db, [body]))),
    ),
    route(contract.addPicture, async ({ body, write }) => {
      const given = body as unknown as Readable | undefined
      const content = await readUpload(given, { most: mostBytesOfPicture, code: 'pictures.too_large' })
      // Drawn before the transaction, which then is short.
      const picture = await encodePicture(content)
      return write((tx) => keepPicture(tx, content, async () => picture))
    }),
    route(contract.search, async ({ query, scope, request, read }) => {
      const { q: text, language, limit, typing } = query
      const answers = await read((db) => searchArticles(db, readerBy(scope), { text, language, limit, typing }))
      // What members look for is no question of customers.
      if (!typing && scope.actor.kind !== 'member') {
        searchKeeperOf(house).keep(scope.workspaceId, request.ip, { text, language, answers, watched: false })
      }
      return viewAnswers(answers)
    }),
    route(contract.get, ({ params, read }) => read((db) => viewArticle(db, params.id))),
    route(contract.change, ({ params, body, write }) => write((tx) => changeArticle(tx, params.id, body))),
    route(contract.place, ({ params, body, write }) => write((tx) => placeArticle(tx, params.id, body))),
    route(contract.remove, ({ params, write }) => write((tx) => removeArticle(tx, params.id))),
    route(contract.confirm, ({ params, write }) => write((tx) => confirmArticle(tx, params.id))),
    ...collectionRoutes(),
    ...translationRoutes(),
  ]
}

function collectionRoutes(): Route[] {
  return [
    route(contract.listCollections, async ({ read }) => ({ items: await read(listCollections) })),
    route(contract.createCollection, ({ body, write }) => write((tx) => createCollection(tx, body))),
    route(contract.changeCollection, ({ params, body, write }) => write((tx) => changeCollection(tx, params.id, body))),
    route(contract.placeCollection, ({ params, body, write }) => write((tx) => placeCollection(tx, params.id, body))),
    route(contract.removeCollection, ({ params, write }) => write((tx) => removeCollection(tx, params.id))),
  ]
}

function translationRoutes(): Route[] {
  return [
    route(contract.getTranslation, ({ params: { id, language }, read }) =>
      read((db) => viewTranslation(db, id, language)),
    ),
    route(contract.saveDraft, ({ params: { id, language }, body, write }) =>
      write((tx) => saveDraft(tx, id, language, body)),
    ),
    route(contract.removeTranslation, ({ params: { id, language }, write }) =>
      write((tx) => removeTranslation(tx, id, language)),
    ),
    route(contract.publish, ({ params: { id, language }, body, write }) =>
      write(async (tx) => {
        await publish(tx, id, language, body.revision)
        return viewTranslation(tx, id, language)
      }),
    ),
    route(contract.unpublish, ({ params: { id, language }, write }) => write((tx) => unpublish(tx, id, language))),
    route(contract.schedule, ({ params: { id, language }, body, write }) =>
      write((tx) => schedule(tx, id, language, body)),
    ),
    route(contract.listVersions, ({ params: { id, language }, query, read }) =>
      read((db) => listVersions(db, id, language, query)),
    ),
    route(contract.getVersion, ({ params: { id, language, number }, read }) =>
      read((db) => getVersion(db, id, language, number)),
    ),
    route(contract.restore, ({ params: { id, language, number }, body, write }) =>
      write((tx) => restoreVersion(tx, id, language, { number, ...body })),
    ),
  ]
}

function viewAnswers({ items, suggestions, corrected }: Answers) {
  return { items: items.map(viewFound), suggestions: suggestions.map(viewFound), corrected }
}

/** An article that was found, as the API shows it. */
export function viewFound({ id: articleId, slug, language, title, summary }: Listed) {
  return { articleId, slug, language, title, summary }
}
