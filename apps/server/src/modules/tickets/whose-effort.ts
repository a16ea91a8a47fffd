import type { AgentRule } from '@lahko/contract/desk-rules'

/** Why an answer counts for a member: by a rule, or because the ticket is theirs. */
type AgentReason = AgentRule | 'owned'

/** What the history of a ticket says of its members, as far as it says something. */
export type AgentFacts = {
  /** What held when it was over. */
  agent_rule: AgentRule
  /** Who solved it last; null when nobody or a program did. */
  solver_id: string | null
  /** Who wrote most replies to the customer, and of several the last of them. */
  writer_id: string | null
  /** Who owned it for the longest time until it was solved, and of several the last of them. */
  keeper_id: string | null
}

/**
 * For whom an answer about a ticket counts, and why: by the rule once it is solved; while it is not, or when the rule
 * finds nobody, for its owner. Pure.
 */
export function agentOf(
  facts: AgentFacts,
  { isSolved, ownerId }: { isSolved: boolean; ownerId: string | null },
): { memberId: string; by: AgentReason } | undefined {
  const { agent_rule: rule, solver_id: solved, writer_id: wrote, keeper_id: owned } = facts
  const found = isSolved ? { solved, wrote_most: wrote, owned_longest: owned }[rule] : null
  if (found) return { memberId: found, by: rule }
  return ownerId === null ? undefined : { memberId: ownerId, by: 'owned' }
}
