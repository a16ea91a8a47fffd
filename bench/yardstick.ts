const cells = 8 * 2 ** 20
const reads = 5_000_000

/**
 * What one read of memory at random costs here and now, in nanoseconds: reads that follow one another through 32 MB,
 * more than a processor keeps near. On rented machines it differs fivefold within an hour, and rates a second with it.
 */
export function memoryReadNs(): number {
  const next = ring()
  const began = performance.now()
  let at = 0
  for (let read = 0; read < reads; read++) at = next[at]!
  const ns = ((performance.now() - began) / reads) * 1e6
  // Used, so that no compiler leaves the reads out.
  return at < 0 ? Number.NaN : ns
}

/** One ring through all cells (Sattolo's shuffle, seeded): no run is cut short by a smaller one. */
function ring(): Uint32Array {
  const next = Uint32Array.from({ length: cells }, (_, cell) => cell)
  let seed = 1
  for (let cell = cells - 1; cell > 0; cell--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    const other = seed % cell
    const kept = next[cell]!
    next[cell] = next[other]!
    next[other] = kept
  }
  return next
}
