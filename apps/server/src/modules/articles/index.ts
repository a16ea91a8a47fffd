import type { Module } from '#platform/module.ts'
import { articleWorkRoutes } from './article-work.routes.ts'
import { listKnownArticles } from './articles.queries.ts'
import { articleRoutes } from './articles.routes.ts'
import { forgetSearchesTask } from './forgetting-searches.ts'
import { helpPages } from './help.pages.ts'
import { renderAgainTask } from './rendering-again.ts'
import { picturePages } from './pictures.pages.ts'
import { forgetPicturesTask } from './pictures.ts'
import { reviewDaysDue } from './review-days.ts'
import { schedulesDue } from './scheduling.ts'
import { searchRoutes } from './searches.routes.ts'
import { synonymRoutes } from './synonyms.routes.ts'
import { commentTask, commentTasks } from './votes.ts'

/** The knowledge base: collections, articles in several languages, what readers say of them, and what they search for. */
export const articles: Module = {
  name: 'articles',
  tables: [
    'article_addresses',
    'article_collections',
    'article_gaps',
    'article_picture_uses',
    'article_pictures',
    'article_ratings',
    'article_reviews',
    'article_rules',
    'article_schedules',
    'article_translations',
    'article_versions',
    'article_votes',
    'articles',
    'search_settlements',
    'searches',
  ],
  routes: (house) => [...articleRoutes(house), ...articleWorkRoutes(house), ...searchRoutes(), ...synonymRoutes()],
  tasks: (house) => [
    ...commentTasks(house),
    forgetSearchesTask(house),
    renderAgainTask(house),
    forgetPicturesTask(house),
  ],
  reactions: { 'article.commented': commentTask },
  due: (house) => [...schedulesDue(house), ...reviewDaysDue(house)],
  noticeTopics: {
    article_review: listKnownArticles,
    article_due: listKnownArticles,
    article_comment: listKnownArticles,
  },
  pages(app, house, modules) {
    helpPages(app, house, modules)
    picturePages(app, house, modules)
  },
}

export { changeArticleRules, findEffortSurvey } from './approvals.ts'
export { exportArticles } from './exporting.ts'
export { reportGap } from './gaps.ts'
export { importArticles, type ImportReport } from './importing.ts'
export { isText, type FolderEntry, type TextFile } from './article-files.ts'
export { decodeHtml } from './html-files.ts'
export { isHtml } from './html-names.ts'
export { readHelpAtHome, type HelpAtHome } from './help-at-home.ts'
export { keepPastSearches } from './keeping-searches.ts'
export { hasPublicArticles, listMapped } from './help.queries.ts'
export { keepPastVotes, type PastVote } from './past-votes.ts'
export { suggestArticles, type Suggested } from './suggesting.ts'
export { listTitles } from './titles.queries.ts'
