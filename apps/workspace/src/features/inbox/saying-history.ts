import type { HistoryChange, HistoryEntry } from '@lahko/contract'
import { moment } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { nameOf, sayFact } from './facts.ts'
import { priorities } from './inbox-search.ts'
import { languageIn } from './narrowing-data.ts'

/** Of these a ticket has several: one came or went. The others are something else than before. */
const several = new Set<HistoryChange['of']>(['tag', 'follower', 'link'])
/** What happens between tickets is told better in a sentence. */
const told = new Set<HistoryChange['of']>(['merged', 'source', 'split'])

/** One entry in sentences. @returns `by`: who did it, where the sentences do not say so */
export function sayHistory(entry: HistoryEntry): { by: string | undefined; sentences: string[] } {
  const changes = entry.changes.filter(({ of }) => !told.has(of))
  if (changes.length === 0) return { by: undefined, sentences: [sayFact(entry, () => undefined)] }
  return { by: nameOf(entry), sentences: changes.map(sayChange) }
}

function sayChange(change: HistoryChange): string {
  const { of, name, from, to } = change
  const what = of === 'field' && name ? name : t(`inbox.part.${of}`)
  if (several.has(of)) {
    if (from === null) return t('inbox.partAdded', { what, to: sayValue(change, to) })
    return t('inbox.partRemoved', { what, from: sayValue(change, from) })
  }
  return t('inbox.partChanged', { what, from: sayValue(change, from), to: sayValue(change, to) })
}

const statuses = ['new', 'open', 'waiting', 'on_hold', 'solved', 'closed'] as const
const links = ['related', 'causes', 'caused_by'] as const

function sayValue({ of, name }: HistoryChange, value: string | null): string {
  if (value === null) return t('inbox.partNone')
  if (value === '') return of === 'subject' ? t('inbox.noSubject') : t('inbox.somebody')
  const status = of === 'status' && statuses.find((one) => one === value)
  if (status) return t(`inbox.status.${status}`)
  const priority = of === 'priority' && priorities.find((one) => one === value)
  if (priority) return t(`inbox.priority.${priority}`)
  if (of === 'snoozed') return value === 'reply' ? t('inbox.forReplyShort') : moment(value)
  if (of === 'language') return languageIn(value)
  const link = of === 'link' && links.find((one) => one === name)
  return link ? `${value} (${t(`inbox.link.${link}`)})` : value
}
