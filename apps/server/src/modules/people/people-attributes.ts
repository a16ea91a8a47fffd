import { invalidField } from '#platform/problem.ts'

/** So many a customer or an organisation may have. */
const mostAttributes = 20

/** What is given replaces what was known; null takes away, what is left out stays. @throws Problem invalid */
export function changedAttributes(
  known: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const all = Object.entries({ ...known, ...change })
  const kept = all.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value] as const]))
  if (kept.length > mostAttributes)
    throw invalidField('/body/attributes', 'people.too_many_attributes', { most: mostAttributes })
  return Object.fromEntries(kept)
}
