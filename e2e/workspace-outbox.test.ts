import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { insertExampleInvitation } from '../apps/server/src/modules/surveys/example-invitations.ts'
import { axe, openPage, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Without a mail server: what Lahko writes is read in the workspace.

let workspace: Workspace
let sql: pg.Client
let page: Page

before(async () => {
  workspace = await openWorkspace()
  sql = new pg.Client(workspace.house.database.owner)
  await sql.connect()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(async () => {
  await sql.end()
  await workspace.close()
})

const go = async (path: string) => {
  await page.goto(new URL(`/app${path}`, page.url()).href)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

test('a mail waits, says why, and is read as its reader would; one that is held up is sent again by hand', async () => {
  await go('/outbox')
  await page.getByText('No mail yet').waitFor()
  assert.deepEqual(await axe(page), [])
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  const { house } = workspace
  const wish = { workspaceId: own.id, surveyId: items[0]!.id, dueAt: house.clock.now(), name: 'Nives' }
  const { id } = await insertExampleInvitation(sql, { ...wish, email: 'nives@kupec.example', language: 'en' })
  await house.due.drain()

  await go('/outbox')
  await page.getByText('no mail server is configured').waitFor()
  await page.getByRole('button', { name: /^How easy/ }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByRole('link', { name: '7', exact: true }).waitFor()
  // The mail has its own styles, which the policy of the screen would forbid.
  const box = (await frame.getByRole('link', { name: '7', exact: true }).boundingBox())!
  assert.equal(Math.round(box.height), 44)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'outbox-mail')
  await page.keyboard.press('Escape')

  await sql.query(`update mails set uncertain_at = now() where subject_id = $1`, [id])
  await go('/outbox?state=uncertain')
  await page.getByRole('button', { name: /^How easy/ }).click()
  await page.getByRole('button', { name: 'Send it again' }).click()
  await page.getByText('It will be sent again.').waitFor()
  const { rows } = await sql.query('select state from mails where subject_id = $1', [id])
  assert.deepEqual(rows, [{ state: 'waiting' }])
  await page.keyboard.press('Escape')
  await sql.query(
    `update mails set failed_at = now(), called_off = true, reply = 'unsubscribed' where subject_id = $1`,
    [id],
  )
  await go('/outbox?state=failed')
  await page.getByText('nives@kupec.example · It was not sent: this customer wants no more questions.').waitFor()
  const hindered = `update mails set failed_at = null, called_off = false, hindered_since = now(), reply = $2 where subject_id = $1`
  await sql.query(hindered, [id, '535 5.7.8 wrong password'])
  await page.setViewportSize(phone)
  await go('/outbox')
  await page.getByText(/^No mail has left since/).waitFor()
  await page.getByRole('button', { name: /^How easy/ }).click()
  await page.getByText('What hinders it: 535 5.7.8 wrong password').waitFor()
  await page.frameLocator('iframe').getByRole('link', { name: '5', exact: true }).waitFor()
  const shown = page.frames().find((one) => one.url().endsWith('/page'))!
  const [mailWidth, shownIn] = (await shown.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[]
  assert.ok(mailWidth! <= shownIn!, `a mail of ${mailWidth} px is shown in ${shownIn}`)
  await photograph(page, 'outbox-hindered-phone')
  await page.keyboard.press('Escape')
  await page.getByText('nives@kupec.example').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'outbox-phone')
  const [whole, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  assert.ok(whole <= seen, `${whole} px`)
  assert.deepEqual(workspace.complaints, [])
})

test('its reader says what they want to be asked, on a phone and without JavaScript', async () => {
  const { rows } = await sql.query('select text from mails limit 1')
  const path = /\/unsubscribe\/[A-Za-z0-9_-]{43}/.exec(rows[0].text)![0]
  const reader = await openPage(workspace.browser)
  await reader.goto(new URL(path, page.url()).href)
  await reader.getByRole('heading', { name: 'Fewer questions instead of none' }).waitFor()
  assert.deepEqual(await axe(reader), [])
  await photograph(reader, 'preferences-phone')
  await reader.getByRole('button', { name: /^Not this one: How easy/ }).click()
  await reader.getByRole('heading', { name: 'Your wish is kept' }).waitFor()
  await reader.getByText('You are not asked this.').waitFor()
  await reader.getByRole('button', { name: 'Not within a month: A pause' }).click()
  await reader.getByText(/You are not asked before 20 December/).waitFor()
  assert.deepEqual(await axe(reader), [])
  await reader.getByRole('button', { name: 'Do not ask me again' }).click()
  await reader.getByRole('heading', { name: 'We will not ask you again' }).waitFor()
})
