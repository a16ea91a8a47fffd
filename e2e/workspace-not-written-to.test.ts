import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Addresses that are not written to: added, found, and taken off the list.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

const go = async (on: Page) => {
  await on.goto(new URL('/app/settings/not-written-to', page.url()).href)
  await on.getByRole('heading', { level: 1 }).waitFor()
}

test('an empty list says what belongs there; one address is added by hand', async () => {
  await go(page)
  await page.getByRole('heading', { name: 'Nobody is left out' }).waitFor()
  await page.getByRole('textbox', { name: 'Write no more to' }).fill('Ana@Kupec.example')
  await page.getByRole('button', { name: 'Write to it no more' }).click()
  await page.getByText('ana@kupec.example').waitFor()
  await page.locator('.row', { hasText: 'added by hand' }).waitFor()
  assert.deepEqual(await axe(page), [])
})

test('many come from a file with the reason that is known of them, and what is no address is told', async () => {
  const rows = Array.from({ length: 60 }, (_, number) => `"Customer ${number}";n${number}@kunde.example`)
  const buffer = Buffer.from(`Name;E-mail\r\n${rows.join('\r\n')}\r\nBor;bor@`)
  await page.getByLabel('From a file').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer })
  await page.getByText('One is no address and is left out: bor@').waitFor()
  const why = page.locator('form').getByLabel('Why')
  assert.equal(await why.inputValue(), 'imported')
  await why.selectOption('complained')
  await page.getByRole('button', { name: 'Write to 60 addresses no more' }).click()
  await page.getByText('60 addresses are on the list now.').waitFor()
  const { items } = await workspace.ask<{ items: { reason: string }[] }>(page, 'GET', '/suppressions?limit=200')
  assert.deepEqual([items.length, items.filter(({ reason }) => reason === 'complained').length], [61, 60])
  await photograph(page, 'not-written-to')
})

test('the list is looked through, and who is taken off it can be put back', async () => {
  await page.getByLabel('Why').selectOption('by_hand')
  await page.getByText('ana@kupec.example').waitFor()
  await page.locator('.row').nth(1).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Write again to ana@kupec.example' }).click()
  await page.getByText('No such address is on the list.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.locator('.row', { hasText: 'ana@kupec.example' }).waitFor()
  await page.getByLabel('Why').selectOption('')
  await page.getByRole('searchbox', { name: 'How the address begins' }).fill('n5')
  await page.locator('.row').nth(11).waitFor({ state: 'detached' })
  await page.getByText('n59@kunde.example').waitFor()
  assert.equal(await page.locator('.row').count(), 11)
})

test('on a phone, in the dark and in Slovenian nothing is cut off', async () => {
  await workspace.ask(page, 'PATCH', '/me', { language: 'sl' })
  const narrow = await workspace.open('/healthz', {
    viewport: phone,
    colorScheme: 'dark',
    storageState: await page.context().storageState(),
  })
  await go(narrow)
  await narrow.locator('.row').first().waitFor()
  assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  assert.deepEqual(await axe(narrow), [])
  await photograph(narrow, 'not-written-to-phone')
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
