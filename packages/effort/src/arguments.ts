/** Throws the one error of this package: a `RangeError` that names the argument, its value and what would be right. */
export function refuse(argument: string, value: unknown, wanted: string): never {
  throw new RangeError(`${argument} is ${shown(value)}; it must be ${wanted}`)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`
  if (typeof value === 'object' && value !== null) return asJson(value).slice(0, 120)
  return String(value).slice(0, 60)
}

/** What cannot be written as JSON (a circle, a bigint inside) is still refused by name. */
function asJson(value: object): string {
  try {
    return JSON.stringify(value) ?? 'an object'
  } catch {
    return 'an object'
  }
}

/** Refuses all but an object that is no array. */
export function checkObject(argument: string, value: unknown, wanted: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(argument, value, wanted)
}

/** Refuses all but an array. */
export function checkArray(argument: string, value: unknown, wanted: string): void {
  if (!Array.isArray(value)) refuse(argument, value, wanted)
}

/** Refuses all but a number that lies strictly between `low` and `high`. */
export function checkBetween(argument: string, value: number, low: number, high: number): void {
  if (!(typeof value === 'number' && value > low && value < high)) {
    refuse(argument, value, `above ${low} and below ${high}`)
  }
}

/** Refuses all but a number from 0 to 1, both included. */
export function checkShare(argument: string, value: number): void {
  if (!(typeof value === 'number' && value >= 0 && value <= 1)) refuse(argument, value, 'a number from 0 to 1')
}

/** Refuses all but a finite number of at least `least`. */
export function checkAtLeast(argument: string, value: number, least: number): void {
  if (!(Number.isFinite(value) && value >= least)) refuse(argument, value, `a number of at least ${least}`)
}

/** Refuses all but a whole number of at least `least`. */
export function checkWhole(argument: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) refuse(argument, value, `a whole number of at least ${least}`)
}
