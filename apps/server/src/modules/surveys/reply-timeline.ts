import type { TimelineEntry } from '@lahko/contract/people'
import type { TimelinePage, TimelineSubject } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'
import { answerTimeline } from './answer-timeline.ts'
import { listRepliesAbout, type GivenReply } from './reply-timeline.queries.ts'

/** Answers, and what was written back to invitations; each is a page, so that together they hold the newest. */
export async function surveyTimeline(db: Db, about: TimelineSubject, page: TimelinePage): Promise<TimelineEntry[]> {
  const answers = await answerTimeline(db, about, page)
  return [...answers, ...(await listRepliesAbout(db, about, page)).map(entryOf)]
}

function entryOf(row: GivenReply): TimelineEntry {
  return {
    type: 'reply',
    at: row.at.toISOString(),
    id: row.id,
    invitationId: row.invitation_id,
    survey: row.survey_id === null ? null : { id: row.survey_id, name: row.survey_name! },
    sender: row.sender,
    text: row.text ?? '',
    automatic: row.kind === 'auto_reply',
  }
}
