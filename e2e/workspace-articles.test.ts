import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { searchKeeperOf } from '../apps/server/src/modules/articles/keeping-searches.ts'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// The tree of the knowledge base: collections and articles are made, found, ordered by keyboard and by drag, and removed.
// Beside it what readers do not find, and words that mean the same.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

type Collection = { id: string; parentId: string | null; titles: Record<string, string>; position: number }
type Article = { id: string; slug: string; collectionId: string; position: number }

const go = async (on: Page, search = '') => {
  await on.goto(new URL(`/app/articles${search}`, page.url()).href)
  await on.locator('main h1').waitFor()
}
const collections = async () =>
  (await workspace.ask<{ items: Collection[] }>(page, 'GET', '/article-collections')).items
const articles = async () => (await workspace.ask<{ items: Article[] }>(page, 'GET', '/articles')).items
/** What is shown at once is on its way to the server. */
const until = async (is: () => Promise<boolean>) => {
  while (!(await is())) await page.waitForTimeout(50)
}
const titles = (on: Page) => on.locator('.ar-title').allInnerTexts()
const fits = (on: Page) => on.evaluate('document.documentElement.scrollWidth <= innerWidth')

test('an empty knowledge base says what belongs there, and the first collection is made in three languages', async () => {
  await page.goto(new URL('/app/effort', page.url()).href)
  await page.getByRole('link', { name: 'Articles' }).click()
  await page.getByRole('heading', { name: 'No articles yet' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'articles-empty')
  await page.getByRole('button', { name: 'New collection' }).click()
  const dialog = page.getByRole('dialog', { name: 'New collection' })
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByRole('textbox', { name: 'English' }).fill('Returns')
  await dialog.getByRole('textbox', { name: 'Slovenščina' }).fill('Vračila')
  await dialog.getByRole('textbox', { name: 'Norsk' }).fill('Retur')
  assert.deepEqual(await axe(page), [])
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('There is a collection “Returns” now.').waitFor()
  await page.getByRole('button', { name: 'Write the first article' }).waitFor()
})

test('an article begins with its title, and its editor opens', async () => {
  await page.getByRole('button', { name: 'Write the first article' }).click()
  const dialog = page.getByRole('dialog', { name: 'New article' })
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Return an item')
  await dialog.getByRole('button', { name: 'Write' }).click()
  await page.waitForURL(/\/app\/articles\/[0-9a-f-]{36}\/en$/)
  assert.equal((await articles())[0]!.slug, 'return-an-item')
})

test('states, owners and languages stand in the list', async () => {
  const [returns] = await collections()
  const make = (path: string, body: object) => workspace.ask<{ id: string }>(page, 'POST', path, body)
  const sending = await make('/article-collections', { titles: { en: 'Sending back' }, parentId: returns!.id })
  await make('/article-collections', { titles: { en: 'Delivery', sl: 'Dostava', nb: 'Levering' } })
  const write = (title: string, settings: object = {}) =>
    make('/articles', { ...{ collectionId: sending.id, language: 'en', title, body: `About ${title}.` }, ...settings })
  const label = await write('Return label', { reviewOn: '2020-01-01', audience: 'signed-in' })
  const late = await write('Too late to return')
  const at = (id: string, language: string) => `/articles/${id}/translations/${language}`
  const put = (path: string, body: object) => workspace.ask(page, 'PUT', path, body)
  await put(`${at(label.id, 'en')}/publication`, { revision: 1 })
  await put(at(label.id, 'sl'), { title: 'Nalepka za vračilo', body: 'Nalepka.', revision: null })
  await put(`${at(label.id, 'sl')}/publication`, { revision: 1 })
  await put(at(label.id, 'en'), { title: 'Return label', body: 'Print it.', revision: 1 })
  await put(`${at(label.id, 'en')}/publication`, { revision: 2 })
  await put(at(label.id, 'en'), { title: 'Return label', body: 'Print it at home.', revision: 2 })
  await put(`${at(late.id, 'en')}/schedule`, { publishAt: '2030-01-01T08:00:00Z', unpublishAt: null })
  await go(page)
  const row = page.getByRole('listitem').filter({ hasText: 'Return label' }).last()
  await page.getByText('Published, changed since').waitFor()
  await page.getByText('out of date', { exact: true }).waitFor()
  await page.getByText(/review due/).waitFor()
  await page.getByText(/will be published/).waitFor()
  assert.equal(await row.count(), 1)
  await page.getByRole('link', { name: 'Translate: Norwegian' }).first().waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'articles')
})

