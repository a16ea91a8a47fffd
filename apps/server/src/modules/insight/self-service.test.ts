import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Article, SelfService, SelfServiceArticle, SelfServiceWays, Ticket, TicketLine } from '@lahko/contract'
import { sql } from 'kysely'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { episodeNotes } from '#touchpoints'
import { multipart, tokenIn } from '../../testing/forms.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let owner: Visitor
let guest: Visitor
let scope: Scope
const article: Record<string, Article> = {}

before(async () => {
  house = await testHouse()
  const made = await newWorkspace(house, 'acme')
  owner = made.owner
  scope = { workspaceId: made.id, actor: system }
  guest = visitor(house)
  await ask('PUT', '/contact-form', { open: true, intro: {}, topics: [] })
  const { id: collectionId } = await ask<{ id: string }>('POST', '/article-collections', { titles: { en: 'Repairs' } })
  for (const title of ['Mend a zip', 'Wax a zip', 'Change a slider of a zip']) {
    house.clock.advance(1)
    const teeth = title === 'Mend a zip' ? 'Where the teeth part, press both rows level with pliers.' : ''
    const body = `A zip. [Another one](wax-a-zip.md). ${teeth}`
    article[title] = await ask('POST', '/articles', { collectionId, language: 'en', title, body })
    await ask('PUT', `/articles/${article[title]!.id}/translations/en/publication`, { revision: 1 })
  }
  await house.due.drain()
})
after(() => house.close())

async function ask<T>(method: Parameters<Visitor['ask']>[0], path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}
const get = (path: string, by = guest) => by.ask('GET', `/${path}`, undefined, { accept: 'text/html' })
const written = () => episodeNotes(house).written()

/** Searches as somebody new does. @returns the episode's number and the page */
async function search(question: string): Promise<{ number: string; page: string }> {
  const begun = await get(`/help/search?q=${encodeURIComponent(question)}&lang=en`)
  assert.equal(begun.statusCode, 303, begun.body)
  const number = new URL(String(begun.headers.location), 'http://localhost').searchParams.get('e')!
  return { number, page: (await goOn(String(begun.headers.location))).body }
}
async function goOn(path: string) {
  house.clock.advance(20_000)
  const reply = await get(path)
  await written()
  return reply
}
const read = (slug: string, number: string) => goOn(`/help/en/${slug}?e=${number}`)

async function say(slug: string, number: string, helpful: 'yes' | 'no'): Promise<string> {
  const { body } = await read(slug, number)
  assert.match(body, new RegExp(`<form class="ar-yes"[^>]*><input type="hidden" name="e" value="${number}">`))
  const form = Buffer.from(new URLSearchParams({ helpful, e: number }).toString())
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const reply = await guest.ask('POST', `//help/en/${slug}/helpful`, form, type)
  await written()
  return String(reply.headers.location)
}

/** The form as its page has it, filled in. */
async function fill(number: string, more: Record<string, string> = {}): Promise<Record<string, string>> {
  const { body } = await goOn(`/requests/new?lang=en&e=${number}`)
  const e = /name="e" value="([^"]+)"/.exec(body)![1]!
  return {
    ...{ token: tokenIn(body), e, lang: 'en', name: 'Nives', address: 'nives@mail.example' },
    ...{ message: 'It came off.', looked: 'yes' },
    ...more,
  }
}
async function send(filled: Record<string, string>): Promise<Ticket> {
  house.clock.advance(8_000)
  const { payload, headers } = multipart(filled)
  const reply = await guest.ask('POST', '//requests/new', payload, headers)
  assert.equal(reply.statusCode, 303, reply.body)
  return newest()
}
async function newest(): Promise<Ticket> {
  const { items } = await ask<{ items: TicketLine[] }>('GET', '/tickets?limit=1')
  return ask('GET', `/tickets/${items[0]!.id}`)
}

/** Everything that has begun is over. */
async function settle(): Promise<void> {
  house.clock.advance(72 * 3_600_000 + 1)
  await house.due.drain()
}
const figures = (query = '') => ask<SelfService>('GET', `/insight/self-service${query}`)
const kept = async (table: string) =>
  (await house.store.read(scope, (db) => sql<object>`select * from ${sql.table(table)}`.execute(db.kysely))).rows

