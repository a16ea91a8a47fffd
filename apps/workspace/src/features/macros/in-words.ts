import type { MacroActions } from '@lahko/contract'
import { t } from '../../platform/words.ts'

/** What a macro does besides its text, each in a few words. */
export function inWords({ status, priority, addTags = [], topic, assignToMe }: MacroActions): string[] {
  return [
    status && t('macros.sets', { what: t(`inbox.status.${status}`) }),
    priority && t('macros.setsPriority', { what: t(`inbox.priority.${priority}`) }),
    topic !== undefined && t('macros.setsTopic', { what: topic }),
    addTags.length > 0 && t('macros.tagsAs', { tags: addTags.map((tag) => `#${tag}`).join(' ') }),
    assignToMe && t('macros.assigns'),
  ].filter((part) => typeof part === 'string')
}
