import { checkArray, checkObject, refuse } from './arguments.ts'

/** Which words the screens use: easy and hard, satisfied and dissatisfied, promoters and detractors. */
export type Family = 'effort' | 'satisfaction' | 'recommendation'

/** Which end of a scale is the easy one. */
export type Direction = 'high-is-easy' | 'high-is-hard'

/** The id of a preset scale. */
export type ScaleId = 'ces-10' | 'ces-7' | 'ces-5' | 'ces-3' | 'csat-5' | 'nps-11'

/** Which values count as easy and which as hard: ascending, each a run at its own end of the scale, disjoint. */
export interface Rule {
  readonly id: string
  readonly easy: readonly number[]
  readonly hard: readonly number[]
}

/** Whole numbers from `min` to `max`, 2 to 101 of them; `easy` and `hard` are its standard rule. */
export interface Scale {
  readonly id: string
  readonly family: Family
  readonly min: number
  readonly max: number
  readonly direction: Direction
  readonly easy: readonly number[]
  readonly hard: readonly number[]
}

/** The preset scales. The thresholds of `ces-10` are Lahko's own convention; the others are published ones. */
export const scales: Readonly<Record<ScaleId, Scale>> = Object.freeze({
  'ces-10': preset('ces-10', 'effort', 1, 10, 'high-is-easy', [8, 10], [1, 4]),
  'ces-7': preset('ces-7', 'effort', 1, 7, 'high-is-easy', [5, 7], [1, 3]),
  'ces-5': preset('ces-5', 'effort', 1, 5, 'high-is-hard', [1, 2], [4, 5]),
  'ces-3': preset('ces-3', 'effort', 1, 3, 'high-is-easy', [3, 3], [1, 1]),
  'csat-5': preset('csat-5', 'satisfaction', 1, 5, 'high-is-easy', [4, 5], [1, 2]),
  'nps-11': preset('nps-11', 'recommendation', 0, 10, 'high-is-easy', [9, 10], [0, 6]),
})

/**
 * Ready rules for each preset scale; the first, `standard`, is the scale's own.
 * `easiest-two` is the *top two boxes* that some vendors count, `easiest-one` the *top box*,
 * `recommendation` the cuts of the net promoter score laid on ten values.
 */
export const rules: Readonly<Record<ScaleId, readonly Rule[]>> = Object.freeze({
  'ces-10': ready([
    standardRule(scales['ces-10']),
    rule('easiest-two', [9, 10], [1, 2]),
    rule('recommendation', [9, 10], [1, 6]),
  ]),
  'ces-7': ready([
    standardRule(scales['ces-7']),
    rule('easiest-two', [6, 7], [1, 2]),
    rule('easiest-two-hardest-four', [6, 7], [1, 4]),
  ]),
  'ces-5': ready([standardRule(scales['ces-5']), rule('easiest-one', [1, 1], [5, 5])]),
  'ces-3': ready([standardRule(scales['ces-3'])]),
  'csat-5': ready([
    standardRule(scales['csat-5']),
    rule('easiest-one', [5, 5], [1, 1]),
    rule('easiest-two-hardest-three', [4, 5], [1, 3]),
  ]),
  'nps-11': ready([standardRule(scales['nps-11'])]),
})

/** Whether `text` is the id of a preset scale. */
export function isScaleId(text: string): text is ScaleId {
  return Object.hasOwn(scales, text)
}

const longestScale = 101

/**
 * A scale of one's own: whole numbers, 2 to 101 values, `easy` and `hard` as in `Rule`.
 * Its id is `custom`, its family `effort` unless given. Throws a `RangeError` that says what is wrong.
 */
export function customScale(parts: {
  min: number
  max: number
  direction: Direction
  family?: Family
  easy: readonly number[]
  hard: readonly number[]
}): Scale {
  checkObject('parts', parts, 'min, max, direction, easy and hard of a scale')
  const { min, max, direction, family = 'effort', easy, hard } = parts
  checkScale({ id: 'custom', family, min, max, direction, easy, hard }, '')
  const runs = { easy: Object.freeze([...easy]), hard: Object.freeze([...hard]) }
  return Object.freeze({ id: 'custom', family, min, max, direction, ...runs })
}

/** The scale itself, looked up by its id or checked when it is given whole. */
export function resolveScale(scale: Scale | ScaleId): Scale {
  if (typeof scale === 'string') {
    return isScaleId(scale) ? scales[scale] : refuse('scale', scale, `one of ${Object.keys(scales).join(', ')}`)
  }
  checkObject('scale', scale, 'a scale or the id of a preset one')
  if (!(isScaleId(scale.id) && scales[scale.id] === scale)) checkScale(scale, 'scale.')
  return scale
}