test('a search begins an episode, which the links and forms of its pages carry on, and nothing else', async () => {
  const { number, page } = await search('zip')
  assert.match(number, /^[\w-]{16}$/)
  assert.match(page, new RegExp(`href="/help/en/mend-a-zip\\?s=[0-9a-f-]{36}&amp;e=${number}"`))
  assert.match(page, new RegExp(`href="/requests/new\\?lang=en&amp;message=zip[^"]*&amp;e=${number}"`))
  assert.match(page, new RegExp(`action="/help/search"><input type="hidden" name="e" value="${number}">`))
  const opened = await read('mend-a-zip', number)
  assert.match(opened.body, new RegExp(`href="/help/en/wax-a-zip\\?e=${number}"`))
  assert.match(opened.body, /<link rel="canonical" href="http:\/\/localhost\/help\/en\/mend-a-zip">/)
  assert.equal(opened.headers['x-robots-tag'], 'noindex, nofollow')
  assert.equal(opened.headers['set-cookie'], undefined)
  // The form carries it on in each language.
  assert.match((await goOn(`/requests/new?e=${number}`)).body, new RegExp(`lang=nb&amp;e=${number}"`))
  for (const path of ['/help', '/help/en', '/help/en/mend-a-zip', '/help/en/repairs']) {
    const { body, headers } = await get(path)
    assert.doesNotMatch(body, /[?;]e=|name="e"/, path)
    assert.equal(headers['x-robots-tag'], undefined, path)
  }
})

test('what is found while it is typed, and opened, is an episode; what finds nothing is none', async () => {
  await settle()
  house.clock.advance(8 * 86_400_000)
  const { body } = await goOn('/help/search/typed?q=mend+a+z&lang=en')
  const number = /href="\/help\/en\/mend-a-zip\?e=([\w-]{16})"/.exec(body)![1]!
  assert.match((await goOn(`/help/search/typed?q=mend&lang=en&e=${number}`)).body, new RegExp(`e=${number}"`))
  await goOn('/help/search/typed?q=qzwxqzwx&lang=en')
  await read('mend-a-zip', number)
  assert.equal((await kept('episodes')).length, 1)
  assert.deepEqual(await kept('episode_searches'), [])
  await settle()
  const found = await figures('?days=7')
  assert.deepEqual([found.episodes, found.probable.count], [1, 1])
  house.clock.advance(8 * 86_400_000)
})

test('what was asked and read stands beside the request, and is not known of the episode for longer', async () => {
  const { number } = await search('zip of ana@mail.example, order 1234567')
  await search('slider')
  await goOn(`/help/search?q=change+slider&lang=en&e=${number}`)
  await read('change-a-slider-of-a-zip', number)
  await read('wax-a-zip', number)
  await read('wax-a-zip', number)
  const ticket = await send(await fill(number))
  assert.deepEqual(ticket.tried, [
    { kind: 'search', text: 'zip of … order …', articleId: null, language: null },
    { kind: 'search', text: 'change slider', articleId: null, language: null },
    {
      ...{ kind: 'article', text: 'Change a slider of a zip', language: 'en' },
      articleId: article['Change a slider of a zip']!.id,
    },
    { kind: 'article', text: 'Wax a zip', articleId: article['Wax a zip']!.id, language: 'en' },
  ])
  const links = async () =>
    (await kept('episodes')).filter((row) => 'contact_id' in row && row.contact_id === ticket.id)
  assert.equal((await links()).length, 1)
  await settle()
  for (const table of ['episodes', 'episode_searches', 'episode_articles']) assert.deepEqual(await kept(table), [])
  assert.equal((await ask<Ticket>('GET', `/tickets/${ticket.id}`)).tried.length, 4)
  // The article's going takes nothing away.
  await ask('DELETE', `/articles/${article['Wax a zip']!.id}/translations/en/publication`)
  await ask('DELETE', `/articles/${article['Wax a zip']!.id}`)
  const { tried } = await ask<Ticket>('GET', `/tickets/${ticket.id}`)
  assert.deepEqual(tried[3], { kind: 'article', text: 'Wax a zip', articleId: null, language: 'en' })
})

