import fc from 'fast-check'
import { customScale, scales, type Scale } from '../src/scales.ts'
import type { Histogram } from '../src/histograms.ts'

/** Any preset or custom scale of up to 15 values. */
export const anyScale: fc.Arbitrary<Scale> = fc.oneof(
  fc.constantFrom(...Object.values(scales)),
  fc
    .record({
      min: fc.integer({ min: -5, max: 5 }),
      size: fc.integer({ min: 2, max: 15 }),
      high: fc.boolean(),
      easy: fc.integer({ min: 1, max: 14 }),
      hard: fc.integer({ min: 1, max: 14 }),
    })
    .map(({ min, size, high, easy, hard }) => {
      const bottom = Math.min(high ? hard : easy, size - 1)
      const top = Math.min(high ? easy : hard, size - bottom)
      const run = (first: number, length: number) => Array.from({ length }, (_, index) => first + index)
      const low = run(min, bottom)
      const upper = run(min + size - top, top)
      const ends = high ? { easy: upper, hard: low } : { easy: low, hard: upper }
      return customScale({ min, max: min + size - 1, direction: high ? 'high-is-easy' : 'high-is-hard', ...ends })
    }),
)

/** A histogram for a scale, often sparse, sometimes empty. */
export function countsFor(scale: Scale): fc.Arbitrary<Histogram> {
  const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 500 }))
  const length = scale.max - scale.min + 1
  return fc.array(count, { minLength: length, maxLength: length })
}

/** The same scale read from its other end. */
export function flipped(scale: Scale): Scale {
  const direction = scale.direction === 'high-is-easy' ? 'high-is-hard' : 'high-is-easy'
  return { ...scale, id: 'custom', direction, easy: scale.hard, hard: scale.easy }
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
