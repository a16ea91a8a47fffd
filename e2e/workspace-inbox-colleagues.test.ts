import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { joinMany } from '../apps/server/src/testing/many-members.ts'
import { axe, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// A desk with more members than any list shows: whoever is meant is found as one types, wherever somebody is chosen.

let workspace: Workspace
let page: Page
let ticket: { id: string; number: number }
let ids: string[]
const last = 'Žiga Đurić-Zajc'

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const me = await ask<{ workspace: { id: string } }>('GET', '/me')
  const colleagues = Array.from({ length: 250 }, (_, place) => `Colleague ${place + 1}`)
  ids = await joinMany(workspace.house, me.workspace.id, [...colleagues, last])
  ticket = await ask('POST', '/tickets', { subject: 'Zip', text: 'It broke.', from: { address: 'ana@kupec.example' } })
})
after(() => workspace.close())

const ask = <T>(method: string, path: string, body?: unknown) => workspace.ask<T>(page, method, path, body)
const go = async (path: string) => {
  await page.goto(new URL(`/app/${path}`, page.url()).href)
  await page.locator('h1').waitFor()
}
const dialog = () => page.getByRole('dialog')

test('an owner is found by the beginning of any name, without accents', async () => {
  await go(`tickets/${ticket.id}`)
  await page.locator('.in-message').waitFor()
  await page.keyboard.press('a')
  await dialog().getByText('Colleague 19', { exact: true }).waitFor()
  assert.equal(await dialog().locator('.sh-option').first().innerText(), 'Maja Kranjc\nyou')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-many-members')
  await dialog().getByRole('button', { name: 'More members' }).click()
  await dialog().getByText('Colleague 39', { exact: true }).waitFor()
  await dialog().getByRole('textbox').fill('djuric')
  await dialog().getByText('Nothing here is called “djuric”.').waitFor()
  // Enter comes before the answer does, and takes nobody who was found before.
  await dialog().getByRole('textbox').fill('zajc')
  await page.keyboard.press('Enter')
  await page.getByText(`Maja Kranjc assigned it to ${last}`).waitFor()
  await go(`tickets/${ticket.id}`)
  await page.getByText(`Maja Kranjc assigned it to ${last}`).waitFor()
})

test('a list is narrowed to whose it is, and says so', async () => {
  await go('tickets?view=all')
  await page.getByRole('button', { name: /^Order and narrow/ }).click()
  await page.getByRole('button', { name: 'Another member …' }).click()
  await dialog().getByRole('textbox').fill('ziga')
  await dialog().getByText(last).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: `Show more than ${last}` }).waitFor()
  await page.locator('.in-ticket').waitFor()
  await page.keyboard.press('l')
  await dialog()
    .getByRole('button', { name: `Value: ${last}` })
    .click()
  const find = dialog().getByLabel('Find a member')
  await find.fill('colleague 25')
  await dialog().getByRole('checkbox', { name: 'Colleague 250' }).click()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-condition-members')
  await page.keyboard.press('Escape')
  await dialog().getByRole('button', { name: 'Show', exact: true }).click()
  await page.getByRole('button', { name: `Show more than ${last} or Colleague 250` }).waitFor()
})

test('whoever is mentioned is found, and told', async () => {
  await go(`tickets/${ticket.id}`)
  await page.locator('.in-message').waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type('Look. @colleague 249')
  await page.locator('.in-suggestions').getByRole('button', { name: 'Colleague 249' }).waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  await page.locator('.in-message').nth(1).waitFor()
  const found = await ask<{ items: unknown[] }>('GET', `/tickets?where=mentioned:any:${ids[248]}`)
  assert.equal(found.items.length, 1)
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
