import type { Language } from '@lahko/contract/values'
import type { House } from '#platform/house.ts'
import type { Scope } from '#platform/store.ts'
import { keepPastTickets } from '#tickets'
import { listTouchpointsOfKind, type TouchpointWithContact } from '#touchpoints'
import { ticketOf, type TicketTouchpoint } from './mails.ts'
import { createRandom } from './random.ts'

const atOnce = 500
/** Customers who have something open today. */
const openNow = 42

type Filling = { seed: number; language: Language; onProgress: (done: number) => Promise<void> }

/**
 * The shop's touchpoints that came by mail or form become tickets with their mails; each once, however often it runs.
 * @returns who has something open besides
 */
export async function fillTickets(
  { store }: House,
  scope: Scope,
  { seed, language, onProgress }: Filling,
): Promise<TicketTouchpoint['customer'][]> {
  const customers: TicketTouchpoint['customer'][] = []
  // The same touchpoint says the same, wherever a builder takes up the work of another.
  const random = (place: number) => createRandom(seed + 2 + place)
  for (let after: string | undefined, done = 0; ;) {
    const page = await store.read(scope, (db) => listTouchpointsOfKind(db, 'ticket', { after, limit: atOnce }))
    if (page.length === 0) return customers.slice(-openNow)
    const tickets = page.flatMap((touchpoint, place) => {
      const whole = withMails(touchpoint)
      if (whole) customers.push(whole.customer)
      return (whole && ticketOf(random(done + place), whole, language)) ?? []
    })
    await store.write(scope, (tx) => keepPastTickets(tx, tickets))
    done += page.length
    after = page.at(-1)!.id
    await onProgress(done)
  }
}

/** Undefined where nobody could have been written to, or it is not over. */
function withMails({ id, startedAt, endedAt, attributes, customer }: TouchpointWithContact) {
  if (!startedAt || !endedAt || !customer?.email) return undefined
  const { name, email, language } = customer
  const known = (['en', 'sl', 'nb'] as const).find((one) => one === language) ?? 'en'
  const whole: TicketTouchpoint = {
    ...{ id, startedAt, endedAt, attributes },
    customer: { id: customer.id, name: name ?? email, email, language: known },
  }
  return whole
}