test('filters and a search narrow the tree, and the address keeps them', async () => {
  await page.getByRole('button', { name: /Translation out of date/ }).click()
  await page.getByText('1 article fits').waitFor()
  assert.deepEqual(await titles(page), ['Return label'])
  assert.match(page.url(), /filter=outdated/)
  await page.getByRole('button', { name: /Translation out of date/ }).click()
  await page.getByRole('searchbox').fill('nalepka vracilo')
  await page.getByText('1 article fits').waitFor()
  await page.getByRole('searchbox').fill('zzz')
  await page.getByText('No article fits.').waitFor()
  await page.getByRole('searchbox').fill('')
  await page.getByText('Too late to return').waitFor()
})

test('the arrow keys move an article within its collection and into the next, and the focus stays', async () => {
  const grip = page.getByRole('button', { name: 'Move: Return label' })
  await grip.focus()
  await page.keyboard.press('ArrowDown')
  await page.getByText('Return label: Returns / Sending back, place 2').waitFor({ state: 'attached' })
  assert.deepEqual(await titles(page), ['Return an item', 'Too late to return', 'Return label'])
  await page.locator('[aria-label="Move: Return label"]:focus').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.getByText('Return label: Delivery, place 1').waitFor({ state: 'attached' })
  await page.locator('[aria-label="Move: Return label"]:focus').waitFor()
  const delivery = (await collections()).find(({ titles: { en } }) => en === 'Delivery')
  await until(async () =>
    (await articles()).some((one) => one.slug === 'return-label' && one.collectionId === delivery!.id),
  )
})

test('collections go up, into another and out again by keyboard', async () => {
  await page.getByRole('button', { name: 'Move: Delivery' }).focus()
  await page.keyboard.press('ArrowUp')
  await page.getByText('Delivery: First level, place 1').waitFor({ state: 'attached' })
  await page.locator('[aria-label="Move: Delivery"]:focus').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.getByText('Delivery: First level, place 2').waitFor({ state: 'attached' })
  await page.locator('[aria-label="Move: Delivery"]:focus').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByText('Delivery: Returns, place 2').waitFor({ state: 'attached' })
  await page.locator('[aria-label="Move: Delivery"]:focus').waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.getByText('Delivery: First level, place 2').waitFor({ state: 'attached' })
  await page.getByRole('heading', { level: 2, name: /Delivery/ }).waitFor()
})

