import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// What is done with several tickets at once, and with what is entered by hand.

let workspace: Workspace
let page: Page
const tickets: Ticket[] = []
type Ticket = { id: string; number: number; subject: string; status: string; sources: unknown[] }

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  for (const name of ['Ana', 'Bor', 'Cene', 'Dana']) {
    workspace.house.clock.advance(60_000)
    const from = { name, address: `${name.toLowerCase()}@kupec.example` }
    const given = { subject: `Zip of ${name}`, text: 'It broke.', from, priority: name === 'Dana' ? 'high' : 'normal' }
    tickets.push(await ask('POST', '/tickets', given))
  }
})
after(() => workspace.close())

const ask = <T>(method: string, path: string, body?: unknown) => workspace.ask<T>(page, method, path, body)
const get = (place: number) => ask<Ticket>('GET', `/tickets/${tickets[place]!.id}`)
const go = async (path: string) => {
  await page.goto(new URL(`/app/${path}`, page.url()).href)
  await page.locator('.in-list').waitFor()
}
const choose = async (...names: string[]) => {
  for (const name of names) await page.getByRole('checkbox', { name: `Choose Zip of ${name}` }).click()
  await page.getByText(`${names.length} chosen`).waitFor()
}
const until = async (holds: () => Promise<boolean>) => {
  for (let tries = 0; tries < 100 && !(await holds()); tries += 1) await page.waitForTimeout(50)
  assert.ok(await holds())
}

