import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type Outcome = 'approved' | 'returned' | 'over'
export type ReviewRow = {
  id: string
  article_id: string
  language: Language
  asked_by: string | null
  asked_at: Date
  reviewer_id: string | null
  note: string
  outcome: Outcome | null
  /** Of the draft that was looked at. */
  revision: number | null
  decided_by: string | null
  decided_at: Date | null
  answer: string | null
}

const columns = sql`r.id, r.article_id, r.language, r.asked_by, r.asked_at, r.reviewer_id, r.note, r.outcome, r.revision,
  r.decided_by, r.decided_at, r.answer`

/** The newest review of each language of these articles, unless that was published since. */
export async function listNewestReviews(db: Db, articleIds: readonly string[]): Promise<ReviewRow[]> {
  const { rows } = await sql<ReviewRow>`
    select ${columns} from article_translations t cross join lateral (
      select * from article_reviews n where n.workspace_id = t.workspace_id and n.article_id = t.article_id
        and n.language = t.language order by n.id desc limit 1) r
    where t.workspace_id = ${db.workspaceId} and t.article_id = any(${articleIds}::uuid[])
      and (r.outcome is null or t.published_revision is null or r.revision > t.published_revision)`.execute(db.kysely)
  return rows
}

export async function listReviewRows(
  db: Db,
  articleId: string,
  language: Language,
  { before, limit }: { before?: string; limit: number },
): Promise<ReviewRow[]> {
  const { rows } = await sql<ReviewRow>`
    select ${columns} from article_reviews r where r.workspace_id = ${db.workspaceId} and r.article_id = ${articleId}
      and r.language = ${language} ${before ? sql`and r.id < ${before}` : sql``}
    order by r.id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** The one that waits for a decision. */
export async function findWaitingReview(db: Db, articleId: string, language: Language): Promise<ReviewRow | undefined> {
  const { rows } = await sql<ReviewRow>`
    select ${columns} from article_reviews r where r.workspace_id = ${db.workspaceId} and r.article_id = ${articleId}
      and r.language = ${language} and r.outcome is null`.execute(db.kysely)
  return rows[0]
}

export async function insertReview(
  tx: Tx,
  given: Pick<ReviewRow, 'article_id' | 'language' | 'asked_by' | 'reviewer_id' | 'note'>,
): Promise<ReviewRow> {
  const { rows } = await sql<ReviewRow>`
    insert into article_reviews as r (workspace_id, id, article_id, language, asked_by, asked_at, reviewer_id, note)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${given.article_id}, ${given.language}, ${given.asked_by},
      ${tx.now}, ${given.reviewer_id}, ${given.note})
    returning ${columns}`.execute(tx.kysely)
  return rows[0]!
}

export async function updateDecision(
  tx: Tx,
  id: string,
  { outcome, revision, decided_by: by, answer }: Pick<ReviewRow, 'outcome' | 'revision' | 'decided_by' | 'answer'>,
): Promise<ReviewRow> {
  const { rows } = await sql<ReviewRow>`
    update article_reviews r set outcome = ${outcome}, revision = ${revision}, decided_by = ${by},
      decided_at = ${tx.now}, answer = ${answer}
    where r.workspace_id = ${tx.workspaceId} and r.id = ${id} returning ${columns}`.execute(tx.kysely)
  return rows[0]!
}

/** Whether somebody has approved a draft as it is. */
export async function hasApproval(
  db: Db,
  { article_id: id, language, revision }: { article_id: string; language: Language; revision: number },
): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from article_reviews r where r.workspace_id = ${db.workspaceId} and r.article_id = ${id}
      and r.language = ${language} and r.outcome = 'approved' and r.revision = ${revision}) as has`.execute(db.kysely)
  return rows[0]!.has
}

export type RulesRow = { approval_needed: boolean; effort_survey_id: string | null }

/** How the workspace works on its articles; nothing is asked for where nobody has said so. */
export async function findRules(db: Db): Promise<RulesRow> {
  const { rows } = await sql<RulesRow>`
    select approval_needed, effort_survey_id from article_rules where workspace_id = ${db.workspaceId}`.execute(
    db.kysely,
  )
  return rows[0] ?? { approval_needed: false, effort_survey_id: null }
}

export async function upsertRules(tx: Tx, rules: RulesRow): Promise<void> {
  await sql`
    insert into article_rules (workspace_id, approval_needed, effort_survey_id)
    values (${tx.workspaceId}, ${rules.approval_needed}, ${rules.effort_survey_id})
    on conflict (workspace_id) do update set approval_needed = excluded.approval_needed,
      effort_survey_id = excluded.effort_survey_id`.execute(tx.kysely)
}
