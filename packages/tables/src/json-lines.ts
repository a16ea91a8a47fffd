/** One row as text, by column name. What a row does not hold is the empty text. */
export type TextRecord = Record<string, string>

/** Objects inside objects become `outer.inner`; below this depth they stay JSON. */
const deepest = 8

/** The object on one line of NDJSON, or `null` when the line holds anything else. */
export function parseJsonLine(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** Every value of an object as text: `null` is empty, lists stay JSON, objects inside are joined by dots. */
export function flattenJson(value: object): TextRecord {
  const record: TextRecord = Object.create(null)
  flattenInto(record, value, '', deepest)
  return record
}

/** The text of one column of an object, named as `flattenJson` names it. */
export function jsonCell(value: object, column: string): string {
  const direct: unknown = Object.hasOwn(value, column) ? Reflect.get(value, column) : undefined
  if (direct !== undefined) return isPlainObject(direct) ? '' : asText(direct)
  return column.includes('.') ? (flattenJson(value)[column] ?? '') : ''
}

function flattenInto(record: TextRecord, value: object, prefix: string, depth: number): void {
  for (const [key, inner] of Object.entries(value)) {
    if (isPlainObject(inner) && depth > 1) flattenInto(record, inner, `${prefix}${key}.`, depth - 1)
    else record[prefix + key] = asText(inner)
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
