import type { InvitationState } from '@lahko/contract/programmes'
import { headerOf, type Received } from '../apps/server/src/platform/testing/smtp.ts'
import { isReminder } from './mail-stage.ts'

/** What a reader of the workspace sees: each line of the ledger, its sums, and the mails of which nobody knows. */
export type Seen = {
  lines: { id: string; state: InvitationState; email: string }[]
  funnel: { touchpoints: number; states: { state: InvitationState; count: number }[] }
  /** The recipients of uncertain mails. */
  uncertain: string[]
}

/** Counts of what must not be. */
export type Faults = {
  /** Mails that came more often than once, by their Message-ID or by whom they ask. */
  twice: number
  /** People who got no mail, and of whose mail the outbox does not say that it is uncertain. */
  missing: number
  /** Lines of the ledger whose state is not what became of their mail, or that stand there twice or not at all. */
  wrongLines: number
  /** States whose number in the funnel is not that of their lines, and the sum of all when it is not. */
  wrongSums: number
}

type Page = { items: object[]; next: string | null }

/** Reads with an API key, as any program could. */
export async function look(url: string, key: string): Promise<Seen> {
  const read = async (path: string) => {
    const reply = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })
    if (reply.status !== 200) throw new Error(`${path} replied ${reply.status}: ${await reply.text()}`)
    return (await reply.json()) as unknown
  }
  const all = async <Item>(path: string) => {
    const items: Item[] = []
    for (let after: string | null = ''; after !== null;) {
      const page = (await read(`${path}limit=100${after && `&after=${after}`}`)) as Page
      items.push(...(page.items as Item[]))
      after = page.next
    }
    return items
  }
  type Line = { id: string; state: InvitationState; customer: { email: string } }
  const lines = await all<Line>('/invitations?')
  const mails = await all<{ recipient: string }>('/mails?state=uncertain&')
  return {
    lines: lines.map(({ id, state, customer }) => ({ id, state, email: customer.email })),
    funnel: (await read('/invitations/funnel')) as Seen['funnel'],
    uncertain: mails.map(({ recipient }) => recipient),
  }
}

/** @param people whom the ledger asks, each once */
export function faultsIn(received: readonly Received[], { lines, funnel, uncertain }: Seen, people: number): Faults {
  const came = received.map(({ to }) => to[0]!)
  const unknown = new Set(uncertain)
  const there = new Set([...came, ...uncertain])
  const ids = new Set(received.map(({ raw }) => headerOf(raw, 'Message-ID')))
  // Of a reminder nobody knows whether it went out; the invitation itself did, days ago.
  const stateOf = (email: string) => (unknown.has(email) && !isReminder(email) ? 'uncertain' : 'sent')
  const wrong = lines.filter(({ email, state }) => state !== stateOf(email))
  const counted = [funnel.touchpoints, ...funnel.states.map(({ count }) => count)]
  const listed = [
    lines.length,
    ...funnel.states.map(({ state }) => lines.filter((line) => line.state === state).length),
  ]
  return {
    twice: Math.max(came.length - ids.size, came.length - new Set(came).size),
    missing: people - there.size,
    wrongLines: wrong.length + Math.abs(people - new Set(lines.map(({ id }) => id)).size),
    wrongSums: counted.filter((count, place) => count !== listed[place]).length,
  }
}
