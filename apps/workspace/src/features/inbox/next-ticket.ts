import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { ticketQuery } from './inbox-data.ts'
import { openTicket } from './opening.ts'

const mostSkipped = 200
/** What was served in this session and left as it was comes last. */
let seen: readonly string[] = []

/** Opens what matters most now. @param from the ticket that is open, which is not served again */
export async function openNext(from: string | undefined): Promise<void> {
  if (from !== undefined) seen = [...seen.filter((id) => id !== from), from].slice(-mostSkipped)
  try {
    const first = await serve([...seen])
    const ticket = first ?? (seen.length > 0 ? await serve(from === undefined ? [] : [from]) : null)
    if (!first) seen = []
    if (!ticket) return say(t('inbox.noNext'))
    void queries.prefetchQuery(ticketQuery(ticket.id))
    await openTicket(ticket.id)
  } catch (error) {
    sayFailure(error)
  }
}

async function serve(skip: string[]) {
  return (await api.tickets.next({ body: { skip } })).ticket
}
