/** What is known of the customer and the touchpoint, by variable; what is not known is not there. */
export type Known = Readonly<Record<string, string | undefined>>

/** Why a text is refused; `code` names a sentence. */
export type VariableFault = { code: string; args: { variable: string; example?: string } }

const pattern = /\{([a-z][a-z0-9_.]*)(?:\|([^{}|]*))?\}/g
/** Known of every mail, so that nothing has to stand in for them. */
const always = new Set(['company', 'question'])
const longestValue = 120

/** The first thing that is wrong with the variables of a text. */
export function variableFault(text: string): VariableFault | undefined {
  for (const [, name, instead] of text.matchAll(pattern)) {
    if (!isVariable(name!)) return { code: 'programmes.unknown_variable', args: { variable: name! } }
    if (!always.has(name!) && !instead?.trim())
      return { code: 'programmes.fallback_missing', args: { variable: name!, example: `{${name}|…}` } }
  }
  const rest = text.replaceAll(pattern, '')
  const brace = rest.search(/[{}]/)
  if (brace === -1) return undefined
  return { code: 'programmes.stray_brace', args: { variable: rest.slice(brace, brace + 24) } }
}

function isVariable(name: string): boolean {
  if (always.has(name) || name === 'agent' || name === 'customer.name' || name === 'customer.organisation') return true
  return /^touchpoint\.[a-z][a-z0-9_]{0,39}$/.test(name)
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

/** What a mail about one touchpoint can say. */
export function knownOf(facts: {
  name: string | null
  organisation?: string | null
  attributes?: Readonly<Record<string, string>>
}): Known {
  const { name, organisation, attributes = {} } = facts
  const told = Object.entries(attributes).map(([attribute, value]) => [`touchpoint.${attribute}`, asVariable(value)])
  return {
    ...Object.fromEntries(told),
    agent: asVariable(attributes['agent']),
    'customer.name': asVariable(name),
    'customer.organisation': asVariable(organisation),
  }
}
