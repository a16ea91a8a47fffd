/** The part of an address after `?`, written plainly: `?period=week&filter=topic:Returns&filter=topic:Repairs`. */

type Search = Record<string, unknown>

/** Values that come once are text, values that come again are lists. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const given = new URLSearchParams(text)
  return Object.fromEntries(
    [...new Set(given.keys())].map((name) => {
      const values = given.getAll(name)
      return [name, values.length > 1 ? values : (values[0] ?? '')]
    }),
  )
}

/** What is undefined, empty or an empty list is left out. Colons, commas and slashes stay readable. */
export function writeSearch(search: Search): string {
  const out = new URLSearchParams()
  for (const [name, value] of Object.entries(search))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null && one !== '') out.append(name, String(one))
  const text = String(out).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text && `?${text}`
}

/** A value that may have come once, several times or not at all, as a list. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return value === undefined || value === '' ? [] : [String(value)]
}

/** The value when it is one of those that are known. */
export function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value)
}

/** A local date, or nothing. */
export function dateOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined
}

/**
 * Reads an address so that what makes no sense in it is gone: the router puts what a reader returns over what was typed,
 * so that a name which the reader leaves out would stay as it was typed.
 */
export function strictly<T extends object>(read: (given: Search) => T): (given: Search) => T {
  return (given) => ({ ...Object.fromEntries(Object.keys(given).map((name) => [name, undefined])), ...read(given) })
}
