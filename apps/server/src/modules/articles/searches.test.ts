import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Article } from '@lahko/contract/articles'
import type { SearchSettlement, UnfoundQuestion } from '@lahko/contract/searches'
import { sql } from 'kysely'
import { enqueueEverywhere } from '#platform/jobs.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { searchKeeperOf } from './keeping-searches.ts'

// What readers search for: what is kept of it, what is found missing, and what is done about it.

let house: TestHouse
let owner: Visitor
let workspaceId: string
let article: Article

before(async () => {
  house = await testHouse()
  owner = (await newWorkspace(house, 'acme')).owner
  workspaceId = (await ask<{ workspace: { id: string } }>('GET', '/me')).workspace.id
  const collection = await ask<{ id: string }>('POST', '/article-collections', { titles: { en: 'Repairs' } })
  const given = { collectionId: collection.id, language: 'en', title: 'Mend a zip', body: 'Take *pliers* and wax.' }
  article = await ask<Article>('POST', '/articles', given)
  await ask('PUT', `/articles/${article.id}/translations/en/publication`, { revision: 1 })
})
after(() => house.close())
beforeEach(async () => {
  house.clock.advance(3_600_000)
  await statement(sql`delete from searches`)
  await statement(sql`delete from search_settlements`)
})

async function ask<T>(method: Parameters<Visitor['ask']>[0], path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}
const statement = <T>(query: ReturnType<typeof sql<T>>) =>
  house.store.write({ workspaceId, actor: { kind: 'system', permissions: new Set() } }, async (tx) => {
    return (await query.execute(tx.kysely)).rows
  })
type Kept = Record<string, unknown>
const kept = async () => {
  await searchKeeperOf(house).flush()
  return statement(sql<Kept>`select language, words, question, results, suggested, watched, opened_id, asked_on, fit
    from searches order by words`)
}
/** A reader somewhere else in the world each time. */
let readers = 0
const elsewhere = () => visitor(house, { address: `203.${++readers >> 8}.${readers & 255}.7` })
const searchPage = async (q: string, by = elsewhere(), headers: Record<string, string> = {}) => {
  const path = `//help/search?${new URLSearchParams({ q, lang: 'en' }).toString()}`
  const begun = await by.ask('GET', path, undefined, headers)
  // It has its number in its address.
  return begun.statusCode === 303 ? by.ask('GET', `/${String(begun.headers.location)}`, undefined, headers) : begun
}
const unfound = async (query = '') => {
  await searchKeeperOf(house).flush()
  return ask<{ items: UnfoundQuestion[]; next: string | null }>('GET', `/unfound-questions?language=en${query}`)
}
const settle = (question: string, outcome: string) =>
  ask<SearchSettlement>('POST', '/search-settlements', { language: 'en', question, outcome })

test('a search is kept with its words masked and its day, and with nothing of who asked', async () => {
  await searchPage('My zip is torn, call 041 123 456 or ana@mail.example')
  const [one, ...more] = await kept()
  const words = 'My zip is torn, call … or …'
  assert.deepEqual(
    { ...one, fit: 0 },
    {
      ...{ language: 'en', words, question: 'call torn zip', results: 1, suggested: one!['suggested'], watched: true },
      ...{ opened_id: null, asked_on: '2026-11-20', fit: 0 },
    },
  )
  assert.equal(more.length, 0)
  const columns = await statement(
    sql<{ name: string }>`select column_name as name from information_schema.columns where table_name = 'searches'`,
  )
  assert.deepEqual(columns.map(({ name }) => name).toSorted(), [
    ...['asked_on', 'asking', 'fit', 'id', 'language', 'opened_id', 'question', 'results', 'settled_id'],
    ...['suggested', 'watched', 'words', 'workspace_id'],
  ])
})

