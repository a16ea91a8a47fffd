import type { Condition } from '@lahko/contract/programmes'
import { languageCalled } from './languages.ts'

/** What conditions and quotas look at. */
export type Facts = Readonly<Record<string, string>>

/** The attributes of a touchpoint, with its kind; what it does not say of its customer is taken from them. */
export function factsOf(touchpoint: {
  kind: string
  attributes: Facts
  customer: { language: string | null; organisation: string | null } | null
}): Facts {
  const { language: theirs, organisation } = touchpoint.customer ?? {}
  const language = valueOf(touchpoint.attributes, 'language') || theirs
  return {
    ...(organisation ? { organisation } : {}),
    ...touchpoint.attributes,
    ...(language ? { language: languageCalled(language) } : {}),
    kind: touchpoint.kind,
  }
}

/** Whether all conditions hold. An attribute that is missing or empty is absent: no value, and none of any. */
export function fits(conditions: readonly Condition[], facts: Facts): boolean {
  return conditions.every((one) => holds(one, valueOf(facts, one.attribute)))
}

function holds({ is, values }: Condition, value: string): boolean {
  if (is === 'present') return value !== ''
  if (is === 'absent') return value === ''
  return (value !== '' && values.includes(value)) === (is === 'anyOf')
}

/** Empty when it is missing; nothing that every object has is taken for an attribute. */
export function valueOf(facts: Facts, attribute: string): string {
  return Object.hasOwn(facts, attribute) ? facts[attribute]! : ''
}
