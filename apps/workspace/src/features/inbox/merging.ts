import { api } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { refreshTickets } from './inbox-data.ts'
import { openTicket } from './opening.ts'
import { clearSelection } from './selection.ts'

type Numbered = { id: string; number: number }
type MergeOfOne = { id: string; intoId: string | null }

/** Lets the messages of tickets stand in another, of all or of none, and opens that one. */
export async function mergeInto(sources: readonly Numbered[], into: Numbered): Promise<void> {
  try {
    const merges = sources.map(({ id }) => ({ id, intoId: into.id }))
    const { undo } = await api.tickets.mergeMany({ body: { merges } })
    clearSelection()
    await refreshTickets()
    await openTicket(into.id)
    const [first] = sources
    const words =
      sources.length === 1
        ? t('inbox.wasMerged', { source: first!.number, into: into.number })
        : t('inbox.wereMerged', { count: sources.length, into: into.number })
    say(words, () => void takeApart(sources, undo))
  } catch (error) {
    sayFailure(error)
    await refreshTickets()
  }
}

/** Takes a merge back. */
export async function unmerge(source: Numbered): Promise<void> {
  await takeApart([source], [{ id: source.id, intoId: null }])
}

async function takeApart(sources: readonly Numbered[], merges: MergeOfOne[]): Promise<void> {
  try {
    await api.tickets.mergeMany({ body: { merges } })
    const [first] = sources
    say(
      sources.length === 1
        ? t('inbox.wasUnmerged', { source: first!.number })
        : t('inbox.wereUnmerged', { count: sources.length }),
    )
  } catch (error) {
    sayFailure(error)
  }
  await refreshTickets()
}
