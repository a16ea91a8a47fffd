/** What is known of the customer and what happened, by variable; what is not known is not there. */
export type Known = Readonly<Record<string, string | undefined>>

/** Why a text is refused: there is no such variable, nothing stands in for it, or a brace stands alone. */
export type VariableFault = {
  fault: 'unknown_variable' | 'fallback_missing' | 'stray_brace'
  args: { variable: string; example?: string }
}

/** `always`: known of every text, so that nothing has to stand in for them. */
export type Variables = { always: ReadonlySet<string>; isVariable(name: string): boolean }

const pattern = /\{([a-z][a-z0-9_.]*)(?:\|([^{}|]*))?\}/g
const longestValue = 120

/** The first thing that is wrong with the variables of a text. */
export function variableFault(text: string, { always, isVariable }: Variables): VariableFault | undefined {
  for (const [, name, instead] of text.matchAll(pattern)) {
    if (!always.has(name!) && !isVariable(name!)) return { fault: 'unknown_variable', args: { variable: name! } }
    if (!always.has(name!) && !instead?.trim())
      return { fault: 'fallback_missing', args: { variable: name!, example: `{${name}|…}` } }
  }
  const rest = text.replaceAll(pattern, '')
  const brace = rest.search(/[{}]/)
  if (brace === -1) return undefined
  return { fault: 'stray_brace', args: { variable: rest.slice(brace, brace + 24) } }
}

/** The text as its reader gets it. */
export function fillVariables(text: string, known: Known): string {
  return text.replaceAll(pattern, (whole, name: string, instead: string | undefined) => {
    const value = known[name]
    return value === undefined ? (instead ?? whole).trim() : value
  })
}

/** A value that other programs reported, as one short line; undefined when nothing is left of it. */
export function asVariable(value: string | null | undefined): string | undefined {
  const line = (value ?? '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim()
    .slice(0, longestValue)
    .toWellFormed()
  return line === '' ? undefined : line
}
