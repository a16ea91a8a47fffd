import { dateOf, oneOf } from '../../search.ts'

export const states = ['open', 'ended'] as const
/** By what of all that help desks tell the list is narrowed. */
export const tellings = ['topic', 'team', 'agent'] as const

/** What the list of touchpoints shows stands in its address. */
export type TouchpointSearch = { [telling in (typeof tellings)[number]]?: string } & {
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
    ...Object.fromEntries(tellings.map((telling) => [telling, textOf(given[telling], 200)])),
    from: dateOf(given['from']),
    to: dateOf(given['to']),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

function textOf(value: unknown, most: number): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined
}
