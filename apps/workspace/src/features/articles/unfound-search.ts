import type { Language } from '@lahko/contract'
import { oneOf } from '../../search.ts'

export const spans = ['7', '30', '90', '365'] as const
export type Span = (typeof spans)[number]

/** Which questions are shown stands in the address. */
export type UnfoundSearch = { language?: Language; days?: Span; settled?: 'yes' }

export function readUnfoundSearch(given: Record<string, unknown>): UnfoundSearch {
  const language = oneOf(['en', 'sl', 'nb'] as const, given['language'])
  const days = oneOf(spans, given['days'])
  return { ...(language && { language }), ...(days && { days }), ...(given['settled'] === 'yes' && { settled: 'yes' }) }
}
