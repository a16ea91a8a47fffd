import { synonyms as contract } from '@lahko/contract/synonyms'
import { route, type Route } from '#platform/http.ts'
import { getSynonyms } from '#platform/search/index.ts'
import { viewFound } from './articles.routes.ts'
import { readerBy } from './readers.ts'
import { searchArticles } from './searching.ts'
import { add, addText, change, list, remove, textOf } from './synonyms.ts'

const mostShown = 5

/** Words that mean the same to the company. */
export function synonymRoutes(): Route[] {
  return [
    route(contract.list, ({ query, read }) => read((db) => list(db, query))),
    route(contract.add, ({ body, write }) => write((tx) => add(tx, body))),
    route(contract.text, async ({ query, read }) => ({ text: await read((db) => textOf(db, query.language)) })),
    route(contract.addText, ({ body, write }) => write((tx) => addText(tx, body))),
    route(contract.preview, ({ body, scope, read }) => {
      const { language, q: text, words, id } = body
      return read(async (db) => {
        if (id !== undefined) await getSynonyms(db, id)
        const question = { text, language, limit: mostShown }
        const tried = { ...(words && { words }), ...(id !== undefined && { without: id }) }
        const before = await searchArticles(db, readerBy(scope), question)
        const after = await searchArticles(db, readerBy(scope), { ...question, tried })
        return { before: before.items.map(viewFound), after: after.items.map(viewFound) }
      })
    }),
    route(contract.change, ({ params, body, write }) => write((tx) => change(tx, params.id, body.words))),
    route(contract.remove, ({ params, write }) => write((tx) => remove(tx, params.id))),
  ]
}
