import type { AgentRule } from '@lahko/contract/desk-rules'
import { sql } from 'kysely'
import { stillHolds } from '../facts.queries.ts'
import type { AgentFacts } from '../whose-effort.ts'

/** What members did in a ticket since its touchpoint began, and who has had it. */
export type MembersStory = {
  began: Date
  solved_at: Date | null
  solvers: (string | null)[]
  writers: string[]
  owners: { id: string | null; at: string }[]
  rules: { rule: AgentRule; since: string }[]
}

/** The same in columns, of a ticket `t` whose family stands in `family`; what was taken back has never been. */
export const membersStory = sql`
  coalesce(t.round_from, t.created_at) as began,
  (select coalesce(json_agg(case when e.actor_kind = 'member' then e.actor_id end order by e.id), '[]') from events e
    where e.subject_id = t.id and e.type = 'ticket.status' and e.data ->> 'to' = 'solved' and not e.data ? 'solvedAt'
      and coalesce((e.data ->> 'since')::timestamptz, e.at) = e.at and e.at >= coalesce(t.round_from, '-infinity')
      and ${stillHolds}) as solvers,
  (select coalesce(json_agg(m.member_id order by m.at, m.id), '[]') from family f
    join ticket_messages m on m.ticket_id = f.id where f.root = t.id and m.kind = 'reply'
      and m.at >= coalesce(t.round_from, '-infinity')) as writers,
  (select coalesce(json_agg(json_build_object('id', e.data ->> 'to', 'at', e.at) order by e.id), '[]') from events e
    where e.subject_id = t.id and e.type = 'ticket.assigned') as owners,
  (select coalesce(json_agg(r order by r.since), '[]') from (select rule, since from agent_rules) r) as rules`

type Member = { id: string; name: string }

/** Whom each rule finds in a solved ticket, and which one held when it was solved. */
export function foundIn(story: MembersStory, members: readonly Member[]): AgentFacts {
  return {
    agent_rule: story.rules.findLast(({ since }) => new Date(since) <= story.solved_at!)?.rule ?? 'solved',
    solver_id: story.solvers.findLast((id) => id !== null) ?? null,
    writer_id: writerIn(story, members) ?? null,
    keeper_id: keeperIn(story) ?? null,
  }
}

/** For whom answers about it count: by the rule that held, else for its owner. */
export function agentFrom(story: MembersStory, members: readonly Member[]): { agent: string; by: string } {
  const { agent_rule: rule, solver_id: solved, writer_id: wrote, keeper_id: owned } = foundIn(story, members)
  const found = { solved, wrote_most: wrote, owned_longest: owned }[rule]
  const owner = story.owners.at(-1)?.id
  const agent = members.find(({ id }) => id === (found ?? owner))?.name ?? ''
  return { agent, by: found ? rule : owner ? 'owned' : '' }
}

function writerIn({ writers }: MembersStory, members: readonly Member[]): string | undefined {
  const wrote = ({ id }: Member) => writers.filter((one) => one === id).length
  const most = Math.max(...members.map(wrote))
  return writers.findLast((id) => members.some((one) => one.id === id && wrote(one) === most))
}

function keeperIn({ owners, began, solved_at: solvedAt }: MembersStory): string | undefined {
  const spent = new Map<string, number>()
  for (const [place, { id, at }] of owners.entries()) {
    const since = Math.max(Date.parse(at), began.getTime())
    const until = Math.min(Date.parse(owners[place + 1]?.at ?? '9999-12-31'), solvedAt!.getTime())
    if (id === null || until < since) continue
    const before = spent.get(id) ?? 0
    // Whoever came last stands last.
    spent.delete(id)
    spent.set(id, before + until - since)
  }
  const most = Math.max(...spent.values())
  return [...spent.keys()].findLast((id) => spent.get(id) === most)
}
