import type { TicketView } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { openTicket } from './opening.ts'
import { viewsQuery } from './views.ts'

/** Removes a saved list; undone, it is made anew as it was. @param show called with the new one's id */
export async function removeView(view: TicketView, show: (id: string) => void): Promise<void> {
  const { id, name, shared, filter, sort } = view
  try {
    await openTicket(undefined)
    await api.tickets.removeView({ params: { id } })
    await refreshViews()
    say(t('inbox.viewRemoved', { name }), () => void make())
  } catch (error) {
    sayFailure(error)
  }
  async function make(): Promise<void> {
    try {
      const again = await api.tickets.createView({ body: { name, shared, filter, sort } })
      await refreshViews()
      show(again.id)
    } catch (error) {
      sayFailure(error)
    }
  }
}

export function refreshViews(): Promise<void> {
  return queries.invalidateQueries({ queryKey: viewsQuery.queryKey })
}