test('an article is dragged to where it belongs, and moved from its menu with undo', async () => {
  const grip = (await page.getByRole('button', { name: 'Move: Return label' }).boundingBox())!
  const over = (await page.locator('.ar-row', { hasText: 'Return an item' }).boundingBox())!
  await page.mouse.move(grip.x + 10, grip.y + 10)
  await page.mouse.down()
  await page.mouse.move(over.x + 100, over.y + 20, { steps: 4 })
  await page.mouse.move(over.x + 100, over.y + 4, { steps: 2 })
  await page.mouse.up()
  await photograph(page, 'articles-dragged')
  await page.getByText('Return label: Returns, place 1').waitFor({ state: 'attached' })
  assert.deepEqual((await titles(page)).slice(0, 2), ['Return label', 'Return an item'])
  await page.getByRole('button', { name: 'More: Return label' }).click()
  await page.getByRole('button', { name: 'Move to another place …' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('deliv')
  await page.keyboard.press('Enter')
  await page.getByText('Return label is now in: Delivery').waitFor()
  assert.deepEqual((await titles(page)).at(-1), 'Return label')
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await until(async () => (await titles(page))[0] === 'Return label')
})

test('a collection is renamed and removed with undo; removing an article asks', async () => {
  await page.getByRole('button', { name: 'More: Delivery' }).click()
  await page.getByRole('button', { name: 'Titles and address …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change collection' })
  await dialog.getByRole('textbox', { name: 'English' }).fill('Shipping')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: /Shipping/ }).waitFor()
  await page.getByRole('button', { name: 'More: Shipping' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('“Shipping” is removed.').waitFor()
  assert.equal((await collections()).length, 2)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByRole('heading', { name: /Shipping/ }).waitFor()
  await page.getByRole('button', { name: 'More: Too late to return' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('dialog').getByText('This cannot be taken back.').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('“Too late to return” is removed.').waitFor()
  assert.equal((await articles()).length, 2)
})

/** A reader asks, each time from somewhere else. */
const ask = async (...questions: string[]) => {
  const host = new URL(page.url()).host
  for (const q of questions) {
    const e = `aaaaaaaaaaaaa${100 + readers}`
    const url = `/help/search?${new URLSearchParams({ q, lang: 'en', e }).toString()}`
    await workspace.house.app.inject({ url, headers: { host }, remoteAddress: `203.0.${++readers}.7` })
  }
  await searchKeeperOf(workspace.house).flush()
}
let readers = 0
const question = (words: string) => page.getByRole('listitem').filter({ hasText: words })

test('what readers do not find is a list, and a question of it becomes an article, by keyboard', async () => {
  await go(page)
  await page.getByRole('link', { name: 'Not found' }).click()
  await page.getByRole('heading', { name: 'Nothing was asked in vain' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await ask('gift voucher balance', 'balance of my gift voucher', 'gift voucher balance', 'gift voucher balance')
  await ask('stolen drone', 'drone stolen', 'stolen drone')
  await ask('customs form', 'customs form', 'customs form')
  await page.reload()
  await question('gift voucher balance').getByText('asked 4 times').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'articles-unfound')
  await page.keyboard.press('j')
  await page.locator('.row-title:focus', { hasText: 'gift voucher balance' }).waitFor()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'New article' })
  await dialog.waitFor()
  assert.equal(await dialog.getByRole('textbox', { name: 'Title' }).inputValue(), 'gift voucher balance')
  await dialog.getByRole('button', { name: 'Write', exact: true }).click()
  await page.waitForURL(/\/app\/articles\/[0-9a-f-]{36}\/en$/)
  await page.getByText('An article is begun for “gift voucher balance”.').waitFor()
})

test('a question is dismissed with undo, put back later, and its words go to an article that answers it', async () => {
  await page.goto(new URL('/app/articles/unfound', page.url()).href)
  await page.getByRole('button', { name: 'More: stolen drone' }).click()
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await page.getByText('“stolen drone” is not listed any more.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await question('stolen drone').waitFor()
  await page.getByRole('button', { name: 'Dealt with' }).click()
  await page.getByText(/an article was begun/).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Put back: gift voucher balance' }).click()
  await page.getByText('Nothing has been dealt with yet.').waitFor()
  await page.getByRole('button', { name: 'Dealt with' }).click()
  await question('gift voucher balance').waitFor()
  await page.getByRole('button', { name: 'More: customs form' }).click()
  await page.getByRole('button', { name: 'An article answers it …' }).click()
  const dialog = page.getByRole('dialog', { name: /Which article answers/ })
  await dialog.getByRole('textbox').fill('return label')
  await dialog.getByRole('button', { name: 'Return label' }).click()
  await page.waitForURL(/\/app\/articles\/[0-9a-f-]{36}\/en$/)
  await page.getByText('“customs form” is in the draft now.').waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'What readers may call it' }).inputValue(), 'customs form')
})

test('synonyms show at once what a question finds with them, and are changed and removed with undo', async () => {
  await go(page)
  await page.getByRole('link', { name: 'Synonyms' }).click()
  await page.getByRole('heading', { name: 'No synonyms in this language' }).waitFor()
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'New synonyms' })
  const words = dialog.getByRole('textbox', { name: 'Words that mean the same (English)' })
  await words.fill('label')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Give at least two words that mean the same').waitFor()
  await words.fill('label\nvignette')
  await dialog.getByRole('textbox', { name: 'Try a question' }).fill('vignette')
  await dialog.getByRole('listitem').filter({ hasText: 'Return label' }).getByText('new').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'articles-synonyms-trying')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved: label and vignette').waitFor()
  await page.getByRole('button', { name: 'label and vignette', exact: true }).click()
  const changing = page.getByRole('dialog', { name: 'Change synonyms' })
  await changing.getByRole('textbox', { name: 'Words that mean the same (English)' }).fill('label, sticker')
  await changing.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved: label and sticker').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByRole('button', { name: 'label and vignette', exact: true }).waitFor()
  await page.getByRole('button', { name: 'As a text …' }).click()
  const text = page.getByRole('dialog', { name: 'As a text …' })
  await text.getByRole('textbox', { name: 'English' }).fill('label, vignette\nalone')
  await text.getByRole('button', { name: 'Add what is new' }).click()
  await text.getByText('Line 2: give at least two words').waitFor()
  await text.getByRole('textbox', { name: 'English' }).fill('label, vignette\ncap, lid')
  await text.getByRole('button', { name: 'Add what is new' }).click()
  await page.getByText('1 group was added').waitFor()
  await page.getByRole('button', { name: 'Remove: cap and lid' }).click()
  await page.getByText('Removed: cap and lid').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByRole('button', { name: 'cap and lid', exact: true }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'articles-synonyms')
})

