import type { ArticleReview, ReviewState } from '@lahko/contract/article-reviews'
import type { ReviewRow } from './reviews.queries.ts'

/** A review as the API shows it. @param revision of the draft as it is now */
export function viewReview(row: ReviewRow, revision: number): ArticleReview {
  return {
    id: row.id,
    state: stateOf(row, revision),
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    reviewerId: row.reviewer_id,
    note: row.note,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    answer: row.answer,
  }
}

/** An approval holds for the draft that was looked at, and for no other. */
function stateOf({ outcome, revision }: ReviewRow, now: number): ReviewState {
  if (outcome === null) return 'asked'
  return outcome === 'approved' && revision !== now ? 'void' : outcome
}
