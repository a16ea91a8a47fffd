import type { VoteReason } from '@lahko/contract/article-votes'
import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

export type VoteRow = {
  id: string
  article_id: string
  language: Language
  number: number
  helpful: boolean
  reason: VoteReason | null
  comment: string | null
  at: Date
  settled_at: Date | null
  settled_by: string | null
}

const columns = sql`id, article_id, language, number, helpful, reason, comment, at, settled_at, settled_by`

/** Keeps what a reader said; the same form again says it anew. @returns undefined for another article's form */
export async function upsertVote(
  tx: Tx,
  tokenHash: Buffer,
  vote: Pick<VoteRow, 'article_id' | 'language' | 'number' | 'helpful'>,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into article_votes as v (workspace_id, id, article_id, language, number, token_hash, helpful, at)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${vote.article_id}, ${vote.language}, ${vote.number},
      ${tokenHash}, ${vote.helpful}, ${tx.now})
    on conflict (workspace_id, token_hash) do update set helpful = excluded.helpful,
      reason = case when not excluded.helpful then v.reason end
      where v.article_id = excluded.article_id
    returning id`.execute(tx.kysely)
  return rows[0]?.id
}

export async function findVote(db: Db, tokenHash: Buffer): Promise<VoteRow | undefined> {
  const { rows } = await sql<VoteRow>`
    select ${columns} from article_votes
    where workspace_id = ${db.workspaceId} and token_hash = ${tokenHash}`.execute(db.kysely)
  return rows[0]
}

export async function updateReason(
  tx: Tx,
  id: string,
  { reason, comment }: Pick<VoteRow, 'reason' | 'comment'>,
): Promise<void> {
  await sql`
    update article_votes set reason = ${reason}, comment = ${comment},
      settled_at = case when comment is not distinct from ${comment} then settled_at end,
      settled_by = case when comment is not distinct from ${comment} then settled_by end
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

type PastVoteRow = Pick<VoteRow, 'language' | 'helpful' | 'at' | 'reason' | 'comment'> & {
  slug: string
  tokenHash: Buffer
}

/**
 * Votes on what is published, by the addresses of its articles; others are left out.
 * @returns the articles that have new ones
 */
export async function insertPastVotes(tx: Tx, votes: readonly PastVoteRow[]): Promise<string[]> {
  const column = <T>(of: (vote: PastVoteRow) => T) => votes.map(of)
  const { rows } = await sql<{ article_id: string }>`
    insert into article_votes (workspace_id, id, article_id, language, number, token_hash, helpful, at, reason, comment)
    select ${tx.workspaceId}, v.id, a.id, t.language, t.published_number, v.token_hash, v.helpful, v.at, v.reason,
      v.comment
    from unnest(${column(({ at }) => uuidv7(at.getTime()))}::uuid[], ${column(({ slug }) => slug)}::text[],
      ${column(({ language }) => language)}::text[], ${column(({ tokenHash }) => tokenHash)}::bytea[],
      ${column(({ helpful }) => helpful)}::boolean[], ${column(({ at }) => at)}::timestamptz[],
      ${column(({ reason }) => reason)}::text[], ${column(({ comment }) => comment)}::text[])
      v(id, slug, language, token_hash, helpful, at, reason, comment)
    join articles a on a.workspace_id = ${tx.workspaceId} and a.slug = v.slug
    join article_translations t on t.workspace_id = a.workspace_id and t.article_id = a.id and t.language = v.language
    where t.published_number is not null
    on conflict (workspace_id, token_hash) do nothing returning article_id`.execute(tx.kysely)
  return [...new Set(rows.map(({ article_id: id }) => id))]
}

/** How often an article helped and did not, counted from all its votes. */
export async function countAllVotes(db: Db, articleId: string): Promise<{ helpful: number; unhelpful: number }> {
  const { rows } = await sql<{ helpful: number; unhelpful: number }>`
    select (count(*) filter (where helpful))::integer as helpful,
      (count(*) filter (where not helpful))::integer as unhelpful
    from article_votes where workspace_id = ${db.workspaceId} and article_id = ${articleId}`.execute(db.kysely)
  return rows[0]!
}

/** Of more votes than this the newest are counted. */
const mostCounted = 10_000

/** Of which articles most was said since a moment, whatever it was, the most first. @param least less is none */
export async function listMostVoted(
  db: Db,
  { since, least, limit }: { since: Date; least: number; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select article_id as id from (
      select article_id from article_votes where workspace_id = ${db.workspaceId} and at >= ${since}
      order by at desc limit ${mostCounted}) newest
    group by 1 having count(*) >= ${least} order by count(*) desc, 1 limit ${limit}`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** What readers said of an article, the newest first. */
export async function listVoteRows(
  db: Db,
  articleId: string,
  { before, only, limit }: { before?: string; only?: 'comments' | 'open'; limit: number },
): Promise<VoteRow[]> {
  const { rows } = await sql<VoteRow>`
    select ${columns} from article_votes where workspace_id = ${db.workspaceId} and article_id = ${articleId}
      ${before ? sql`and id < ${before}` : sql``}
      ${only ? sql`and comment is not null` : sql``}
      ${only === 'open' ? sql`and settled_at is null` : sql``}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** What readers wrote about any article, the newest first. @param open whether somebody has not dealt with it, or has */
export async function listCommentRows(
  db: Db,
  given: {
    before?: string | undefined
    articleId?: string | undefined
    language?: Language | undefined
    reason?: VoteReason | undefined
    open?: boolean | undefined
    limit: number
  },
): Promise<VoteRow[]> {
  const { before, articleId, language, reason, open, limit } = given
  const { rows } = await sql<VoteRow>`
    select ${columns} from article_votes where workspace_id = ${db.workspaceId} and comment is not null
      ${before ? sql`and id < ${before}` : sql``}
      ${articleId ? sql`and article_id = ${articleId}` : sql``}
      ${language ? sql`and language = ${language}` : sql``}
      ${reason ? sql`and reason = ${reason}` : sql``}
      ${open === undefined ? sql`` : open ? sql`and settled_at is null` : sql`and settled_at is not null`}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

export async function findVoteRow(db: Db, id: string): Promise<VoteRow | undefined> {
  const { rows } = await sql<VoteRow>`
    select ${columns} from article_votes where workspace_id = ${db.workspaceId} and id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** When a comment was dealt with; undefined: it is not. */
export async function updateSettled(tx: Tx, id: string, settled?: { by: string | null }): Promise<void> {
  await sql`
    update article_votes set settled_at = ${settled ? tx.now : null}, settled_by = ${settled?.by ?? null}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

export type ReasonsRow = Record<VoteReason, number> & { comments: number; open: number }

/** How often each reason was given, and how many comments there are. */
export async function countReasons(db: Db, articleId: string): Promise<ReasonsRow> {
  const { rows } = await sql<ReasonsRow>`
    select count(*) filter (where reason = 'unclear') as unclear, count(*) filter (where reason = 'wrong') as wrong,
      count(*) filter (where reason = 'missing') as missing, count(*) filter (where reason = 'other') as other,
      count(comment) as comments, count(comment) filter (where settled_at is null) as open
    from article_votes
    where workspace_id = ${db.workspaceId} and article_id = ${articleId} and reason is not null`.execute(db.kysely)
  return rows[0]!
}
