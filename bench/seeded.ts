/** A seeded source of numbers from 0 to 1 (mulberry32), so that a bench says the same twice. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Draws histograms of n answers from one distribution over the values of a scale. */
export function histogramDrawer(probabilities: readonly number[], random: () => number): (n: number) => number[] {
  const reached = probabilities.map((_, index) => probabilities.slice(0, index + 1).reduce((sum, p) => sum + p, 0))
  const last = probabilities.findLastIndex((p) => p > 0)
  return (n) => {
    const counts = probabilities.map(() => 0)
    for (let answer = 0; answer < n; answer++) {
      const u = random()
      let index = 0
      while (index < last && u >= reached[index]!) index += 1
      counts[index]! += 1
    }
    return counts
  }
}

/** A Poisson number by its waiting times. */
export function poisson(mean: number, random: () => number): number {
  let count = -1
  for (let waited = 0; waited < mean; count++) waited -= Math.log(1 - random())
  return count
}

/** Weights made into probabilities. */
export function shares(weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / whole)
}
