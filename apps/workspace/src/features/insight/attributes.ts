import { languageName } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'

const named = ['channel', 'language', 'topic', 'team', 'member', 'kind', 'source'] as const

/** What an attribute is called: the product's own in the reader's language, a workspace's as it was declared. */
export function attributeName(attribute: string): string {
  const known = named.find((name) => name === attribute)
  if (known) return t(`insight.attribute.${known}`)
  const words = attribute.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A value as it is read: languages by their names, everything else as it came. */
export function attributeValue(attribute: string, value: string): string {
  return attribute === 'language' && /^[a-z]{2,3}(-[a-z]+)?$/i.test(value) ? languageName(value) : value
}
