import { api } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { keepTicket, refreshTickets } from './inbox-data.ts'
import { openTicket } from './opening.ts'

type Numbered = { id: string; number: number }

/** Lets one ticket's messages stand in another, and opens that one. */
export async function mergeInto(source: Numbered, into: Numbered): Promise<void> {
  try {
    await api.tickets.merge({ params: { id: source.id }, body: { intoId: into.id } })
    await refreshTickets()
    await openTicket(into.id)
    say(t('inbox.wasMerged', { source: source.number, into: into.number }), () => void unmerge(source))
  } catch (error) {
    sayFailure(error)
  }
}

/** Takes a merge back. */
export async function unmerge(source: Numbered): Promise<void> {
  try {
    keepTicket(await api.tickets.unmerge({ params: { id: source.id } }))
    say(t('inbox.wasUnmerged', { source: source.number }))
  } catch (error) {
    sayFailure(error)
  }
}
