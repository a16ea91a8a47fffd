import { sql } from 'kysely'
import type { Db, Tx } from '#platform/store.ts'

/** How long an episode goes on without a step, and how long after its last one a contact still belongs to it. */
const idleMinutes = 30
const contactHours = 72
const mostSearches = 20
const mostArticles = 50

/** A step in an episode: its first search or suggestion begins it. */
export type Step = { number: string; at: Date } & (
  | { kind: 'search'; text: string }
  | { kind: 'suggestion' }
  | { kind: 'article'; articleId: string; language: string }
  | { kind: 'word'; helped: boolean; article: { articleId: string; language: string } | null }
)
type StepOf<Kind> = Extract<Step, { kind: Kind }>

/** Whether an episode is known and goes on no more. One that nobody knows has not begun. */
export async function isEpisodeOver(db: Db, number: string): Promise<boolean> {
  const { rows } = await sql<{ over: boolean }>`
    select contacted or last_at < ${db.now}::timestamptz - make_interval(mins => ${idleMinutes}) as over
    from episodes where workspace_id = ${db.workspaceId} and number = ${number}`.execute(db.kysely)
  return rows[0]?.over ?? false
}

const goesOn = sql`not e.contacted and e.last_at >= s.at - make_interval(mins => ${idleMinutes})`

/** Begins episodes that are not known, and lets those go on that are not over. @param day on which new ones begin */
export async function beginEpisodes(tx: Tx, steps: readonly Pick<Step, 'number' | 'at'>[], day: string): Promise<void> {
  if (steps.length === 0) return
  await sql`
    insert into episodes as e (workspace_id, id, number, begun_on, last_at, asked)
    select ${tx.workspaceId}::uuid, gen_random_uuid(), s.number, ${day}::date, max(s.at), true
    from unnest(${steps.map(({ number }) => number)}::text[], ${steps.map(({ at }) => at)}::timestamptz[]) s(number, at)
    group by s.number order by s.number
    on conflict (workspace_id, number) do update set last_at = greatest(e.last_at, excluded.last_at), asked = true
      where not e.contacted
        and e.last_at >= excluded.last_at - make_interval(mins => ${idleMinutes})`.execute(tx.kysely)
}

/** Each once, and no more than a person searches for. */
export async function insertSearches(tx: Tx, steps: readonly StepOf<'search'>[]): Promise<void> {
  if (steps.length === 0) return
  await sql`
    insert into episode_searches (workspace_id, episode_id, text, at)
    select e.workspace_id, e.id, s.text, s.at
    from unnest(${steps.map(({ number }) => number)}::text[], ${steps.map(({ text }) => text)}::text[],
      ${steps.map(({ at }) => at)}::timestamptz[]) s(number, text, at)
    join episodes e on e.workspace_id = ${tx.workspaceId} and e.number = s.number and ${goesOn}
    where (select count(*) from episode_searches o where o.workspace_id = e.workspace_id and o.episode_id = e.id)
      < ${mostSearches}
    order by e.id, s.text
    on conflict do nothing`.execute(tx.kysely)
}

/** What was opened; in an episode that nobody knows nothing is. */
export async function insertArticles(tx: Tx, steps: readonly StepOf<'article'>[]): Promise<void> {
  if (steps.length === 0) return
  await sql`
    with s as (
      select * from unnest(${steps.map(({ number }) => number)}::text[],
        ${steps.map(({ articleId }) => articleId)}::uuid[], ${steps.map(({ language }) => language)}::text[],
        ${steps.map(({ at }) => at)}::timestamptz[]) s(number, article_id, language, at)
    ), known as (
      select e.id, s.* from s join episodes e on e.workspace_id = ${tx.workspaceId} and e.number = s.number and ${goesOn}
      order by e.id for update of e
    ), went_on as (
      update episodes e set last_at = greatest(e.last_at, k.at)
      from (select id, max(at) as at from known group by id) k
      where e.workspace_id = ${tx.workspaceId} and e.id = k.id
    )
    insert into episode_articles (workspace_id, episode_id, article_id, language, at)
    select distinct on (k.id, k.article_id) ${tx.workspaceId}::uuid, k.id, k.article_id, k.language, k.at from known k
    where (select count(*) from episode_articles o where o.workspace_id = ${tx.workspaceId} and o.episode_id = k.id)
      < ${mostArticles}
    order by k.id, k.article_id, k.at
    on conflict do nothing`.execute(tx.kysely)
}

