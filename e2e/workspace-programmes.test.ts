import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Whom to ask, in what order, and what became of everything that ended.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  await report(12, 40)
})
after(() => workspace.close())

const go = async (path: string, on = page) => {
  await on.goto(new URL(path, page.url()).href)
  await on.locator('main h1').waitFor()
}

/** Touchpoints of as many customers that ended some days ago, as another program reports them. */
async function report(count: number, daysAgo: number): Promise<void> {
  const endedAt = new Date(workspace.house.clock.now().getTime() - daysAgo * 86_400_000).toISOString()
  const touchpoints = Array.from({ length: count }, (_, number) => ({
    externalId: `${daysAgo}-${number}`,
    kind: number % 3 === 0 ? 'call' : 'ticket',
    endedAt,
    customer: { email: `customer-${number}@kupec.example` },
  }))
  await workspace.ask(page, 'POST', '/touchpoints', { touchpoints })
}

test('an empty list says what belongs there', async () => {
  await go('/app/programmes')
  await page.getByRole('heading', { name: 'Nobody is asked by itself yet' }).waitFor()
  assert.deepEqual(await axe(page), [])
})

test('a programme is written in words, tried over the last days, and made', async () => {
  await page.getByRole('link', { name: 'New programme' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('After calls')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByText('Every touchpoint: 1 hour after').waitFor()
  const attribute = page.getByRole('combobox', { name: 'Attribute of condition 1' })
  assert.equal(await attribute.inputValue(), 'Kind')
  await attribute.fill('channel')
  assert.equal(await attribute.inputValue(), 'Channel')
  await attribute.press('End')
  await attribute.pressSequentially('_of_sale')
  assert.equal(await attribute.inputValue(), 'channel_of_sale')
  await attribute.fill('kind')
  await page.getByRole('textbox', { name: 'Values of condition 1' }).fill('call')
  await page.getByRole('checkbox', { name: 'Only within certain hours' }).check()
  await page.getByText('Kind is call: 1 hour after · 09:00–17:00 on Mon, Tue, Wed, Thu and Fri').waitFor()
  await page.getByRole('button', { name: 'Look at the last 90 days' }).click()
  await page.getByText('4 invitations would have been sent.').waitFor()
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Look at the last 90 days')
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'After calls', level: 1 }).waitFor()
  await photograph(page, 'programme')
  await page.getByRole('switch', { name: 'After calls: On' }).click()
  await page.getByText('After calls is on').waitFor()
  await go('/app/programmes')
  await page.getByText('No mail server is configured: invitations wait').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('link', { name: 'After calls' }).click()
})

test('a mistake is named where it is', async () => {
  await page.getByLabel('How many reminders').selectOption('2')
  await page.getByRole('spinbutton', { name: 'Days until it expires' }).fill('5')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The last reminder must come before the invitation expires.').waitFor()
  await page.getByRole('spinbutton', { name: 'Days until it expires' }).fill('14')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The programme is saved.').waitFor()
})

test('the order is changed by keyboard', async () => {
  const [{ id: surveyId }] = (await workspace.ask<{ items: [{ id: string }] }>(page, 'GET', '/surveys')).items
  await workspace.ask(page, 'POST', '/programmes', { name: 'Everything', surveyId })
  await go('/app/programmes')
  await page.getByRole('button', { name: 'Move: Everything' }).focus()
  const saved = page.waitForResponse((reply) => reply.url().endsWith('/programmes/order'))
  await page.keyboard.press('ArrowUp')
  await page.getByText('Everything: place 1 of 2').waitFor({ state: 'attached' })
  await saved
  const { items } = await workspace.ask<{ items: { name: string }[] }>(page, 'GET', '/programmes')
  assert.deepEqual(
    items.map(({ name }) => name),
    ['Everything', 'After calls'],
  )
  assert.deepEqual(await axe(page), [])
})

test('rules are changed in words', async () => {
  await page.getByRole('spinbutton', { name: 'Days until the same person is asked again' }).fill('60')
  await page.getByRole('button', { name: 'Save the rules' }).click()
  await page.getByText('The rules are saved.').waitFor()
  assert.equal((await workspace.ask<{ personDays: number }>(page, 'GET', '/asking-rules')).personDays, 60)
})

