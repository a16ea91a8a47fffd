import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Article, Collection } from '@lahko/contract/articles'
import pg from 'pg'
import { pino } from 'pino'
import { buildApp } from '../../app.ts'
import { openLive, type Live } from '#platform/live.ts'
import { openStore, system, type Store } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { renderAgainTask } from './rendering-again.ts'

// One process writes; readers ask another one, which remembers pages.

let house: TestHouse
let store: Store
let live: Live
let owner: Visitor
let reader: Visitor
let sql: pg.Client
let workspaceId: string
let repairs: Collection
let zip: Article

before(async () => {
  house = await testHouse()
  store = openStore(house.database.app, house.clock, () => undefined)
  live = openLive(house.database.app, pino({ level: 'silent' }))
  const other = { ...house, store, live }
  other.app = await buildApp(other)
  reader = visitor(other)
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'acme')
  ;[owner, workspaceId] = [made.owner, made.id]
  repairs = await ask('POST', '/article-collections', { titles: { en: 'Repairs' } })
  zip = await publish('Mend a zip')
})
after(async () => {
  await sql.end()
  await live.close()
  await store.close()
  await house.close()
})

type Method = Parameters<Visitor['ask']>[0]
async function ask<T>(method: Method, path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}
async function publish(title: string): Promise<Article> {
  house.clock.advance(1)
  const given = { collectionId: repairs.id, language: 'en', title, body: 'Hold it to the *light*.' }
  const article = await ask<Article>('POST', '/articles', given)
  await ask('PUT', `/articles/${article.id}/translations/en/publication`, { revision: 1 })
  return article
}
async function read(path = '/help/en/mend-a-zip', headers: Record<string, string> = {}) {
  return reader.ask('GET', `/${path}`, undefined, { accept: 'text/html', ...headers })
}
/** What is so before something is done, and at once when it is. */
async function beforeAndAfter<T>(work: () => Promise<unknown>, look: () => Promise<T>): Promise<[T, T]> {
  const first = await look()
  await work()
  return [first, await look()]
}
const status = async () => (await read()).statusCode
const has = (words: string, path?: string) => async () => (await read(path)).body.includes(words)

test('a page is remembered, and browsers may keep it as long as they ask', async () => {
  const first = await read()
  const tag = String(first.headers['etag'])
  assert.match(tag, /^"[\w-]{22}"$/)
  assert.deepEqual([first.headers['cache-control'], (await read()).headers['etag']], ['private, no-cache', tag])
  const again = await read(undefined, { 'if-none-match': `"x", ${tag}` })
  assert.deepEqual([again.statusCode, again.body, again.headers['etag']], [304, '', tag])
  const packed = await read(undefined, { 'accept-encoding': 'gzip' })
  assert.equal(packed.headers['etag'], tag.replace(/"$/, '-gzip"'))
  // The database says something else, and nobody was told of it: so this page was not read there.
  await sql.query(`update article_versions set title = 'Behind the back'`)
  assert.match((await read()).body, /<h1>Mend a zip<\/h1>/)
  assert.match((await read('/help/en/mend-a-zip?x=1')).body, /<h1>Behind the back<\/h1>/)
  await sql.query(`update article_versions set title = 'Mend a zip'`)
})

test('what changes is seen at once, whichever process changed it', async () => {
  const translation = `/articles/${zip.id}/translations/en`
  for (let revision = 1; revision <= 20; revision++) {
    const title = `Mend a zip, take ${revision}`
    await ask('PUT', translation, { title, body: 'x', revision })
    const seen = await beforeAndAfter(
      () => ask('PUT', `${translation}/publication`, { revision: revision + 1 }),
      has(title),
    )
    assert.deepEqual(seen, [false, true], title)
  }
  const patch = (path: string, body: object) => () => ask('PATCH', path, body)
  const narrow = patch(`/articles/${zip.id}`, { audience: 'signed-in' })
  assert.deepEqual(await beforeAndAfter(narrow, status), [200, 404])
  assert.deepEqual(await beforeAndAfter(patch(`/articles/${zip.id}`, { audience: 'public' }), status), [404, 200])
  assert.deepEqual(await beforeAndAfter(patch(`/articles/${zip.id}`, { slug: 'zips' }), status), [200, 301])
  assert.deepEqual(await beforeAndAfter(patch(`/articles/${zip.id}`, { slug: 'mend-a-zip' }), status), [301, 200])
  const renamed = patch(`/article-collections/${repairs.id}`, { titles: { en: 'Mending' } })
  assert.deepEqual(await beforeAndAfter(renamed, has('>Mending</a>')), [false, true])
  assert.deepEqual(await beforeAndAfter(patch('/workspace', { name: 'Planina' }), has('Planina')), [false, true])
  const opened = () => ask('PUT', '/contact-form', { open: true })
  assert.deepEqual(await beforeAndAfter(opened, has('/requests/new')), [false, true])
  const beside = () => publish('Wax a zip')
  assert.deepEqual(await beforeAndAfter(beside, has('Wax a zip', '/help/en/repairs')), [false, true])
  const takenBack = () => ask('DELETE', `${translation}/publication`)
  assert.deepEqual(await beforeAndAfter(takenBack, status), [200, 404])
  await ask('PUT', `${translation}/publication`, { revision: 21 })
})

test('members and whoever says that they are signed in get a page of their own', async () => {
  await read()
  const kept = async (by: Visitor, headers: Record<string, string> = {}) => {
    const { headers: got } = await by.ask('GET', '//help/en/mend-a-zip', undefined, headers)
    return [got['cache-control'], got['etag']]
  }
  assert.deepEqual(await kept(owner), ['no-store', undefined])
  assert.deepEqual(await kept(visitor(house), { cookie: 'lahko_customer=x' }), ['no-store', undefined])
  assert.equal((await kept(visitor(house), { cookie: 'theirs=x' }))[0], 'private, no-cache')
})

test('nothing is remembered while changes are not heard of, nor from the time before', async () => {
  const number = await live.heardAll()
  await sql.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query in ('listen lahko', 'select 1') and datname = current_database()`,
  )
  while ((await live.heardAll()) !== undefined);
  assert.equal((await read()).headers['cache-control'], 'no-store')
  await sql.query(`update article_versions set title = 'Behind the back' where number = 21`)
  while ((await live.heardAll()) === undefined) await new Promise((go) => setTimeout(go, 20))
  assert.notEqual(await live.heardAll(), number)
})

test('what another renderer has left is rendered anew, when it is read and then for good', async () => {
  await sql.query(`update article_versions set html = '<p>old</p>', renderer = 0`)
  await ask('PATCH', '/workspace', { name: 'Fjord' })
  const seen = async () => [(await read()).body.includes('<p>old</p>'), (await read()).body.includes('<p>x</p>')]
  assert.deepEqual(await seen(), [false, true])
  await renderAgainTask(house).run({ workspaceId, actor: system }, {}, new AbortController().signal)
  const { rows } = await sql.query(
    `select count(*)::integer as stale from article_versions v join article_translations t
       on t.article_id = v.article_id and t.published_number = v.number where v.renderer = 0`,
  )
  assert.equal(rows[0].stale, 0)
  await ask('PATCH', '/workspace', { name: 'Planina' })
  assert.deepEqual(await seen(), [false, true])
})