test('a contact is confirmed, probable or failed once 72 hours are over, and never two of them', async () => {
  const confirmed = await search('mend a zip')
  assert.match(await say('mend-a-zip', confirmed.number, 'yes'), new RegExp(`/r/[\\w-]{43}\\?e=${confirmed.number}$`))
  const probable = await search('mend a zip')
  await read('mend-a-zip', probable.number)
  const failed = await search('mend a zip')
  await read('mend-a-zip', failed.number)
  await send(await fill(failed.number))
  // Said to be solved, and asked all the same, two days later.
  const taken = await search('mend a zip')
  await say('mend-a-zip', taken.number, 'yes')
  const late = await fill(taken.number)
  // Of these three nothing is known: it did not help, nothing was opened, and it was asked without reading.
  await say('mend-a-zip', (await search('zip')).number, 'no')
  await search('zip')
  await send(await fill((await search('zip')).number))
  // No search and no suggestion: a contact that carries an episode, and no episode that is counted.
  await send(await fill(''))
  const { open } = await figures()
  assert.equal(open, 7)
  house.clock.advance(48 * 3_600_000)
  await send(late)
  await settle()
  const found = await figures('?days=7')
  assert.deepEqual(
    [found.episodes, found.confirmed.count, found.probable.count, found.failed.count, found.open],
    [7, 1, 1, 2, 0],
  )
  const { share } = found.failed
  assert.equal(share!.value, 2 / 7)
  assert.deepEqual([share!.low!.toFixed(4), share!.high!.toFixed(4)], ['0.0822', '0.6411'])
  const { items } = await ask<{ items: SelfServiceArticle[] }>('GET', '/insight/self-service/articles?days=7')
  assert.deepEqual(
    items.map(({ title, readers, solved, failed: asked }) => [title, readers, solved.count, asked.count]),
    [['Mend a zip', 5, 1, 2]],
  )
})

test('the share of contacts that carry an episode is of all that came, spam left out', async () => {
  house.clock.advance(2 * 86_400_000)
  await send(await fill((await search('zip')).number))
  const told = { subject: 'A call', text: 'The zip.', from: { address: 'ana@mail.example' } }
  await ask('POST', '/tickets', told)
  await ask('POST', '/tickets', told)
  const { id } = await ask<Ticket>('POST', '/tickets', told)
  await ask('PATCH', `/tickets/${id}`, { spam: true })
  const { contacts } = await figures('?days=1')
  assert.deepEqual([contacts.count, contacts.carried, contacts.share!.value], [3, 1, 1 / 3])
  await settle()
})

test('the request form begins an episode: what it suggests is opened in it, and solves it', async () => {
  const { token, e } = await fill('')
  const post = async (path: string, fields: Record<string, string>) => {
    const reply = await guest.ask('POST', `//requests/${path}`, Buffer.from(new URLSearchParams(fields).toString()), {
      'content-type': 'application/x-www-form-urlencoded',
    })
    await written()
    return reply
  }
  assert.equal((await post('suggestions', { e: e!, lang: 'en', message: 'quantum' })).body, '')
  assert.deepEqual(await kept('episodes'), [])
  const { body } = await post('suggestions', {
    e: e!,
    lang: 'en',
    message: 'The teeth part, press both rows of a zip level with pliers to mend it',
  })
  assert.match(body, new RegExp(`href="/help/en/mend-a-zip\\?e=${e}"`))
  await read('mend-a-zip', e!)
  // Which of them it was is said by its button, also of one that was not opened.
  const named = article['Change a slider of a zip']!.id
  const solved = await post('solved', { token: token!, e: e!, lang: 'en', article: named })
  assert.equal(solved.headers.location, `/requests/solved?lang=en&article=${named}&e=${e}`)
  const gone = await post('solved', { lang: 'en', article: '0198c000-0000-7000-8000-000000000000' })
  assert.equal(gone.headers.location, '/requests/solved?lang=en')
  // Who sees them in a step of its own is in the same one.
  const other = await fill('', {
    looked: '',
    message: 'The teeth part, press both rows of a zip level with pliers to mend it',
  })
  const { payload, headers } = multipart(other)
  const step = await guest.ask('POST', '//requests/new', payload, headers)
  assert.match(step.body, new RegExp(`action="/requests/solved"><input type="hidden" name="e" value="${other['e']}">`))
  await written()
  await settle()
  const { episodes, confirmed, probable } = await figures('?days=5')
  assert.deepEqual([episodes, confirmed.count, probable.count], [2, 1, 0])
  const { items } = await ask<{ items: SelfServiceArticle[] }>('GET', '/insight/self-service/articles?days=5')
  assert.deepEqual(
    items.map(({ articleId, readers, solved }) => [articleId, readers, solved.count]).toSorted(),
    [
      [article['Mend a zip']!.id, 1, 0],
      [named, 1, 1],
    ].toSorted(),
  )
})

