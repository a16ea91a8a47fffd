import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Tx } from '#platform/store.ts'
import { factsOf, valueOf } from './conditions.ts'
import { strataOf, type AnswerAbout } from './deciding.queries.ts'
import type { EndedTouchpoint } from './fates.ts'
import type { PastFate } from './past-fates.ts'

type PastLine = { touchpoint: EndedTouchpoint; answer: AnswerAbout | undefined; fate: PastFate }

/** Writes lines of the ledger as they would be by now; a touchpoint that has one keeps it. */
export async function insertPastFates(tx: Tx, lines: readonly PastLine[]): Promise<void> {
  const rows = lines.map(({ touchpoint, answer, fate }) => ({
    ...fate,
    id: uuidv7(fate.decidedAt.getTime()),
    touchpointId: touchpoint.id,
    endedAt: touchpoint.endedAt,
    kind: touchpoint.kind,
    customerId: touchpoint.customer?.id ?? null,
    organisationId: touchpoint.customer?.organisationId ?? null,
    organisation: touchpoint.customer?.organisation ?? null,
    language: valueOf(factsOf(touchpoint), 'language') || null,
    attributes: strataOf(touchpoint.attributes),
    answeredAt: answer?.answeredAt ?? null,
    responseId: answer?.responseId ?? null,
  }))
  await sql`
    insert into invitations (workspace_id, id, touchpoint_id, ended_at, kind, programme_id, survey_id, customer_id,
      organisation_id, organisation, language, attributes, decided_at, not_asked, due_at, queued_at, sent_at, uncertain_at, bounced_at,
      unsubscribed_at, reminders_sent, expires_at, expired_at, answered_at, response_id)
    select ${tx.workspaceId}, r.id, r."touchpointId", r."endedAt", r.kind, r."programmeId", r."surveyId", r."customerId",
      r."organisationId", r.organisation, r.language, r.attributes, r."decidedAt", r."notAsked", r."dueAt", r."sentAt", r."sentAt",
      r."uncertainAt", r."bouncedAt", r."unsubscribedAt", r."remindersSent", r."expiresAt", r."expiredAt",
      r."answeredAt", r."responseId"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, "touchpointId" uuid, "endedAt" timestamptz, kind text,
      "programmeId" uuid, "surveyId" uuid, "customerId" uuid, "organisationId" uuid, organisation text, language text, attributes jsonb,
      "decidedAt" timestamptz, "notAsked" text, "dueAt" timestamptz, "sentAt" timestamptz, "uncertainAt" timestamptz,
      "bouncedAt" timestamptz, "unsubscribedAt" timestamptz, "remindersSent" smallint, "expiresAt" timestamptz,
      "expiredAt" timestamptz, "answeredAt" timestamptz, "responseId" uuid)
    on conflict (workspace_id, touchpoint_id) do nothing`.execute(tx.kysely)
}
