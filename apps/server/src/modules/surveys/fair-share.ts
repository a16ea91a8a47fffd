/** So many invitations back it is counted who asks often. */
export const remembered = 1_000
/** Fewer say nothing about who asks often. */
const fewest = 50

/** Which programmes ask often, kept while further ones ask. */
export type Frequency = {
  isFrequent(programmeId: string | null): boolean
  /** A programme asks once more; the oldest that is remembered is forgotten. */
  add(programmeId: string): void
}

/**
 * Frequent is a programme that made more than half of an even share of the last 1,000 invitations: among six more than
 * one in twelve. None is when there were fewer than 50 invitations, and when all of them would be: then none is rarer.
 * @param programmeIds that are on and have touchpoints; only their invitations count
 * @param asked which programmes made the last invitations, newest first
 */
export function createFrequency(programmeIds: readonly string[], asked: readonly string[]): Frequency {
  const counts = new Map(programmeIds.map((id) => [id, 0]))
  const recent = asked
    .filter((id) => counts.has(id))
    .slice(0, remembered)
    .toReversed()
  for (const id of recent) counts.set(id, counts.get(id)! + 1)
  let frequent: ReadonlySet<string> | undefined
  return {
    isFrequent(id) {
      frequent ??= frequentOf(counts, recent.length)
      return id !== null && frequent.has(id)
    },
    add(id) {
      if (!counts.has(id)) return
      recent.push(id)
      counts.set(id, counts.get(id)! + 1)
      if (recent.length > remembered) {
        const oldest = recent.shift()!
        counts.set(oldest, counts.get(oldest)! - 1)
      }
      frequent = undefined
    },
  }
}

function frequentOf(counts: ReadonlyMap<string, number>, all: number): ReadonlySet<string> {
  if (all < fewest) return new Set()
  const frequent = [...counts].filter(([, count]) => count * counts.size * 2 > all).map(([id]) => id)
  return new Set(frequent.length < counts.size ? frequent : [])
}
