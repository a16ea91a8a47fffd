import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// From the desk to the knowledge base and back: an article goes into a reply, a reply becomes an article, what is
// missing is reported, a colleague reviews it, and readers say whether it helped.

let workspace: Workspace
let page: Page
let ticket: string
let articleId: string
let colleague: Page

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

test('what no article says is reported with one line, and an editor writes it from the ticket’s words', async () => {
  await page.getByRole('button', { name: 'Insert an article' }).click()
  const insert = page.getByRole('dialog', { name: 'Insert an article' })
  await insert.getByRole('button', { name: 'An article is missing or wrong …' }).click()
  const dialog = page.getByRole('dialog', { name: 'An article is missing or wrong …' })
  await dialog.getByRole('radio', { name: 'An article says it wrong' }).check()
  await dialog
    .getByRole('combobox', { name: 'Which article' })
    .getByRole('option')
    .nth(1)
    .waitFor({ state: 'attached' })
  assert.deepEqual(await axe(page), [])
  await dialog.getByRole('radio', { name: 'No article says it' }).check()
  await dialog.getByRole('textbox', { name: 'What is missing or wrong' }).fill('Who pays for the parcel?')
  await page.keyboard.press('Enter')
  await page.getByText('It is in the list of what is missing.').waitFor()
  await page.goto(new URL('/app/articles/gaps', page.url()).href)
  const gap = page.getByRole('listitem').filter({ hasText: 'Who pays for the parcel?' })
  await gap.getByRole('link', { name: 'Ticket #1' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-gaps')
  await gap.getByRole('button', { name: 'Dismiss' }).click()
  await page.getByRole('heading', { name: 'Nothing is missing' }).waitFor()
  await page.keyboard.press('z')
  await gap.getByRole('button', { name: 'Write it …' }).click()
  await page.getByRole('dialog', { name: 'New article' }).getByRole('button', { name: 'Write', exact: true }).click()
  await page.waitForURL(/\/app\/articles\/[0-9a-f-]{36}\/en$/)
  await page.locator('.ae-rich').getByText('Who pays for the parcel?').waitFor()
  const { items } = await ask<{ items: { article: { title: string } }[] }>('GET', '/article-gaps?state=closed')
  assert.equal(items[0]!.article.title, 'How long may I send it back?')
})

test('a colleague is asked, sees at the bell what differs, and sends it back with a note', async () => {
  const { url } = await ask<{ url: string }>('POST', '/member-links', { role: 'agent' })
  colleague = await workspace.open('/healthz')
  const { origin, pathname } = new URL(url)
  await colleague.request.post(`${origin}/api/v1/member-links/${pathname.split('/').at(-1)}/acceptance`, {
    data: { name: 'Bor Bregar', email: 'bor@example.com', password: 'three lakes and a hill', language: 'en' },
  })
  await ask('PUT', '/article-rules', { approvalNeeded: true })
  const draft = { title: 'How long may I send it back?', body: 'You have **60 days** from receipt.', revision: 1 }
  await ask('PUT', `/articles/${articleId}/translations/en`, draft)
  await page.goto(new URL(`/app/articles/${articleId}/en`, page.url()).href)
  await page.getByRole('button', { name: 'Ask for a review …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Review' })
  await dialog.getByRole('button', { name: 'Who looks at it' }).click()
  await page.getByLabel('Find a member').fill('bre')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Who looks at it: Bor Bregar' }).waitFor()
  await dialog.getByRole('textbox', { name: 'What they should know' }).fill('Is it 60 now?')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-review-ask')
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('waits for a review').waitFor()
  await colleague.goto(`${origin}/app/articles?filter=toReview`)
  await colleague.getByText('1 article fits').waitFor()
  await colleague.getByText('waits for your review').waitFor()
  await photograph(colleague, 'article-review-mine')
  await colleague.goto(`${origin}/app/notices`)
  await colleague.getByRole('link', { name: 'Maja Kranjc asks you to look at an article' }).click()
  const decide = colleague.getByRole('dialog', { name: 'Review' })
  await decide.locator('ins').getByText('60').waitFor()
  await decide.getByText('Is it 60 now?').first().waitFor()
  assert.deepEqual(await axe(colleague), [])
  await photograph(colleague, 'article-review-decide')
  await decide.getByRole('button', { name: 'Send back' }).click()
  await decide.getByText('Say what is to be changed.').first().waitFor()
  await decide.getByRole('textbox', { name: 'Your answer' }).fill('It is 45.')
  await decide.getByRole('button', { name: 'Send back' }).click()
  await decide.waitFor({ state: 'detached' })
  await page.getByText('Bor Bregar sent it back.').first().waitFor()
  await page.getByText('It is 45.').first().waitFor()
  await photograph(page, 'article-review-returned')
})

test('an approval lets it be published, and a change makes it void, which is said', async () => {
  const path = `/articles/${articleId}/translations/en`
  const draft = { title: 'How long may I send it back?', body: 'You have **45 days** from receipt.' }
  await ask('PUT', path, { ...draft, revision: 2 })
  const approve = (revision: number) =>
    workspace.ask(colleague, 'PUT', `${path}/review`, { outcome: 'approved', revision })
  const bor = (await ask<{ items: { id: string; name: string }[] }>('GET', '/members')).items.find(
    ({ name }) => name === 'Bor Bregar',
  )!.id
  await ask('POST', `${path}/reviews`, { revision: 3, reviewerId: bor })
  await approve(3)
  await page.getByText('approved', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Publish changes' }).waitFor()
  await ask('PUT', path, { ...draft, body: 'You have 45 days.', revision: 3 })
  await page.getByText('approval void', { exact: true }).waitFor()
  await page.getByText('The approval is void: Bor Bregar approved it').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-review-void')
  await ask('PUT', '/article-rules', { approvalNeeded: false })
})

test('what is due is said, and one press says that it is still right', async () => {
  await ask('PATCH', `/articles/${articleId}`, { reviewMonths: 6, reviewOn: '2026-01-01' })
  await page.getByText('It was to be looked at again on').waitFor()
  await page.getByRole('button', { name: 'Still right' }).click()
  await page.getByText('It is looked at again on').waitFor()
  await page.getByText('It was to be looked at again on').waitFor({ state: 'detached' })
})

test('readers’ votes stand at the article with their interval, and a comment is dealt with', async () => {
  await readerSays('no', 'And for a gift?')
  await readerSays('yes')
  await page.goto(new URL('/app/articles/votes', page.url()).href)
  await page.getByText('by 2 votes').waitFor()
  await page.getByText('1 comment to deal with').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-ratings')
  await page.getByRole('button', { name: 'Open comments' }).click()
  await page.getByText('And for a gift?').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-comments')
  await page.getByLabel('Reason').selectOption({ label: 'not clear' })
  await page.getByText('No such comment.').waitFor()
  await page.getByLabel('Reason').selectOption({ label: 'any' })
  await page.getByLabel('Language').selectOption({ label: 'English' })
  await page.getByRole('button', { name: 'One article …' }).click()
  await page.getByRole('dialog').locator('.in-option').first().click()
  await page.getByRole('button', { name: 'All articles' }).click()
  await page.getByText('And for a gift?').waitFor()
  await page.getByRole('button', { name: 'By article' }).click()
  await page.getByRole('link', { name: 'How long may I send it back?' }).click()
  const dialog = page.getByRole('dialog', { name: 'What readers say' })
  await dialog.getByText('And for a gift?').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-votes')
  await dialog.getByRole('button', { name: 'Dealt with' }).click()
  await dialog.getByText('No comment waits.').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

/** What somebody says on the article's page, as its form does. */
async function readerSays(helpful: 'yes' | 'no', comment?: string): Promise<void> {
  // Within some seconds the same browser says it anew.
  workspace.house.clock.advance(20_000)
  const path = new URL('/help/en/how-long-may-i-send-it-back', page.url()).href
  const reader = await workspace.open('/healthz')
  await reader.goto(path)
  await reader.locator(`button[name="helpful"][value="${helpful}"]`).click()
  if (comment) {
    await reader.locator('textarea[name="comment"]').fill(comment)
    await reader.locator('main form button').first().click()
    await reader.locator('textarea[name="comment"]').waitFor({ state: 'detached' })
  }
  await reader.context().close()
}

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
    for (const [name, path] of [
      ['gaps', '/articles/gaps'],
      ['ratings', '/articles/votes'],
      ['comments', '/articles/votes?show=comments'],
      ['votes', `/articles/${articleId}/en?show=votes`],
      ['review', `/articles/${articleId}/en?show=review`],
      ['rules', '/settings/articles'],
    ] as const) {
      await narrow.goto(new URL(`/app${path}`, page.url()).href)
      await narrow
        .locator(path.includes('/en?show') ? 'dialog .segments, dialog form' : 'main .tabs, .se-form .choice')
        .first()
        .waitFor()
      assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, name)
      assert.deepEqual(await axe(narrow), [], name)
      await photograph(narrow, `article-${name}-phone-${language}`)
    }
    await narrow.context().close()
  }
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
