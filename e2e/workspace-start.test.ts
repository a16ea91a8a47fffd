import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// The first five minutes: nothing, a workspace, a question, and the first answer.

let workspace: Workspace

before(async () => {
  workspace = await openWorkspace()
})
after(() => workspace.close())

test('from nothing to the first answer, by keyboard and without a reload', async () => {
  const page = await workspace.open('/app')
  await page.getByRole('heading', { name: 'How easy is it to be your customer?' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'start-first')
  await page.getByRole('button', { name: 'Start empty' }).press('Enter')
  await page.getByLabel('Your name').fill('Maja Kranjc')
  await page.getByLabel('E-mail').fill('maja@example.com')
  await page.getByLabel('Password').fill('three')
  await page.keyboard.press('Enter')
  await page.getByText('This password is too short: it takes at least 10 characters.').waitFor()
  assert.equal(await page.evaluate('document.activeElement.type'), 'password')
  assert.deepEqual(await axe(page), [])
  await page.getByLabel('Password').fill('three hills and a lake')
  assert.equal(await page.locator('.problem').count(), 0)
  await page.keyboard.press('Enter')
  await page.getByLabel('Name that customers see').fill('Čevljarna Žužka')
  assert.equal(await page.getByLabel('Short name in addresses').inputValue(), 'cevljarna-zuzka')
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'Europe/Ljubljana')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: /issue solved today/ }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Make the workspace' }).click()

  await page.getByRole('heading', { name: 'Ask your first customer.' }).waitFor()
  await page.getByText('No answer yet.').waitFor()
  assert.deepEqual(await axe(page), [])
  const { items } = await workspace.ask<{ items: { key: string }[] }>(page, 'GET', '/surveys')
  const customer = await workspace.open(`/s/${items[0]?.key}`, { viewport: phone })
  await customer.getByRole('radio', { name: '8', exact: true }).check()
  await customer.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Your first answer.').waitFor({ timeout: 2000 })
  await photograph(page, 'start-answered')
  await page.getByRole('link', { name: 'See the effort screen' }).click()
  await page.getByText('1 answer so far.').waitFor()
})

test('what the server refuses leads back to where it is mended, with nothing lost', async () => {
  const page = await workspace.open('/app/start')
  await page.getByRole('button', { name: 'Start empty' }).click()
  await page.getByLabel('Your name').fill('Ola Nordmann')
  await page.getByLabel('E-mail').fill('maja@example.com')
  await page.getByLabel('Password').fill('three hills and a lake')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Name that customers see').fill('Ola')
  await page.getByRole('button', { name: 'Continue' }).click()
  page.removeAllListeners('console')
  await page.getByRole('button', { name: 'Make the workspace' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor()
  assert.equal(await page.getByLabel('Your name').inputValue(), 'Ola Nordmann')
})

test('whoever is not signed in signs in and comes back to where they wanted to go', async () => {
  const inside = await workspace.signedUp({ language: 'nb' })
  await inside.locator('h1').waitFor()
  const { account } = await workspace.ask<{ account: { email: string } }>(inside, 'GET', '/me')
  const origin = new URL(inside.url()).origin
  const page = await workspace.open('/healthz')
  page.removeAllListeners('console')
  await page.goto(`${origin}/app/surveys`)
  await page.getByLabel('E-mail').fill(account.email)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByLabel('Password').fill('three hills and a lake')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/app\/surveys/)
  await page.getByRole('heading', { name: 'Undersøkelser' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'nb')
})

test('where nobody else may sign up, the first screen offers nothing that would be refused', async () => {
  const closed = await openWorkspace({ LAHKO_SIGNUP: 'first' })
  try {
    await (await closed.signedUp()).locator('h1').waitFor()
    const page = await closed.open('/app/start', { locale: 'nb-NO' })
    await page.getByText('Logg inn for å se på den.').waitFor()
    assert.deepEqual(await page.locator('main').getByRole('button').allInnerTexts(), [
      'English',
      'Slovenščina',
      'Norsk',
    ])
    await page.getByRole('link', { name: 'Logg inn' }).waitFor()
  } finally {
    await closed.close()
  }
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