/** The rule to read by: the scale's own, a ready one by its id, or one given whole and checked against the scale. */
export function resolveRule(rule: Rule | string | undefined, scale: Scale): Rule {
  if (rule === undefined) return standardRule(scale)
  if (typeof rule !== 'string') {
    checkObject('rule', rule, 'a rule { id, easy, hard } or the id of a ready one')
    checkRule(rule, scale, 'rule.')
    return rule
  }
  const known = isScaleId(scale.id) ? rules[scale.id] : [standardRule(scale)]
  const found = known.find((candidate) => candidate.id === rule)
  return found ?? refuse('rule', rule, `one of ${known.map((candidate) => candidate.id).join(', ')} on ${scale.id}`)
}

/**
 * The step of the seven-step effort scale for a value: hard values spread over 1–3, easy ones over 5–7,
 * all between is 4. A value between two scores (a mean, say) takes the step of the nearer one. Throws a `RangeError`
 * on a value outside the scale, an unknown scale or a rule that does not fit it.
 */
export function effortStep(value: number, scale: Scale | ScaleId, rule?: Rule | string): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  const known = resolveScale(scale)
  if (!(typeof value === 'number' && value >= known.min && value <= known.max)) {
    refuse('value', value, `from ${known.min} to ${known.max}`)
  }
  const { easy, hard } = resolveRule(rule, known)
  const score = Math.round(value)
  const fromTop = known.max - score
  const fromBottom = score - known.min
  const high = known.direction === 'high-is-easy'
  if (hard.includes(score)) return ([1, 2, 3] as const)[third(high ? fromBottom : fromTop, hard.length)]
  if (easy.includes(score)) return ([7, 6, 5] as const)[third(high ? fromTop : fromBottom, easy.length)]
  return 4
}

/** Which third of a run of `length` values the one at `place` from its outer end belongs to; halves go inwards. */
function third(place: number, length: number): 0 | 1 | 2 {
  const position = length === 1 ? 0 : (2 * place) / (length - 1)
  if (position < 0.5) return 0
  return position > 1.5 ? 2 : 1
}

type Run = readonly [first: number, last: number]

function preset(id: ScaleId, family: Family, min: number, max: number, direction: Direction, easy: Run, hard: Run) {
  return Object.freeze({ id, family, min, max, direction, easy: values(easy), hard: values(hard) })
}

function rule(id: string, easy: Run, hard: Run): Rule {
  return Object.freeze({ id, easy: values(easy), hard: values(hard) })
}

function ready(list: readonly Rule[]): readonly Rule[] {
  return Object.freeze([...list])
}

function standardRule(scale: Scale): Rule {
  return Object.freeze({ id: 'standard', easy: scale.easy, hard: scale.hard })
}

function values([first, last]: Run): readonly number[] {
  return Object.freeze(Array.from({ length: last - first + 1 }, (_, place) => first + place))
}

/** `inside` stands before the names of what is checked. */
function checkScale(scale: Scale, inside: '' | 'scale.'): void {
  const { min, max, direction, family } = scale
  if (!Number.isSafeInteger(min)) refuse(`${inside}min`, min, 'a whole number')
  if (!Number.isSafeInteger(max) || max <= min || max - min >= longestScale) {
    refuse(`${inside}max`, max, `a whole number from ${min + 1} to ${min + longestScale - 1}`)
  }
  if (direction !== 'high-is-easy' && direction !== 'high-is-hard') {
    refuse(`${inside}direction`, direction, 'high-is-easy or high-is-hard')
  }
  if (!['effort', 'satisfaction', 'recommendation'].includes(family)) {
    refuse(`${inside}family`, family, 'effort, satisfaction or recommendation')
  }
  checkRule({ id: 'standard', easy: scale.easy, hard: scale.hard }, scale, inside)
}

function checkRule(rule: Rule, scale: Scale, inside: '' | 'scale.' | 'rule.'): void {
  const high = scale.direction === 'high-is-easy'
  checkRun(`${inside}easy`, rule.easy, scale, high)
  checkRun(`${inside}hard`, rule.hard, scale, !high)
  if (rule.easy.length + rule.hard.length > scale.max - scale.min + 1) {
    refuse(`${inside}hard`, rule.hard, 'values that are not easy as well')
  }
}

function checkRun(argument: string, run: readonly number[], scale: Scale, atTop: boolean): void {
  const end = atTop ? `ends at ${scale.max}` : `starts at ${scale.min}`
  const size = scale.max - scale.min + 1
  checkArray(argument, run, `a run of ascending values that ${end}`)
  const first = atTop ? scale.max - run.length + 1 : scale.min
  if (run.length < 1 || run.length >= size || !run.every((value, place) => value === first + place)) {
    refuse(argument, run, `a run of ascending values that ${end}`)
  }
}
