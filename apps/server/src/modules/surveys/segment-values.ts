/** What a value beyond the most frequent ones of its attribute is counted as. */
export const otherValue = '…'

/** How many values of one attribute are kept apart. */
export const mostValues = 200

/** How many combinations a survey keeps apart. */
export const mostSegments = 20_000

/** The values of the declared attributes, in their order; `''` where the answer does not say. */
export function valuesOf(
  declared: readonly string[],
  attributes: Readonly<Record<string, string>>,
  language: string | null | undefined,
): string[] {
  return declared.map((name) => attributes[name] ?? (name === 'language' ? language : undefined) ?? '')
}

/** Values as a segment is stored: those that say something, by name. */
export function attributesOf(declared: readonly string[], values: readonly string[]): Record<string, string> {
  const named = declared.map((name, index) => [name, values[index] ?? ''] as const)
  return Object.fromEntries(named.filter(([, value]) => value !== ''))
}

/** Values with those folded into `otherValue` that are neither known nor may become known. */
export function foldValues(values: readonly string[], known: readonly ReadonlySet<string>[]): string[] {
  return values.map((value, index) => {
    const seen = known[index]
    return value === '' || seen === undefined || seen.has(value) || seen.size < mostValues ? value : otherValue
  })
}
