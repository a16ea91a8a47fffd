import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Article, ArticleTranslation, Collection } from '@lahko/contract/articles'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let owner: Visitor
let sql: pg.Client
let repairs: Collection

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'acme')).owner
  repairs = await made('/article-collections', { titles: { en: 'Repairs', sl: 'Popravila' } })
})
after(async () => {
  await sql.end()
  await house.close()
})

type Method = Parameters<Visitor['ask']>[0]
async function ask<T>(method: Method, path: string, body?: object, by = owner): Promise<T> {
  const reply = await by.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}
const made = <T>(path: string, body: object) => ask<T>('POST', path, body)
async function refused(method: Method, path: string, body?: object, by = owner): Promise<[number, string, string?]> {
  const reply = await by.ask(method, path, body)
  const { code, errors } = reply.json()
  return errors?.[0] ? [reply.statusCode, code, errors[0].field] : [reply.statusCode, code]
}
const write = (title: string, more: object = {}) => {
  // Ids sort by the millisecond.
  house.clock.advance(1)
  return made<Article>('/articles', {
    collectionId: repairs.id,
    language: 'en',
    title,
    body: `About ${title}.`,
    ...more,
  })
}
const publish = (id: string, language = 'en', revision = 1) =>
  ask<ArticleTranslation>('PUT', `/articles/${id}/translations/${language}/publication`, { revision })
const page = async (path: string) => (await visitor(house).ask('GET', `//help/${path}`)).statusCode
const inSearch = async (id: string) =>
  (await sql.query('select language, audience from search_documents where subject_id = $1 order by 1', [id])).rows

test('collections have three levels and an order, and are moved but never into themselves', async () => {
  const inner = await made<Collection>('/article-collections', { titles: { en: 'Zips' }, parentId: repairs.id })
  const innermost = await made<Collection>('/article-collections', { titles: { en: 'Sliders' }, parentId: inner.id })
  assert.deepEqual([inner.slug, innermost.position], ['zips', 0])
  assert.deepEqual(
    await refused('POST', '/article-collections', { titles: { en: 'Deeper' }, parentId: innermost.id }),
    [409, 'articles.too_deep'],
  )
  const beside = await made<Collection>('/article-collections', { titles: { en: 'Zips' }, parentId: repairs.id })
  assert.deepEqual([beside.slug, beside.position], ['zips-2', 1])
  await ask('PUT', `/article-collections/${beside.id}/place`, { parentId: repairs.id, position: 0 })
  const order = async () =>
    (await ask<{ items: Collection[] }>('GET', '/article-collections')).items
      .filter(({ parentId }) => parentId === repairs.id)
      .map(({ id }) => id)
  assert.deepEqual(await order(), [beside.id, inner.id])
  const into = (parentId: string) =>
    refused('PUT', `/article-collections/${repairs.id}/place`, { parentId, position: 0 })
  assert.deepEqual(await into(inner.id), [409, 'articles.into_itself'])
  const top = await made<Collection>('/article-collections', { titles: { en: 'Top' } })
  assert.deepEqual(await into(top.id), [409, 'articles.too_deep'])
  assert.deepEqual(await refused('DELETE', `/article-collections/${inner.id}`), [409, 'articles.collection_not_empty'])
  assert.deepEqual(await refused('PATCH', `/article-collections/${top.id}`, { slug: 'zips' }), [
    ...[400, 'articles.slug_taken', '/body/slug'],
  ])
  await ask('PATCH', `/article-collections/${top.id}`, { slug: 'other', titles: { sl: 'Drugo' } })
  await ask('DELETE', `/article-collections/${top.id}`)
  assert.deepEqual(await refused('DELETE', `/article-collections/${top.id}`), [404, 'platform.not_found'])
})

