import {
  articleNoticeData,
  articleReviewNoticeData,
  effortAlarmData,
  hardAnswerData,
  mailboxNoticeData,
  noticeKinds,
  testNoticeData,
  ticketNoticeData,
  type Mute,
  type Notice,
  type NoticeSettings,
} from '@lahko/contract'
import type { MuteRow } from './mutes.queries.ts'
import type { NoticeRow } from './notices.queries.ts'
import type { SettingsRow } from './settings.queries.ts'

export function viewNotice(row: NoticeRow): Notice {
  const about = {
    id: row.id,
    at: row.at.toISOString(),
    subjectId: row.subject_id,
    topicId: row.topic_id,
    topic: row.topic,
    seen: row.seen,
    muted: row.mute_id === null ? null : { id: row.mute_id, until: row.mute_until?.toISOString() ?? null },
  }
  switch (row.kind) {
    case 'hard_answer':
      return { ...about, kind: row.kind, data: hardAnswerData.parse(row.data) }
    case 'effort_alarm':
      return { ...about, kind: row.kind, data: effortAlarmData.parse(row.data) }
    case 'mailbox_failing':
      return { ...about, kind: row.kind, data: mailboxNoticeData.parse(row.data) }
    case 'article_review':
      return { ...about, kind: row.kind, data: articleReviewNoticeData.parse(row.data) }
    case 'article_due':
    case 'article_comment':
      return { ...about, kind: row.kind, data: articleNoticeData.parse(row.data) }
    case 'test':
      return { ...about, kind: row.kind, data: testNoticeData.parse(row.data) }
    default:
      return { ...about, kind: row.kind, data: ticketNoticeData.parse(row.data) }
  }
}

export function viewMute({ id, kind, topic_id: topicId, topic, until }: MuteRow): Mute {
  return { id, kind, topicId, topic, until: until?.toISOString() ?? null }
}

export function viewSettings(row: SettingsRow): NoticeSettings {
  const wanted = noticeKinds.map((kind) => [kind, !row.mails_off.includes(kind)])
  return {
    timeZone: row.time_zone,
    digestHour: row.digest_hour,
    digestDueAt: row.digest_due_at?.toISOString() ?? null,
    mails: Object.fromEntries(wanted) as NoticeSettings['mails'],
    newTickets: row.new_tickets,
    unownedMinutes: row.unowned_minutes,
  }
}
