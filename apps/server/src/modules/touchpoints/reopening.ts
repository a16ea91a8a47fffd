import type { Module } from '#platform/module.ts'
import type { Tx } from '#platform/store.ts'
import type { KeptTouchpoint } from './reporting.queries.ts'

/**
 * Locked touchpoints that were decided about and go on, by their ids, as nobody had decided about them: what was to be
 * asked is withdrawn. Those about which somebody was written to are not among them.
 */
export async function undecide(
  tx: Tx,
  modules: readonly Module[],
  touchpoints: readonly KeptTouchpoint[],
): Promise<Map<string, KeptTouchpoint>> {
  const ids = touchpoints.map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const standing = new Set<string>()
  for (const module of modules) for (const id of (await module.withdrawAsking?.(tx, ids)) ?? []) standing.add(id)
  const free = touchpoints.filter(({ id }) => !standing.has(id))
  return new Map(free.map((one) => [one.id, { ...one, decided: false }]))
}
