import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openMailboxReader } from '../apps/server/src/modules/tickets/mailbox-reading.ts'
import { confirmationMails } from '../apps/server/src/modules/tickets/delivery.ts'
import { system } from '../apps/server/src/platform/store.ts'
import { openImapServer, type ImapServer } from '../apps/server/src/platform/testing/imap-server.ts'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// A mailbox is added, tried and read, and the ledger shows every message that was in it.

let workspace: Workspace
let imap: ImapServer
let page: Page

before(async () => {
  workspace = await openWorkspace()
  imap = await openImapServer()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(async () => {
  await imap.close()
  await workspace.close()
})

const go = async (path: string) => {
  await page.goto(new URL(`/app${path}`, page.url()).href)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

const letter = (subject: string, more: string[] = [], to = 'support@shop.example') =>
  [`From: Nives Oblak <nives@kupec.example>`, `To: ${to}`, `Subject: ${subject}`, ...more, '', 'It broke.', ''].join(
    '\r\n',
  )

async function read({ failures = 0 } = {}): Promise<void> {
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/mailboxes')
  const reader = await openMailboxReader(workspace.house, { workspaceId: await workspaceId(), id: items[0]!.id })
  for (let tries = 0; tries < failures; tries++) await assert.rejects(reader!.readOnce())
  await reader!.readOnce()
  await workspace.house.jobs.settle()
}

async function workspaceId(): Promise<string> {
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  return own.id
}

test('a mailbox is added, tried with a wrong password and with the right one', async () => {
  await go('/settings/mailboxes')
  await page.getByText('No mailbox yet').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Add a mailbox' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: false }).first().fill('Support')
  await dialog.getByLabel('Address', { exact: true }).fill('support@shop.example')
  await dialog.getByLabel('Server', { exact: true }).first().fill('127.0.0.1')
  await dialog.getByLabel('Port', { exact: true }).first().fill(String(imap.port))
  await dialog.getByText('TLS from the start').first().click()
  await dialog.getByLabel('User', { exact: true }).first().fill('testuser')
  await dialog.getByLabel('Password', { exact: true }).first().fill('wrong')
  await dialog.getByText('A server of its own sends').click()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'mailbox-form')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The mailbox is saved.').waitFor()
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('The server does not let us in').waitFor()
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await dialog.getByLabel('Password', { exact: true }).fill('testpass')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('It can be read').waitFor()
})

test('the ledger shows what became of each message, and the counts agree with the server', async () => {
  imap.put(letter('A zip'))
  imap.put(letter('Sole', ['Message-ID: <one@kupec.example>']))
  imap.put(letter('Sole', ['Message-ID: <one@kupec.example>']))
  let deep = 'From: odd@kupec.example\r\nSubject: Nested\r\n'
  for (let level = 0; level < 80; level++)
    deep += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`
  imap.put(deep)
  await read()
  await go('/settings/mailboxes')
  await page.getByText('The server has 4 messages, and all stand here.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'mailboxes')
  await go('/incoming')
  await page.getByText('The server has 4 messages').waitFor()
  const repeated = page.getByRole('listitem').filter({ hasText: 'Sole' })
  await repeated.nth(1).waitFor()
  assert.equal(await repeated.count(), 2)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'incoming')
  await page.getByRole('button', { name: 'Set aside' }).click()
  await page.getByRole('listitem').getByText('It cannot be taken apart').waitFor()
  await page.getByRole('button', { name: 'Nested' }).click()
  await page.getByRole('dialog').getByText('It cannot be taken apart').waitFor()
  await page.getByText('As it came', { exact: true }).click()
  await page.getByRole('textbox', { name: 'As it came' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'incoming-mail')
  await page.getByRole('button', { name: 'Judge it again' }).click()
  await page.getByText('It will be judged again.').waitFor()
})

test('a sender is blocked from the ledger and let in again with what came meanwhile', async () => {
  await go('/incoming')
  await page.getByRole('button', { name: 'A zip' }).click()
  await page.getByRole('button', { name: 'Block the sender' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Everybody at @kupec.example').click()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'block-sender')
  await dialog.getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByText('@kupec.example is blocked.').waitFor()
  imap.put(letter('After', ['Message-ID: <after@kupec.example>']))
  await read()
  await go('/settings/mailboxes')
  await page.getByText('1 message set aside').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'blocked-senders')
  await page.getByLabel('Address or domain').fill('@shop.example')
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByText('@shop.example is your own').waitFor()
  await page.getByRole('button', { name: 'Let in again' }).click()
  await page.getByRole('button', { name: 'Take in that message too' }).click()
  await page.getByText('@kupec.example is let in again.').waitFor()
  await page.getByText('Nobody is blocked.').waitFor()
  await workspace.house.jobs.settle()
  await go('/incoming')
  await page.getByRole('listitem').filter({ hasText: 'After' }).getByText('In a ticket').waitFor()
})

test('what the server does not give is said, and fetched again on request', async () => {
  imap.put(letter('Withheld', ['Message-ID: <withheld@kupec.example>']))
  imap.hangUpOn(6)
  await read({ failures: 2 })
  await go('/incoming')
  await page.getByText('The server has 6 messages, and all stand here.').waitFor()
  await page.getByRole('button', { name: 'Withheld' }).click()
  await page.getByRole('dialog').getByText('The mail server did not give it').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'incoming-withheld')
  imap.mend()
  await page.getByRole('button', { name: 'Fetch it again' }).click()
  await page.getByText('It is fetched again within a minute.').waitFor()
  await read()
  await go('/incoming')
  await page.getByRole('listitem').filter({ hasText: 'Withheld' }).getByText('In a ticket').waitFor()
})

test('a confirmation that came back is shown on the message that it confirms', async () => {
  const { items } = await workspace.ask<{ items: { id: string; subject: string }[] }>(page, 'GET', '/tickets')
  const { id: subjectId } = items.find(({ subject }) => subject === 'Withheld')!
  const about = { subjectId, number: 0, recipient: 'nives@kupec.example' }
  const returned = { kind: 'bounced', badAddress: true, status: '5.1.1', says: '550 user unknown' } as const
  await workspace.house.store.write({ workspaceId: await workspaceId(), actor: system }, (tx) =>
    confirmationMails('ticket_confirmation').returned!(tx, about, { ...returned, recipients: [] }),
  )
  await page.goto(new URL(`/app/tickets/${subjectId}`, page.url()).href)
  await page.getByText('The confirmation did not arrive').waitFor()
  await page.getByText('There is nobody at this address.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Send again' }).count(), 0)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'ticket-unconfirmed')
})

test('whoever wrote a ticket is blocked from it, which makes it spam, and both are taken back', async () => {
  const { items } = await workspace.ask<{ items: { id: string; subject: string }[] }>(page, 'GET', '/tickets')
  const { id } = items.find(({ subject }) => subject === 'After')!
  await page.goto(new URL(`/app/tickets/${id}`, page.url()).href)
  await page.getByRole('button', { name: 'More to do with this ticket' }).click()
  await page.getByText('Block the sender').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByText('nives@kupec.example is blocked.').waitFor()
  const spam = async () =>
    (await workspace.ask<{ items: { spam: boolean }[] }>(page, 'GET', '/tickets?shelf=spam')).items.length
  assert.equal(await spam(), 1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Taken back').waitFor()
  assert.equal(await spam(), 0)
})

test('a mailbox gets another address and a server of its own, and an answer can leave from either address', async () => {
  await go('/settings/mailboxes')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Other addresses').fill('sales@shop.example')
  await dialog.getByText('Its server takes name+token@').click()
  await dialog.getByText('Answers come to the plain address').waitFor()
  await dialog.getByText('A server of its own sends').click()
  const own = dialog.getByRole('group', { name: 'Mail out' })
  await own.getByLabel('How its server is entered').selectOption({ label: 'With OAuth2 of its own' })
  await own.getByLabel('Refresh token').waitFor()
  assert.deepEqual(await axe(page), [])
  await own.scrollIntoViewIfNeeded()
  await photograph(page, 'mailbox-sending')
  await dialog.getByText('A server of its own sends').click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('support@shop.example, sales@shop.example').waitFor()

  imap.put(letter('Twenty pairs', [], 'sales@shop.example'))
  await read()
  const { items } = await workspace.ask<{ items: { id: string; subject: string }[] }>(page, 'GET', '/tickets')
  const { id } = items.find(({ subject }) => subject === 'Twenty pairs')!
  await page.goto(new URL(`/app/tickets/${id}`, page.url()).href)
  const from = page.getByLabel('From', { exact: true })
  await from.waitFor()
  assert.equal(await from.inputValue(), 'sales@shop.example', 'where the customer wrote to')
  await from.selectOption('support@shop.example')
  const field = page.locator('textarea.composer-text')
  await field.fill('Twenty it is.')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'composer-from')
  await field.press('ControlOrMeta+Enter')
  await page.locator('.in-message').filter({ hasText: 'Twenty it is.' }).waitFor()
  const { items: entries } = await workspace.ask<{
    items: { message?: { kind: string; author: { address: string } } }[]
  }>(page, 'GET', `/tickets/${id}/entries`)
  assert.equal(
    entries.find(({ message }) => message?.kind === 'reply')!.message!.author.address,
    'support@shop.example',
  )
})

test('the screens fit a phone', async () => {
  await page.setViewportSize(phone)
  for (const path of ['/settings/mailboxes', '/incoming']) {
    await go(path)
    await page.getByText('The server has 7 messages').waitFor()
    const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert.equal(wide, false, path)
    await photograph(page, `phone${path.replaceAll('/', '-')}`)
  }
  const row = page.getByRole('listitem').filter({ hasText: 'Withheld' })
  const [words, badge] = [await row.getByRole('button').boundingBox(), await row.locator('.badge').boundingBox()]
  assert.equal(badge!.x, words!.x, 'what became of it stands below the words, where they begin')
})