test('a draft is seen by nobody until it is published, and its changes not before that either', async () => {
  const article = await write('Mend a zip')
  assert.deepEqual([article.slug, article.translations[0]!.published], ['mend-a-zip', null])
  assert.deepEqual([await page('en/mend-a-zip'), await inSearch(article.id)], [404, []])
  const shown = await publish(article.id)
  assert.deepEqual([shown.published?.number, shown.changed], [1, false])
  assert.deepEqual(
    [await page('en/mend-a-zip'), await inSearch(article.id)],
    [200, [{ language: 'en', audience: 'public' }]],
  )
  assert.equal((await publish(article.id)).published?.number, 1, 'twice is once')
  const draft = { title: 'Mend a zipper', summary: 'With pliers.', body: 'Pliers.', revision: 1 }
  const saved = await ask<ArticleTranslation>('PUT', `/articles/${article.id}/translations/en`, draft)
  assert.deepEqual([saved.revision, saved.changed, saved.published?.title], [2, true, 'Mend a zip'])
  assert.equal((await ask<ArticleTranslation>('PUT', `/articles/${article.id}/translations/en`, draft)).revision, 2)
  const body = async () => (await visitor(house).ask('GET', '//help/en/mend-a-zip')).body
  assert.doesNotMatch(await body(), /zipper|pliers/i)
  await publish(article.id, 'en', 2)
  assert.match(await body(), /Mend a zipper.*With pliers/s)
  await ask('DELETE', `/articles/${article.id}/translations/en/publication`)
  assert.deepEqual([await page('en/mend-a-zip'), await inSearch(article.id)], [404, []])
  await ask('DELETE', `/articles/${article.id}`)
  assert.deepEqual(await refused('GET', `/articles/${article.id}`), [404, 'platform.not_found'])
})

