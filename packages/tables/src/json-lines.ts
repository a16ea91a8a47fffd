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

/** The text of one column of an object, named as `flattenJson` names it; of an object that stands there its JSON. */
export function jsonCell(value: object, column: string): string {
  const direct: unknown = Object.hasOwn(value, column) ? Reflect.get(value, column) : undefined
  if (direct !== undefined) return asText(direct)
  if (!column.includes('.')) return ''
  return flattenJson(value)[column] ?? jsonInside(value, column)
}

function jsonInside(value: object, column: string): string {
  for (const [key, inner] of Object.entries(value)) {
    if (isPlainObject(inner) && column.startsWith(`${key}.`)) {
      const text = jsonCell(inner, column.slice(key.length + 1))
      if (text !== '') return text
    }
  }
  return ''
}

/** A whole row: what `flattenJson` makes of it, and the JSON of objects that stand where other rows have a value. */
export function jsonRecord(value: object, columns: readonly string[]): TextRecord {
  const record = flattenJson(value)
  for (const column of columns) {
    if (record[column] !== undefined) continue
    const text = jsonCell(value, column)
    if (text !== '') record[column] = text
  }
  return record
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
