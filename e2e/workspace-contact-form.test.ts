import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Customer, Ticket, TicketFieldValue } from '@lahko/contract'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// The contact form as a manager sets it up, fields of tickets, and customers who are one person.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

const at = (path: string) => new URL(path, page.url()).href
const ask = <T>(method: string, path: string, body?: object) => workspace.ask<T>(page, method, path, body)
const newTicket = (address: string, subject = 'A zip') =>
  ask<Ticket>('POST', '/tickets', { subject, text: 'It broke.', from: { address }, topic: 'Returns' })

test('a manager opens the form, names topics and fields, and sees the page as customers do', async () => {
  await page.goto(at('/app/settings/contact-form'))
  await page.getByRole('switch', { name: 'Open' }).check()
  await page.getByLabel('Introduction · English').fill('People read this, on weekdays.')
  await page.getByRole('button', { name: 'Add a topic' }).click()
  await page.getByLabel('Name of topic 1').fill('Returns')
  await page.getByLabel('Topic 1 · Slovenščina').fill('Vračila')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Size')
  await page.getByLabel('Kind').selectOption('choice')
  await page.getByLabel('Values, one a line').fill('S')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give a choice at least two values.').waitFor()
  await page.getByLabel('Values, one a line').fill('S\nM')
  await page.getByLabel('The same lines · Norsk').fill('Liten\nMiddels')
  await page.getByLabel('Needed before a ticket is solved').check()
  await page.getByRole('checkbox', { name: 'Returns' }).check()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'contact-form-field')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Choice · Customers may say it · Needed before a ticket is solved · Returns').waitFor()
  const preview = page.frameLocator('iframe')
  await preview.getByText('People read this, on weekdays.').waitFor()
  await page.getByLabel('Language').selectOption('sl')
  await preview.getByRole('combobox', { name: 'Za kaj gre?' }).waitFor()
  await page.getByRole('button', { name: 'Remove Size' }).click()
  await page.getByText('Size is asked for no more').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Change Size' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'contact-form-settings')
})

test('an agent says beside the ticket what has to be said before it is solved', async () => {
  const { id } = await newTicket('nives@mail.example')
  await page.goto(at(`/app/tickets/${id}`))
  await page.getByLabel('Size').selectOption('M')
  const said = async () => (await ask<TicketFieldValue[]>('GET', `/tickets/${id}/fields`))[0]!
  for (let turn = 0; turn < 100 && (await said()).value === null; turn++) await page.waitForTimeout(50)
  assert.deepEqual([(await said()).value, (await said()).missing], ['M', false])
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'ticket-with-fields')
  const { field } = await said()
  const { id: fieldId, ...kept } = field
  await ask('PUT', `/ticket-fields/${fieldId}`, { ...kept, choices: ['S', 'L'].map((value) => ({ value, label: {} })) })
  await page.reload()
  await page.getByLabel('Size').waitFor()
  assert.equal(await page.getByLabel('Size').inputValue(), 'M', 'what can no longer be chosen is still so here')
  await ask('PUT', `/ticket-fields/${fieldId}`, kept)
})

test('two customers become one person and two again, with an address and a note between', async () => {
  const [work, home] = [await newTicket('ana@work.example'), await newTicket('ana@home.example')]
  await page.goto(at(`/app/customers/${work.customer!.id}`))
  await page.getByRole('button', { name: 'Merge with another customer' }).click()
  await page.getByRole('dialog').getByRole('searchbox').fill('ana@home')
  await page.getByRole('button', { name: 'Merge ana@home.example' }).click()
  await page.getByText('ana@home.example stands here now.').waitFor()
  assert.equal((await newTicket('ana@home.example')).customer!.id, work.customer!.id)
  await page.getByRole('button', { name: 'Add an address' }).click()
  await page.getByRole('textbox', { name: 'E-mail address' }).fill('nives@mail.example')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('This address belongs to somebody else.').waitFor()
  await page.getByRole('textbox', { name: 'E-mail address' }).fill('ana@club.example')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Remove ana@club.example' }).waitFor()
  await page.getByLabel('New note').fill('Calls at noon.')
  await page.getByRole('button', { name: 'Add the note' }).click()
  await page.locator('.pe-note', { hasText: 'Calls at noon.' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'customer-one-person')
  await page.getByRole('button', { name: 'Take ana@home.example apart again' }).click()
  await page.getByText('They are two again.').waitFor()
  const { customer } = await ask<{ customer: Customer }>('GET', `/customers/${home.customer!.id}/timeline`)
  assert.equal(customer.id, home.customer!.id)
})

test('on a phone, in the dark and in Slovenian nothing is cut off', async () => {
  await ask('PATCH', '/me', { language: 'sl' })
  const options = { viewport: phone, colorScheme: 'dark', storageState: await page.context().storageState() } as const
  const narrow = await workspace.open('/healthz', options)
  const { items } = await ask<{ items: Customer[] }>('GET', '/customers?limit=1&email=ana@work.example')
  for (const path of ['/app/settings/contact-form', `/app/customers/${items[0]!.id}`]) {
    await narrow.goto(at(path))
    await narrow.locator('.rq-preview, .pe-person').first().waitFor()
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, path)
    assert.deepEqual(await axe(narrow), [], path)
    await photograph(
      narrow,
      `${path.includes('settings') ? 'contact-form-settings' : 'customer-one-person'}-phone-dark`,
    )
  }
})
