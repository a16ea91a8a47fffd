/** Why a cell is no score. */
export type ScoreFault = 'not-a-number' | 'not-whole'

/** Three zeros after a comma could also be a thousand, so they are refused. */
const whole = /^[+-]?\d{1,9}(?:\.0*|,0{1,2})?$/
const number = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i

/** A whole number from a cell's trimmed text: `7`, `+7`, `7.0` and `7,0` are seven. */
export function readWhole(text: string): number | ScoreFault {
  if (whole.test(text)) return Math.trunc(Number(text.replace(',', '.')))
  return isNumber(text) ? 'not-whole' : 'not-a-number'
}

/** Whether a cell's trimmed text is a number of any kind, written with a point or a comma. */
export function isNumber(text: string): boolean {
  return number.test(text)
}