test('what a customer searched for and read stands beside their request, and what was solved alone on its screen', async () => {
  await workspace.ask(page, 'PUT', '/contact-form', { open: true, intro: {}, topics: [] })
  const make = (path: string, body: object) => workspace.ask<{ id: string }>(page, 'POST', path, body)
  const { id: collectionId } = await make('/article-collections', { titles: { en: 'Printing' } })
  const text = { title: 'Print the label', body: 'On paper.' }
  const { id } = await make('/articles', { collectionId, language: 'en', ...text })
  await workspace.ask(page, 'PUT', `/articles/${id}/translations/en/publication`, { revision: 1 })
  await page.goto(new URL('/app/articles/solved', page.url()).href)
  await page.getByRole('heading', { name: 'Nobody has searched yet' }).waitFor()
  assert.deepEqual(await axe(page), [])

  const guest = await workspace.open('/help/en', { javaScriptEnabled: false })
  await guest.getByRole('searchbox').fill('how do I print the label')
  await guest.getByRole('button', { name: 'Search' }).click()
  await guest.getByRole('link', { name: 'Print the label' }).click()
  await guest.getByRole('heading', { level: 1, name: 'Print the label' }).waitFor()
  await guest.getByRole('link', { name: 'Ask us', exact: true }).first().click()
  await guest.getByLabel('Your e-mail address').fill('nives@mail.example')
  await guest.getByLabel('What happened?').fill('The label does not print.')
  await guest.getByRole('button', { name: 'Send' }).click()
  await guest.waitForURL(/\/requests\/r\//)
  await guest.context().close()
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/tickets?limit=1')
  await page.goto(new URL(`/app/tickets/${items[0]!.id}`, page.url()).href)
  await page.getByRole('heading', { name: 'Already tried' }).waitFor()
  await page.getByText('“how do I print the label”').waitFor()
  await page.getByRole('link', { name: 'Print the label' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'ticket-already-tried')

  await keepEpisodes(id)
  await page.goto(new URL('/app/settings/articles', page.url()).href)
  const [survey] = (await workspace.ask<{ items: { id: string; name: string }[] }>(page, 'GET', '/surveys')).items
  await page.getByRole('combobox', { name: 'Question after an article' }).selectOption({ label: survey!.name })
  await page.getByText('It is saved.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'articles-rules')
  const answer = async (scores: readonly number[], attributes: object) => {
    for (const score of scores) await make('/responses', { survey: survey!.id, score, attributes })
  }
  await answer(
    Array.from({ length: 32 }, (_, n) => (n % 5 === 0 ? 6 : 9)),
    { way: 'article', article: id },
  )
  await answer(
    Array.from({ length: 31 }, (_, n) => (n % 3 === 0 ? 8 : 3)),
    { way: 'article_ticket' },
  )
  await answer([9, 7, 5, 8], { way: 'ticket' })
  await answer([2, 9], {})
  await page.goto(new URL('/app/articles', page.url()).href)
  await page.getByRole('link', { name: 'Solved alone' }).click()
  await page.getByRole('heading', { name: 'Confirmed' }).waitFor()
  await page.getByText('84 of 240, interval 29–41').waitFor()
  await page.getByRole('rowheader', { name: 'Print the label' }).waitFor()
  await page
    .getByRole('row', { name: /^An article only [\d.]+ .* 32 easier, more than noise: [\d.]+ points/ })
    .waitFor()
  await page.getByText('2 more answers of these days do not say what was tried before').waitFor()
  await page.getByRole('row', { name: /^Print the label 40 .* 32 answers$/ }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'solved-alone')
  await page.getByRole('button', { name: 'Asked afterwards' }).click()
  await page.getByRole('columnheader', { name: 'Asked afterwards' }).and(page.locator('[aria-sort]')).waitFor()
})

/** What came of some days: sums, as they are kept. */
async function keepEpisodes(articleId: string): Promise<void> {
  const owner = new pg.Client(workspace.house.database.owner)
  await owner.connect()
  await owner.query(
    `insert into episode_days (workspace_id, day, episodes, confirmed, probable, failed)
     select workspace_id, date '2026-11-01' + n, 20, 7, 6, 2 from workspaces, generate_series(1, 12) n`,
  )
  await owner.query(
    `insert into episode_article_days (workspace_id, day, article_id, readers, solved, failed)
     select workspace_id, date '2026-11-05', id, 40, 14, 5 from articles where id = $1
     union all select workspace_id, date '2026-11-05', gen_random_uuid(), 12, 1, 4 from articles where id = $1`,
    [articleId],
  )
  await owner.end()
}

test('on a phone, in the dark and in Slovenian and Norwegian nothing is cut off', async () => {
  for (const language of ['sl', 'nb'] as const) {
    await workspace.ask(page, 'PATCH', '/me', { language })
    const narrow = await workspace.open('/healthz', {
      viewport: phone,
      colorScheme: 'dark',
      storageState: await page.context().storageState(),
    })
    await go(narrow)
    await narrow.locator('.ar-row').first().waitFor()
    await photograph(narrow, `articles-phone-${language}`)
    assert.equal(await fits(narrow), true)
    assert.deepEqual(await axe(narrow), [])
    for (const part of ['unfound', 'synonyms']) {
      await narrow.goto(new URL(`/app/articles/${part}?language=en`, page.url()).href)
      await narrow.locator('.ar-question').first().waitFor()
      await photograph(narrow, `articles-${part}-phone-${language}`)
      assert.equal(await fits(narrow), true)
      assert.deepEqual(await axe(narrow), [])
    }
    await go(narrow, '/solved')
    await narrow.locator('.in-alone-articles').waitFor()
    await photograph(narrow, `solved-alone-phone-${language}`)
    assert.equal(await fits(narrow), true)
    assert.deepEqual(await axe(narrow), [])
    await narrow.context().close()
  }
  await workspace.ask(page, 'PATCH', '/me', { language: 'en' })
})

test('of very many articles only those of opened collections are read, page by page, and all are searched', async () => {
  const { id } = await workspace.ask<Collection>(page, 'POST', '/article-collections', { titles: { en: 'Archive' } })
  const sql = new pg.Client(workspace.house.database.owner)
  await sql.connect()
  await sql.query(
    `insert into articles (workspace_id, id, collection_id, slug, position, main_language, created_at, updated_at)
     select workspace_id, gen_random_uuid(), id, 'old-' || n, n - 1, 'en', now(), now()
     from article_collections, generate_series(1, 450) n where id = $1`,
    [id],
  )
  await sql.query(
    `insert into article_translations (workspace_id, article_id, language, title, summary, body, edited_at)
     select workspace_id, id, 'en', 'Old answer ' || position + 1, '', 'x', now() from articles where collection_id = $1`,
    [id],
  )
  await sql.end()
  await go(page)
  const archive = page.getByRole('button', { name: 'Archive', expanded: false })
  await archive.waitFor()
  assert.equal(await page.locator('.ar-row').count(), 0)
  await archive.click()
  await page.getByText('Old answer 50', { exact: true }).waitFor()
  assert.equal(await page.locator('.ar-row').count(), 50)
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText('Old answer 100', { exact: true }).waitFor()
  assert.equal(await page.locator('.ar-row').count(), 100)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'articles-many')
  await page.getByRole('searchbox').fill('answer 449')
  await page.getByText('1 article fits').waitFor()
  assert.deepEqual(await titles(page), ['Old answer 449'])
  await page.getByRole('searchbox').fill('old')
  await page.getByText('The first 50 articles that fit').waitFor()
})

// A collection without a title is refused with a 400, which the browser notes.
test('no console complained', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !one.includes('400 (Bad Request)')),
    [],
  ))
