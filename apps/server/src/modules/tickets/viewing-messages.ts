import type { TicketMessage } from '@lahko/contract/tickets'
import type { Language } from '@lahko/contract/values'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { viewDeliveries } from './delivery.ts'
import { findMessage, listAttachments, listForwards } from './ticket-messages.queries.ts'
import { memberNames, viewMessage } from './tickets.view.ts'

/** One message as the conversation shows it. @throws Problem not_found */
export async function viewOneMessage(db: Db, id: string, language: Language): Promise<TicketMessage> {
  const row = await findMessage(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  const name = (await memberNames(db)).get(row.member_id ?? '')
  const message = viewMessage(row, await listAttachments(db, [id]), { name })
  const forwards = (await listForwards(db, [id])).get(id) ?? []
  return { ...message, forwards, delivery: (await viewDeliveries(db, [row], language)).get(id) ?? null }
}
