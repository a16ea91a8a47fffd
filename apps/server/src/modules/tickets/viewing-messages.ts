import type { TicketMessage } from '@lahko/contract/tickets'
import type { Language } from '@lahko/contract/values'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { viewDeliveries } from './delivery.ts'
import { findMessage } from './ticket-messages.queries.ts'
import { viewMessage } from './tickets.view.ts'

/** One message as the conversation shows it, by whom it was written then. @throws Problem not_found */
export async function viewOneMessage(db: Db, id: string, language: Language): Promise<TicketMessage> {
  const row = await findMessage(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const delivery = (await viewDeliveries(db, [row], language)).get(id) ?? null
  return { ...viewMessage(row, row.attachments, row.from_name), forwards: row.forwards, delivery }
}
