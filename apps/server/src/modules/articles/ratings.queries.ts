import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

export type Votes = { helpful: number; unhelpful: number }

/** How often an article helped and did not; nobody else changes it until the transaction ends. */
export async function holdRating(tx: Tx, articleId: string): Promise<Votes> {
  const { rows } = await sql<Votes>`
    insert into article_ratings as r (workspace_id, article_id, helpful, unhelpful, worst)
    values (${tx.workspaceId}, ${articleId}, 0, 0, 0)
    on conflict (workspace_id, article_id) do update set helpful = r.helpful
    returning helpful, unhelpful`.execute(tx.kysely)
  return rows[0]!
}

/** @param worst the lower bound of the share whom it did not help */
export async function updateRating(tx: Tx, articleId: string, votes: Votes, worst: number): Promise<void> {
  await sql`
    update article_ratings set helpful = ${votes.helpful}, unhelpful = ${votes.unhelpful}, worst = ${worst}
    where workspace_id = ${tx.workspaceId} and article_id = ${articleId}`.execute(tx.kysely)
}

export async function findRating(db: Db, articleId: string): Promise<Votes> {
  const { rows } = await sql<Votes>`
    select helpful, unhelpful from article_ratings
    where workspace_id = ${db.workspaceId} and article_id = ${articleId}`.execute(db.kysely)
  return rows[0] ?? { helpful: 0, unhelpful: 0 }
}

export type RatingRow = Votes & {
  article_id: string
  worst: number
  language: Language
  title: string
  owner_id: string | null
  open: number
}

/** Rated articles, first those that surely did not help most often. @param page `after`: the last one above */
export async function listRatingRows(
  db: Db,
  { after, limit }: { after?: { worst: number; articleId: string }; limit: number },
): Promise<RatingRow[]> {
  const { rows } = await sql<RatingRow>`
    select r.article_id, r.helpful, r.unhelpful, r.worst, t.language, t.title, a.owner_id,
      (select count(*) from article_votes v where v.workspace_id = r.workspace_id and v.article_id = r.article_id
        and v.comment is not null and v.settled_at is null) as open
    from article_ratings r
    join articles a on a.workspace_id = r.workspace_id and a.id = r.article_id
    join article_translations t on t.workspace_id = a.workspace_id and t.article_id = a.id
      and t.language = a.main_language
    where r.workspace_id = ${db.workspaceId} and r.helpful + r.unhelpful > 0
      ${after ? sql`and (r.worst, r.article_id) < (${after.worst}::float8, ${after.articleId}::uuid)` : sql``}
    order by r.worst desc, r.article_id desc limit ${limit}`.execute(db.kysely)
  return rows
}
