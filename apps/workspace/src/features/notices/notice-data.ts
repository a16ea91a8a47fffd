import type { EffortAlarmData, Notice, NoticeKind } from '@lahko/contract'
import { queryOptions } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { number, percent } from '../../platform/format.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'

export const noticeKinds = [
  'hard_answer',
  'effort_alarm',
  'ticket_assigned',
  'ticket_mentioned',
  'ticket_message',
  'ticket_new',
  'ticket_unowned',
  'ticket_woken',
  'mailbox_failing',
  'article_review',
  'article_due',
  'article_comment',
] as const satisfies NoticeKind[]
/** What is told of answers, survey by survey. */
export const kindsOfSurveys: readonly NoticeKind[] = ['hard_answer', 'effort_alarm']
const dayMs = 86_400_000

/** How many are new: what the bell says. */
export const bellQuery = queryOptions({
  queryKey: ['notices', 'bell'],
  queryFn: ({ signal }) => api.notices.list({ query: { limit: 1 }, signal }),
})

export const settingsQuery = queryOptions({
  queryKey: ['notices', 'settings'],
  queryFn: ({ signal }) => api.notices.settings({ signal }),
})

/** The value of an alarm and the usual one, as the effort screen writes them. */
export function alarmFigure({ metric }: EffortAlarmData, value: number): string {
  if (metric === 'mean') return number(value, 1)
  if (metric === 'netEase') return number(value * 100, 0, true)
  return metric === 'easeIndex' ? number(value) : percent(value)
}

/** For so many days, or for good. */
export async function mute(notice: Notice, days: number | null): Promise<void> {
  try {
    const until = days === null ? null : new Date(Date.now() + days * dayMs).toISOString()
    const { id } = await api.notices.mute({ params: { id: notice.id }, body: { until } })
    say(t('notices.muted', { topic: notice.topic }), () => void unmute(id))
    await refresh()
  } catch (error) {
    sayFailure(error)
  }
}

export async function unmute(id: string): Promise<void> {
  try {
    await api.notices.unmute({ params: { id } })
    say(t('notices.unmuted'))
    await refresh()
  } catch (error) {
    sayFailure(error)
  }
}

/** A tab that cannot say it shows the number until the next one does. */
export async function markSeen(through: string): Promise<void> {
  await api.notices.seen({ body: { through } }).catch(() => undefined)
  await queries.invalidateQueries({ queryKey: bellQuery.queryKey })
}

function refresh(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ['notices'] })
}
