import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Article, Collection } from '@lahko/contract/articles'
import type { ArticleVote } from '@lahko/contract/article-votes'
import { partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { helpClasses } from './help-frame.ts'

let house: TestHouse
let smtp: TestSmtp
let owner: Visitor
let guest: Visitor
let repairs: Collection
let zips: Collection

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'desk@acme.example' })
  owner = (await newWorkspace(house, 'acme')).owner
  guest = visitor(house)
  repairs = await ask('POST', '/article-collections', { titles: { en: 'Repairs', sl: 'Popravila' } })
  zips = await ask('POST', '/article-collections', { titles: { en: 'Zips' }, parentId: repairs.id, slug: 'zips' })
})
after(async () => {
  await house.close()
  await smtp.close()
})

type Method = Parameters<Visitor['ask']>[0]
async function ask<T>(method: Method, path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

const body = '## Look at the slider\n\nHold it to the *light*.\n\n## Put it back\n\nSee [soles](soles.md).'
async function publish(title: string, more: object = {}): Promise<Article> {
  house.clock.advance(1)
  const given = { collectionId: zips.id, language: 'en', title, body, ...more }
  const article = await ask<Article>('POST', '/articles', given)
  await ask('PUT', `/articles/${article.id}/translations/${article.mainLanguage}/publication`, { revision: 1 })
  return article
}
async function translate(id: string, language: string, title: string): Promise<void> {
  await ask('PUT', `/articles/${id}/translations/${language}`, { title, body: 'Besedilo.', revision: null })
  await ask('PUT', `/articles/${id}/translations/${language}/publication`, { revision: 1 })
}
const get = async (path: string, by = guest): ReturnType<Visitor['ask']> => {
  const reply = await by.ask('GET', `/${path}`, undefined, { accept: 'text/html' })
  // A search has its number in its address.
  return reply.statusCode === 303 ? get(String(reply.headers.location), by) : reply
}
const post = (path: string, fields: Record<string, string>, by = guest) =>
  by.ask('POST', `/${path}`, Buffer.from(new URLSearchParams(fields).toString()), {
    'content-type': 'application/x-www-form-urlencoded',
  })

test('an article is a whole page: where it lies, what is in it, what is beside it', async () => {
  const article = await publish('Mend a zip', { summary: 'In ten minutes.' })
  await publish('Wax a zip')
  await translate(article.id, 'sl', 'Popravilo zadrge')
  const { body: page, headers } = await get('/help/en/mend-a-zip')
  assert.match(page, /<html lang="en">.*<title>Mend a zip · The acme shop<\/title>/s)
  assert.match(page, /<ol><li><a href="\/help\/en">Help<\/a><\/li><li><a href="\/help\/en\/repairs">Repairs<\/a>/)
  assert.match(page, /<h1>Mend a zip<\/h1><p class="ar-lead">In ten minutes\.<\/p>/)
  assert.match(
    page,
    /Updated on 20 November 2026 · 1 minute · <a href="\/help\/sl\/mend-a-zip" lang="sl" hreflang="sl">/,
  )
  assert.match(page, /<h2 id="look-at-the-slider">Look at the slider<\/h2>.*href="\/help\/en\/soles"/s)
  assert.match(page, /On this page<\/h2><a href="#look-at-the-slider">Look at the slider<\/a><a href="#put-it-back">/)
  assert.match(page, /Related<\/h2><a href="\/help\/en\/wax-a-zip">Wax a zip<\/a>/)
  assert.match(page, /<link rel="canonical" href="http:\/\/localhost\/help\/en\/mend-a-zip">/)
  assert.match(
    page,
    /hreflang="en" href="http:\/\/localhost\/help\/en\/mend-a-zip">.*hreflang="sl" href="[^"]*\/help\/sl\/mend/s,
  )
  const data = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/.exec(page)![1]!)
  assert.deepEqual(
    data.itemListElement.map(({ name }: { name: string }) => name),
    ['Help', 'Repairs', 'Zips', 'Mend a zip'],
  )
  assert.doesNotMatch(page, /noindex|\sstyle=/)
  assert.deepEqual([headers['x-robots-tag'], headers['set-cookie']], [undefined, undefined])
  assert.match(String(headers['content-security-policy']), /default-src 'none'; style-src 'sha256-/)
})

test('every page is one round trip, and has rules for every class', async () => {
  for (const path of ['/help', '/help/sl', '/help/en/repairs', '/help/en/zips', '/help/en/mend-a-zip']) {
    const { body: page } = await get(path)
    for (const [, names] of page.matchAll(/class="([^"]*)"/g))
      for (const name of names!.split(' ')) assert.ok(helpClasses.includes(name), name)
    const packed = await guest.ask('GET', `/${path}`, undefined, { 'accept-encoding': 'gzip' })
    assert.ok(packed.rawPayload.length < 14 * 1024, `${path}: ${packed.rawPayload.length}`)
  }
})