test('all that are chosen are merged into one of them, and come apart again', async () => {
  await go('tickets?view=all')
  await choose('Ana', 'Bor', 'Cene')
  await page.keyboard.press('m')
  await page.getByRole('dialog').locator('.sh-option').getByText('Zip of Ana').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-merge-many')
  await page.getByRole('dialog').locator('.sh-option').getByText('Zip of Ana').click()
  await page.getByText(`2 tickets are merged into ${tickets[0]!.number}.`).waitFor()
  await page.getByRole('heading', { level: 1, name: 'Zip of Ana' }).waitFor()
  assert.equal((await get(0)).sources.length, 2)
  await page.getByRole('button', { name: 'Also to Bor' }).click()
  await page.locator('.in-to').getByText('to ana@kupec.example, bor@kupec.example').waitFor()
  await page.getByRole('button', { name: 'Also to Cene' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-merged-people')
  await page.locator('.toast').filter({ hasText: 'are merged' }).getByRole('button', { name: 'Undo' }).click()
  await page.getByText('2 tickets stand for themselves again.').waitFor()
  assert.equal((await get(0)).sources.length, 0)
})

test('all that are chosen get the subject', async () => {
  await go('tickets?view=all')
  await choose('Ana', 'Bor')
  await page.keyboard.press('h')
  await page.getByLabel('Subject', { exact: true }).fill('Zips of May')
  await page.keyboard.press('Enter')
  await page.getByText('The subject of 2 tickets is changed.').waitFor()
  assert.deepEqual([(await get(0)).subject, (await get(1)).subject], ['Zips of May', 'Zips of May'])
  await page.locator('.toast').filter({ hasText: '2 tickets' }).getByRole('button', { name: 'Undo' }).click()
  await page.locator('.in-ticket').getByText('Zip of Ana').waitFor()
})

test('what leaves the list gives its place to the next, and a held key goes on', async () => {
  await go('tickets?view=all')
  const ids = await page
    .locator('.in-ticket')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-ticket')!))
  const focused = (place: number) => page.locator(`.in-ticket[data-ticket="${ids[place]}"] .in-title:focus`).waitFor()
  await page.keyboard.press('j')
  await focused(0)
  await page.keyboard.press('j')
  await focused(1)
  await page.keyboard.press('e')
  await page.locator(`.in-ticket[data-ticket="${ids[1]}"]`).waitFor({ state: 'detached' })
  await focused(2)
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).first().click()
  await page.locator(`.in-ticket[data-ticket="${ids[1]}"]`).waitFor()
  await page.keyboard.down('k')
  for (let times = 0; times < 4; times += 1) await page.keyboard.down('k')
  await page.keyboard.up('k')
  await focused(0)
})

test('what somebody has changed since stays, and is named', async () => {
  await choose('Ana', 'Bor')
  await page.keyboard.press('p')
  await page.getByRole('dialog').locator('.sh-option').getByText('Low').click()
  const said = page.locator('.toast').filter({ hasText: 'Priority of 2 tickets: Low.' })
  await said.waitFor()
  await ask('PATCH', `/tickets/${tickets[1]!.id}`, { priority: 'high' })
  await said.getByRole('button', { name: 'Undo' }).click()
  const words = `#${tickets[1]!.number} stays as it is: somebody has changed it since. The others are taken back.`
  await page.locator('.toast').getByText(words).waitFor()
  await ask('PATCH', `/tickets/${tickets[1]!.id}`, { priority: 'normal' })
})

test('what is not seen any more is not chosen', async () => {
  await choose('Ana', 'Bor')
  await page.getByRole('button', { name: /^Order and narrow the list/ }).click()
  await page.getByRole('button', { name: 'High', exact: true }).click()
  await page.locator('.in-narrowed').getByText('High').waitFor()
  await page.locator('.in-bulk').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Show more than High' }).click()
  await page.locator('.in-ticket').nth(3).waitFor()
  await choose('Ana', 'Bor')
  await ask('PATCH', `/tickets/${tickets[1]!.id}`, { status: 'solved' })
  await page.getByText('1 chosen').waitFor()
  await ask('PATCH', `/tickets/${tickets[1]!.id}`, { status: 'open' })
})

test('a ticket whose answer was lost is begun once, and what was typed outlives Escape', async () => {
  await go('tickets?view=all')
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Customer’s e-mail').fill('tor@kupec.example')
  await dialog.getByLabel('Subject').fill('Boots, by telephone')
  await dialog.getByLabel('Your message').fill('Here is what we said.')
  await page.keyboard.press('Escape')
  await page.getByText('What you wrote is kept until you begin a new ticket again.').waitFor()
  await dialog.waitFor({ state: 'detached' })
  await page.keyboard.press('c')
  assert.equal(await dialog.getByLabel('Your message').inputValue(), 'Here is what we said.')
  let lost = false
  await page.route('**/api/v1/tickets', async (route) => {
    if (route.request().method() !== 'POST' || lost) return route.continue()
    lost = true
    await route.fetch()
    await route.abort()
  })
  await dialog.getByRole('button', { name: 'Send' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('heading', { level: 1, name: 'Boots, by telephone' }).waitFor()
  const { items } = await ask<{ items: Ticket[] }>('GET', '/tickets?limit=50')
  assert.equal(items.filter(({ subject }) => subject === 'Boots, by telephone').length, 1)
  await page.unroute('**/api/v1/tickets')
  await page.keyboard.press('c')
  assert.equal(await dialog.getByLabel('Your message').inputValue(), '')
  await page.keyboard.press('Escape')
})

test('the mail with which a ticket was begun is taken back: its form is open again, and the ticket is gone', async () => {
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Customer’s e-mail').fill('tor@kupec.example')
  await dialog.getByLabel('Subject').fill('Your boots, at last')
  await dialog.getByLabel('Your message').fill('They are here.')
  await dialog.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('heading', { level: 1, name: 'Your boots, at last' }).waitFor()
  const back = page.getByRole('button', { name: 'Take back' })
  await back.waitFor()
  await back.click()
  await dialog.waitFor()
  assert.equal(await dialog.getByLabel('Subject').inputValue(), 'Your boots, at last')
  assert.equal(await dialog.getByLabel('Your message').inputValue(), 'They are here.')
  const { items } = await ask<{ items: Ticket[] }>('GET', '/tickets?limit=50')
  assert.ok(items.every(({ subject }) => subject !== 'Your boots, at last'))
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
})

test('what is no number is said to be none, the value stays, and what others say is seen', async () => {
  const weight = await ask<{ id: string }>('POST', '/ticket-fields', { name: 'Weight', kind: 'number' })
  const { id } = tickets[0]!
  const valueOf = async () =>
    (await ask<{ value: unknown }[]>('GET', `/tickets/${id}/fields`)).map(({ value }) => value)
  const set = (value: number) => ask('PATCH', `/tickets/${id}/fields`, { values: { [weight.id]: value } })
  await set(7)
  await go(`tickets/${id}?view=all`)
  const input = page.locator('.in-side').getByLabel('Weight')
  await until(async () => (await input.inputValue()) === '7')
  await set(8)
  await until(async () => (await input.inputValue()) === '8')
  await input.fill('12 kg')
  await input.press('Tab')
  await page.getByText('A number is needed here, such as 12 or 12.5. The value is still 8.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-no-number')
  assert.deepEqual([await input.inputValue(), await valueOf()], ['12 kg', [8]])
  await input.fill('12,5')
  await input.press('Tab')
  await until(async () => (await valueOf())[0] === 12.5)
  await page.getByText('A number is needed here').waitFor({ state: 'detached' })
  await until(async () => (await input.inputValue()) === '12.5')
})

test('of several, it is said which cannot be solved yet', async () => {
  const field = await ask<{ id: string }>('POST', '/ticket-fields', {
    ...{ name: 'Parcel', kind: 'text', requiredOnSolving: true },
  })
  await ask('PATCH', `/tickets/${tickets[0]!.id}/fields`, { values: { [field.id]: 'A 17' } })
  await go('tickets?view=all')
  await choose('Ana', 'Bor')
  await page.keyboard.press('e')
  await page.getByText(`Nothing was solved. Before ${tickets[1]!.number} can be, say: Parcel.`).waitFor()
  await ask('DELETE', `/ticket-fields/${field.id}`)
})

test('a view says what it asks in vain and holds otherwise, and one that is gone says so', async () => {
  const field = await ask<{ id: string }>('POST', '/ticket-fields', { name: 'Model', kind: 'text' })
  const filter = { where: [`field/${field.id}:any:Vršič`, 'subject:contains:zip of bor'] }
  const view = await ask<{ id: string }>('POST', '/ticket-views', { name: 'Models', filter })
  await ask('DELETE', `/ticket-fields/${field.id}`)
  await go(`tickets?view=${view.id}`)
  await page.getByText('A condition is left out').waitFor()
  await page.locator('.in-ticket').getByText('Zip of Bor').waitFor()
  assert.equal(await page.locator('.in-ticket').count(), 1)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-unfit-view')
  await ask('DELETE', `/ticket-views/${view.id}`)
  await page.getByText('This view is not there any more').waitFor()
  await page.getByRole('link', { name: 'Go to Mine' }).click()
  await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor()
})

// The browser itself complains about what was lost or refused.
test('no console complained otherwise', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !/status of 409|ERR_FAILED/.test(one)),
    [],
  ))
