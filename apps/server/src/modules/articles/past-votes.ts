import type { VoteReason } from '@lahko/contract/article-votes'
import type { Language } from '@lahko/contract/values'
import { hashToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import { recountVotes } from './ratings.ts'
import { insertPastVotes } from './votes.queries.ts'

/** What a reader said of an article, by its address, at a time that is over. */
export type PastVote = {
  slug: string
  language: Language
  helpful: boolean
  at: Date
  token: string
  reason?: VoteReason
  comment?: string
}

/** Keeps what readers have said elsewhere or before. The same token again is the same vote; nobody hears of it. */
export async function keepPastVotes(tx: Tx, votes: readonly PastVote[]): Promise<void> {
  const articleIds = await insertPastVotes(
    tx,
    votes.map(({ token, reason = null, comment = null, ...vote }) => ({
      ...{ ...vote, reason, comment },
      tokenHash: hashToken(token),
    })),
  )
  for (const id of articleIds) await recountVotes(tx, id)
}
