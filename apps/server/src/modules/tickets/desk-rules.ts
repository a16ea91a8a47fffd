import type { DeskRules, GivenDeskRules } from '@lahko/contract/desk-rules'
import { foldQuoted } from '#platform/mail/receiving/new-text.ts'
import { emit } from '#platform/events.ts'
import type { Db, Tx } from '#platform/store.ts'
import { findDeskRules, insertAgentRule, upsertDeskRules } from './desk-rules.queries.ts'
import { isPlainThanks } from './plain-thanks.ts'
import type { TicketRow } from './tickets.queries.ts'
import { memberNames } from './tickets.view.ts'
import type { Writing } from './writing-in.ts'

/** What stands on a message that has left its ticket solved. */
export const thanksBanner = 'thanks'

/** Whom answers count for is kept with its moment: what was over before goes by what held then. */
export async function changeDeskRules(tx: Tx, rules: GivenDeskRules): Promise<DeskRules> {
  const { answersCountFor: before } = await findDeskRules(tx)
  await upsertDeskRules(tx, rules.thanksStaySolved)
  if (rules.answersCountFor !== before) await insertAgentRule(tx, rules.answersCountFor)
  await emit(tx, { type: 'desk_rules.changed', subjectId: tx.workspaceId })
  return findDeskRules(tx)
}

/** Whether a customer only thanks for what was solved, where the workspace wants that known. */
export async function isTakenForThanks(db: Db, ticket: TicketRow, writing: Writing): Promise<boolean> {
  const { kind, outside, automatic, attachments = [], text, author } = writing
  if (ticket.status !== 'solved' || kind !== 'message' || outside || automatic || attachments.length > 0) return false
  if (!(await findDeskRules(db)).thanksStaySolved) return false
  return isPlainThanks(foldQuoted(text).text, [author.name, ...(await memberNames(db)).values()])
}