test('numbers that are made up, old or of members do no harm', async () => {
  // Whoever makes one up has an episode of their own, which begins with a search like any other.
  const made = 'aaaaaaaaaaaaaaaa'
  assert.equal((await goOn(`/help/en/mend-a-zip?e=${made}`)).statusCode, 200)
  assert.deepEqual(await kept('episodes'), [])
  for (const bad of ['1', 'x'.repeat(17), "a' or 1=1 --zzzz", '%00%00', '%F0%9F']) {
    const { body, statusCode } = await get(`/help/en/mend-a-zip?e=${encodeURIComponent(bad)}&e=2`)
    assert.equal(statusCode, 200, bad)
    assert.doesNotMatch(body, /[?;]e=/)
    assert.equal((await get(`/help/search?q=zip&e=${encodeURIComponent(bad)}`)).statusCode, 303)
  }
  // After half an hour without a step it is another matter.
  const { number } = await search('zip')
  house.clock.advance(30 * 60_000 + 1)
  assert.doesNotMatch((await read('mend-a-zip', number)).body, /[?;]e=/)
  const again = await get(`/help/search?q=zip&lang=en&e=${number}`)
  assert.equal(again.statusCode, 303)
  assert.ok(!String(again.headers.location).includes(number))
  assert.deepEqual(await kept('episode_articles'), [])
  // Nobody searches for more than some questions.
  const many = await search('zip')
  for (let n = 0; n < 30; n++) await get(`/help/search?q=zip+${n}&lang=en&e=${many.number}`)
  await written()
  assert.ok((await kept('episode_searches')).length <= 41)
  // Members look at pages, and solve nothing.
  const before = (await kept('episodes')).length
  assert.equal((await get('/help/search?q=zip', owner)).statusCode, 200)
  await get(`/help/search?q=zip&e=${'m'.repeat(16)}`, owner)
  await guest.ask('GET', `//help/search?q=zip&e=${'p'.repeat(16)}`, undefined, { 'sec-purpose': 'prefetch' })
  await written()
  assert.equal((await kept('episodes')).length, before)
})

test('who asks to be forgotten leaves no word of what they searched for', async () => {
  const { number } = await search('the zip of nobody')
  await read('mend-a-zip', number)
  const ticket = await send(await fill(number, { address: 'gone@mail.example' }))
  assert.equal(ticket.tried.length, 2)
  await ask('DELETE', `/customers/${ticket.customer!.id}`)
  await house.jobs.settle()
  assert.deepEqual((await ask<Ticket>('GET', `/tickets/${ticket.id}`)).tried, [])
  assert.ok(!(await kept('episode_searches')).some((row) => 'text' in row && String(row.text).includes('nobody')))
  assert.ok(!(await kept('episodes')).some((row) => 'contact_id' in row && row.contact_id === ticket.id))
})

test('who has read an article is asked how easy it was, and each way stands against the others', async () => {
  const [survey] = (await ask<{ items: { id: string; key: string }[] }>('GET', '/surveys')).items
  const mend = article['Mend a zip']!.id
  const asksNothing = await say('mend-a-zip', (await search('zip')).number, 'yes')
  assert.doesNotMatch((await get(asksNothing)).body, /how-easy/)
  const unknown = await owner.ask('PUT', '/article-rules', { approvalNeeded: false, effortSurveyId: mend })
  assert.deepEqual([unknown.statusCode, unknown.json().errors[0].field], [400, '/body/effortSurveyId'])
  await ask('PUT', '/article-rules', { approvalNeeded: false, effortSurveyId: survey!.id })
  const { body } = await get(await say('mend-a-zip', (await search('zip')).number, 'yes'))
  const links = [...body.matchAll(/rel="nofollow" href="(\/s\/[^"]*)"/g)].map(([, path]) =>
    path!.replaceAll('&amp;', '&'),
  )
  assert.equal(links.length, 10)
  const { body: form } = await get(links[8]!)
  assert.match(form, /value="9"[^>]* checked/)
  assert.match(form, new RegExp(`name="h.article" value="${mend}"`))
  assert.match(form, /name="h.way" value="article"/)
  // One question at a time: whoever was not helped says why first.
  const no = await say('mend-a-zip', (await search('zip')).number, 'no')
  assert.doesNotMatch((await get(no)).body, /how-easy/)
  assert.match((await get(`/requests/solved?lang=en&article=${mend}`)).body, new RegExp(`&amp;article=${mend}&amp;`))
  assert.match((await get('/requests/solved?lang=en&article=x')).body, /&amp;way=article&amp;lang=en&amp;/)

  const answer = async (scores: readonly number[], attributes: Record<string, string>) => {
    for (const score of scores) await ask('POST', '/responses', { survey: survey!.key, score, attributes })
  }
  const easy = Array.from({ length: 40 }, (_, n) => (n % 4 === 0 ? 6 : 9))
  const hard = Array.from({ length: 40 }, (_, n) => (n % 4 === 0 ? 9 : 3))
  await answer(easy, { way: 'article', article: mend })
  await answer(hard, { way: 'article_ticket' })
  await answer(easy.slice(0, 20), { way: 'ticket' })
  await answer([1, 1, 2], {})
  await answer([1], { way: 'made-up' })
  const found = await ask<SelfServiceWays>('GET', '/insight/self-service/ways?days=1')
  assert.deepEqual(
    found.ways.map(({ way, n, ease, verdict, smallSample }) => [way, n, ease, verdict, smallSample]),
    [
      ['article', 40, 'easier', 'more-than-noise', false],
      ['article_ticket', 40, 'harder', 'more-than-noise', false],
      ['ticket', 20, 'easier', 'more-than-noise', true],
    ],
  )
  assert.equal(found.unknown.n, 4)
  const [first] = found.ways
  assert.ok(first!.metric!.low! < first!.metric!.value && first!.metric!.value < first!.metric!.high!)
  const { items } = await ask<{ items: SelfServiceArticle[] }>('GET', '/insight/self-service/articles?days=30')
  const mended = items.find(({ articleId }) => articleId === mend)!.effort
  assert.deepEqual([mended.n, mended.metric], [40, first!.metric])
  assert.ok(items.some(({ effort }) => effort.n === 0 && effort.metric === null))
  const nobody = await ask<SelfServiceWays>('GET', '/insight/self-service/ways?days=1&to=2026-01-01')
  assert.deepEqual([nobody.ways.map(({ n }) => n), nobody.unknown], [[0, 0, 0], { n: 0, metric: null }])
  assert.equal((await owner.ask('GET', '/insight/self-service/ways?survey=none')).statusCode, 404)

  const inputs = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ])
  const answered = new URLSearchParams({ ...Object.fromEntries(inputs), score: '9' }).toString()
  const asForm = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const _ of ['once', 'twice']) {
    const sent = await guest.ask('POST', `//s/${survey!.key}`, Buffer.from(answered), asForm)
    assert.equal(sent.statusCode, 303, sent.body)
  }
  const touchpoints = (await kept('touchpoints')).filter((row) => 'kind' in row && row.kind === 'article')
  assert.equal(touchpoints.length, 1)
})