test('the ledger counts what became of everything; each number opens its list, each line its facts', async () => {
  await report(9, 1)
  await workspace.house.jobs.settle()
  await go('/app/ledger')
  await page.getByRole('link', { name: /^All touchpoints that ended\s*21/ }).waitFor()
  await page.getByRole('link', { name: /^Waiting until it is due\s*3/ }).waitFor()
  await page.getByRole('link', { name: /^It ended too long ago\s*4/ }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'ledger')
  await page.getByRole('link', { name: /^No programme fits\s*14/ }).click()
  await page.getByRole('heading', { name: 'No programme fits' }).waitFor()
  await page.locator('.su-row').nth(13).waitFor()
  assert.equal(await page.locator('.su-row').count(), 14)
  await page.getByRole('link', { name: /^Waiting until it is due/ }).click()
  await page.getByRole('link', { name: /Call 1-0, customer-0@kupec.example/ }).click()
  const dialog = page.getByRole('dialog', { name: 'One touchpoint' })
  await dialog.getByText('After calls').waitFor()
  await dialog.getByText('Decided').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByLabel('Kind').selectOption('call')
  await page.getByRole('link', { name: /^All touchpoints that ended\s*7/ }).waitFor()
  await page.getByLabel('Kind').selectOption('')
  await page.getByLabel('Decided in').selectOption('365')
  await page.getByRole('link', { name: /^All touchpoints that ended\s*21/ }).waitFor()
})

test('a touchpoint says what became of it, and the ledger is narrowed to its customer', async () => {
  const [line] = (
    await workspace.ask<{ items: [{ touchpoint: { id: string } }] }>(page, 'GET', '/invitations?state=waiting')
  ).items
  await go(`/app/touchpoints/${line.touchpoint.id}`)
  await page.getByRole('link', { name: 'Waiting until it is due' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'touchpoint-fate')
  await page.getByRole('link', { name: /@kupec.example/ }).click()
  await page.getByRole('link', { name: 'What became of their touchpoints' }).click()
  await page.getByText('Only the touchpoints of one customer.').waitFor()
  await page.getByRole('link', { name: /^All touchpoints that ended\s*2/ }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('link', { name: 'Show those of all' }).click()
  await page.getByRole('link', { name: /^All touchpoints that ended\s*21/ }).waitFor()
})

test('a programme that was removed is brought back by its toast, with what waited of it', async () => {
  const waiting = async () =>
    (await workspace.ask<{ items: unknown[] }>(page, 'GET', '/invitations?state=waiting')).items.length
  await go('/app/programmes')
  await page.getByRole('link', { name: 'After calls' }).click()
  await page.getByRole('button', { name: 'Remove it' }).click()
  await page.getByText('After calls is removed.').waitFor()
  assert.equal(await waiting(), 0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('After calls is back, and so is what waited of it.').waitFor()
  assert.equal(await waiting(), 3)
  await page.getByRole('link', { name: 'After calls' }).waitFor()
})

test('on a phone and in the dark nothing is cut off', async () => {
  const narrow = await workspace.open('/healthz', {
    viewport: phone,
    colorScheme: 'dark',
    storageState: await page.context().storageState(),
  })
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/programmes')
  for (const path of ['/app/programmes', `/app/programmes/${items[1]!.id}`, '/app/ledger?state=waiting']) {
    await go(path, narrow)
    await narrow.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, path)
    assert.deepEqual(await axe(narrow), [])
  }
  await go('/app/ledger?kind=call&days=90', narrow)
  assert.equal(await narrow.getByLabel('Programme').isVisible(), false)
  await narrow.getByRole('button', { name: 'Filters: 2 on' }).click()
  await narrow.getByLabel('Programme').selectOption({ label: 'After calls' })
  await narrow.getByRole('button', { name: 'Filters: 3 on', expanded: true }).waitFor()
  assert.deepEqual(await axe(narrow), [])
})

// The mistake above is refused with a 400, which the browser notes.
test('no console complained', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !one.includes('400 (Bad Request)')),
    [],
  ))
