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

/** Says how tickets belong together with another, of all or of none, and what was said before comes back with one press. */
export async function linkWith(ids: readonly string[], other: Numbered, kind: GivenLinkKind): Promise<void> {
  try {
    const links = ids.map((id) => ({ id, linkedId: other.id, kind }))
    const { undo } = await api.tickets.linkMany({ body: { links } })
    clearSelection()
    say(t('inbox.wasLinked', { count: ids.length, number: other.number }), () => void putBack(undo))
  } catch (error) {
    sayFailure(error)
  }
  await refreshTickets()
}

/** Takes a link away, and puts it back with one press. */
export async function unlink(id: string, other: Numbered, kind: GivenLinkKind): Promise<void> {
  try {
    keepTicket(await api.tickets.unlink({ params: { id, linkedId: other.id } }))
    say(t('inbox.wasUnlinked', { number: other.number }), () => void putBack([{ id, linkedId: other.id, kind }]))
  } catch (error) {
    sayFailure(error)
  }
}

type LinkOfTwo = { id: string; linkedId: string; kind: GivenLinkKind | null }

async function putBack(links: LinkOfTwo[]): Promise<void> {
  try {
    await api.tickets.linkMany({ body: { links } })
    say(t('inbox.takenBack'))
  } catch (error) {
    sayFailure(error)
  }
  await refreshTickets()
}
