import { asVariable, variableFault as faultIn, type Known } from '#platform/variables.ts'

/** Why a text is refused; `code` names a sentence. */
export type VariableFault = { code: string; args: { variable: string; example?: string } }

const variables = {
  always: new Set(['company', 'question']),
  isVariable: (name: string) =>
    ['agent', 'customer.name', 'customer.organisation'].includes(name) ||
    /^touchpoint\.[a-z][a-z0-9_]{0,39}$/.test(name),
}

/** The first thing that is wrong with the variables of a text. */
export function variableFault(text: string): VariableFault | undefined {
  const found = faultIn(text, variables)
  return found && { code: `programmes.${found.fault}`, args: found.args }
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
