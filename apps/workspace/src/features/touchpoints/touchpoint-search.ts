import { dateOf, oneOf } from '../../search.ts'

export const states = ['open', 'ended'] as const

/** What the list of touchpoints shows stands in its address. */
export type TouchpointSearch = {
  find?: string
  kind?: string
  state?: (typeof states)[number]
  from?: string
  to?: string
}

/** Reads an address that anybody may have typed. */
export function readTouchpointSearch(given: Record<string, unknown>): TouchpointSearch {
  const found: TouchpointSearch = {
    find: textOf(given['find'], 200),
    kind: textOf(given['kind'], 60),
    state: oneOf(states, given['state']),
    from: dateOf(given['from']),
    to: dateOf(given['to']),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

function textOf(value: unknown, most: number): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined
}
