import type { GapKind } from '@lahko/contract/article-gaps'
import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type GapRow = {
  id: string
  kind: GapKind
  text: string
  article_id: string | null
  article_language: Language | null
  article_title: string | null
  ticket_id: string | null
  ticket_number: number | null
  reported_by: string | null
  reported_at: Date
  outcome: 'answered' | 'dismissed' | null
  closed_by: string | null
  closed_at: Date | null
}

const columns = sql`g.id, g.kind, g.text, g.article_id, t.language as article_language, t.title as article_title,
  g.ticket_id, g.ticket_number, g.reported_by, g.reported_at, g.outcome, g.closed_by, g.closed_at`
const from = sql`article_gaps g
  left join articles a on a.workspace_id = g.workspace_id and a.id = g.article_id
  left join article_translations t on t.workspace_id = a.workspace_id and t.article_id = a.id
    and t.language = a.main_language`

export async function insertGap(
  tx: Tx,
  given: Pick<GapRow, 'kind' | 'text' | 'article_id' | 'ticket_id' | 'ticket_number' | 'reported_by'>,
): Promise<string> {
  const id = uuidv7(tx.now.getTime())
  await sql`
    insert into article_gaps (workspace_id, id, kind, text, article_id, ticket_id, ticket_number, reported_by,
      reported_at)
    values (${tx.workspaceId}, ${id}, ${given.kind}, ${given.text}, ${given.article_id},
      ${given.ticket_id}, ${given.ticket_number}, ${given.reported_by}, ${tx.now})`.execute(tx.kysely)
  return id
}

export async function findGap(db: Db, id: string): Promise<GapRow | undefined> {
  const { rows } = await sql<GapRow>`
    select ${columns} from ${from} where g.workspace_id = ${db.workspaceId} and g.id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** An open one of a ticket that says the same. */
export async function findSameGap(
  db: Db,
  { ticket_id: ticketId, kind, text }: Pick<GapRow, 'ticket_id' | 'kind' | 'text'>,
): Promise<GapRow | undefined> {
  const { rows } = await sql<GapRow>`
    select ${columns} from ${from} where g.workspace_id = ${db.workspaceId} and g.ticket_id = ${ticketId}
      and g.outcome is null and g.kind = ${kind} and g.text = ${text} limit 1`.execute(db.kysely)
  return rows[0]
}

/** The newest first. */
export async function listGapRows(
  db: Db,
  { open, before, limit }: { open: boolean; before?: string; limit: number },
): Promise<GapRow[]> {
  const { rows } = await sql<GapRow>`
    select ${columns} from ${from} where g.workspace_id = ${db.workspaceId}
      and ${open ? sql`g.outcome is null` : sql`g.outcome is not null`} ${before ? sql`and g.id < ${before}` : sql``}
    order by g.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

type Change = Pick<GapRow, 'id' | 'article_id' | 'outcome' | 'closed_by' | 'closed_at'>

export async function updateGap(
  tx: Tx,
  { id, article_id: articleId, outcome, closed_by: by, closed_at: at }: Change,
): Promise<void> {
  await sql`
    update article_gaps set article_id = ${articleId}, outcome = ${outcome}, closed_by = ${by}, closed_at = ${at}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}
