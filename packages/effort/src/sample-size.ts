import { checkAtLeast, checkBetween, checkObject, checkShare, checkWhole, refuse } from './arguments.ts'
import { criticalZ } from './intervals.ts'

/** What a figure should be able to say. */
export interface Precision {
  /** Half the width of Wilson's interval at `share`, above 0 and below 0.5. */
  readonly margin: number
  /** The share that is expected, 0–1; 0.5 unless given, which asks for the most answers. */
  readonly share?: number
  /** Above 0 and below 1; 0.95 unless given. */
  readonly level?: number
  /** How many could be asked at all; unless given, any number. */
  readonly population?: number
  /** At least 1, which it is unless given. */
  readonly designEffect?: number
}

/**
 * How many answers make half of Wilson's interval at most `margin` wide, corrected for a finite population.
 * With m = n + z² and h = margin, Wilson's (1927) half width gives h²m² − z²pqm − z⁴(¼ − pq) = 0; the correction is
 * Cochran's (1977), n / (1 + (n − 1) / population). A whole number, at least 1. Throws a `RangeError` on a value that
 * `Precision` does not allow.
 */
export function answersNeeded(precision: Precision): number {
  checkPrecision(precision)
  const { margin, share = 0.5, level = 0.95, population = Infinity, designEffect = 1 } = precision
  checkBetween('margin', margin, 0, 0.5)
  checkShare('share', share)
  checkBetween('level', level, 0, 1)
  checkAtLeast('designEffect', designEffect, 1)
  if (population !== Infinity) checkWhole('population', population, 1)
  const square = criticalZ(level) ** 2
  const spread = share * (1 - share)
  const root = Math.sqrt(spread ** 2 + margin ** 2 * (1 - 4 * spread))
  const unlimited = Math.max(1, designEffect * square * ((spread + root) / (2 * margin ** 2) - 1))
  return wholeUp(unlimited / (1 + (unlimited - 1) / population))
}

/**
 * How many invitations bring `answersNeeded`, at a `responseRate` above 0 and up to 1; a whole number. Throws a
 * `RangeError` on another rate, and as `answersNeeded` does.
 */
export function invitationsNeeded(precision: Precision & { readonly responseRate: number }): number {
  checkPrecision(precision)
  const { responseRate } = precision
  if (!(typeof responseRate === 'number' && responseRate > 0 && responseRate <= 1))
    refuse('responseRate', responseRate, 'above 0 and at most 1')
  return wholeUp(answersNeeded(precision) / responseRate)
}

function checkPrecision(precision: Precision): void {
  checkObject('precision', precision, 'an object with a margin')
}

/** Rounded up, unless rounding errors alone put it above a whole number. */
function wholeUp(x: number): number {
  return Math.ceil(x * (1 - 1e-12))
}
