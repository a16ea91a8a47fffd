import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import sharp from 'sharp'
import type { Article, ArticlePicture, Collection } from '@lahko/contract/articles'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newKey, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { isText, type FolderEntry } from './article-files.ts'
import { exportArticles } from './exporting.ts'
import { importArticles } from './importing.ts'
import { forgetPicturesTask } from './pictures.ts'

let house: TestHouse
let owner: Visitor
let guest: Visitor
let scope: Scope
let collectionId: string

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  const made = await newWorkspace(house, 'acme')
  owner = made.owner
  guest = visitor(house)
  scope = { workspaceId: made.id, actor: system }
  collectionId = (await ask<Collection>('POST', '/article-collections', { titles: { en: 'Zips' } })).id
})
after(() => house.close())

async function ask<T>(...given: Parameters<Visitor['ask']>): Promise<T> {
  const reply = await owner.ask(...given)
  assert.ok(reply.statusCode < 300, reply.body)
  return (reply.body === '' ? undefined : reply.json()) as T
}
const drawn = (background: string) =>
  sharp({ create: { width: 640, height: 400, channels: 3, background } })
    .png()
    .toBuffer()
const upload = (content: Buffer, by = owner, headers = {}) =>
  by.ask('POST', '/article-pictures', content, { 'content-type': 'application/octet-stream', ...headers })
const kept = async (background: string) => (await upload(await drawn(background))).json() as ArticlePicture

async function write(title: string, body: string, more: object = {}): Promise<Article> {
  house.clock.advance(1)
  return ask<Article>('POST', '/articles', { collectionId, language: 'en', title, body, ...more })
}
async function publish({ id }: Article, revision = 1): Promise<void> {
  await ask('PUT', `/articles/${id}/translations/en/publication`, { revision })
}
const statusOf = async ({ address }: ArticlePicture, by = guest) => (await by.ask('GET', `/${address}`)).statusCode

test('an uploaded picture is drawn anew, shown with its size and words, and kept by browsers for good', async () => {
  const picture = await kept('#a20')
  assert.deepEqual([picture.width, picture.height], [640, 400])
  await publish(await write('With a picture', `Look:\n\n![The <open> zip](${picture.address})`))
  const { body: page, headers } = await guest.ask('GET', '//help/en/with-a-picture')
  assert.match(
    page,
    new RegExp(
      `<p><img src="${picture.address}" width="640" height="400" alt="The &lt;open&gt; zip" loading="lazy" decoding="async" /></p>`,
    ),
  )
  assert.match(String(headers['content-security-policy']), /img-src 'self'/)
  const shown = await guest.ask('GET', `/${picture.address}`)
  assert.equal((await sharp(shown.rawPayload).metadata()).format, 'webp')
  const { etag, ...others } = shown.headers
  assert.deepEqual(
    [others['content-type'], others['cache-control'], others['x-content-type-options']],
    ['image/webp', 'private, max-age=31536000, immutable', 'nosniff'],
  )
  assert.match(String(others['content-security-policy']), /^sandbox/)
  const again = await guest.ask('GET', `/${picture.address}`, undefined, { 'if-none-match': String(etag) })
  assert.deepEqual([again.statusCode, again.body], [304, ''])
})

