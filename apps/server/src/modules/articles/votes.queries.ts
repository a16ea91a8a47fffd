import type { VoteReason } from '@lahko/contract/articles'
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
}

const columns = sql`id, article_id, language, number, helpful, reason, comment, at`

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
    on conflict (workspace_id, token_hash) do update set helpful = excluded.helpful
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
    update article_votes set reason = ${reason}, comment = ${comment}
    where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
}

type PastVoteRow = Pick<VoteRow, 'language' | 'helpful' | 'at'> & { slug: string; tokenHash: Buffer }

/** Votes on what is published, by the addresses of its articles; others are left out. */
export async function insertPastVotes(tx: Tx, votes: readonly PastVoteRow[]): Promise<void> {
  const column = <T>(of: (vote: PastVoteRow) => T) => votes.map(of)
  await sql`
    insert into article_votes (workspace_id, id, article_id, language, number, token_hash, helpful, at)
    select ${tx.workspaceId}, v.id, a.id, t.language, t.published_number, v.token_hash, v.helpful, v.at
    from unnest(${column(({ at }) => uuidv7(at.getTime()))}::uuid[], ${column(({ slug }) => slug)}::text[],
      ${column(({ language }) => language)}::text[], ${column(({ tokenHash }) => tokenHash)}::bytea[],
      ${column(({ helpful }) => helpful)}::boolean[], ${column(({ at }) => at)}::timestamptz[])
      v(id, slug, language, token_hash, helpful, at)
    join articles a on a.workspace_id = ${tx.workspaceId} and a.slug = v.slug
    join article_translations t on t.workspace_id = a.workspace_id and t.article_id = a.id and t.language = v.language
    where t.published_number is not null
    on conflict (workspace_id, token_hash) do nothing`.execute(tx.kysely)
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
  { before, limit }: { before?: string; limit: number },
): Promise<VoteRow[]> {
  const { rows } = await sql<VoteRow>`
    select ${columns} from article_votes where workspace_id = ${db.workspaceId} and article_id = ${articleId}
      ${before ? sql`and id < ${before}` : sql``}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}
