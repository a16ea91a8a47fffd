import { scales, type Scale } from '@lahko/effort'
import { CommandError } from '../command-error.ts'

/** The values that are counted while the scale is not known. */
export const undecided = { min: 0, max: 10 } as const

/** What was counted without a scale: `counts` from 0 to 10, and how many whole numbers lay outside. */
export interface Undecided {
  column: string
  counts: readonly number[]
  outside: number
  /** What is wrong with the first bad value, in words. */
  bad?: string | undefined
}

const choices = Object.keys(scales).join(', ')
const shareOfZeros = 0.01

/**
 * The scale that the values tell: `nps-11` where the column says so or zeros are more than strays, else `ces-10`.
 * Throws a `CommandError` that asks for one where they do not tell.
 */
export function assumeScale({ column, counts, outside, bad }: Undecided): Scale {
  const n = counts.reduce((sum, count) => sum + count, 0)
  if (n + outside === 0) {
    const why = bad === undefined ? 'holds no answers' : `holds no answers (${bad})`
    throw new CommandError(
      `Column ${column} ${why}, so its scale cannot be told; name it with --scale (${choices}).`,
      2,
    )
  }
  if (outside > n) {
    const own = '--min, --max, --direction, --easy and --hard'
    throw new CommandError(`Most values of column ${column} lie outside 0–10; describe their scale with ${own}.`, 2)
  }
  if (counts.findLastIndex((count) => count > 0) <= 7) {
    throw new CommandError(`No value exceeds 7, so the scale cannot be told; name it with --scale (${choices}).`, 2)
  }
  const isRecommendation = /(^|[^a-z])nps([^a-z]|$)|recommend|priporo|anbefal/i.test(column)
  return isRecommendation || counts[0]! >= n * shareOfZeros ? scales['nps-11'] : scales['ces-10']
}

/** The sentence that must not be overlooked. */
export function assumption({ id, min, max }: Scale): string {
  return `Scale assumed from the values: ${id} (${min}–${max}, ${max} is easiest). Name another with --scale.`
}
