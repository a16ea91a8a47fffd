import { sql } from 'kysely'
import type { TimelinePage, TimelineSubject } from '#platform/module.ts'
import type { Db } from '#platform/store.ts'

/** What somebody wrote back to an invitation. */
export type GivenReply = {
  id: string
  at: Date
  kind: 'reply' | 'auto_reply'
  text: string | null
  sender: string
  invitation_id: string
  survey_id: string | null
  survey_name: string | null
}

/** Replies to invitations of customers, or about a touchpoint: a page, newest first. */
export async function listRepliesAbout(
  db: Db,
  about: TimelineSubject,
  { before, limit }: TimelinePage,
): Promise<GivenReply[]> {
  const theirs =
    'touchpointId' in about
      ? sql`i.touchpoint_id = ${about.touchpointId}`
      : sql`i.customer_id = any(${about.customerIds}::uuid[])`
  const { rows } = await sql<GivenReply>`
    select r.id, r.received_at as at, r.kind, r.text, r.sender, i.id as invitation_id, s.id as survey_id,
      s.name as survey_name
    from invitations i
    join mails m on m.workspace_id = i.workspace_id and m.kind = 'invitation' and m.subject_id = i.id
    join returned_mails r on r.workspace_id = m.workspace_id and r.mail_id = m.id and r.kind in ('reply', 'auto_reply')
    left join surveys s on s.workspace_id = i.workspace_id and s.id = i.survey_id
    where i.workspace_id = ${db.workspaceId} and ${theirs}
      ${before ? sql`and (r.received_at, r.id) < (${before.at}, ${before.id})` : sql``}
    order by r.received_at desc, r.id desc limit ${limit}`.execute(db.kysely)
  return rows
}
