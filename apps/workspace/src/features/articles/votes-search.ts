import { voteReasons, type VoteReason } from '@lahko/contract/article-votes'
import { languages, type Language } from '@lahko/contract/values'
import { oneOf } from '../../search.ts'

/** Which comments are shown: about one article, in one language, with one reason. */
export type CommentsOnly = { article?: string; language?: Language; reason?: VoteReason }
/** Which list of what readers say is shown; without it the articles. */
export type VotesSearch = CommentsOnly & { show?: 'open' | 'comments' }

export function readVotesSearch(given: Record<string, unknown>): VotesSearch {
  const show = oneOf(['open', 'comments'] as const, given['show'])
  const language = oneOf(languages, given['language'])
  const reason = oneOf(voteReasons, given['reason'])
  const article = String(given['article'] ?? '')
  return {
    ...(show && { show }),
    ...(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(article) && { article }),
    ...(language && { language }),
    ...(reason && { reason }),
  }
}
