import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// From the library to a question that is asked, and what an edit of it means.

let workspace: Workspace
let page: Page
let address: string

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

const go = async (path: string) => {
  await page.goto(new URL(path, page.url()).href)
  await page.locator('main h1').waitFor()
}
type Seen = { key: string; url: string; versions: { version: number; wording: number }[] }
const survey = () => workspace.ask<Seen>(page, 'GET', `/surveys/${address.split('/').at(-1)}`)

test('a question out of the library, with its source, becomes a survey', async () => {
  await go('/app/surveys/new')
  const item = page.getByRole('listitem').filter({ hasText: 'How easy was it to get what you needed on the phone?' })
  assert.match(await item.innerText(), /Source: .*Dixon/)
  assert.deepEqual(await axe(page), [])
  await item.getByRole('button').click()
  await page.waitForURL(/\/surveys\/[0-9a-f-]{36}$/)
  address = new URL(page.url()).pathname
  await page.getByText('Draft', { exact: true }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'builder')
})

test('what is written is kept a moment later and seen at once', async () => {
  await page.getByLabel('What you ask').fill('How easy was our call?')
  const preview = page.getByRole('complementary', { name: 'Preview' })
  await preview.getByRole('heading', { name: 'How easy was our call?' }).waitFor()
  await preview.getByRole('radio', { name: '2', exact: true }).check()
  await preview.getByText('What made it hard?').waitFor()
  await preview.getByRole('button', { name: 'Send' }).click()
  await preview.getByRole('button', { name: 'Back' }).click()
  await page.getByText(/Draft of version 1, saved/).waitFor()
  await page.reload()
  assert.equal(await page.getByLabel('What you ask').inputValue(), 'How easy was our call?')
})

test('reasons are added, put in order by the arrow keys, removed and taken back', async () => {
  const reasons = page.getByRole('textbox', { name: /^Choice/ })
  const before = await reasons.evaluateAll((all) =>
    all.slice(0, 2).map((one) => (one as unknown as { value: string }).value),
  )
  await page
    .getByRole('button', { name: `Move: ${before[0]}` })
    .first()
    .focus()
  await page.keyboard.press('ArrowDown')
  assert.equal(await reasons.nth(1).inputValue(), before[0])
  await page.keyboard.press('ArrowUp')
  assert.equal(await reasons.nth(0).inputValue(), before[0])
  await page
    .getByRole('button', { name: `Remove: ${before[0]}` })
    .first()
    .click()
  assert.equal(await reasons.nth(0).inputValue(), before[1])
  await page.getByRole('button', { name: 'Undo' }).click()
  assert.equal(await reasons.nth(0).inputValue(), before[0])
  await page.getByRole('button', { name: 'Add a reason' }).first().click()
  await page.keyboard.type('The line was bad')
  await page.getByText(/Draft of version 1, saved/).waitFor()
})

test('a language that lacks a text says so, and holds back the version', async () => {
  const norwegian = page.getByRole('tab', { name: /Norsk/ })
  assert.match(await norwegian.innerText(), /1 missing/)
  await page.getByRole('button', { name: 'Publish and ask' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Norwegian: 1 text').waitFor()
  assert.equal(await dialog.getByRole('button', { name: 'Publish and ask' }).isDisabled(), true)
  assert.deepEqual(await axe(page), [])
  await page.keyboard.press('Escape')
  for (const [tab, words] of [
    [/Norsk/, 'Linjen var dårlig'],
    [/Slovenščina/, 'Zveza je bila slaba'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByPlaceholder('The line was bad').fill(words)
  }
  await page.getByRole('button', { name: 'Publish and ask' }).click()
  await dialog.getByRole('button', { name: 'Publish and ask' }).click()
  await page.getByText(/Asking since/).waitFor()
})

test('another wording is said to be one, and the same question only when it is declared', async () => {
  const { key } = await survey()
  await workspace.ask(page, 'POST', '/responses', { survey: key, score: 9 })
  await page.getByRole('tab', { name: 'English' }).click()
  await page.getByLabel('What you ask').fill('How easy was your call with us?')
  await page.getByRole('button', { name: 'Use version 2' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/its answers begin a new wording/).waitFor()
  await dialog.getByRole('checkbox', { name: 'It is the same question' }).check()
  await dialog.getByRole('button', { name: 'Use version 2' }).click()
  await dialog.waitFor({ state: 'detached' })
  const { versions } = await survey()
  assert.deepEqual(versions.map(({ version, wording }) => [version, wording]).toSorted(), [
    [1, 1],
    [2, 1],
  ])
})

test('the rule stands in sight, and changing it can be taken back', async () => {
  await page.getByLabel('easy from').selectOption('9')
  await page.getByText('Every figure is read by the new rule.').waitFor()
  await page.getByText('easy, 9–10 of 10').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByText('easy, 8–10 of 10').waitFor()
})

test('link, code and mail are there to be copied', async () => {
  await page.getByRole('link', { name: 'Ask', exact: true }).click()
  const { url } = await survey()
  assert.equal(await page.getByRole('textbox', { name: 'Link' }).inputValue(), url)
  await page.getByRole('img', { name: 'Code that opens the question on a phone' }).waitFor()
  await page.getByLabel('Program').selectOption('zendesk')
  await page.getByText('{{ticket.id}}', { exact: true }).waitFor()
  assert.match(await page.getByLabel('As HTML').inputValue(), /ticket\.id/)
  assert.deepEqual(await axe(page), [])
})

test('pausing is said on the page, and taken back with one press', async () => {
  await page.getByRole('button', { name: 'More to do with this survey' }).click()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('The survey is paused: its page says so and takes no answers.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByText(/Asking since/).waitFor()
})

test('what is around the questions is changed in one go', async () => {
  await page.getByRole('link', { name: 'About' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('After a call')
  await page.getByRole('checkbox', { name: 'Topic' }).uncheck()
  await page.getByText('2 changes').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'After a call' }).waitFor()
  await workspace.house.jobs.settle()
})

test('on a phone nothing is cut off', async () => {
  const narrow = await workspace.open('/healthz', {
    viewport: phone,
    storageState: await page.context().storageState(),
  })
  for (const part of ['', '?part=ask', '?part=about', '/import']) {
    await narrow.goto(new URL(address + part, page.url()).href)
    await narrow.locator('main h1').waitFor()
    await narrow.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, part)
    assert.deepEqual(await axe(narrow), [])
  }
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