test('a wide picture is offered in two widths, each to whoever may see it', async () => {
  const wide = sharp({ create: { width: 1600, height: 900, channels: 3, background: '#37a' } })
  const picture = (await upload(await wide.png().toBuffer())).json() as ArticlePicture
  const article = await write('Wide', `![Wide](${picture.address})`)
  await publish(article)
  const { body: page } = await guest.ask('GET', '//help/en/wide')
  const [, narrow] =
    /<img src="[^"]+" srcset="([^" ]+) 800w, [^" ]+ 1600w" sizes="[^"]+100vw" width="1600" height="900"/.exec(page) ??
    []
  const shown = await guest.ask('GET', `/${narrow}`)
  const { width, format } = await sharp(shown.rawPayload).metadata()
  assert.deepEqual(
    [width, format, shown.headers['cache-control']],
    [800, 'webp', 'private, max-age=31536000, immutable'],
  )
  const etag = String(shown.headers.etag)
  assert.equal((await guest.ask('GET', `/${narrow}`, undefined, { 'if-none-match': etag })).statusCode, 304)
  assert.notEqual((await guest.ask('GET', `/${picture.address}`)).headers.etag, etag)
  const small = await kept('#3a7')
  await publish(await write('Small', `![Small](${small.address})`))
  assert.doesNotMatch((await guest.ask('GET', '//help/en/small')).body, /srcset/)
  assert.equal((await guest.ask('GET', `/${small.address.replace('.webp', '.narrow.webp')}`)).statusCode, 404)
  await ask('PATCH', `/articles/${article.id}`, { audience: 'signed-in' })
  assert.equal((await guest.ask('GET', `/${narrow}`)).statusCode, 404)
})

test('the same bytes are the same picture, also as they are kept; a program uploads with a key', async () => {
  const first = await kept('#0a2')
  assert.deepEqual(await kept('#0a2'), first)
  await publish(await write('Kept', `![](${first.address})`))
  const { rawPayload } = await guest.ask('GET', `/${first.address}`)
  const { bearer } = await newKey(owner, 'articles.write')
  assert.deepEqual((await upload(rawPayload, visitor(house), bearer)).json(), first)
})

test('what is refused is named with the field, and strangers upload nothing', async () => {
  const svg = await upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
  assert.deepEqual(
    [svg.statusCode, svg.json().errors[0].code, svg.json().errors[0].field],
    [400, 'pictures.kind', '/body'],
  )
  const large = await upload(Buffer.alloc(10 * 2 ** 20 + 1))
  assert.deepEqual([large.statusCode, large.json().errors[0].field], [413, '/body'])
  assert.equal((await upload(await drawn('#111'), guest)).statusCode, 401)
})

test('who may not read the article may not see its picture: drafts, audiences, taking back, other workspaces', async () => {
  const picture = await kept('#02a')
  const article = await write('A secret', `![a](${picture.address})`)
  assert.deepEqual([await statusOf(picture), await statusOf(picture, owner)], [404, 200])
  await publish(article)
  assert.equal(await statusOf(picture), 200)
  await ask('PATCH', `/articles/${article.id}`, { audience: 'signed-in' })
  const hidden = await guest.ask('GET', `/${picture.address}`)
  const nowhere = await guest.ask('GET', '//help/pictures/018f0000-0000-7000-8000-000000000000.webp')
  const said = ({ statusCode, headers, body }: typeof hidden) => [
    ...[statusCode, headers['cache-control'], headers['content-security-policy']],
    body.replaceAll(/[0-9a-f-]{36}/g, ''),
  ]
  assert.deepEqual(said(hidden), said(nowhere))
  assert.deepEqual([hidden.statusCode, hidden.headers['cache-control']], [404, 'no-store'])
  const shown = await owner.ask('GET', `/${picture.address}`)
  assert.equal(shown.headers['cache-control'], 'private, no-cache')
  const { owner: stranger } = await newWorkspace(house, 'other')
  assert.equal(await statusOf(picture, stranger), 404)
  await ask('PATCH', `/articles/${article.id}`, { audience: 'public' })
  await ask('DELETE', `/articles/${article.id}/translations/en/publication`)
  assert.equal(await statusOf(picture), 404)
  for (const name of ['x.webp', `${picture.id}.svg`, '%00.webp'])
    assert.equal((await guest.ask('GET', `//help/pictures/${name}`)).statusCode, 404, name)
})

test('a picture that the published text shows no more is seen by readers no more', async () => {
  const picture = await kept('#aa2')
  const article = await write('Changing', `![a](${picture.address})`)
  await publish(article)
  await ask('PUT', `/articles/${article.id}/translations/en`, { title: 'Changing', body: 'None.', revision: 1 })
  assert.equal(await statusOf(picture), 200)
  await publish(article, 2)
  assert.equal(await statusOf(picture), 404)
})

test('pictures that no draft and no version shows are forgotten after a week, with their bytes', async () => {
  const [unused, inDraft, inVersion] = [await kept('#123'), await kept('#456'), await kept('#789')]
  await write('A draft', `![a](${inDraft.address})`)
  const article = await write('A version', `![a](${inVersion.address})`)
  await publish(article)
  await ask('PUT', `/articles/${article.id}/translations/en`, { title: 'A version', body: 'None.', revision: 1 })
  const files = () =>
    house.store.read(scope, async ({ kysely }) => {
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from files`.execute(kysely)
      return rows[0]!.count
    })
  const forget = () => forgetPicturesTask(house).run(scope, {}, new AbortController().signal)
  house.clock.advance(6 * 86_400_000)
  await forget()
  assert.equal(await statusOf(unused, owner), 200)
  const before = await files()
  house.clock.advance(2 * 86_400_000)
  await forget()
  const statuses = await Promise.all([unused, inDraft, inVersion].map((one) => statusOf(one, owner)))
  assert.deepEqual([statuses, await files()], [[404, 200, 200], before - 1])
  await ask('DELETE', `/articles/${(await write('Gone', `![a](${inDraft.address})`)).id}`)
  assert.equal(await statusOf(inDraft, owner), 200)
})

const written = () =>
  house.store.read(scope, async (db) => {
    const files: FolderEntry[] = []
    for await (const one of exportArticles(db)) files.push(one)
    return files
  })
const bring = (files: FolderEntry[]) => house.store.write(scope, (tx) => importArticles(tx, files))
const text = (path: string, body: string) => ({ path, text: `---\ntitle: T\nsummary: s\n---\n${body}\n` })
const file = (path: string, content: Buffer) => ({ path, read: async () => content })

test('a folder brings its pictures, however often, and is written out with them', async () => {
  const [zip, label] = [await drawn('#f00'), await drawn('#0ff')]
  const folder = [
    text(
      'import/with.en.md',
      'See ![zip](../img/a%20zip.png) and ![same](<../img/a zip.png> "t"), [large](/label.png).\n\n![n][r]\n\n[r]: gone.png',
    ),
    file('img/a zip.png', zip),
    file('label.png', label),
    file('img/other.gif', zip),
    file('img/notes.txt', Buffer.from('x')),
  ]
  const first = await bring(folder)
  assert.deepEqual(
    first.outcomes.map(({ path, became }) => `${became} ${path}`),
    ['refused img/notes.txt', 'new import/with.en.md'],
  )
  assert.deepEqual(
    first.warnings.map(({ path, code }) => `${code} ${path}`),
    ['articles.file_picture_unused img/other.gif', 'articles.file_picture import/with.en.md'],
  )
  const again = await bring(folder)
  assert.deepEqual(again.outcomes.filter(({ became }) => became === 'same').length, 1)
  const { body: page } = await guest.ask('GET', '//help/en/with')
  const addresses = [...page.matchAll(/\/help\/pictures\/[0-9a-f-]{36}\.webp/g)].map(([one]) => one)
  assert.deepEqual([addresses.length, new Set(addresses).size], [3, 2])
  for (const address of addresses) assert.equal((await guest.ask('GET', `/${address}`)).statusCode, 200)
  const out = await written()
  const article = out.find(({ path }) => path === 'import/with.en.md')!
  assert.ok(isText(article))
  assert.match(article.text, /!\[zip\]\(\.\.\/pictures\/[0-9a-f-]{36}\.webp\)/)
  const pictures = out.filter(({ path }) => path.startsWith('pictures/'))
  for (const address of addresses)
    assert.ok(
      pictures.some(({ path }) => address.endsWith(path)),
      address,
    )
  const report = await bring(out)
  const told = report.outcomes.filter(({ became }) => became !== 'same')
  // Somebody has changed this one here, and not published it.
  assert.deepEqual(
    told.map(({ path }) => path),
    ['zips/a-version.en.md'],
  )
  assert.deepEqual(
    report.warnings.filter(({ code }) => code !== 'articles.file_picture'),
    [],
  )
  assert.deepEqual(
    (await written()).map(({ path }) => path),
    out.map(({ path }) => path),
  )
})

test('a picture that cannot be taken is named, and the text that shows it comes in', async () => {
  const { outcomes } = await bring([
    text('import/odd.en.md', '![a](odd.svg)'),
    file('import/odd.svg', Buffer.from('<svg/>')),
  ])
  assert.deepEqual(
    outcomes.map(({ path, became, said }) => [path, became, said?.code]),
    [
      ['import/odd.en.md', 'new', undefined],
      ['import/odd.svg', 'refused', 'pictures.kind'],
    ],
  )
})

test('two uploads of the same bytes at once are one picture', async () => {
  const content = await drawn('#e3e')
  const ids = await Promise.all([upload(content), upload(content), upload(content)])
  assert.equal(new Set(ids.map((reply) => reply.json().id)).size, 1, createHash('sha256').update(content).digest('hex'))
})
