import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// What the mails of a programme say: written, looked at as their reader would, tried, and saved.

let workspace: Workspace
let page: Page
let programme: string

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  const body = { name: 'After calls', surveyId: items[0]!.id }
  programme = (await workspace.ask<{ id: string }>(page, 'POST', '/programmes', body)).id
})
after(() => workspace.close())

const go = async (path: string, on = page) => {
  await on.goto(new URL(path, page.url()).href)
  await on.locator('main h1').waitFor()
}

test('the programme leads to its mails, which say what they say by themselves', async () => {
  await go(`/app/programmes/${programme}`)
  await page.getByRole('link', { name: 'What its mails say' }).click()
  await page.getByRole('heading', { name: 'What the mails say' }).waitFor()
  const frame = page.frameLocator('iframe')
  await frame.getByText('Hello Alex,').waitFor()
  await page.locator('dl', { hasText: 'How easy' }).waitFor()
  assert.match((await page.getByRole('textbox', { name: 'Greeting' }).getAttribute('placeholder'))!, /Hello Alex/)
  assert.deepEqual(await axe(page), [])
})

test('words and variables are tried while they are written', async () => {
  const greeting = page.getByRole('textbox', { name: 'Greeting' })
  await greeting.fill('Dear ,')
  await greeting.press('ArrowLeft')
  await page.getByRole('button', { name: 'Customer’s name' }).click()
  assert.equal(await greeting.inputValue(), 'Dear {customer.name|…},')
  const frame = page.frameLocator('iframe')
  await frame.getByText('Dear Alex,').waitFor()
  await page.getByRole('textbox', { name: 'Signature' }).fill('Nina and the team')
  await frame.getByText('Nina and the team').waitFor()
  await page.getByRole('checkbox', { name: 'As if nothing were known of the customer' }).check()
  await frame.getByText('Dear …,').waitFor()
  await page.getByRole('button', { name: 'Desktop' }).click()
  await page.getByRole('button', { name: 'Dark' }).click()
  await frame.getByText('Dear …,').waitFor()
  const paper = await frame.locator('body').evaluate('getComputedStyle(document.body).backgroundColor')
  assert.equal(paper, 'rgb(25, 24, 22)')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'mail-texts')
})

test('a mistake is named where it is, a test is sent, and what is right is kept', async () => {
  await page.getByRole('button', { name: 'Reminder' }).click()
  await page.getByRole('textbox', { name: 'Subject' }).fill('Still {there}?')
  await page.getByRole('button', { name: 'Invitation' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('There is no variable there.').first().waitFor()
  const subject = page.getByRole('textbox', { name: 'Subject' })
  assert.equal(await subject.getAttribute('aria-invalid'), 'true')
  await subject.fill('Still there?')
  await page.getByRole('button', { name: 'Send me a test' }).click()
  await page.getByText('A test is on its way to maja@shop-1.example').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The texts are saved.').waitFor()
  const texts = await workspace.ask<{ en: { reminder: object } }>(page, 'GET', `/programmes/${programme}/texts`)
  assert.deepEqual(texts.en.reminder, { subject: 'Still there?' })
  const { items } = await workspace.ask<{ items: { subject: string }[] }>(page, 'GET', '/mails')
  assert.deepEqual(
    items.map((mail) => mail.subject),
    ['Test: Still there?'],
  )
})

test('on a phone, in the dark and in Slovenian nothing is cut off', async () => {
  await workspace.ask(page, 'PATCH', '/me', { language: 'sl' })
  const narrow = await workspace.open('/healthz', {
    viewport: phone,
    colorScheme: 'dark',
    storageState: await page.context().storageState(),
  })
  await go(`/app/programmes/${programme}/mail`, narrow)
  await narrow.locator('iframe').waitFor()
  await narrow.frameLocator('iframe').getByRole('link', { name: '10', exact: true }).waitFor()
  const mail = narrow.frames().find((one) => one !== narrow.mainFrame())!
  const [mailWidth, shownIn] = (await mail.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[]
  assert.ok(mailWidth! <= shownIn!, `a mail of ${mailWidth} px is shown in ${shownIn}`)
  assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  assert.deepEqual(await axe(narrow), [])
  await photograph(narrow, 'mail-texts-phone')
})

// The mistake above is refused with a 400, which the browser notes.
test('no console complained', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !one.includes('400 (Bad Request)')),
    [],
  ))
