import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { axe, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Old answers out of a file: seen first, then counted, and taken back.

let workspace: Workspace
let page: Page

const file = [
  'Datum;Ocena;Kanal;Opomba',
  '3.11.2026;9;chat;Hitro in jasno',
  '4.11.2026;2;telefon;"Čakala sem; trikrat"',
  '5.11.2026;11;chat;',
  '6.11.2026;10;chat;',
  '7.11.2026;;chat;',
].join('\n')

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  await page.goto(new URL(`/app/surveys/${items[0]?.id}/import`, page.url()).href)
})
after(() => workspace.close())

/** Presses a button, and does the work that the server then has to do. */
async function press(name: string): Promise<void> {
  const asked = page.waitForResponse((reply) => reply.request().method() !== 'GET')
  await page.getByRole('button', { name }).click()
  await asked
  await workspace.house.jobs.settle()
}

test('columns are guessed, and can be put right', async () => {
  await page.getByText('Choose a file, or drop it here').waitFor()
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'stari-odgovori.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await page.getByRole('heading', { name: 'What is in the columns?' }).waitFor()
  assert.equal(await page.getByLabel('What Ocena is').inputValue(), 'score')
  assert.equal(await page.getByLabel('What Datum is').inputValue(), 'answeredAt')
  await page.getByLabel('What Opomba is').selectOption('comment')
  await page.getByLabel('What Kanal is').selectOption('attribute')
  assert.deepEqual(await axe(page), [])
})

test('a dry run shows what would count and why the rest would not', async () => {
  await press('Dry run')
  await page.getByRole('heading', { name: '3 of 5 rows would count' }).waitFor()
  const unanswered = page.locator('.stat', { hasText: 'Without a score' })
  assert.match(await unanswered.innerText(), /1$/)
  const refused = page.getByRole('row', { name: /11/ })
  assert.match(await refused.innerText(), /4/)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'import-checked')
})

test('the answers are brought in, counted on their own days, and taken back', async () => {
  await press('Bring in 3 answers')
  await page.getByText('3 answers are in.').waitFor()
  assert.deepEqual(await axe(page), [])
  const report = () =>
    workspace.ask<{ summary: { n: number } }>(page, 'GET', '/insight/effort?period=month&at=2026-11-05')
  assert.equal((await report()).summary.n, 3)
  await press('Take all of it back')
  await page.getByText('None of its answers count.').waitFor()
  assert.equal((await report()).summary.n, 0)
  await press('Bring it in again')
  await page.getByText('3 answers are in.').waitFor()
  assert.equal((await report()).summary.n, 3)
})

test('an import that broke off says why, and goes on or is taken back', async () => {
  const { house } = workspace
  const owner = new pg.Client(house.database.owner)
  await owner.connect()
  const broken = `update imports set state = 'failed', error = '{"code": "importing.given_up"}' where state = 'done'`
  try {
    await owner.query(broken)
    await page.reload()
    await page.getByText('Lahko tried many times').waitFor()
    assert.deepEqual(await axe(page), [])
    await photograph(page, 'import-broken-off')
    await press('Bring it in again')
    await page.getByText('3 answers are in.').waitFor()
    await owner.query(broken)
    await page.reload()
    await press('Take all of it back')
    await page.getByText('None of its answers count.').waitFor()
  } finally {
    await owner.end()
  }
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
