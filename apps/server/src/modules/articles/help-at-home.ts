import type { Language } from '@lahko/contract/values'
import type { FastifyRequest } from 'fastify'
import type { Html } from '#platform/html.ts'
import type { Module } from '#platform/module.ts'
import type { PageScript } from '#platform/page-script.ts'
import type { Db } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { articlePath } from './article-page.ts'
import { listFilled, listFound } from './help.queries.ts'
import { readerOf } from './readers.ts'
import { searchBox, searchScript } from './search-page.ts'
import { listMostVoted } from './votes.queries.ts'

/** What the home of the portal has of the knowledge base. */
export type HelpAtHome = {
  search: Html
  script: PageScript
  /** What people come for, most of them first, in the language of the page. */
  tasks: readonly { title: string; path: string }[]
}

const ofDays = 90
/** What fewer readers said something of is no volume. */
const least = 3
const mostTasks = 5
/** Not each of them is there in every language, and for everybody. */
const mostLookedAt = 30

/**
 * The search, and the articles of which most readers have said within 90 days whether they helped: nobody counts who
 * only reads. Undefined for whoever finds nothing.
 */
export async function readHelpAtHome(
  db: Db,
  { request, modules, language }: { request: FastifyRequest; modules: readonly Module[]; language: Language },
): Promise<HelpAtHome | undefined> {
  const reader = await readerOf(db, request, modules)
  if ((await listFilled(db, reader)).size === 0) return undefined
  const since = new Date(db.now.getTime() - ofDays * 86_400_000)
  const ids = await listMostVoted(db, { since, least, limit: mostLookedAt })
  const articles = await listFound(
    db,
    reader,
    ids.map((id) => ({ id, language })),
  )
  return {
    search: searchBox({ language, say: (key) => words(language, `help.${key}`) }),
    script: searchScript,
    tasks: articles.slice(0, mostTasks).map((one) => ({ title: one.title, path: articlePath(one, language) })),
  }
}
