import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ticket } from '@lahko/contract'
import type { Article, Collection } from '@lahko/contract/articles'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { goodPassword, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { portalClasses } from './portal-frame.ts'

let house: TestHouse
let smtp: TestSmtp
let owner: Visitor
let guest: Visitor
let repairs: Collection

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'desk@acme.example' })
  owner = (await newWorkspace(house, 'acme')).owner
  guest = visitor(house)
  await ask('PUT', '/contact-form', { open: true })
  repairs = await ask('POST', '/article-collections', { titles: { en: 'Repairs' } })
})
after(async () => {
  await house.close()
  await smtp.close()
})

async function ask<T>(method: Parameters<Visitor['ask']>[0], path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

const page = async (path: string, by = guest) => (await by.ask('GET', `/${path}`)).body
const post = (path: string, fields: Record<string, string>, by = guest) =>
  by.ask('POST', `/${path}`, Buffer.from(new URLSearchParams(fields).toString()), {
    'content-type': 'application/x-www-form-urlencoded',
  })

async function publish(title: string, more: object = {}): Promise<Article> {
  house.clock.advance(1)
  const given = { collectionId: repairs.id, language: 'en', title, body: 'With care.', ...more }
  const article = await ask<Article>('POST', '/articles', given)
  await ask('PUT', `/articles/${article.id}/translations/en/publication`, { revision: 1 })
  return article
}

async function vote({ slug }: Article, times: number): Promise<void> {
  for (let at = 0; at < times; at++) {
    const token = Buffer.alloc(32, `${slug}${at}`).toString('base64url')
    house.clock.advance(11_000)
    assert.equal((await post(`/help/en/${slug}/helpful`, { token, helpful: 'no' })).statusCode, 303)
  }
}

/** The part of the page below a heading. */
const below = (text: string, heading: string) => text.split(`>${heading}</h2>`)[1]?.split('</section>')[0]

async function signIn(address: string): Promise<Visitor> {
  const browser = visitor(house)
  smtp.received.length = 0
  await post('/requests/link', { address, lang: 'en' }, browser)
  await house.jobs.settle()
  await house.due.drain()
  const texts = smtp.received.map(({ raw }) => partOf(raw, 'text/plain')).join('\n')
  const link = /\/requests\/enter\/[\w-]{43}\?lang=en/.exec(texts)![0]
  assert.equal((await post(link, {}, browser)).statusCode, 303)
  return browser
}

test('without anything to read the home offers the form, and no search', async () => {
  const home = await page('/?lang=en')
  assert.match(home, /<h1>How can we help\?<\/h1>.*href="\/requests\/new\?lang=en">Ask for help/s)
  assert.doesNotMatch(home, /role="search"|Talk to us/)
})

test('one search, and what people come for, by how many said something of it within 90 days', async () => {
  const [zip, sole, strap, club] = [
    await publish('Mend a zip'),
    await publish('Glue a sole'),
    await publish('Change a strap'),
    await publish('Repairs of the club', { audience: 'signed-in' }),
  ]
  await vote(sole!, 3)
  await vote(zip!, 4)
  await vote(strap!, 2)
  await owner.ask('PATCH', `/articles/${club!.id}`, { audience: 'public' })
  await vote(club!, 5)
  await owner.ask('PATCH', `/articles/${club!.id}`, { audience: 'signed-in' })
  const home = await page('/?lang=en')
  assert.match(home, /<h1 id="ask">What can we make easy\?<\/h1><form class="search"[^>]*action="\/help\/search">/)
  const tasks = () => /<ul class="po-tasks"[^>]*>(.*?)<\/ul>/.exec(home)?.[1]
  assert.equal(
    tasks(),
    '<li><a href="/help/en/mend-a-zip">Mend a zip</a></li><li><a href="/help/en/glue-a-sole">Glue a sole</a></li>',
  )
  assert.doesNotMatch(await page('/?lang=sl'), /po-tasks"/)
  assert.match(home, /<link rel="canonical" href="http:\/\/localhost\/\?lang=en">/)
  house.clock.advance(91 * 86_400_000)
  assert.doesNotMatch(await page('/?lang=en'), /<ul class="po-tasks"/)
  await owner.ask('POST', '/sessions', { email: 'owner@acme.example', password: goodPassword })
})

test('whoever is signed in sees their own first, with whose turn it is, and nobody else sees them', async () => {
  const open = (subject: string, address: string) =>
    ask<Ticket>('POST', '/tickets', { subject, text: 'It broke.', from: { address } })
  const fresh = await open('A new zip', 'nives@mail.example')
  const turn = await open('Boots', 'nives@mail.example')
  await ask('PATCH', `/tickets/${turn.id}`, { status: 'waiting' })
  const over = await open('A strap', 'nives@mail.example')
  await ask('PATCH', `/tickets/${over.id}`, { status: 'solved' })
  await open('A secret', 'other@mail.example')
  house.clock.advance(60_000)
  await open('Laces', 'nives@mail.example')
  const nives = await signIn('nives@mail.example')
  const home = await page('/?lang=en', nives)
  const mine = below(home, 'Yours, open now')!
  assert.deepEqual(
    [...mine.matchAll(/class="row-title" href="([^"]*)">([^<]*)</g)].map(([, to, title]) => [to, title]),
    [
      [`/requests/${turn.number}?lang=en`, 'Boots'],
      [`/requests/${fresh.number + 4}?lang=en`, 'Laces'],
      [`/requests/${fresh.number}?lang=en`, 'A new zip'],
    ],
  )
  assert.match(mine, /Boots<\/a> <span class="row-text">It is your turn/)
  assert.match(below(home, 'Yours, solved lately')!, /A strap<\/a>/)
  assert.match(await page('/?lang=sl', nives), /Vaše, odprto/)
  assert.match(await page('/?lang=nb', nives), /Det er din tur/)
  assert.doesNotMatch(home, /A secret/)
  assert.doesNotMatch(await page('/?lang=en'), /Boots|A strap|A new zip|Yours/)
  for (const [, names] of home.matchAll(/class="([^"]*)"/g))
    for (const name of names!.split(' ')) assert.ok(portalClasses.includes(name), name)
  const packed = await nives.ask('GET', '//', undefined, { 'accept-encoding': 'gzip' })
  assert.ok(packed.rawPayload.length < 14 * 1024, `${packed.rawPayload.length}`)
  assert.equal(packed.headers['cache-control'], 'no-store')
  house.clock.advance(29 * 86_400_000)
  await owner.ask('POST', '/sessions', { email: 'owner@acme.example', password: goodPassword })
  await ask('PATCH', `/tickets/${turn.id}`, { status: 'solved' })
  house.clock.advance(2 * 86_400_000 - 3_600_000)
  const later = await page('/?lang=en', await signIn('nives@mail.example'))
  assert.match(below(later, 'Yours, solved lately')!, /Boots/)
  assert.doesNotMatch(later, /A strap/)
})

test('how people are reached and what the company says elsewhere stands where it was set, and only then', async () => {
  assert.doesNotMatch(await page('/?lang=en'), /mailto:|tel:|Imprint/)
  await ask('PATCH', '/workspace', {
    ...{ contactEmail: 'Help@acme.example', contactPhone: '+386 4 555 01 80' },
    ...{ imprintUrl: 'https://acme.example/imprint', privacyUrl: 'https://acme.example/privacy' },
  })
  // Whose page it is is remembered for five seconds.
  house.clock.advance(6_000)
  const ways = below(await page('/?lang=en'), 'Talk to us')!
  assert.deepEqual(
    [...ways.matchAll(/<a href="([^"]*)">([^<]*)/g)].map(([, to, name]) => [to, name]),
    [
      ['/requests/new?lang=en', 'Ask for help'],
      ['mailto:help@acme.example', 'help@acme.example'],
      ['tel:+38645550180', '+386 4 555 01 80'],
    ],
  )
  assert.match(await page('/privacy?lang=en'), /href="https:\/\/acme\.example\/privacy">The privacy notice of/)
  for (const [language, title] of Object.entries({ en: 'Accessibility', sl: 'Dostopnost', nb: 'Tilgjengelighet' })) {
    const text = await page(`/accessibility?lang=${language}`)
    assert.match(text, new RegExp(`<html lang="${language}">.*<h1>${title}</h1>.*tel:\\+38645550180`, 's'))
    assert.match(text, /href="https:\/\/acme\.example\/imprint"/)
  }
  await ask('PATCH', '/workspace', { accessibilityUrl: 'https://acme.example/a11y' })
  house.clock.advance(6_000)
  assert.match(await page('/?lang=en'), /<a href="https:\/\/acme\.example\/a11y">Accessibility/)
})

test('from every page people are at most two clicks away', async () => {
  const reaches = (text: string) => /href="(mailto:|tel:|\/requests\/new)/.test(text)
  const addresses = ['/', '/privacy', '/accessibility', '/help', '/help/en/repairs', '/help/en/mend-a-zip']
  addresses.push(
    '/help/search?q=zip&e=aaaaaaaaaaaaaaaa',
    '/help/search?q=qzwx&e=aaaaaaaaaaaaaaaa',
    '/requests',
    '/requests/solved',
    '/nowhere',
  )
  const { items } = (await owner.ask('GET', '/surveys')).json()
  addresses.push(`/s/${items[0].key}`)
  for (const address of addresses) {
    const text = (await guest.ask('GET', `/${address}`, undefined, { accept: 'text/html' })).body
    const links = [...text.matchAll(/<a [^>]*href="(\/[^"#]*)"/g)].map(([, to]) => to!)
    let found = reaches(text)
    for (const to of links) found ||= reaches(await page(to.replaceAll('&amp;', '&')))
    assert.ok(found, address)
  }
})
