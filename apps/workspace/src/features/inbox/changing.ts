import type { TicketLine } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { refreshTickets } from './inbox-data.ts'
import { nothingMissing, sayWhatFailed } from './missing-fields.ts'
import { clearSelection } from './selection.ts'

type Changes = Parameters<typeof api.tickets.changeMany>[0] extends infer G
  ? NonNullable<G> extends { body: { changes: (infer C)[] } }
    ? C
    : never
  : never
/** What becomes of each ticket alike. */
export type Change = Omit<Changes, 'id'>

/** Changes some tickets alike and says so; what was before comes back with one press. @returns whether it went well */
export async function change(ids: readonly string[], part: Change, done: string): Promise<boolean> {
  try {
    const { undo, missing } = await send(ids.map((id) => ({ id, ...part })))
    nothingMissing()
    const words = missing.length > 0 ? `${done} ${t('inbox.someMissing', { count: missing.length })}` : done
    say(words, undo.length > 0 ? () => void takeBackChange(undo) : undefined)
    clearSelection()
    return true
  } catch (error) {
    sayWhatFailed(error)
    return false
  }
}

/** Puts back what `change` or `changeQuietly` found. */
export async function takeBackChange(undo: Changes[]): Promise<void> {
  try {
    const { changedSince } = await send(undo)
    say(sayTakenBack(changedSince, undo.length))
  } catch (error) {
    sayFailure(error)
  }
}

/** So many a message names. */
const mostNamed = 10

function sayTakenBack(stay: readonly { number: number }[], all: number): string {
  if (stay.length === 0) return t('inbox.takenBack')
  const named = stay.slice(0, mostNamed).map(({ number }) => `#${number}`)
  const numbers = [...named, ...(stay.length > mostNamed ? ['…'] : [])].join(', ')
  const words = t('inbox.notTakenBack', { count: stay.length, numbers })
  return stay.length < all ? `${words} ${t('inbox.takenBackElsewhere')}` : words
}

/** The same without a word, for what is said otherwise. */
export async function changeQuietly(id: string, part: Change): Promise<Changes[]> {
  return (await send([{ id, ...part }])).undo
}

async function send(changes: Changes[]) {
  const reply = await api.tickets.changeMany({ body: { changes } })
  await refreshTickets()
  return reply
}

/** The lines that are known of some tickets, from whichever list holds them. */
export function linesOf(ids: readonly string[]): TicketLine[] {
  const found = new Map<string, TicketLine>()
  for (const [, data] of queries.getQueriesData<unknown>({ queryKey: ['tickets'] }))
    for (const line of linesIn(data)) found.set(line.id, line)
  return ids.flatMap((id) => found.get(id) ?? [])
}

function linesIn(data: unknown): TicketLine[] {
  if (typeof data !== 'object' || data === null) return []
  if ('pages' in data) return (data.pages as { items: TicketLine[] }[]).flatMap(({ items }) => items)
  if ('items' in data) return data.items as TicketLine[]
  return 'subject' in data ? [data as TicketLine] : []
}
