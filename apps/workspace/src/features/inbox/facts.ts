import type { TicketFact } from '@lahko/contract'
import type { IconName } from '../../platform/icon.tsx'
import { moment } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { languageIn } from './narrowing-data.ts'

/** What is told by the message beside it, or concerns nobody who reads. */
const silent = new Set(['ticket.message', 'ticket.delivery', 'ticket.followed', 'ticket.unfollowed'])

/** Whether a fact tells more than the messages beside it: whose turn it is follows from who wrote. */
export function isShown({ type, by, data }: TicketFact): boolean {
  const byItself = by.kind === 'system' || by.kind === 'customer'
  if (silent.has(type) || (type === 'ticket.opened' && byItself)) return false
  if (type === 'ticket.woken' && data['messageId'] !== undefined) return false
  return !(type === 'ticket.status' && follows(data, byItself))
}

function follows({ from, to }: Record<string, unknown>, byItself: boolean): boolean {
  const wasOpen = from !== 'solved' && from !== 'closed'
  return wasOpen && (to === 'waiting' || (to === 'open' && byItself))
}

const icons: Readonly<Record<string, IconName>> = {
  'ticket.opened': 'plus',
  'ticket.assigned': 'person',
  'ticket.status': 'check',
  'ticket.tagged': 'tag',
  'ticket.snoozed': 'clock',
  'ticket.woken': 'clock',
  'ticket.merged': 'merge',
  'ticket.unmerged': 'merge',
  'ticket.gave_back': 'merge',
  'ticket.split': 'merge',
  'ticket.followed': 'bell',
  'ticket.unfollowed': 'bell',
  'ticket.linked': 'link',
  'ticket.unlinked': 'link',
  'ticket.bounced': 'warning',
  'ticket.not_delivered': 'warning',
  'ticket.taken_back': 'left',
  'ticket.resent': 'mail',
}

export function iconOf({ type }: Pick<TicketFact, 'type'>): IconName {
  return icons[type] ?? 'right'
}

type Names = (id: unknown) => string | undefined

/** One fact in a sentence. @param memberName what a member is called, by id */
export function sayFact(fact: TicketFact, memberName: Names): string {
  const { type, data } = fact
  const by = nameOf(fact)
  const words = (name: string) => (typeof data[name] === 'string' ? data[name] : '')
  if (type === 'ticket.status' && data['noAnswer'] === true) return t('inbox.fact.noAnswer', { by })
  if (type === 'ticket.status') return sayStatus(by, words('to'))
  if (type === 'ticket.taken_back' && data['kind'] === 'forward') return t('inbox.fact.forwardTakenBack', { by })
  if (type === 'ticket.topic') return sayTopic(by, words('to'))
  if (type === 'ticket.language') return sayLanguage(by, words('to'))
  if (type === 'ticket.assigned') return sayOwner(fact, by, memberName)
  if (type === 'ticket.tagged') return sayTags(by, listed(data['added']), listed(data['removed']))
  if (type === 'ticket.snoozed' && words('until') === 'reply') return t('inbox.fact.snoozedForReply', { by })
  if (type === 'ticket.snoozed' && words('until')) return t('inbox.fact.snoozed', { by, until: moment(words('until')) })
  if (type === 'ticket.prioritised' && isPriority(words('to')))
    return t('inbox.fact.priority', { by, to: t(`inbox.priority.${words('to') as 'low'}`) })
  const other = data['into'] ?? data['from'] ?? data['number']
  const numbered = numberedFacts.find((one) => type === `ticket.${one}`)
  if (numbered && typeof other === 'number')
    return t(`inbox.fact.${numbered}`, { by, number: String(other), source: String(data['number']) })
  const plain = plainFacts.find((one) => type === `ticket.${one}`)
  return plain ? t(`inbox.fact.${plain}`, { by }) : t('inbox.fact.other', { by })
}

/** Those that name another ticket. */
const numberedFacts = ['merged', 'unmerged', 'gave_back', 'split', 'linked', 'unlinked'] as const
const plainFacts = [
  'opened',
  'woken',
  'spam',
  'no_spam',
  'renamed',
  'customer',
  'taken_back',
  'resent',
  'bounced',
  'not_delivered',
  'author_accepted',
  'fields',
] as const

/** Who did it. */
export function nameOf({ by }: TicketFact): string {
  return by.name || t(`inbox.by.${by.kind}`)
}

const statuses = ['new', 'open', 'waiting', 'on_hold', 'solved', 'closed'] as const

function sayStatus(by: string, to: string): string {
  const status = statuses.find((one) => one === to)
  return status ? t('inbox.fact.status', { by, to: t(`inbox.status.${status}`) }) : t('inbox.fact.other', { by })
}

function sayOwner({ data }: TicketFact, by: string, memberName: Names): string {
  const to = memberName(data['to'])
  return to === undefined ? t('inbox.fact.unassigned', { by }) : t('inbox.fact.assigned', { by, to })
}

function sayTopic(by: string, topic: string): string {
  return topic ? t('inbox.fact.topic', { by, topic }) : t('inbox.fact.noTopic', { by })
}

function sayLanguage(by: string, code: string): string {
  return code ? t('inbox.fact.language', { by, language: languageIn(code) }) : t('inbox.fact.noLanguage', { by })
}

function sayTags(by: string, added: string, removed: string): string {
  if (added && removed) return t('inbox.fact.retagged', { by, added, removed })
  return added ? t('inbox.fact.tagged', { by, added }) : t('inbox.fact.untagged', { by, removed })
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : ''
}

function isPriority(value: string): boolean {
  return ['low', 'normal', 'high', 'urgent'].includes(value)
}
