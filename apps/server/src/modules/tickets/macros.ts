import type { Macro, MacroActions, macros as contract } from '@lahko/contract/macros'
import type { Language, Translated } from '@lahko/contract/values'
import type { z } from 'zod'
import { getWorkspace } from '#accounts'
import { findContacts } from '#people'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { asVariable, fillVariables, variableFault, type Known } from '#platform/variables.ts'
import { isLanguage } from '#platform/words.ts'
import {
  deleteMacro,
  findMacroRow,
  insertMacro,
  listMacroRows,
  updateMacro,
  type MacroContent,
  type MacroRow,
} from './macros.queries.ts'
import { findTicketRow, type TicketRow } from './tickets.queries.ts'
import { memberNames } from './tickets.view.ts'

type GivenMacro = z.output<(typeof contract)['create']['body']>

const variables = {
  always: new Set(['company', 'agent', 'ticket.number', 'ticket.subject']),
  isVariable: (name: string) => ['customer.name', 'customer.organisation'].includes(name),
}

/** One page by name, everybody's and those of the member who asks. @throws Problem invalid `macros.bad_page` */
export async function listMacros(
  db: Db,
  { after, limit, search }: { after?: string; limit: number; search?: string },
): Promise<{ items: Macro[]; next: string | null }> {
  const rows = await listMacroRows(db, memberOf(db), { search, after: readEnd(after), limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last ? Buffer.from(`${last.id} ${last.name}`).toString('base64url') : null
  return { items: shown.map(viewMacro), next }
}

/** @throws Problem forbidden `macros.managers_only`, `replying.members_only`; invalid at a text whose variables are wrong */
export async function createMacro(tx: Tx, given: GivenMacro): Promise<Macro> {
  const id = await insertMacro(tx, contentOf(tx, given))
  await emit(tx, { type: 'macro.created', subjectId: id })
  return getMacro(tx, id)
}

/** @throws Problem not_found, and as `createMacro` */
export async function changeMacro(tx: Tx, id: string, given: GivenMacro): Promise<Macro> {
  demandChangeable(tx, await demandMacro(tx, id))
  await updateMacro(tx, id, contentOf(tx, given))
  await emit(tx, { type: 'macro.changed', subjectId: id })
  return getMacro(tx, id)
}

/** @throws Problem not_found; forbidden `macros.managers_only` */
export async function removeMacro(tx: Tx, id: string): Promise<void> {
  demandChangeable(tx, await demandMacro(tx, id))
  await deleteMacro(tx, id)
  await emit(tx, { type: 'macro.removed', subjectId: id })
}

/** A macro's text for one ticket, in the customer's language as far as there is one. @throws Problem not_found */
export async function fillMacro(
  db: Db,
  id: string,
  ticketId: string,
): Promise<{ name: string; text: string; language: Language; actions: MacroActions }> {
  const { name, texts, actions } = await demandMacro(db, id)
  const ticket = await findTicketRow(db, ticketId)
  if (!ticket) throw new Problem('not_found', 'platform.not_found')
  const workspace = await getWorkspace(db)
  const contacts = await findContacts(db, ticket.customer_id === null ? [] : [ticket.customer_id])
  const contact = contacts.get(ticket.customer_id ?? '')
  const [language, text] = bestText(texts, [ticket.language, contact?.language, workspace.language])
  const known: Known = {
    ...(await knownOf(db, ticket)),
    company: workspace.name,
    'customer.name': asVariable(contact?.name),
    'customer.organisation': asVariable(contact?.organisation),
  }
  return { name, text: fillVariables(text, known), language, actions }
}

async function knownOf(db: Db, ticket: TicketRow): Promise<Known> {
  const agent = (await memberNames(db)).get(memberOf(db) ?? '')
  const { name } = await getWorkspace(db)
  return { agent: agent ?? name, 'ticket.number': String(ticket.number), 'ticket.subject': asVariable(ticket.subject) }
}

/** In the first of these languages in which there is one, else in any. */
function bestText(texts: Translated, wanted: readonly (string | null | undefined)[]): [Language, string] {
  const all = (Object.entries(texts) as [Language, string | undefined][]).filter(([, text]) => text)
  const best = wanted.filter(isLanguage).find((language) => texts[language])
  const [language, text] = all.find(([one]) => one === best) ?? all[0] ?? ['en', '']
  return [language, text ?? '']
}

function contentOf(tx: Tx, { name, shared, texts, actions }: GivenMacro): MacroContent {
  for (const [language, text] of Object.entries(texts)) {
    const wrong = variableFault(text ?? '', variables)
    if (wrong) throw invalidField(`/body/texts/${language}`, `macros.${wrong.fault}`, wrong.args)
  }
  const memberId = shared ? null : memberOf(tx)
  if (shared && !tx.actor.permissions.has('tickets.manage')) throw new Problem('forbidden', 'macros.managers_only')
  if (!shared && memberId === null) throw new Problem('forbidden', 'replying.members_only')
  return { name, memberId, texts, actions }
}

function demandChangeable(tx: Tx, { memberId }: MacroRow): void {
  if (memberId === null && !tx.actor.permissions.has('tickets.manage')) {
    throw new Problem('forbidden', 'macros.managers_only')
  }
}

async function demandMacro(db: Db, id: string): Promise<MacroRow> {
  const row = await findMacroRow(db, id, memberOf(db))
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

async function getMacro(db: Db, id: string): Promise<Macro> {
  return viewMacro(await demandMacro(db, id))
}

function viewMacro({ id, name, memberId, texts, actions, used, usedAt }: MacroRow): Macro {
  return { id, name, shared: memberId === null, texts, actions, used, usedAt: usedAt?.toISOString() ?? null }
}

function memberOf({ actor }: Db): string | null {
  return actor.kind === 'member' ? actor.memberId : null
}

function readEnd(after: string | undefined): { id: string; name: string } | undefined {
  if (after === undefined) return undefined
  const [, id, name] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([^\0]*)$/.exec(Buffer.from(after, 'base64url').toString()) ?? []
  if (id === undefined || name === undefined) throw invalidField('/query/after', 'tickets.bad_page')
  return { id, name }
}
