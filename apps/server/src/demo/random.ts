/** Numbers that look random and come again with the same seed. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number
  /** A whole number from 0 to n − 1. */
  below(n: number): number
  pick<T>(items: readonly T[]): T
  /** The key of a table of weights, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  /** Standard normal (Box & Muller 1958). */
  normal(): number
}

/** Mulberry32: 32 bits of state are plenty for a shop. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    next,
    below,
    pick: (items) => items[below(items.length)]!,
    weighted(weights) {
      const entries = Object.entries<number>(weights) as [keyof typeof weights & string, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0]!)[0] as never
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}
