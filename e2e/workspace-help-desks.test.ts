import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, desktop, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Addresses that help desks of other makers send their solved tickets to.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  await page.goto(new URL('/app/settings/help-desks', page.url()).href)
  await page.getByText('No help desk sends anything yet').waitFor()
})
after(() => workspace.close())

const make = async (system: string, name: string) => {
  await page.getByRole('button', { name: 'New address' }).first().click()
  await page.getByLabel('Help desk').selectOption(system)
  await page.getByLabel('What it is for').fill(name)
  await page.getByRole('button', { name: 'Make the address' }).click()
  return page.getByRole('dialog')
}

test('an address is made with a secret that is shown once, and takes what is signed with it', async () => {
  assert.deepEqual(await axe(page), [])
  const dialog = await make('freshdesk', 'Support')
  const secret = await dialog.getByLabel('Secret').inputValue()
  const address = await dialog.getByLabel('Address').inputValue()
  assert.match(address, /\/api\/v1\/inbound\/freshdesk\/[0-9a-f-]{36}$/)
  assert.deepEqual(await axe(page), [])
  const body = { freshdesk_webhook: { ticket_id: 1, ticket_status: 'Resolved' } }
  const status = await page.evaluate(
    async ([url, token, text]) => {
      const headers = { 'x-lahko-token': token, 'content-type': 'application/json' }
      return (await fetch(new URL(url).pathname, { method: 'POST', headers, body: text })).status
    },
    [address, secret, JSON.stringify(body)] as const,
  )
  assert.equal(status, 200)
  await dialog.getByRole('button', { name: 'I have it' }).click()
  await page.reload()
  await page.getByText('Last received').waitFor()
  assert.ok(!(await page.content()).includes(secret))
  const again = { ...body.freshdesk_webhook, ticket_id: 2, ticket_status: 'Waiting on Customer' }
  for (let sent = 0; sent < 21; sent++) {
    await page.evaluate(
      async ([url, token, text]) => {
        const headers = { 'x-lahko-token': token, 'content-type': 'application/json' }
        await fetch(new URL(url).pathname, { method: 'POST', headers, body: text })
      },
      [address, secret, JSON.stringify({ freshdesk_webhook: again })] as const,
    )
  }
  await page.getByRole('button', { name: 'Not taken' }).click()
  const untaken = dialog.getByText('Its ticket is neither solved nor opened again.')
  await untaken.first().waitFor()
  await dialog.getByText('freshdesk:2 · Waiting on Customer').first().waitFor()
  assert.equal(await untaken.count(), 20)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'untaken-deliveries')
  await dialog.getByRole('button', { name: 'Show more' }).click()
  await untaken.nth(20).waitFor()
  await page.keyboard.press('Escape')
})

test('Zendesk tells its own secret, and a removed address is gone', async () => {
  const dialog = await make('zendesk', 'Zendesk of the shop')
  await dialog.getByText(/give its signing secret here/).waitFor()
  await dialog.getByRole('button', { name: 'I have it' }).click()
  const row = page.locator('.tp-hook').filter({ hasText: 'Zendesk of the shop' })
  await row.getByText('Nothing is taken until its secret is given.').waitFor()
  await row.getByRole('button', { name: 'Give the secret' }).click()
  await dialog.getByLabel('Secret').fill('dGhpc19zZWNyZXQ=')
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await row.getByText('Nothing received yet.').waitFor()
  await photograph(page, 'help-desks')
  await row.getByRole('button', { name: 'Remove' }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await row.waitFor({ state: 'detached' })
})

test('a new secret ends the old one', async () => {
  await page.getByRole('button', { name: 'New secret' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Make a new secret' }).click()
  assert.ok((await dialog.getByLabel('Secret').inputValue()).length >= 32)
  await dialog.getByRole('button', { name: 'I have it' }).click()
})

test('on a phone, in the dark, nothing is cut off', async () => {
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'help-desks-at-320-px-in-the-dark')
  await page.setViewportSize(desktop)
})

for (const language of ['sl', 'nb'] as const)
  test(`it is read in ${language}`, async () => {
    await workspace.ask(page, 'PATCH', '/me', { language })
    await page.reload()
    await page.locator('.tp-hook').waitFor()
    assert.doesNotMatch(await page.locator('main').innerText(), /Help desk|address|secret/)
  })

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
