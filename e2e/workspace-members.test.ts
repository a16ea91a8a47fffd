import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { partOf, testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import { axe, desktop, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Members who come by mail, and members who have no password at hand.

let smtp: TestSmtp
let workspace: Workspace
let page: Page

before(async () => {
  smtp = await testSmtp()
  workspace = await openWorkspace({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'lahko@shop.example' })
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(async () => {
  await workspace.close()
  await smtp.close()
})

/** The path of the link, with what follows, in the newest mail to an address. */
async function linkTo(email: string): Promise<string> {
  await workspace.house.jobs.settle()
  await workspace.house.due.drain()
  const mail = smtp.received.findLast(({ to }) => to[0] === email)
  assert.ok(mail, `no mail to ${email}`)
  const { pathname, search } = new URL(/https?:\/\/\S+\/app\/\S+/.exec(partOf(mail.raw, 'text/plain'))![0])
  return pathname + search
}

async function fits(where: Page): Promise<void> {
  const [whole, seen] = (await where.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  assert.ok(whole <= seen, `${whole} px`)
}

test('somebody is invited by mail, is listed until they join, and joins by the mail’s link', async () => {
  await page.goto(new URL('/app/settings/members', page.url()).href)
  await page.getByLabel('E-mail of the new member').fill('tor@example.com')
  await page.getByLabel('Role', { exact: true }).selectOption('viewer')
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await page.getByText('A mail to tor@example.com is on its way.').waitFor()
  await page.getByRole('heading', { name: 'Invited', exact: true }).waitFor()
  assert.deepEqual(await axe(page), [])
  const path = await linkTo('tor@example.com')
  const link = await page.getByLabel('Link for a new member').inputValue()
  assert.equal(new URL(link).pathname, path)
  const other = await workspace.open(path)
  await other.getByText('As a viewer: read answers, figures and articles, change nothing.').waitFor()
  assert.equal(await other.getByLabel('E-mail').inputValue(), 'tor@example.com')
  await other.getByLabel('Your name').fill('Tor Halvorsen')
  await other.getByRole('textbox', { name: 'Password' }).fill('three fjords and a boat')
  await other.getByRole('button', { name: 'Join' }).click()
  await other.waitForURL(/\/app\/(start|effort)/)
  await page.reload()
  await page.getByLabel('Role of Tor Halvorsen').waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Invited', exact: true }).count(), 0)
})

test('an invitation is sent again with another link, and withdrawn', async () => {
  await page.goto(new URL('/app/settings/members', page.url()).href)
  await page.getByLabel('E-mail of the new member').fill('ida@example.com')
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await page.getByText('A mail to ida@example.com is on its way.').waitFor()
  const first = await linkTo('ida@example.com')
  workspace.house.clock.advance(60_000)
  await page.getByRole('button', { name: 'Send again: ida@example.com' }).click()
  await page
    .getByText(/until 27 Nov 2026, 11:01/)
    .first()
    .waitFor()
  assert.notEqual(await linkTo('ida@example.com'), first)
  await page.setViewportSize(phone)
  await fits(page)
  await photograph(page, 'members-phone')
  await page.setViewportSize(desktop)
  await photograph(page, 'members')
  await page.getByRole('button', { name: 'Withdraw: ida@example.com' }).click()
  await page.getByText('The invitation of ida@example.com is withdrawn.').waitFor()
  const complaints = workspace.complaints.length
  const other = await workspace.open(await linkTo('ida@example.com'))
  await other.getByRole('heading', { name: 'This link works no more' }).waitFor()
  await other.getByText('Ask whoever invited you for a new one').waitFor()
  await other.getByRole('link', { name: 'Sign in, if you have joined already' }).waitFor()
  assert.deepEqual(await axe(other), [])
  workspace.complaints.length = complaints
})

test('what the outbox says of such a mail is not what stands in it', async () => {
  await page.goto(new URL('/app/outbox', page.url()).href)
  await page.getByRole('button', { name: 'To members' }).click()
  await page.getByRole('button', { name: 'Maja Kranjc invites you to Triglav Oprema' }).first().click()
  await page.getByText('What stands in this mail is for its recipient alone.').waitFor()
  assert.equal(await page.locator('iframe').count(), 0)
})

test('a lost password is set by a mailed link, and a link signs in after one press of a button', async () => {
  const visitor = await workspace.open('/app/sign-in', { viewport: phone })
  await visitor.getByRole('button', { name: 'Forgot the password?' }).click()
  await visitor.getByText('Fill in your e-mail address first.').waitFor()
  await visitor.getByLabel('E-mail').fill('tor@example.com')
  await visitor.getByRole('button', { name: 'Forgot the password?' }).click()
  await visitor.getByText('If tor@example.com has an account here, a link is on its way.').waitFor()
  assert.deepEqual(await axe(visitor), [])
  await fits(visitor)
  await photograph(visitor, 'links-by-mail')
  const first = await linkTo('tor@example.com')
  await visitor.goto(workspace.origin + first)
  await visitor.getByText('For tor@example.com. Your other sessions end.').waitFor()
  assert.deepEqual(await axe(visitor), [])
  await visitor.getByRole('textbox', { name: 'Password' }).fill('a boat and four fjords')
  await visitor.getByRole('button', { name: 'Set the password' }).click()
  await visitor.waitForURL(/\/app\/(start|effort)/)

  const second = await workspace.open('/app/sign-in?to=/app/surveys')
  await second.getByLabel('E-mail').fill('tor@example.com')
  await second.getByRole('button', { name: 'Send me a link instead' }).click()
  await second.getByText('It works for a quarter of an hour').waitFor()
  const path = await linkTo('tor@example.com')
  await second.goto(workspace.origin + path)
  await second.getByText('As tor@example.com, on this device.').waitFor()
  assert.deepEqual(await axe(second), [])
  await second.reload()
  await second.getByRole('button', { name: 'Sign in' }).click()
  await second.waitForURL(/\/app\/surveys/)
})

test('of very many members one is found by name or address', async () => {
  const sql = new pg.Client(workspace.house.database.owner)
  await sql.connect()
  await sql.query(`with made as (
      insert into accounts (id, email, name, language, created_at)
      select gen_random_uuid(), 'v' || n || '@example.com', 'Viewer ' || n, 'en', now() from generate_series(100, 599) n
      returning id)
    insert into members (workspace_id, id, account_id, role, created_at)
    select w.workspace_id, gen_random_uuid(), made.id, 'viewer', now() from made, workspaces w`)
  await sql.end()
  await page.goto(new URL('/app/settings/members', page.url()).href)
  const find = page.getByRole('searchbox', { name: 'Find a member' })
  await find.fill('viewer 512')
  await page.getByLabel('Role of Viewer 101').waitFor({ state: 'detached' })
  await page.getByLabel('Role of Viewer 512').waitFor()
  assert.deepEqual(await axe(page), [])
  await find.fill('nobody')
  await page.getByText('Nothing here is called “nobody”.').waitFor()
  await find.fill('')
  await page.getByRole('button', { name: 'More' }).waitFor()
})

test('nothing complained', () => assert.deepEqual(workspace.complaints, []))
