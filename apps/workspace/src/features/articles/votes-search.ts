import { oneOf } from '../../search.ts'

/** Which list of what readers say is shown; without it the articles. */
export type VotesSearch = { show?: 'open' | 'comments' }

export function readVotesSearch({ show }: Record<string, unknown>): VotesSearch {
  const known = oneOf(['open', 'comments'] as const, show)
  return known ? { show: known } : {}
}
