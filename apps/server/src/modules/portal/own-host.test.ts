import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addHost } from '#accounts'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

// A workspace with names of its own is one site, under whichever name it is visited.

const site = 'https://help.acme.example'
const behindProxy = { 'x-forwarded-proto': 'https' }
const names = ['help.acme.example', 'www.acme.example', 'lahko.example', 'acme.lahko.example', 'localhost']

let house: TestHouse
let smtp: TestSmtp
let owner: Visitor

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    ...{ LAHKO_BASE_URL: 'https://lahko.example', LAHKO_TRUST_PROXY: '1', LAHKO_SIGNUP: 'open' },
    ...{ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'desk@acme.example' },
  })
  const { owner: first, id: workspaceId } = await newWorkspace(house, 'acme')
  owner = first
  await house.store.write({ workspaceId, actor: system }, async (tx) => {
    await addHost(tx, 'www.acme.example')
    await addHost(tx, 'help.acme.example')
  })
  // Who is asked for what is remembered for five seconds.
  house.clock.advance(6_000)
  const { id: collectionId } = await ask<{ id: string }>('POST', '/article-collections', { titles: { en: 'Repairs' } })
  const given = { collectionId, language: 'en', title: 'Mend a zip', body: 'Hold it to the light.' }
  const { id } = await ask<{ id: string }>('POST', '/articles', given)
  await ask('PUT', `/articles/${id}/translations/en/publication`, { revision: 1 })
  await ask('PUT', `/articles/${id}/translations/sl`, { title: 'Popravi zadrgo', body: 'Proti luči.', revision: null })
  await ask('PUT', `/articles/${id}/translations/sl/publication`, { revision: 1 })
  await ask('PUT', '/contact-form', { open: true })
  await ask('POST', '/tickets', { subject: 'A zip', text: 'It broke.', from: { address: 'nives@mail.example' } })
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

/** A page as a stranger gets it; a search leads to an address of its own. */
async function pageAt(host: string, path: string): Promise<string> {
  const reply = await visitor(house, { host }).ask('GET', `/${path}`, undefined, {
    ...behindProxy,
    accept: 'text/html',
  })
  return reply.statusCode === 303 ? pageAt(host, String(reply.headers.location)) : reply.body
}

/** What the addresses of a page begin with, those left out that only name what a word means. */
function beginningsIn(body: string): string[] {
  const all = [...body.matchAll(/https?:\/\/[^/\s"'<&]+/g)].map(([beginning]) => beginning)
  return [...new Set(all)].filter((one) => !/schema\.org|w3\.org|sitemaps\.org/.test(one))
}

for (const host of names)
  describe(`visited as ${host}`, () => {
    test('all that search engines are told begins with the first name of its own', async () => {
      const article = await pageAt(host, '/help/en/mend-a-zip')
      assert.match(article, /<link rel="canonical" href="https:\/\/help\.acme\.example\/help\/en\/mend-a-zip">/)
      assert.match(article, /hreflang="sl" href="https:\/\/help\.acme\.example\/help\/sl\/mend-a-zip">/)
      assert.match(await pageAt(host, '/?lang=en'), /canonical" href="https:\/\/help\.acme\.example\/\?lang=en">/)
      assert.match(await pageAt(host, '/sitemap.xml'), /<loc>https:\/\/help\.acme\.example\/help\/en\/mend-a-zip</)
      assert.match(await pageAt(host, '/robots.txt'), /^Sitemap: https:\/\/help\.acme\.example\/sitemap\.xml$/m)
      assert.match(await pageAt(host, '/help/search?q=zip&lang=en'), /Mend a zip/)
      for (const path of ['/', '/help/en', '/help/en/mend-a-zip', '/help/search?q=zip&lang=en', '/sitemap.xml'])
        assert.deepEqual(beginningsIn(await pageAt(host, path)), [site], path)
    })

    test('a link to sign in is asked for here and leads there', async () => {
      house.clock.advance(60 * 60_000)
      smtp.received.length = 0
      const customer = visitor(house, { host, address: `198.51.100.${names.indexOf(host) + 1}` })
      const form = Buffer.from('lang=en&address=nives%40mail.example')
      const type = { ...behindProxy, 'content-type': 'application/x-www-form-urlencoded' }
      const asked = await customer.ask('POST', '//requests/link', form, type)
      assert.deepEqual([asked.statusCode, asked.headers.location], [303, '/requests/link?lang=en'])
      await house.jobs.settle()
      await house.due.drain()
      const text = smtp.received.map(({ raw }) => partOf(raw, 'text/plain')).join('\n')
      assert.match(text, /https:\/\/help\.acme\.example\/requests\/enter\/[\w-]{43}\?lang=en/)
      assert.deepEqual(beginningsIn(text), [site])
    })
  })

test('members are told by which names customers come, the one that links begin with first', async () => {
  const originsOf = async (by: Visitor) => (await by.ask('GET', '/workspace/hosts')).json().origins
  assert.deepEqual(await originsOf(owner), [site, 'https://www.acme.example', 'https://lahko.example'])
  const { owner: other } = await newWorkspace(house, 'other')
  assert.deepEqual(await originsOf(other), ['https://other.lahko.example'])
})