test('who writes over what they have not read is told who was there, and when', async () => {
  const article = await write('Two at once')
  const { member } = await newMember(house, owner, 'agent', 'bor@acme.example')
  const path = `/articles/${article.id}/translations/en`
  await ask('PUT', path, { title: 'By Bor', body: 'B', revision: 1 }, member)
  const late = await owner.ask('PUT', path, { title: 'By Ana', body: 'A', revision: 1 })
  assert.deepEqual([late.statusCode, late.json().code], [409, 'articles.edited_meanwhile'])
  assert.match(late.json().title, /To besedilo ima nov zapis \(Bor Kos, 2026-11-20 11:0\d\), odkar ste ga prebrali/)
  assert.equal((await ask<ArticleTranslation>('GET', path)).title, 'By Bor')
  assert.deepEqual(await refused('PUT', `${path}/publication`, { revision: 1 }), [409, 'articles.edited_meanwhile'])
  const { bearer } = await newKey(owner, 'articles.read', 'articles.write')
  await owner.ask('PUT', path, { title: 'By a program', body: 'P', revision: 2 }, bearer)
  const again = await owner.ask('PUT', path, { title: 'x', body: 'y', revision: 2 })
  assert.match(again.json().title, /To besedilo je spremenil program \(2026-11-20/)
})

test('agents write, managers publish, others read', async () => {
  const article = await write('Rights')
  const { member: agent } = await newMember(house, owner, 'agent', 'agent@acme.example')
  const { member: viewer } = await newMember(house, owner, 'viewer', 'viewer@acme.example')
  const publication = `/articles/${article.id}/translations/en/publication`
  assert.deepEqual(await refused('PUT', publication, { revision: 1 }, agent), [403, 'platform.not_allowed'])
  assert.deepEqual(await refused('PATCH', `/articles/${article.id}`, { slug: 'x1' }, viewer), [
    403,
    'platform.not_allowed',
  ])
  assert.equal((await ask<Article>('GET', `/articles/${article.id}`, undefined, viewer)).id, article.id)
  assert.equal((await visitor(house).ask('GET', `/articles/${article.id}`)).statusCode, 401)
})

test('versions are kept and come back into the draft', async () => {
  const article = await write('Versions')
  const path = `/articles/${article.id}/translations/en`
  await publish(article.id)
  for (const revision of [1, 2]) {
    await ask('PUT', path, { title: `Versions ${revision + 1}`, body: 'x', revision })
    await publish(article.id, 'en', revision + 1)
  }
  const first = await ask<{ items: { number: number }[]; next: string }>('GET', `${path}/versions?limit=2`)
  assert.deepEqual([first.items.map(({ number }) => number), first.next], [[3, 2], '2'])
  const rest = await ask<{ items: { number: number }[]; next: null }>('GET', `${path}/versions?limit=2&after=2`)
  assert.deepEqual([rest.items.map(({ number }) => number), rest.next], [[1], null])
  assert.equal((await ask<{ body: string }>('GET', `${path}/versions/1`)).body, 'About Versions.')
  const back = await ask<ArticleTranslation>('PUT', `${path}/versions/1/restoration`, { revision: 3 })
  assert.deepEqual([back.title, back.revision, back.published?.title], ['Versions', 4, 'Versions 3'])
  assert.deepEqual(await refused('GET', `${path}/versions/9`), [404, 'platform.not_found'])
  assert.deepEqual(await refused('GET', `${path}/versions?after=x`), [400, 'articles.bad_page', '/query/after'])
})

test('a translation is out of date once its main language is published anew', async () => {
  const article = await write('Translated')
  await publish(article.id)
  await ask('PUT', `/articles/${article.id}/translations/sl`, { title: 'Prevedeno', body: 'p', revision: null })
  assert.equal((await publish(article.id, 'sl')).outdated, false)
  await ask('PUT', `/articles/${article.id}/translations/en`, { title: 'Translated 2', body: 'x', revision: 1 })
  await publish(article.id, 'en', 2)
  const { translations } = await ask<Article>('GET', `/articles/${article.id}`)
  assert.deepEqual(
    translations.map(({ language, outdated }) => [language, outdated]),
    [
      ['en', false],
      ['sl', true],
    ],
  )
  assert.deepEqual(await refused('DELETE', `/articles/${article.id}/translations/sl`), [
    409,
    'articles.still_published',
  ])
  await ask('DELETE', `/articles/${article.id}/translations/sl/publication`)
  await ask('DELETE', `/articles/${article.id}/translations/sl`)
  await ask('DELETE', `/articles/${article.id}/translations/en/publication`)
  assert.deepEqual(await refused('DELETE', `/articles/${article.id}/translations/en`), [409, 'articles.main_language'])
})

test('publishing and taking back happen when it was said, once', async () => {
  const article = await write('Scheduled')
  const path = `/articles/${article.id}/translations/en/schedule`
  const at = (hours: number) => new Date(house.clock.now().getTime() + hours * 3_600_000).toISOString()
  assert.deepEqual(await refused('PUT', path, { publishAt: at(2), unpublishAt: at(1) }), [
    ...[400, 'platform.invalid', '/body/unpublishAt'],
  ])
  const planned = await ask<ArticleTranslation>('PUT', path, { publishAt: at(1), unpublishAt: at(2) })
  assert.deepEqual([planned.published, planned.publishAt, planned.unpublishAt], [null, at(1), at(2)])
  await house.due.drain()
  assert.equal(await page('en/scheduled'), 404)
  house.clock.advance(3_600_000)
  await house.due.drain()
  assert.deepEqual([await page('en/scheduled'), (await inSearch(article.id)).length], [200, 1])
  house.clock.advance(3_600_000)
  await house.due.drain()
  assert.deepEqual([await page('en/scheduled'), (await inSearch(article.id)).length], [404, 0])
  const { translations } = await ask<Article>('GET', `/articles/${article.id}`)
  assert.deepEqual([translations[0]!.publishAt, translations[0]!.unpublishAt], [null, null])
})

test('articles are listed by collection in their order, by review day, and page by key', async () => {
  const shelf = await made<Collection>('/article-collections', { titles: { en: 'Shelf' } })
  const ids: string[] = []
  for (const title of ['One', 'Two', 'Three'])
    ids.push((await write(title, { collectionId: shelf.id, reviewOn: '2026-12-01' })).id)
  await ask('PUT', `/articles/${ids[2]}/place`, { position: 0 })
  const list = async (query: string) => {
    const seen: string[] = []
    for (let after: string | null = ''; after !== null;) {
      const part: { items: Article[]; next: string | null } = await ask(
        'GET',
        `/articles?${query}&limit=2${after && `&after=${after}`}`,
      )
      seen.push(...part.items.map(({ id }) => id))
      after = part.next
    }
    return seen
  }
  assert.deepEqual(await list(`collectionId=${shelf.id}`), [ids[2], ids[0], ids[1]])
  assert.deepEqual(await list('reviewBy=2026-12-01'), ids.toReversed())
  assert.deepEqual(await list('reviewBy=2026-11-30'), [])
  await ask('PUT', `/articles/${ids[0]}/place`, { collectionId: repairs.id, position: 0 })
  assert.equal((await list(`collectionId=${repairs.id}`))[0], ids[0])
  assert.deepEqual(await refused('GET', '/articles?after=x'), [400, 'articles.bad_page', '/query/after'])
})

test('settings are judged, and name the field', async () => {
  const article = await write('Settings')
  const change = (body: object) => refused('PATCH', `/articles/${article.id}`, body)
  assert.deepEqual(await change({ ownerId: article.id }), [400, 'articles.no_member', '/body/ownerId'])
  assert.deepEqual(await change({ audience: 'organisations' }), [
    ...[400, 'articles.no_organisation', '/body/organisations'],
  ])
  assert.deepEqual(await change({ slug: 'search' }), [400, 'articles.slug_reserved', '/body/slug'])
  assert.deepEqual(await change({ slug: repairs.slug }), [400, 'articles.slug_taken', '/body/slug'])
  assert.deepEqual(await change({ mainLanguage: 'nb' }), [400, 'articles.no_translation', '/body/mainLanguage'])
  const elsewhere = { collectionId: article.id, language: 'en', title: 'x', body: '' }
  assert.deepEqual(await refused('POST', '/articles', elsewhere), [404, 'platform.not_found'])
  const preview = await ask<{ html: string; pictures: string[] }>('POST', '/articles/preview', {
    ...{ language: 'en', body: '**a** ![b](c.png) [d](settings.md)' },
  })
  assert.deepEqual(preview.pictures, ['c.png'])
  assert.equal(preview.html, '<p><strong>a</strong> b <a href="/help/en/settings">d</a></p>')
})

test('articles are found by words of their titles and by their states, page by page, and counted', async () => {
  const shelf = await made<Collection>('/article-collections', { titles: { en: 'Found' } })
  const first = await write('Čevlji for the first snow', { collectionId: shelf.id })
  const second = await write('Snow on the first shoes', { collectionId: shelf.id })
  type Page = { items: Article[]; next: string | null }
  const ids = async (query: string) => (await ask<Page>('GET', `/articles?${query}`)).items.map(({ id }) => id)
  assert.deepEqual(await ids('q=snow%20first'), [second.id, first.id])
  assert.deepEqual(await ids('q=CEVLJI'), [first.id])
  assert.deepEqual(await ids(`q=${second.slug}`), [second.id])
  assert.deepEqual(await ids('q=100%25'), [])
  const page = await ask<Page>('GET', '/articles?q=snow&limit=1')
  assert.deepEqual([page.items.map(({ id }) => id), await ids(`q=snow&after=${page.next}`)], [[second.id], [first.id]])
  const within = `collectionId=${shelf.id}`
  assert.deepEqual(await ids(`${within}&state=draft`), [second.id, first.id])
  await publish(first.id)
  assert.deepEqual(await ids(`${within}&state=draft`), [second.id])
  assert.deepEqual(await ids(`${within}&state=changed`), [])
  await ask('PUT', `/articles/${first.id}/translations/en`, { title: 'Boots', body: 'x', revision: 1 })
  assert.deepEqual(await ids(`${within}&state=changed`), [first.id])
  assert.deepEqual(await ids('q=cevlji'), [])
  await ask('PUT', `/articles/${first.id}/translations/sl`, { title: 'Škornji', body: 'x', revision: null })
  await publish(first.id, 'sl')
  assert.deepEqual([await ids('q=skornji'), await ids(`${within}&state=outdated`)], [[first.id], []])
  await publish(first.id, 'en', 2)
  assert.deepEqual(await ids(`${within}&state=outdated`), [first.id])
  assert.deepEqual(await ids(`${within}&state=untranslated`), [second.id, first.id])
  await ask('PUT', `/articles/${second.id}/translations/nb`, { title: 'Sko', body: 'x', revision: null })
  await ask('PUT', `/articles/${second.id}/translations/sl`, { title: 'Čevlji', body: 'x', revision: null })
  assert.deepEqual(await ids(`${within}&state=untranslated`), [first.id])
  await ask('PUT', `/articles/${second.id}/translations/nb/schedule`, {
    ...{ publishAt: '2027-01-01T00:00:00Z', unpublishAt: null },
  })
  assert.deepEqual(await ids(`${within}&state=scheduled`), [second.id])
  await ask('PATCH', `/articles/${second.id}`, { reviewOn: '2026-11-20' })
  assert.deepEqual(
    [await ids(`${within}&reviewBy=2026-11-20`), await ids(`${within}&reviewBy=2026-11-19`)],
    [[second.id], []],
  )
  type Counts = { collections: { id: string; count: number }[]; states: Record<string, number> }
  const { collections, states } = await ask<Counts>('GET', '/articles/counts?reviewBy=2026-11-20')
  assert.equal(collections.find(({ id }) => id === shelf.id)?.count, 2)
  for (const state of ['draft', 'changed', 'scheduled', 'outdated', 'untranslated']) {
    assert.equal(states[state], (await ids(`state=${state}&limit=200`)).length, state)
  }
  assert.equal(states['review'], (await ids('reviewBy=2026-11-20&limit=200')).length)
})
