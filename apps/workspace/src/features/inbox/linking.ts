import type { GivenLinkKind, Ticket } from '@lahko/contract'
import { givenLinkKinds } from '@lahko/contract/ticket-lines'
import { api } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { keepTicket, refreshTickets } from './inbox-data.ts'
import { clearSelection } from './selection.ts'

type Numbered = { id: string; number: number }

/** Whether a member has linked them, and can take that back. */
export function isGiven(kind: Ticket['links'][number]['kind']): kind is GivenLinkKind {
  return givenLinkKinds.some((one) => one === kind)
}

/** Says how tickets belong together with another, and what was said before comes back with one press. */
export async function linkWith(ids: readonly string[], other: Numbered, kind: GivenLinkKind): Promise<void> {
  const before: [string, GivenLinkKind | undefined][] = []
  try {
    for (const id of ids) {
      const ticket = await api.tickets.get({ params: { id } })
      keepTicket(await api.tickets.link({ params: { id, linkedId: other.id }, body: { kind } }))
      before.push([id, givenWith(ticket, other.id)])
    }
    clearSelection()
    say(t('inbox.wasLinked', { count: ids.length, number: other.number }), () => void putBack(before, other))
  } catch (error) {
    sayFailure(error)
  }
  await refreshTickets()
}

/** Takes a link away, and puts it back with one press. */
export async function unlink(id: string, other: Numbered, kind: GivenLinkKind): Promise<void> {
  try {
    keepTicket(await api.tickets.unlink({ params: { id, linkedId: other.id } }))
    say(t('inbox.wasUnlinked', { number: other.number }), () => void putBack([[id, kind]], other))
  } catch (error) {
    sayFailure(error)
  }
}

async function putBack(before: readonly [string, GivenLinkKind | undefined][], other: Numbered): Promise<void> {
  try {
    for (const [id, kind] of before) {
      const params = { id, linkedId: other.id }
      keepTicket(await (kind ? api.tickets.link({ params, body: { kind } }) : api.tickets.unlink({ params })))
    }
    say(t('inbox.takenBack'))
  } catch (error) {
    sayFailure(error)
  }
}

function givenWith({ id: own, links }: Ticket, otherId: string): GivenLinkKind | undefined {
  return links.flatMap(({ id, kind, ofId }) => (id === otherId && ofId === own && isGiven(kind) ? [kind] : []))[0]
}
