import type { DueKind } from '../due.ts'
import type { House } from '../house.ts'
import { foldChanges } from './search.queries.ts'

const mostAtOnce = 500

/** Adds to the counts of words what documents changed. Until then whoever counts adds it up. */
export function foldingWords({ store }: House): DueKind {
  return {
    name: 'search_words',
    work: async (scope) => (await store.write(scope, (tx) => foldChanges(tx, mostAtOnce))) > 0,
  }
}
