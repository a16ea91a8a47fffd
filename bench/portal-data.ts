import type pg from 'pg'
import { helpFiles } from '../apps/server/src/demo/help.ts'
import { readArticleFile } from '../apps/server/src/modules/articles/article-files.ts'
import { renderArticle, renderer } from '../apps/server/src/modules/articles/rendering.ts'
import type { Scope, Store } from '../apps/server/src/platform/store.ts'
import { fillLarge } from './search/large.ts'

/** Collections within twenty others: the first holds every tenth article, and the other tens nothing. */
const mostShelves = 400
/** Those with articles. */
export const shelves = Array.from({ length: mostShelves }, (_, n) => n).filter((n) => n === 0 || n % 10 > 0)

/**
 * A workspace of many articles as *publish* would have made them: texts of the demo, rendered; what search knows of them
 * is put together of the demo's sentences, so that words are as rare as among so many.
 */
export async function fillPortal(stage: { store: Store; owner: pg.Client }, many: number): Promise<Scope> {
  const { owner } = stage
  const scope = await fillLarge(stage, 'en', many)
  await owner.query('insert into contact_forms (workspace_id, open, intro, topics) values ($1, true, $2, $3)', [
    scope.workspaceId,
    '{}',
    '[]',
  ])
  await insertTexts(owner)
  await insertCollections(owner, scope.workspaceId)
  await insertArticles(owner, scope.workspaceId)
  await owner.query('vacuum analyze')
  return scope
}

async function insertTexts(owner: pg.Client): Promise<void> {
  const files = helpFiles().filter(({ path }) => path.endsWith('.en.md'))
  const texts = files.map(({ text }) => {
    const { title, summary, keywords = '', body } = readArticleFile(text)
    const { html, contents, minutes } = renderArticle(body, 'en', new Map())
    return { title, summary, keywords, body, html, contents, minutes }
  })
  await owner.query(
    `create temporary table texts as select (row_number() over () - 1)::integer as n, t.* from jsonb_to_recordset($1::jsonb)
       t(title text, summary text, keywords text, body text, html text, contents jsonb, minutes smallint)`,
    [JSON.stringify(texts)],
  )
}

async function insertCollections(owner: pg.Client, workspaceId: string): Promise<void> {
  await owner.query(
    `insert into article_collections (workspace_id, id, parent_id, slug, titles, position, created_at)
     select $1::uuid, gen_random_uuid(), null, 'part-' || n, jsonb_build_object('en', 'Part ' || n), n, now()
     from generate_series(0, 19) n`,
    [workspaceId],
  )
  await owner.query(
    `insert into article_collections (workspace_id, id, parent_id, slug, titles, position, created_at)
     select $1::uuid, gen_random_uuid(), p.id, 'shelf-' || n, jsonb_build_object('en', 'Shelf ' || n), n, now()
     from generate_series(0, $2::integer - 1) n
     join article_collections p on p.workspace_id = $1 and p.slug = 'part-' || n % 20`,
    [workspaceId, mostShelves],
  )
  await owner.query(
    `insert into article_addresses (workspace_id, slug, collection_id)
     select workspace_id, slug, id from article_collections where workspace_id = $1`,
    [workspaceId],
  )
}

async function insertArticles(owner: pg.Client, workspaceId: string): Promise<void> {
  await owner.query(
    `create temporary table numbered as select subject_id as id, (row_number() over () - 1)::integer as n
     from search_documents where workspace_id = $1`,
    [workspaceId],
  )
  await owner.query(
    `insert into articles (workspace_id, id, collection_id, slug, position, main_language, created_at, updated_at)
     select $1::uuid, d.id, c.id, 'article-' || d.n, row_number() over (partition by c.id order by d.n) - 1, 'en', now(), now()
     from numbered d join article_collections c
       on c.workspace_id = $1 and c.slug = 'shelf-' || case when d.n % 10 = 0 then 0 else d.n % $2::integer end`,
    [workspaceId, mostShelves],
  )
  await owner.query(
    `insert into article_addresses (workspace_id, slug, article_id)
     select $1::uuid, 'article-' || n, id from numbered`,
    [workspaceId],
  )
  await owner.query(
    `insert into article_translations (workspace_id, article_id, language, title, summary, keywords, body, edited_at,
       published_number, published_revision, published_at)
     select $1::uuid, d.id, 'en', t.title || ' ' || d.n, t.summary, t.keywords, t.body, now(), 1, 1, now()
     from numbered d join texts t on t.n = d.n % (select count(*) from texts)`,
    [workspaceId],
  )
  await owner.query(
    `insert into article_versions (workspace_id, article_id, language, number, title, summary, keywords, body, html, contents,
       minutes, renderer, published_at)
     select $1::uuid, d.id, 'en', 1, t.title || ' ' || d.n, t.summary, t.keywords, t.body, t.html, t.contents, t.minutes,
       $2::integer, now()
     from numbered d join texts t on t.n = d.n % (select count(*) from texts)`,
    [workspaceId, renderer],
  )
}
