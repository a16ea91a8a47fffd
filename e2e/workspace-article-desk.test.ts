import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// From the desk to the knowledge base and back: an article goes into a reply, a reply becomes an article.

let workspace: Workspace
let page: Page
let ticket: string
let articleId: string

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const from = { name: 'Nives Oblak', address: 'nives@example.com' }
  const begun = { by: 'customer', subject: 'How long may I send it back?', text: 'The zip is torn.', from }
  ticket = (await ask<{ id: string }>('POST', '/tickets', begun)).id
})
after(() => workspace.close())

const ask = <T>(method: string, path: string, body?: unknown) => workspace.ask<T>(page, method, path, body)
const until = async (is: () => Promise<boolean>) => {
  while (!(await is())) await page.waitForTimeout(50)
}
const go = async (on: Page) => {
  await on.goto(new URL(`/app/tickets/${ticket}?view=all`, page.url()).href)
  await on.getByRole('textbox', { name: 'Your reply' }).waitFor()
}

test('without a collection an article cannot begin, and the next step is offered', async () => {
  await go(page)
  await page.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('button', { name: 'Write an article from it …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Write an article from it …' })
  await dialog.getByText('An article stands in a collection, and there is none yet.').waitFor()
  assert.deepEqual(await axe(page), [])
  await dialog.getByRole('link', { name: 'Make the first collection' }).click()
  await page.getByRole('heading', { name: 'No articles yet' }).waitFor()
  await ask('POST', '/article-collections', { titles: { en: 'Returns' } })
})

test('what an agent answered last becomes the draft of an article, with the subject as its title', async () => {
  await ask('POST', `/tickets/${ticket}/messages`, { kind: 'reply', text: 'You have **30 days** from receipt.' })
  await go(page)
  await page.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('button', { name: 'Write an article from it …' }).click()
  const dialog = page.getByRole('dialog', { name: 'New article' })
  assert.equal(await dialog.getByRole('textbox', { name: 'Title' }).inputValue(), 'How long may I send it back?')
  await dialog.getByRole('button', { name: 'Write', exact: true }).click()
  await page.waitForURL(/\/app\/articles\/[0-9a-f-]{36}\/en$/)
  await page.locator('.ae-rich strong').getByText('30 days').waitFor()
  articleId = /articles\/([0-9a-f-]{36})/.exec(page.url())![1]!
  await ask('PUT', `/articles/${articleId}/translations/en/publication`, { revision: 1 })
})

const link = () => `[How long may I send it back?](${new URL('/help/en/how-long-may-i-send-it-back', page.url()).href})`

test('a slash and a word bring the article, and its title and link go into the reply', async () => {
  await go(page)
  const reply = page.getByRole('textbox', { name: 'Your reply' })
  await reply.click()
  await page.keyboard.type('See /send back')
  await page
    .getByRole('region', { name: 'Macros and articles' })
    .getByRole('button', { name: /How long/ })
    .waitFor()
  await photograph(page, 'article-slash')
  await page.keyboard.press('Enter')
  await until(async () => (await reply.inputValue()).includes(']('))
  assert.equal(await reply.inputValue(), `See ${link()}`)
})

test('a key finds what fits the subject, without a word typed', async () => {
  const reply = page.getByRole('textbox', { name: 'Your reply' })
  await reply.fill('')
  await page.locator('.in-side h2').first().click()
  await page.keyboard.press('i')
  const dialog = page.getByRole('dialog', { name: 'Insert an article' })
  await dialog.getByRole('button', { name: /How long may I send it back/ }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-insert')
  await page.keyboard.press('Enter')
  await until(async () => (await reply.inputValue()) !== '')
  assert.equal(await reply.inputValue(), link())
  await page.getByRole('button', { name: 'Insert an article' }).click()
  await dialog.getByRole('textbox').fill('kangaroo')
  await dialog.getByText('No published article fits.').waitFor()
  await page.keyboard.press('Escape')
})

test('on a phone, in the dark and in Slovenian and Norwegian nothing is cut off', async () => {
  const names = { sl: 'Vstavi članek', nb: 'Sett inn en artikkel' }
  for (const language of ['sl', 'nb'] as const) {
    await ask('PATCH', '/me', { language })
    const narrow = await workspace.open('/healthz', {
      viewport: phone,
      colorScheme: 'dark',
      storageState: await page.context().storageState(),
    })
    await narrow.goto(new URL(`/app/tickets/${ticket}?view=all`, page.url()).href)
    await narrow.getByRole('button', { name: names[language] }).click()
    await narrow.getByRole('dialog').waitFor()
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    assert.deepEqual(await axe(narrow), [])
    await photograph(narrow, `article-insert-phone-${language}`)
    await narrow.context().close()
  }
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