test('a language that is missing is said, marked, and leads nowhere wrong', async () => {
  const { body: page, statusCode } = await get('/help/nb/mend-a-zip')
  assert.equal(statusCode, 200)
  // The company's own language comes first.
  assert.match(page, /<html lang="nb">.*ikke skrevet på språket ditt ennå\. Du leser det på slovensk\./s)
  assert.match(page, /<div lang="sl"><h1>Popravilo zadrge<\/h1>.*<div class="prose" lang="sl">/s)
  assert.match(page, /<link rel="canonical" href="http:\/\/localhost\/help\/sl\/mend-a-zip">/)
  assert.doesNotMatch(page, /hreflang="nb" href="http/)
  assert.match((await get('/help/nb/zips')).body, /<h1 lang="en">Zips<\/h1>.*<li class="row" lang="en">/s)
  for (const [, path] of page.matchAll(/href="(\/help\/[^"#?]*)"/g)) {
    if (path!.endsWith('/soles')) continue
    assert.equal((await get(path!)).statusCode, 200, path)
  }
})

test('an old address leads to the new one, and a name alone to its page', async () => {
  const article = await publish('Old name')
  await ask('PATCH', `/articles/${article.id}`, { slug: 'new-name' })
  const moved = await get('/help/en/old-name')
  assert.deepEqual([moved.statusCode, moved.headers.location], [301, '/help/en/new-name'])
  await ask('PATCH', `/article-collections/${zips.id}`, { slug: 'zippers' })
  assert.equal((await get('/help/sl/zips')).headers.location, '/help/sl/zippers')
  const typed = await guest.ask('GET', '//help/new-name', undefined, { 'accept-language': 'nb' })
  assert.deepEqual([typed.statusCode, typed.headers.location], [302, '/help/nb/new-name'])
  // Whoever needs the old name may have it.
  await publish('Old name')
  assert.equal((await get('/help/en/old-name')).statusCode, 200)
  for (const path of ['/help/en/nothing', '/help/xx/new-name', '/help/nothing', '/help/en/%00', '/help/en/A'])
    assert.equal((await get(path)).statusCode, 404, path)
})

/** A browser whose customer followed the link of a mail. */
async function signedIn(address: string): Promise<Visitor> {
  const browser = visitor(house)
  await post('/requests/link', { address, lang: 'en' }, browser)
  await house.jobs.settle()
  await house.due.drain()
  const links = smtp.received.flatMap(({ raw }) => {
    return /\/requests\/enter\/[\w-]{43}\?lang=\w\w/.exec(partOf(raw, 'text/plain')) ?? []
  })
  assert.equal((await post(links.at(-1)!, {}, browser)).statusCode, 303)
  return browser
}

test('who may not see an article finds nothing of it: page, list, map, search and API say so alike', async () => {
  const secret = await publish('Secret price list', { body: 'Rhododendron prices.' })
  const seen = async (by: Visitor) => ({
    page: (await get('/help/en/secret-price-list', by)).statusCode,
    list: (await get('/help/en/zippers', by)).body.includes('Secret price'),
    beside: (await get('/help/en/mend-a-zip', by)).body.includes('Secret price'),
    map: (await get('/sitemap.xml', by)).body.includes('secret-price-list'),
    found: (await get('/help/search?q=rhododendron&lang=en', by)).body.includes('Secret price'),
    api: (await by.ask('GET', '/articles/search?q=rhododendron&language=en')).body.includes('Secret price'),
  })
  const all = (value: boolean) => ({ page: value ? 200 : 404, list: value, beside: value, found: value, api: value })
  await ask('PUT', '/contact-form', { open: true })
  for (const [address, organisation] of [
    ['ana@planina.example', 'Planina d.o.o.'],
    ['bor@fjord.example', 'Fjord'],
  ]) {
    await ask('POST', '/touchpoints', { kind: 'call', customer: { email: address, organisation } })
    await ask('POST', '/tickets', { subject: 'a', text: 'b', from: { address } })
  }
  const [ana, bor] = [await signedIn('ana@planina.example'), await signedIn('bor@fjord.example')]
  assert.deepEqual(await seen(guest), { ...all(true), map: true })
  await ask('PATCH', `/articles/${secret.id}`, { audience: 'signed-in' })
  assert.deepEqual(await seen(guest), { ...all(false), map: false })
  // The API knows members and keys; customers have pages.
  assert.deepEqual(await seen(ana), { ...all(true), map: false, api: false })
  await ask('PATCH', `/articles/${secret.id}`, { audience: 'organisations', organisations: ['planina d.o.o.'] })
  assert.deepEqual(await seen(guest), { ...all(false), map: false })
  assert.deepEqual(await seen(bor), { ...all(false), map: false })
  assert.deepEqual(await seen(ana), { ...all(true), map: false, api: false })
  assert.deepEqual(await seen(owner), { ...all(true), map: false })
  assert.match((await get('/help/en/secret-price-list', ana)).body, /<meta name="robots" content="noindex">/)
  const [hidden, nowhere] = [await get('/help/en/secret-price-list'), await get('/help/en/never-was-there')]
  const text = (page: string) => page.replaceAll(/[0-9a-f-]{36}/g, '')
  assert.equal(text(hidden.body), text(nowhere.body))
  await ask('DELETE', `/articles/${secret.id}/translations/en/publication`)
  assert.deepEqual(await seen(owner), { ...all(false), map: false })
})

test('a collection in which somebody finds nothing is not there for them', async () => {
  const staff = await ask<Collection>('POST', '/article-collections', { titles: { en: 'For partners' } })
  await publish('Partner prices', { collectionId: staff.id, audience: 'signed-in' })
  assert.equal((await get('/help/en/for-partners')).statusCode, 404)
  assert.doesNotMatch((await get('/help/en')).body, /For partners/)
  assert.match((await get('/help/en', owner)).body, /For partners/)
})

test('readers say whether it helped, once, and why not', async () => {
  const article = await publish('Did it help')
  const said = await post('/help/en/did-it-help/helpful', { helpful: 'no' })
  const [, token] = /^\/help\/en\/did-it-help\/r\/([\w-]{43})$/.exec(said.headers.location as string) ?? []
  assert.deepEqual([said.statusCode, typeof token], [303, 'string'])
  // Who presses twice has said it once.
  const twice = await post('/help/en/did-it-help/helpful', { helpful: 'no' })
  assert.equal(twice.headers.location, said.headers.location)
  const asked = await get(said.headers.location as string)
  assert.match(asked.body, /What was missing\?.*value="unclear".*<textarea/s)
  assert.equal(asked.headers['x-robots-tag'], 'noindex, nofollow')
  await post(said.headers.location as string, { reason: 'missing', comment: ' Two\r\nsliders\u0007 ' })
  assert.match((await get(said.headers.location as string)).body, /It is kept/)
  house.clock.advance(10_000)
  const other = await post('/help/en/did-it-help/helpful', { helpful: 'yes' })
  assert.notEqual(other.headers.location, said.headers.location)
  const { items } = await ask<{ items: ArticleVote[] }>('GET', `/articles/${article.id}/votes`)
  assert.deepEqual(
    items
      .map(({ helpful, reason, comment, number }) => ({ helpful, reason, comment, number }))
      .toSorted((a, b) => Number(a.helpful) - Number(b.helpful)),
    [
      { helpful: false, reason: 'missing', comment: 'Two\nsliders', number: 1 },
      { helpful: true, reason: null, comment: null, number: 1 },
    ],
  )
  for (const path of [
    `/help/en/did-it-help/r/${'x'.repeat(43)}`,
    '/help/en/did-it-help/r/x',
    `/help/en/mend-a-zip/r/${token}`,
  ])
    assert.equal((await get(path)).statusCode, 404, path)
  const nonsense = await post('/help/en/did-it-help/helpful', { helpful: 'maybe' })
  assert.equal(nonsense.headers.location, '/help/en/did-it-help')
  const codes = new Set<number>()
  for (let count = 0; count < 45; count++)
    codes.add((await post('/help/en/did-it-help/helpful', { helpful: 'no' })).statusCode)
  assert.ok(codes.has(429))
})

test('in an episode a reader’s word is one, also later, and the last one holds', async () => {
  house.clock.advance(600_000)
  const article = await publish('Say it again')
  const { body } = await get('/help/search?q=zip&lang=en')
  const [, e = ''] = /[;?]e=([\w-]+)/.exec(body) ?? []
  const path = '/help/en/say-it-again/helpful'
  const said = await post(path, { helpful: 'no', e })
  await post(said.headers.location as string, { reason: 'missing', comment: 'Two sliders' })
  house.clock.advance(600_000)
  assert.equal((await post(path, { helpful: 'yes', e })).headers.location, said.headers.location)
  const { items } = await ask<{ items: ArticleVote[] }>('GET', `/articles/${article.id}/votes`)
  assert.deepEqual(
    items.map(({ helpful, reason, comment }) => [helpful, reason, comment]),
    [[true, null, 'Two sliders']],
  )
})

test('a search shows its own language first, labels the others, and carries over what fits nowhere', async () => {
  const { body: found } = await get('/help/search?q=zip&lang=en')
  assert.match(found, /role="status">\d+ answers.*href="\/help\/en\/mend-a-zip\?s=[^"]*;e=/s)
  assert.match(found, /<meta name="robots" content="noindex">/)
  assert.match(found, /<link rel="canonical" href="http:\/\/localhost\/help\/search\?q=zip&amp;lang=en">/)
  const { body: other } = await get('/help/search?q=zadrge&lang=nb')
  assert.match(other, /På andre språk<\/h2>.*<li class="row" lang="sl">.*href="\/help\/sl\/mend-a-zip\?.*Slovenščina/s)
  const { body: none } = await get('/help/search?q=%3Cb%3E+quantum+chromodynamics&lang=en')
  assert.match(
    none,
    /Nothing was found.*href="\/requests\/new\?lang=en&amp;message=%3Cb%3E\+quantum\+chromodynamics&amp;/s,
  )
  const { body: near } = await get('/help/search?q=zip+quantum+chromodynamics+hadron+collider&lang=en')
  assert.match(near, /Nothing here fits well.*role="status">Nearest to it: \d+ article/s)
  assert.doesNotMatch(near, /\d answers?</)
  assert.match(
    (await get('/requests/new?lang=en&message=%3Cb%3E+quantum')).body,
    /<textarea[^>]*>&lt;b&gt; quantum<\/textarea>/,
  )
  assert.equal((await get('/help/search')).statusCode, 200)
  const api = await guest.ask('GET', '/articles/search?q=zip&language=en&limit=1')
  assert.deepEqual(Object.keys(api.json()), ['items', 'suggestions', 'corrected'])
  assert.deepEqual([api.json().items.length, api.json().items[0].language], [1, 'en'])
})

test('what may answer comes while it is typed: own language first, others labelled, and only what one may see', async () => {
  await publish('Zips of the club', { audience: 'signed-in' })
  const typed = (query: string, by = guest) => get(`/help/search/typed?${query}`, by)
  const { body: found, headers } = await typed('q=mend+a+zi&lang=en')
  assert.match(
    found,
    /^<div class="found" id="found" role="listbox" aria-label="Search" data-said="\d+ answers?"><a role="option" id="found-0" tabindex="-1" aria-selected="false" href="\/help\/en\/mend-a-zip\?e=[\w-]{16}" rel="nofollow">/,
  )
  assert.doesNotMatch(found, /of the club/)
  assert.match((await typed('q=zips+of+the+club&lang=en', owner)).body, /Zips of the club/)
  assert.doesNotMatch((await typed('q=zips+of+the+club&lang=en', owner)).body, /[?;]e=/)
  assert.match(
    (await typed('q=zadrge&lang=nb')).body,
    /<a role="option"[^>]* lang="sl"><strong>Popravilo zadrge<\/strong><span lang="sl">Slovenščina<\/span>/,
  )
  assert.deepEqual([headers['cache-control'], headers['x-robots-tag']], ['no-store', 'noindex'])
  for (const nothing of ['q=&lang=en', 'lang=en', 'q=qzwxqzwx&lang=en']) assert.equal((await typed(nothing)).body, '')
})

test('a page with a search has one script, which may ask this site only; other pages have none', async () => {
  for (const path of ['/help/en', '/help/search?lang=en', '/?lang=en']) {
    const { body: page, headers } = await get(path)
    const [, code, ...others] = page.split(/<script>|<\/script>/)
    const hash = createHash('sha256').update(code!).digest('base64')
    assert.equal(others.length, 1, path)
    assert.ok(String(headers['content-security-policy']).endsWith(`; script-src 'sha256-${hash}'; connect-src 'self'`))
  }
  assert.doesNotMatch((await get('/help/en/zips')).body, /<script>/)
})

test('the map of the site and the robots’ page know each other; the home leads to help', async () => {
  const map = await get('/sitemap.xml')
  assert.match(String(map.headers['content-type']), /^application\/xml/)
  assert.match(
    map.body,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<urlset.*<loc>http:\/\/localhost\/help\/en\/mend-a-zip<\/loc>/s,
  )
  assert.match((await get('/robots.txt')).body, /^Disallow: \/help\/search$/m)
  assert.match((await get('/robots.txt')).body, /^Sitemap: http:\/\/localhost\/sitemap\.xml$/m)
  assert.match((await get('/?lang=en')).body, /href="\/help\/en">Help/)
})