test('one reader who asks again counts once for half an hour, and others count too', async () => {
  const same = elsewhere()
  await searchPage('torn zip', same)
  await searchPage('zip torn?', same)
  await searchPage('torn zip')
  assert.equal((await kept()).length, 2)
  house.clock.advance(31 * 60_000)
  await searchPage('torn zip', same)
  assert.equal((await kept()).length, 3)
})

test('what members look for, what is still typed and what is fetched ahead is not kept; programs’ searches are', async () => {
  await searchPage('pliers', owner)
  await searchPage('pliers', elsewhere(), { 'sec-purpose': 'prefetch' })
  await searchPage('041 123 456')
  const guest = visitor(house)
  await guest.ask('GET', '/articles/search?q=plie&language=en&typing=true')
  assert.deepEqual(await kept(), [])
  await guest.ask('GET', '/articles/search?q=pliers&language=en')
  assert.deepEqual(
    (await kept()).map(({ words, watched }) => [words, watched]),
    [['pliers', false]],
  )
})

test('a flood is not kept: so many of a network, and of a workspace in a minute', async () => {
  const one = elsewhere()
  for (let at = 0; at < 50; at++) await searchPage(`flood${at}`, one)
  assert.equal((await kept()).length, 30)
  for (let at = 0; at < 120; at++) await searchPage(`other${at}`)
  assert.equal((await kept()).length, 120)
})

test('which article was opened is known by the link that led there', async () => {
  const { body: page } = await searchPage('mend a zip')
  const [link] = /\/help\/en\/mend-a-zip\?s=[0-9a-f-]{36}/.exec(page)!
  const opened = await visitor(house).ask('GET', `/${link}`, undefined, { accept: 'text/html' })
  assert.match(opened.body, /<link rel="canonical" href="[^"]*\/help\/en\/mend-a-zip">/)
  for (const odd of ['?s=', '?s=1', '?s=018f0000-0000-7000-8000-000000000000'])
    assert.equal((await visitor(house).ask('GET', `//help/en/mend-a-zip${odd}`)).statusCode, 200)
  assert.deepEqual(
    (await kept()).map(({ opened_id: id }) => id),
    [article.id],
  )
})

test('what is asked in vain three times is listed, the hardest first, page by page, in a period', async () => {
  for (const words of ['Gift card lost', 'lost gift cards', 'Gift card lost']) await searchPage(words)
  for (const words of ['zip warranty abroad', 'warranty abroad zip', 'abroad: zip warranty']) await searchPage(words)
  for (const words of ['insoles', 'insoles']) await searchPage(words)
  const { items, next } = await unfound()
  assert.deepEqual(
    items.map(({ words, otherWords, asked, foundNothing }) => ({ words, otherWords, asked, foundNothing })),
    [
      { words: 'Gift card lost', otherWords: ['lost gift cards'], asked: 3, foundNothing: 3 },
      {
        ...{ words: 'abroad: zip warranty', otherWords: ['warranty abroad zip', 'zip warranty abroad'] },
        ...{ asked: 3, foundNothing: 0 },
      },
    ],
  )
  assert.equal(next, null)
  const first = await unfound('&limit=1')
  assert.equal((await unfound(`&limit=1&after=${first.next}`)).items[0]!.words, 'abroad: zip warranty')
  assert.deepEqual((await unfound('&from=2026-12-01')).items, [])
  assert.equal((await unfound('&from=2026-11-20&to=2026-11-20')).items.length, 2)
  for (const [query, field] of [
    ['&after=1.x', '/query/after'],
    ['&from=yesterday', '/query/from'],
  ] as const) {
    const reply = await owner.ask('GET', `/unfound-questions?language=en${query}`)
    assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, field])
  }
})