/**
 * Whether the matter was solved, and by which article where that is known: what was seen of it was enough, also where it
 * was not opened. The last word counts.
 */
export async function keepWord(tx: Tx, { number, at, helped, article }: StepOf<'word'>): Promise<void> {
  await sql`
    with said as (
      update episodes e set solved = ${helped}, last_at = greatest(e.last_at, s.at) from (values (${at}::timestamptz)) s(at)
      where e.workspace_id = ${tx.workspaceId} and e.number = ${number} and ${goesOn} returning e.id
    )
    insert into episode_articles (workspace_id, episode_id, article_id, language, at, helped)
    select ${tx.workspaceId}::uuid, said.id, a.id, a.language, ${at}::timestamptz, ${helped}
    from said, (values (${article?.articleId}::uuid, ${article?.language}::text)) a(id, language) where a.id is not null
    on conflict (workspace_id, episode_id, article_id) do update set helped = excluded.helped`.execute(tx.kysely)
}

/**
 * A contact ends the episode whose number it carries; one that nobody knows began with it. Of an episode that has ended
 * so already stays the first.
 * @returns its id, where this contact has ended it
 */
export async function endByContact(
  tx: Tx,
  { number, contactId, day }: { number: string; contactId: string; day: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into episodes as e (workspace_id, id, number, begun_on, last_at, asked, contacted, contact_id)
    values (${tx.workspaceId}, gen_random_uuid(), ${number}, ${day}, ${tx.now}, false, true, ${contactId})
    on conflict (workspace_id, number) do update set contacted = true, contact_id = excluded.contact_id
      where not e.contacted and e.last_at > ${tx.now}::timestamptz - make_interval(hours => ${contactHours})
    returning id`.execute(tx.kysely)
  return rows[0]?.id
}

/** What was searched for and read, in its order. */
export type Attempt = { kind: 'search'; text: string } | { kind: 'article'; articleId: string; language: string }

export async function listAttempts(db: Db, episodeId: string): Promise<Attempt[]> {
  const { rows } = await sql<{ text: string | null; articleId: string; language: string }>`
    select text, null::uuid as "articleId", null as language, at from episode_searches
    where workspace_id = ${db.workspaceId} and episode_id = ${episodeId}
    union all
    select null, article_id, language, at from episode_articles
    where workspace_id = ${db.workspaceId} and episode_id = ${episodeId}
    order by at`.execute(db.kysely)
  return rows.map(({ text, articleId, language }) =>
    text === null ? { kind: 'article', articleId, language } : { kind: 'search', text },
  )
}

/** What was searched for before these contacts is forgotten, and which episode led to them; not what came of it. */
export async function forgetContacts(tx: Tx, contactIds: readonly string[]): Promise<void> {
  await sql`
    with led as (
      update episodes set contact_id = null
      where workspace_id = ${tx.workspaceId} and contact_id = any(${contactIds}::uuid[]) returning id
    )
    delete from episode_searches s using led
    where s.workspace_id = ${tx.workspaceId} and s.episode_id = led.id`.execute(tx.kysely)
}

/**
 * Counts episodes that are over by what came of them, and forgets them: their numbers, their searches, and which contact
 * was theirs.
 * @returns how many there were
 */
export async function settleEpisodes(tx: Tx, most: number): Promise<number> {
  const { rows } = await sql<{ settled: number }>`
    with due as (
      select e.id, e.begun_on, e.asked, e.solved, e.contacted from episodes e
      where e.workspace_id = ${tx.workspaceId}
        and e.last_at <= ${tx.now}::timestamptz - make_interval(hours => ${contactHours})
      order by e.last_at limit ${most} for update skip locked
    ), read as (
      select a.episode_id, a.article_id, a.helped from episode_articles a
      where a.workspace_id = ${tx.workspaceId} and a.episode_id in (select id from due)
    ), judged as (
      select d.*, r.episode_id is not null as has_read, coalesce(r.silent, false) as silent from due d
      left join (select episode_id, bool_or(helped is null) as silent from read group by episode_id) r on r.episode_id = d.id
      where d.asked
    ), days as (
      insert into episode_days as t (workspace_id, day, episodes, confirmed, probable, failed)
      select ${tx.workspaceId}::uuid, begun_on, count(*), count(*) filter (where solved and not contacted),
        count(*) filter (where silent and not solved and not contacted),
        count(*) filter (where has_read and contacted)
      from judged group by begun_on order by begun_on
      on conflict (workspace_id, day) do update set episodes = t.episodes + excluded.episodes,
        confirmed = t.confirmed + excluded.confirmed, probable = t.probable + excluded.probable,
        failed = t.failed + excluded.failed
    ), articles as (
      insert into episode_article_days as t (workspace_id, day, article_id, readers, solved, failed)
      select ${tx.workspaceId}::uuid, j.begun_on, r.article_id, count(*), count(*) filter (where r.helped and not j.contacted),
        count(*) filter (where j.contacted)
      from judged j join read r on r.episode_id = j.id
      group by j.begun_on, r.article_id order by j.begun_on, r.article_id
      on conflict (workspace_id, day, article_id) do update set readers = t.readers + excluded.readers,
        solved = t.solved + excluded.solved, failed = t.failed + excluded.failed
    ), gone as (
      delete from episodes e using due where e.workspace_id = ${tx.workspaceId} and e.id = due.id
    )
    select count(*) as settled from due`.execute(tx.kysely)
  return rows[0]!.settled
}

/** What became of episodes that began on some days, and are over. */
export type EpisodeCounts = { episodes: number; confirmed: number; probable: number; failed: number }
type Days = { from: string; to: string }

export async function countEpisodes(db: Db, { from, to }: Days): Promise<EpisodeCounts> {
  const { rows } = await sql<EpisodeCounts>`
    select coalesce(sum(episodes), 0)::bigint as episodes, coalesce(sum(confirmed), 0)::bigint as confirmed,
      coalesce(sum(probable), 0)::bigint as probable, coalesce(sum(failed), 0)::bigint as failed
    from episode_days where workspace_id = ${db.workspaceId} and day between ${from} and ${to}`.execute(db.kysely)
  return rows[0]!
}

/** How many it is not known of yet. */
export async function countOpenEpisodes(db: Db): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from episodes where workspace_id = ${db.workspaceId} and asked`.execute(db.kysely)
  return rows[0]!.open
}

/** Of an article: in how many episodes it was read, solved the matter, or was followed by a contact. */
export type ArticleCounts = { articleId: string; readers: number; solved: number; failed: number }
export type ArticleOrder = 'readers' | 'solved' | 'failed'

/** The articles that were read in episodes of some days, those with most first. @param after the last one above */
export async function listArticleCounts(
  db: Db,
  { from, to }: Days,
  { by, after, limit }: { by: ArticleOrder; after?: { count: number; id: string }; limit: number },
): Promise<ArticleCounts[]> {
  const count = sql.ref(by)
  const { rows } = await sql<ArticleCounts>`
    select * from (
      select article_id as "articleId", sum(readers) as readers, sum(solved) as solved, sum(failed) as failed
      from episode_article_days where workspace_id = ${db.workspaceId} and day between ${from} and ${to}
      group by article_id) a
    ${after ? sql`where (${count}, "articleId") < (${after.count}, ${after.id}::uuid)` : sql``}
    order by ${count} desc, "articleId" desc limit ${limit}`.execute(db.kysely)
  return rows
}

export type PastEpisodes = { days: (EpisodeCounts & { day: string })[]; articles: (ArticleCounts & { day: string })[] }

/** Adds figures of episodes that were over before Lahko knew of them. */
export async function insertPastEpisodes(tx: Tx, { days, articles }: PastEpisodes): Promise<void> {
  await sql`
    insert into episode_days (workspace_id, day, episodes, confirmed, probable, failed)
    select ${tx.workspaceId}, day, episodes, confirmed, probable, failed
    from jsonb_to_recordset(${JSON.stringify(days)}::jsonb)
      d(day date, episodes integer, confirmed integer, probable integer, failed integer)
    on conflict do nothing`.execute(tx.kysely)
  await sql`
    insert into episode_article_days (workspace_id, day, article_id, readers, solved, failed)
    select ${tx.workspaceId}, day, "articleId", readers, solved, failed
    from jsonb_to_recordset(${JSON.stringify(articles)}::jsonb)
      a(day date, "articleId" uuid, readers integer, solved integer, failed integer)
    on conflict do nothing`.execute(tx.kysely)
}
