import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import type { Db } from '#platform/store.ts'
import { plansOf } from '../../testing/plans.ts'
import { newWorkspace } from '../../testing/visitor.ts'
import { findAddressee } from './addresses.queries.ts'
import { listArticlesIn, listNewestArticles } from './articles.queries.ts'
import {
  findShown,
  findShownPicture,
  hasPublicArticles,
  listFilled,
  listFound,
  listMapped,
  listShown,
} from './help.queries.ts'
import { findPictureByHash } from './pictures.queries.ts'
import { listFitting } from './narrowing.queries.ts'
import { listTranslations } from './translations.queries.ts'
import { listVoteRows } from './votes.queries.ts'

let house: TestHouse
let workspaceId: string
let some: { id: string; collection_id: string; slug: string }

before(async () => {
  house = await testHouse()
  workspaceId = (await newWorkspace(house, 'acme')).id
  const sql = new pg.Client(house.database.owner)
  await sql.connect()
  await sql.query(`
    insert into article_collections (workspace_id, id, slug, titles, position, created_at)
    select '${workspaceId}', gen_random_uuid(), 'c' || n, '{"en":"C"}', n, now() from generate_series(1, 40) n;
    insert into articles (workspace_id, id, collection_id, slug, position, main_language, created_at, updated_at, review_on)
    select workspace_id, gen_random_uuid(), id, slug || '-' || n, n, 'en', now(), now(), current_date + n
    from article_collections, generate_series(1, 150) n;
    insert into article_translations (workspace_id, article_id, language, title, summary, body, edited_at,
      published_number, published_revision, published_at)
    select workspace_id, id, language, 'T', 'S', 'B', now(), 1, 1, now() from articles, unnest('{en,sl}'::text[]) language;
    insert into article_versions (workspace_id, article_id, language, number, title, summary, body, html, contents, minutes,
      published_at)
    select workspace_id, article_id, language, 1, 'T', 'S', 'B', '<p>B', '[]', 1, now() from article_translations;
    insert into article_addresses (workspace_id, slug, article_id) select workspace_id, slug, id from articles;
    insert into files (workspace_id, id, name, media_type, size, content, created_at)
    select workspace_id, id, 'p', 'image/webp', 1, 'x', now() from articles;
    insert into article_pictures (workspace_id, id, file_id, came_hash, kept_hash, width, height, came_at)
    select workspace_id, id, id, sha256(slug::bytea), sha256(('kept ' || slug)::bytea), 1, 1, now() from articles;
    insert into article_picture_uses (workspace_id, picture_id, article_id, language, number)
    select workspace_id, article_id, article_id, language, 1 from article_translations;
    insert into article_votes (workspace_id, id, article_id, language, number, token_hash, helpful, at)
    select workspace_id, gen_random_uuid(), id, 'en', 1, sha256(slug::bytea), true, now() from articles;`)
  await sql.query('analyze')
  some = (await sql.query("select id, collection_id, slug from articles where slug = 'c7-7'")).rows[0]
  await sql.end()
})
after(() => house.close())

const guest = { signedIn: false, organisations: [] }
const customer = { signedIn: true, organisations: ['planina'] }
const wanted = ['sl', 'en', 'nb'] as const

const works: Record<string, (db: Db) => Promise<unknown>> = {
  'an address': (db) => findAddressee(db, some.slug),
  'an article': (db) => findShown(db, customer, some.id, wanted),
  'what is beside it': (db) => listShown(db, customer, [some.collection_id], { wanted, limit: 6 }),
  'what goes on': (db) =>
    listShown(db, guest, [some.collection_id], { wanted, limit: 50, after: { position: 100, id: some.id } }),
  'what was found': (db) => listFound(db, guest, [{ id: some.id, language: 'en' }]),
  'whether there is anything': (db) => hasPublicArticles(db),
  'collections with something in them': (db) => listFilled(db, guest),
  'a part of the map': (db) => listMapped(db, { after: { id: some.id, language: 'en' }, limit: 20 }),
  'the newest': (db) => listNewestArticles(db, { before: some.id, limit: 20 }),
  'what is to be looked at': (db) => listNewestArticles(db, { reviewBy: '2020-01-01', limit: 20 }),
  'by words of a title': (db) => listFitting(db, { q: 'rare words', limit: 20 }),
  drafts: (db) => listFitting(db, { state: 'draft', limit: 20 }),
  'what is out of date': (db) => listFitting(db, { state: 'outdated', limit: 20 }),
  'a collection': (db) => listArticlesIn(db, some.collection_id, { after: { position: 9, id: some.id }, limit: 20 }),
  'a picture': (db) => findShownPicture(db, customer, some.id),
  'the same bytes': (db) => findPictureByHash(db, Buffer.alloc(32)),
  translations: (db) => listTranslations(db, [some.id]),
  votes: (db) => listVoteRows(db, some.id, { limit: 20 }),
}

for (const [name, work] of Object.entries(works)) {
  test(`${name} is found by an index`, async () => {
    const plans = await plansOf(house, workspaceId, work)
    assert.match(plans, /Index/)
    assert.doesNotMatch(
      plans,
      /Seq Scan on (articles|article_(translations|versions|addresses|votes|pictures|picture_uses))/,
      plans,
    )
  })
}
