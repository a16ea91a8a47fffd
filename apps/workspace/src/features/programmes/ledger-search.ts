import { invitationStates, notAskedRules, type InvitationState, type NotAskedRule } from '@lahko/contract/programmes'
import { oneOf } from '../../search.ts'

const spans = ['7', '30', '90', '365'] as const
export type Span = (typeof spans)[number]

/** What of the ledger is on the screen. */
export type LedgerSearch = {
  days?: Span
  state?: InvitationState
  rule?: NotAskedRule
  programme?: string
  kind?: string
  customer?: string
  /** The line that is open. */
  line?: string
}

export { spans }

export function readLedgerSearch(given: Record<string, unknown>): LedgerSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  return {
    days: oneOf(spans, given['days']),
    state: oneOf(invitationStates, given['state']),
    rule: oneOf(notAskedRules, given['rule']),
    programme: text(given['programme']),
    kind: text(given['kind']),
    customer: text(given['customer']),
    line: text(given['line']),
  }
}

/** The first of so many days that end today, where the workspace is. */
export function firstDay(days: Span, timeZone: string, now: number): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now)
  return new Date(Date.parse(`${today}T00:00:00Z`) - (Number(days) - 1) * 86_400_000).toISOString().slice(0, 10)
}

/** How many filters show less, or more, than the ledger shows by itself. */
export function filtersOn({ days = '30', programme, kind }: LedgerSearch): number {
  return [days !== '30', programme !== undefined, kind !== undefined].filter(Boolean).length
}
