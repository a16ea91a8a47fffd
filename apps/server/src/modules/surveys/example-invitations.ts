import { randomUUID } from 'node:crypto'
import type pg from 'pg'

type Wish = {
  workspaceId: string
  surveyId: string
  email?: string | null
  name?: string
  language?: string
  reminderDays?: number[]
  expiresDays?: number
  dueAt: Date
}

/** What was written into the ledger. */
export type ExampleInvitation = { id: string; programmeId: string; customerId: string; touchpointExternalId: string }

/**
 * Writes a waiting invitation into the ledger, with its programme, customer and touchpoint, past all verbs.
 * @param sql a connection that no row-level security binds
 */
export async function insertExampleInvitation(sql: pg.Client, wish: Wish): Promise<ExampleInvitation> {
  const [id, programmeId, customerId, touchpointId] = Array.from({ length: 4 }, () => randomUUID())
  const touchpointExternalId = `ticket-${touchpointId!.slice(0, 8)}`
  const { workspaceId, surveyId, dueAt } = wish
  const email = wish.email === undefined ? `customer-${customerId!.slice(0, 8)}@kupec.example` : wish.email
  await sql.query(
    `insert into programmes (workspace_id, id, name, place, state, survey_id, seed, reminder_days, expires_days, created_at)
     values ($1, $2, 'After a ticket', 1, 'on', $3, 'seed', $4, $5, $6)`,
    [workspaceId, programmeId, surveyId, wish.reminderDays ?? [], wish.expiresDays ?? 14, dueAt],
  )
  await sql.query(
    `insert into customers (workspace_id, id, external_id, name, email, language, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [workspaceId, customerId, `c-${customerId}`, wish.name ?? null, email, wish.language ?? null, dueAt],
  )
  await sql.query('begin')
  await sql.query(
    `insert into touchpoints (workspace_id, id, external_id, kind, customer_id, ended_at, attributes, created_at)
     values ($1, $2, $3, 'ticket', $4, $5, '{"topic":"Returns","channel":"phone"}', $5)`,
    [workspaceId, touchpointId, touchpointExternalId, customerId, dueAt],
  )
  await sql.query('delete from undecided_touchpoints where workspace_id = $1 and touchpoint_id = $2', [
    workspaceId,
    touchpointId,
  ])
  await sql.query('commit')
  await sql.query(
    `insert into invitations (workspace_id, id, touchpoint_id, ended_at, kind, programme_id, survey_id, customer_id,
       language, decided_at, due_at)
     values ($1, $2, $3, $8, 'ticket', $4, $5, $6, $7, $8, $8)`,
    [workspaceId, id, touchpointId, programmeId, surveyId, customerId, wish.language ?? null, dueAt],
  )
  return { id: id!, programmeId: programmeId!, customerId: customerId!, touchpointExternalId }
}
