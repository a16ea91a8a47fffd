import { languageName, lasting, list } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { channels, priorities } from '../inbox/inbox-search.ts'

const times = [
  'waited_for_us_minutes',
  'waited_for_customer_minutes',
  'first_answer_minutes',
  'solution_minutes',
] as const

/** Attributes that the product itself knows. */
export const namedAttributes = [
  ...(['channel', 'language', 'topic', 'team', 'member', 'kind', 'source', 'outcome', 'agent'] as const),
  ...(['priority', 'agent_by', 'contacts', 'replies', 'channels', 'handovers', 'owner_changes', 'reopenings'] as const),
  ...times,
  ...(['repeats_7_days', 'way'] as const),
] as const

/** What an attribute is called: the product's own in the reader's language, a workspace's as it was declared. */
export function attributeName(attribute: string): string {
  const known = namedAttributes.find((name) => name === attribute)
  if (known) return t(`insight.attribute.${known}`)
  const words = attribute.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const outcomes = ['solved', 'merged'] as const
const ways = ['article', 'article_ticket', 'ticket'] as const
/** Kinds of touchpoints that the product itself speaks of; others are called as they were reported. */
const touchpointKinds = ['ticket', 'article', 'call', 'chat', 'visit', 'thread', 'purchase', 'order'] as const
const agentReasons = ['solved', 'wrote_most', 'owned_longest', 'owned'] as const

/** How the server names the values beyond the most frequent ones. */
const otherValue = '…'

/** A value as it is read: what the product knows in the reader's language, everything else as it came. */
export function attributeValue(attribute: string, value: string): string {
  if (value === '') return t('insight.valueMissing')
  if (value === otherValue) return t('insight.valueOther')
  const reason = attribute === 'agent_by' && agentReasons.find((one) => one === value)
  if (reason) return t(`insight.agentBy.${reason}`)
  const kind = attribute === 'kind' && touchpointKinds.find((one) => one === value)
  if (kind) return t(`insight.touchpointKind.${kind}`)
  const priority = attribute === 'priority' && priorities.find((one) => one === value)
  if (priority) return t(`inbox.priority.${priority}`)
  if (times.some((time) => time === attribute) && /^\d+$/.test(value)) return lasting(Number(value))
  const outcome = attribute === 'outcome' && outcomes.find((one) => one === value)
  if (outcome) return t(`insight.outcome.${outcome}`)
  if (attribute === 'channel' || attribute === 'channels') return channelsInWords(value)
  const way = attribute === 'way' && ways.find((one) => one === value)
  if (way) return t(`insight.alone.way.${way}`)
  return attribute === 'language' && /^[a-z]{2,3}(-[a-z]+)?$/i.test(value) ? languageName(value) : value
}

/** Those of the desk, several with spaces between them; others are called as they were reported. */
function channelsInWords(value: string): string {
  const parts = value.split(' ').map((part) => channels.find((one) => one === part))
  return parts.every((part) => part !== undefined) ? list(parts.map((part) => t(`inbox.channel.${part}`))) : value
}

/** The same where no name stands beside it: `0` says nothing by itself, `Handovers 0` does. */
export function attributeAlone(attribute: string, value: string): string {
  const shown = attributeValue(attribute, value)
  return /\p{L}{2}/u.test(shown) ? shown : `${attributeName(attribute)} ${shown}`
}

/** The chosen filters in words, three at most: `Returns, Delivery, Chat …`. */
export function filtersInWords(filter: readonly string[]): string {
  const values = filter.map((one) => {
    const colon = one.indexOf(':')
    return attributeAlone(one.slice(0, colon), one.slice(colon + 1))
  })
  return values.slice(0, 3).join(', ') + (values.length > 3 ? ' …' : '')
}
