import { api } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { keepTicket, refreshTickets } from './inbox-data.ts'
import { openTicket } from './opening.ts'
import { keepSelected } from './selection.ts'

type Numbered = { id: string; number: number }

/** Lets the messages of tickets stand in another, and opens that one. */
export async function mergeInto(sources: readonly Numbered[], into: Numbered): Promise<void> {
  const merged: Numbered[] = []
  try {
    for (const source of sources) {
      await api.tickets.merge({ params: { id: source.id }, body: { intoId: into.id } })
      merged.push(source)
    }
  } catch (error) {
    sayFailure(error)
  }
  await refreshTickets()
  if (merged.length === 0) return
  // What was not merged stays chosen, to be tried again.
  keepSelected(sources.slice(merged.length).map(({ id }) => id))
  await openTicket(into.id)
  const [first] = merged
  const words =
    merged.length === 1
      ? t('inbox.wasMerged', { source: first!.number, into: into.number })
      : t('inbox.wereMerged', { count: merged.length, into: into.number })
  say(words, () => void unmerge(merged))
}

/** Takes a merge back. */
export async function unmerge(sources: readonly Numbered[]): Promise<void> {
  try {
    for (const { id } of sources.toReversed()) keepTicket(await api.tickets.unmerge({ params: { id } }))
    const [first] = sources
    say(
      sources.length === 1
        ? t('inbox.wasUnmerged', { source: first!.number })
        : t('inbox.wereUnmerged', { count: sources.length }),
    )
  } catch (error) {
    sayFailure(error)
  }
}
