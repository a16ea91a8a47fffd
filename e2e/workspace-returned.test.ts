import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { insertExampleInvitation } from '../apps/server/src/modules/surveys/example-invitations.ts'
import { takeIn } from '../apps/server/src/platform/mail/receiving/taking-in.ts'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// What comes back to an invitation is read in the list, in the ledger and with the customer.

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

const examples = new URL('../apps/server/src/platform/mail/receiving/examples/', import.meta.url)
async function comeBack(name: string, mailId: string): Promise<void> {
  const text = readFileSync(new URL(`${name}.eml`, examples), 'utf8')
  const raw = text.replaceAll('MAILID', mailId).replaceAll('feedback+TOKEN@', 'feedback@')
  assert.equal(await takeIn(workspace.house, Buffer.from(raw)), 'taken')
  await workspace.house.jobs.settle()
}

test('a reply and a bounce are read where they belong, and what was set aside is judged again', async () => {
  await go('/returned')
  await page.getByText('Nothing came back yet').waitFor()
  await page.getByText('Nothing is received').waitFor()
  assert.deepEqual(await axe(page), [])
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  const { house } = workspace
  const wish = { workspaceId: own.id, surveyId: items[0]!.id, dueAt: house.clock.now(), name: 'Nives' }
  const { id, customerId } = await insertExampleInvitation(sql, { ...wish, email: 'nives@kupec.example' })
  await house.due.drain()
  // A mail server took it.
  const taken = 'update mails set sent_at = $2 where subject_id = $1 returning id'
  const { rows } = await sql.query<{ id: string }>(taken, [id, house.clock.now()])
  for (const name of ['reply-gmail-sl', 'bounce-postfix', 'away-gmail', 'aside-mailing-list']) {
    house.clock.advance(1_000)
    await comeBack(name, rows[0]!.id)
  }

  await go('/returned')
  await page.getByText('Naročila še vedno nimam').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'returned')
  await page.getByRole('button', { name: 'This week' }).click()
  await page.getByText('It names no mail').or(page.getByText('It came from a mailing list.')).waitFor()
  await page.getByRole('button', { name: 'Judge it again' }).click()
  await page.getByText('It will be judged again.').waitFor()
  await house.jobs.settle()
  assert.deepEqual(await axe(page), [])
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Re: Kako/ }).click()
  await page.getByText('About the mail to nives@kupec.example').waitFor()
  await photograph(page, 'returned-message')
  const link = await page.getByRole('link', { name: 'Download as it came' }).getAttribute('href')
  assert.match(link!, /\/returned-mails\/[0-9a-f-]+\/source$/)

  await go('/outbox')
  const row = page.getByRole('listitem').filter({ hasText: 'nives@kupec.example' })
  await row.getByText('Came back').waitFor()
  await row.getByText(/Sent/).first().waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'outbox-came-back')
  await row.getByRole('button').click()
  await page
    .getByRole('dialog')
    .getByText(/^Came back .*The other mail server said:/)
    .waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'outbox-came-back-mail')
  await page.keyboard.press('Escape')

  await go(`/ledger?line=${id}`)
  await page.getByRole('dialog').getByText('Naročila še vedno nimam').waitFor()
  await page.getByRole('dialog').getByText('A program wrote this').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'ledger-line-returned')
  await go(`/customers/${customerId}`)
  await page.getByText('Naročila še vedno nimam').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'customer-reply')
})

test('on a phone, in the dark, nothing is wider than the screen', async () => {
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: 'dark' })
  for (const path of ['/returned', '/settings/mail']) {
    await go(path)
    await page.locator('.row, .rows, h2').first().waitFor()
    assert.deepEqual(await axe(page), [])
    const [whole, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
      number,
      number,
    ]
    assert.ok(whole <= seen, `${path}: ${whole} px`)
  }
  await photograph(page, 'settings-mail-phone-dark')
  await go('/returned')
  await photograph(page, 'returned-phone-dark')
  assert.deepEqual(workspace.complaints, [])
})

test('the settings say since when the mailbox cannot be read, and privacy that replies are', async () => {
  const receiving = await openWorkspace({
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_RETURN_IMAP: 'imaps://feedback:secret@mail.shop.example/INBOX',
  })
  const own = await receiving.signedUp({ viewport: phone, language: 'sl' })
  await own.locator('h1').waitFor()
  const client = new pg.Client(receiving.house.database.owner)
  await client.connect()
  await client.query(
    `insert into return_mailboxes (name, failing_since, error) values ('feedback@mail.shop.example/INBOX', now(),
       'Invalid credentials AUTHENTICATIONFAILED')`,
  )
  await client.end()
  await own.goto(new URL('/app/settings/mail', own.url()).href)
  await own.getByText('Ni ga mogoče brati od').waitFor()
  await own.getByText('AUTHENTICATIONFAILED').waitFor()
  assert.deepEqual(await axe(own), [])
  await photograph(own, 'settings-mail-failing-phone')
  const [whole, seen] = (await own.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  assert.ok(whole <= seen, `${whole} px`)
  await own.goto(new URL('/privacy?lang=nb', own.url()).href)
  await own.getByText('Når du svarer på en e-post').waitFor()
  await receiving.close()
})
