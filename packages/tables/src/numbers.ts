/** Why a cell is no score. */
export type ScoreFault = 'not-a-number' | 'not-whole'

/** Exactly three zeros after a comma or a point could also be a thousand, so they are refused. */
const whole = /^[+-]?\d{1,9}(?:[.,](?:0{0,2}|0{4,}))?$/
const number = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i

/** A whole number from a cell's trimmed text: `7`, `+7`, `7.0`, `7,00` and `7.0000` are seven; `7.000` may be 7,000. */
export function readWhole(text: string): number | ScoreFault {
  if (whole.test(text)) return Math.trunc(Number(text.replace(',', '.')))
  return isNumber(text) ? 'not-whole' : 'not-a-number'
}

/** Whether a cell's trimmed text is a number of any kind, written with a point or a comma. */
export function isNumber(text: string): boolean {
  return number.test(text)
}
