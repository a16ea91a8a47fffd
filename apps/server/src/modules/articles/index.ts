import type { Module } from '#platform/module.ts'
import { articleRoutes } from './articles.routes.ts'
import { helpPages } from './help.pages.ts'
import { schedulesDue } from './scheduling.ts'

/** The knowledge base: collections, articles in several languages, and what readers say of them. */
export const articles: Module = {
  name: 'articles',
  tables: [
    'article_addresses',
    'article_collections',
    'article_schedules',
    'article_translations',
    'article_versions',
    'article_votes',
    'articles',
  ],
  routes: () => [...articleRoutes()],
  due: schedulesDue,
  pages: helpPages,
}

export { exportArticles } from './exporting.ts'
export { importArticles, type ImportReport } from './importing.ts'
export { hasPublicArticles } from './help.queries.ts'