test('an article that helped is one touchpoint of an episode, however often and wherever its reader says so', async () => {
  const mend = article['Mend a zip']!.id
  const { token, e } = await fill('')
  const press = async (named = mend) => {
    const sent = new URLSearchParams({ token: token!, e: e!, lang: 'en', article: named }).toString()
    const reply = await guest.ask('POST', '//requests/solved', Buffer.from(sent), {
      'content-type': 'application/x-www-form-urlencoded',
    })
    return reply.headers.location!
  }
  const asked = async (page: string) => /[?;]touchpoint=([^&"]+)/.exec((await get(page)).body)?.[1]
  const page = await press()
  const [first, reloaded, again] = [await asked(page), await asked(page), await asked(await press())]
  const inArticle = await asked(await say('mend-a-zip', e!, 'yes'))
  assert.match(first!, /^article-[\w-]{43}$/)
  assert.deepEqual([reloaded, again, inArticle], [first, first, first])
  const another = await asked(await press(article['Change a slider of a zip']!.id))
  const later = await asked(await say('mend-a-zip', (await search('zip')).number, 'yes'))
  assert.equal(new Set([first, another, later]).size, 3)
})

test('a ticket says which way its customer took, as far as that is known', async () => {
  const wayOf = async (ticket: Ticket) => {
    await ask('PATCH', `/tickets/${ticket.id}`, { status: 'solved' })
    return (await kept('touchpoints')).flatMap((row) =>
      'external_id' in row && String(row.external_id).endsWith(String(ticket.number)) && 'attributes' in row
        ? [(row.attributes as Record<string, string>)['way']]
        : [],
    )
  }
  const { number } = await search('zip')
  await read('mend-a-zip', number)
  assert.deepEqual(await wayOf(await send(await fill(number))), ['article_ticket'])
  assert.deepEqual(await wayOf(await send(await fill((await search('zip')).number))), ['ticket'])
  const told = { subject: 'A call', text: 'The zip.', from: { address: 'ana@mail.example' } }
  assert.deepEqual(await wayOf(await ask('POST', '/tickets', told)), [undefined])
})

test('days that cannot be are refused by the field', async () => {
  for (const [query, field] of [
    ['days=0', '/query/days'],
    ['days=400', '/query/days'],
    ['to=tomorrow', '/query/to'],
    ['to=1999-01-01', '/query/to'],
  ] as const) {
    const reply = await owner.ask('GET', `/insight/self-service?${query}`)
    assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, field], query)
  }
  const reply = await owner.ask('GET', '/insight/self-service/articles?after=x')
  assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, '/query/after'])
})
