import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, desktop, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Customers out of a file: looked at first, then counted, then taken in.

let workspace: Workspace
let page: Page

const file = [
  'Šifra;E-pošta;Ime;Podjetje;Opomba;Telefon',
  'k-1;ana@kupec.example;Ana;Triglav;rada kliče;',
  'k-2;bor@kupec.example;Bor;;;040 123 456',
  'k-3;ni naslov;Cene;;;',
].join('\n')

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

/** Presses a button, and does the work that the server then has to do. */
async function press(name: string): Promise<void> {
  const asked = page.waitForResponse((reply) => reply.request().method() !== 'GET')
  await page.getByRole('button', { name }).click()
  await asked
  await workspace.house.jobs.settle()
}

async function fits(): Promise<void> {
  await page.setViewportSize(phone)
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
}

test('columns are guessed by their headings, and can be put right', async () => {
  await page.goto(new URL('/app/customers', page.url()).href)
  await page.getByRole('link', { name: 'Customers by file' }).click()
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'stranke.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await page.getByRole('heading', { name: 'What is in the columns?' }).waitFor()
  assert.equal(await page.getByLabel('What E-pošta is').inputValue(), 'email')
  assert.equal(await page.getByLabel('What Podjetje is').inputValue(), 'organisation')
  assert.equal(await page.getByLabel('What Opomba is').inputValue(), '')
  await page.getByLabel('What Šifra is').selectOption('externalId')
  assert.deepEqual(await axe(page), [])
  await fits()
  await photograph(page, 'customer-import-columns-phone')
  await page.setViewportSize(desktop)
})

test('a dry run says what would become of the rows, and the run does that', async () => {
  await press('Dry run')
  await page.getByRole('heading', { name: '3 rows, and what they would become' }).waitFor()
  assert.match(await page.getByRole('row', { name: /ni naslov/ }).innerText(), /4/)
  await page.getByRole('heading', { name: '1 row comes in without this value' }).waitFor()
  assert.match(await page.getByRole('row', { name: /040 123 456/ }).innerText(), /3/)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'customer-import')
  await fits()
  await page.setViewportSize(desktop)
  await press('Take them in')
  await page.getByText('2 new customers, 0 changed').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('link', { name: 'To the customers' }).click()
  await page.getByRole('link', { name: 'Ana' }).waitFor()
  assert.deepEqual(workspace.complaints, [])
})

test('a file that breaks off says in which line, and the mended one is uploaded from there', async () => {
  await page.goto(new URL('/app/customers/import', page.url()).href)
  const broken = 'email,name\nana@file.example,Ana\nbor@file.example,"Bor\n'
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from(broken) })
  await page.getByRole('heading', { name: 'What is in the columns?' }).waitFor()
  await press('Dry run')
  await page.getByText('A quotation mark that opens on line 3 never closes.').waitFor()
  assert.equal(await page.getByText('Refused').count(), 0)
  assert.deepEqual(await axe(page), [])
  await page.getByRole('link', { name: 'Upload the mended file' }).click()
  await page.locator('input[type="file"]').waitFor({ state: 'attached' })
})
