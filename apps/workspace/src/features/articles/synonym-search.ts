import type { Language } from '@lahko/contract'
import { oneOf } from '../../search.ts'

/** Whose synonyms are shown stands in the address. */
export type SynonymSearch = { language?: Language }

export function readSynonymSearch(given: Record<string, unknown>): SynonymSearch {
  const language = oneOf(['en', 'sl', 'nb'] as const, given['language'])
  return language ? { language } : {}
}
