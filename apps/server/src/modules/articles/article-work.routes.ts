import { articleGapEntries as gaps } from '@lahko/contract/article-gaps'
import { articleImportEntries as imports } from '@lahko/contract/article-imports'
import { articleReviewEntries as reviews } from '@lahko/contract/article-reviews'
import { articleVoteEntries as votes } from '@lahko/contract/article-votes'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { changeArticleRules, readArticleRules } from './approvals.ts'
import { closeGap, listGaps, openGap } from './gaps.ts'
import { importGiven } from './importing-given.ts'
import { listRatings } from './ratings.ts'
import { askReview, decideReview, endReview, listReviews } from './reviews.ts'
import { listComments, listVotes, settleVote, unsettleVote } from './votes.ts'

/** What members do about articles beside writing them. */
export function articleWorkRoutes(house: House): Route[] {
  return [
    route(reviews.articleRules, ({ read }) => read(readArticleRules)),
    route(reviews.changeArticleRules, ({ body, write }) => write((tx) => changeArticleRules(tx, body))),
    route(reviews.askReview, ({ params: { id, language }, body, write }) =>
      write((tx) => askReview(house, tx, id, language, body)),
    ),
    route(reviews.decideReview, ({ params: { id, language }, body, write }) =>
      write((tx) => decideReview(house, tx, id, language, body)),
    ),
    route(reviews.endReview, ({ params: { id, language }, write }) => write((tx) => endReview(tx, id, language))),
    route(reviews.listReviews, ({ params: { id, language }, query, read }) =>
      read((db) => listReviews(db, id, language, query)),
    ),
    route(votes.listVotes, ({ params, query, read }) => read((db) => listVotes(db, params.id, query))),
    route(votes.listComments, ({ query, read }) => read((db) => listComments(db, query))),
    route(votes.settleVote, ({ params, write }) => write((tx) => settleVote(tx, params.id))),
    route(votes.unsettleVote, ({ params, write }) => write((tx) => unsettleVote(tx, params.id))),
    route(votes.listRatings, ({ query, read }) => read((db) => listRatings(db, query))),
    route(gaps.listGaps, ({ query, read }) => read((db) => listGaps(db, query))),
    route(gaps.closeGap, ({ params, body, write }) => write((tx) => closeGap(tx, params.id, body))),
    route(imports.importArticles, ({ body, language, scope }) => importGiven(house, scope, body, language)),
    route(gaps.openGap, ({ params, write }) => write((tx) => openGap(tx, params.id))),
  ]
}
