import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { portalClasses } from './portal-frame.ts'

let house: TestHouse
let customer: Visitor

before(async () => {
  house = await testHouse()
  customer = visitor(house)
})
after(() => house.close())

test('a house without a workspace leads to its start', async () => {
  const reply = await customer.ask('GET', '//')
  assert.deepEqual([reply.statusCode, reply.headers.location], [302, '/app/start'])
  assert.equal((await customer.ask('GET', '//s/anything')).statusCode, 404)
})

test('the home says whose it is and what is asked, and only what is asked now', async () => {
  const { owner } = await newWorkspace(house, 'acme')
  const page = async (language: string) => (await customer.ask('GET', `//?lang=${language}`)).body
  assert.match(await page('en'), /<html lang="en">.*The acme shop.*How easy was it to get your issue solved today\?/s)
  assert.match(await page('sl'), /Kako enostavno je bilo danes rešiti vašo zadevo\?/)
  assert.match(await page('nb'), /href="\/\?lang=sl" lang="sl" hreflang="sl">Slovenščina/)
  const { items } = (await owner.ask('GET', '/surveys')).json()
  assert.ok((await page('en')).includes(`href="/s/${items[0].key}?lang=en"`))
  await owner.ask('PATCH', `/surveys/${items[0].id}`, { closesOn: '2026-11-19' })
  assert.match(await page('en'), /Nothing is asked at the moment/)
  await owner.ask('PATCH', `/surveys/${items[0].id}`, { closesOn: null })
  await owner.ask('PUT', `/surveys/${items[0].id}/state`, { state: 'paused' })
  assert.match(await page('en'), /Nothing is asked at the moment/)
  await owner.ask('PUT', `/surveys/${items[0].id}/state`, { state: 'published' })
  assert.doesNotMatch(await page('en'), /Nothing is asked/)
})

test('the privacy page tells how long answers are kept', async () => {
  const owner = visitor(house)
  await owner.ask('POST', '/sessions', { email: 'owner@acme.example', password: 'violin teapot 97 glacier' })
  const page = async (language: string) => {
    house.clock.advance(6_000)
    return (await customer.ask('GET', `//privacy?lang=${language}`)).body
  }
  assert.match(await page('en'), /has set no end/)
  await owner.ask('PATCH', '/workspace', { keepMonths: 2 })
  assert.match(await page('en'), /Answers are kept for 2 months/)
  assert.match(await page('sl'), /Odgovore hranimo 2 meseca/)
  assert.match(await page('nb'), /Svarene lagres i 2 måneder/)
})

test('the pages have no cookie, no script, nothing from elsewhere, and rules for every class', async () => {
  for (const address of ['/', '/privacy', '/accessibility']) {
    const reply = await customer.ask('GET', `/${address}`)
    assert.equal(reply.headers['set-cookie'], undefined)
    assert.doesNotMatch(reply.body, /<script|<link rel="stylesheet"|https?:\/\/|\sstyle=/)
    for (const [, names] of reply.body.matchAll(/class="([^"]*)"/g))
      for (const name of names!.split(' ')) assert.ok(portalClasses.includes(name), name)
    const packed = await customer.ask('GET', `/${address}`, undefined, { 'accept-encoding': 'gzip' })
    assert.ok(packed.rawPayload.length < 14 * 1024)
  }
})

test('robots are told what is not for them', async () => {
  assert.match((await customer.ask('GET', '//robots.txt')).body, /^Disallow: \/s\/$/m)
})

test('a problem is a page in the product’s look for whoever wants one', async () => {
  const reply = await customer.ask('GET', '//nowhere', undefined, { accept: 'text/html', 'accept-language': 'nb' })
  assert.equal(reply.statusCode, 404)
  assert.match(reply.body, /<html lang="nb">.*<h1 class="title">Det er ingenting på denne adressen\.<\/h1>/s)
  assert.match(String(reply.headers['content-security-policy']), /style-src 'sha256-/)
  const named = await customer.ask('GET', '//nowhere?lang=sl', undefined, { accept: 'text/html' })
  assert.match(named.body, /<html lang="sl">.*Na tem naslovu ni ničesar\..*Preverite naslov/s)
  assert.equal((await customer.ask('GET', '/nowhere')).json().code, 'platform.no_such_address')
})