test('a question that is settled is counted anew, one that is dismissed stays away, and both come back', async () => {
  const thrice = async () => {
    for (let at = 0; at < 3; at++) await searchPage('Gift card lost')
  }
  await thrice()
  const [{ question }] = (await unfound()).items as [UnfoundQuestion]
  const done = await settle(question, 'article')
  assert.equal(done.words, 'Gift card lost')
  assert.deepEqual((await unfound()).items, [])
  // Nobody has asked since: it is the same.
  assert.equal((await settle(question, 'dismissed')).id, done.id)
  await thrice()
  assert.equal((await unfound()).items[0]!.asked, 3)
  const dismissed = await settle(question, 'dismissed')
  await thrice()
  assert.deepEqual((await unfound()).items, [])
  const settled = await ask<{ items: SearchSettlement[] }>('GET', '/search-settlements')
  assert.deepEqual(
    settled.items.map(({ outcome }) => outcome),
    ['dismissed', 'article'],
  )
  await ask('DELETE', `/search-settlements/${dismissed.id}`)
  assert.equal((await unfound()).items[0]!.asked, 6)
  await ask('DELETE', `/search-settlements/${done.id}`)
  assert.equal((await unfound()).items[0]!.asked, 9)
  const reply = await owner.ask('POST', '/search-settlements', { language: 'en', question: 'no', outcome: 'article' })
  assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, '/body/question'])
})

test('searches are forgotten when the workspace keeps them no longer', async () => {
  await searchPage('Gift card lost')
  await kept()
  const forget = async () => {
    await enqueueEverywhere({ outside: house.store.outside }, 'forget_searches')
    await house.jobs.settle()
  }
  await statement(sql`update searches set asked_on = '2025-10-01'`)
  await searchPage('Gift card found')
  await ask('PATCH', '/workspace', { keepSearchesMonths: 14 })
  await kept()
  await forget()
  assert.equal((await kept()).length, 2)
  await ask('PATCH', '/workspace', { keepSearchesMonths: 13 })
  await forget()
  assert.deepEqual(
    (await kept()).map(({ words }) => words),
    ['Gift card found'],
  )
})

test('synonyms are listed, changed, tried out, brought in as a text and given back', async () => {
  const group = await ask<{ id: string }>('POST', '/synonyms', { language: 'en', words: ['zip', 'blue crumhorn'] })
  const found = (await ask<{ items: unknown[] }>('GET', '/articles/search?q=blue+crumhorn&language=en')).items
  assert.equal(found.length, 1)
  const without = { language: 'en', q: 'blue crumhorn', id: group.id }
  const tried = await ask<{ before: unknown[]; after: unknown[] }>('POST', '/synonyms/preview', without)
  assert.deepEqual([tried.before.length, tried.after.length], [1, 0])
  await ask('PUT', `/synonyms/${group.id}`, { words: ['zip', 'fermeture'] })
  const text = 'zip, fermeture\nfermeture, zip\n# a remark\n\nwax; bees wax\n'
  assert.deepEqual(await ask('POST', '/synonyms/text', { language: 'en', text }), { added: 1, known: 2 })
  const whole = await ask<{ text: string }>('GET', '/synonyms/text?language=en')
  assert.equal(whole.text, 'zip, fermeture\nwax, bees wax\n')
  for (const [given, line] of [
    ['a1, b1\nalone', 'Vrstica 2: '],
    ['a1, b c d e f', 'Vrstica 1: '],
  ] as const) {
    const reply = await owner.ask('POST', '/synonyms/text', { language: 'en', text: given })
    assert.equal(reply.json().errors[0].field, '/body/text')
    assert.ok(reply.json().errors[0].message.startsWith(line), reply.body)
  }
  const { items } = await ask<{ items: { words: string[] }[] }>('GET', '/synonyms?language=en')
  assert.equal(items.length, 2)
  const wrong = await owner.ask('POST', '/synonyms', { language: 'en', words: ['one', '?!'] })
  assert.deepEqual([wrong.statusCode, wrong.json().errors[0].field], [400, '/body/words/1'])
  await ask('DELETE', `/synonyms/${group.id}`)
  assert.equal((await owner.ask('DELETE', `/synonyms/${group.id}`)).statusCode, 404)
})
