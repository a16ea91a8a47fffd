import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// The desk without a mouse: after the page is opened, only keys are pressed.

let workspace: Workspace
let page: Page
const many = 30
/** More than a practised agent's keys need, and less than patience has. */
const budgetMs = 60_000

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  for (let count = 1; count <= many; count++) {
    workspace.house.clock.advance(60_000)
    await workspace.ask(page, 'POST', '/tickets', {
      subject: `Question ${count}`,
      text: `Where is parcel ${count}?`,
      from: { name: `Customer ${count}`, address: `c${count}@kupec.example` },
    })
  }
})
after(() => workspace.close())

type Line = { id: string; subject: string; status: string; owner: { name: string } | null; tags: string[] }
const lines = async (query = '') =>
  (await workspace.ask<{ items: Line[] }>(page, 'GET', `/tickets?limit=100${query}`)).items
const go = async (path: string) => {
  await page.goto(new URL(`/app/${path}`, page.url()).href)
  await page.locator('.in-ticket').first().waitFor()
}
const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

test('thirty tickets are answered and solved by keys alone', async () => {
  await go('tickets?view=all')
  const start = performance.now()
  await press('.')
  for (let count = 1; count <= many; count++) {
    await page.getByRole('heading', { level: 1, name: `Question ${count}`, exact: true }).waitFor()
    await page.getByText(`Where is parcel ${count}?`).last().waitFor()
    await press('a', 'Enter')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await press('r')
    await page.keyboard.type(`Parcel ${count} is at the post office.`)
    await press('Control+Shift+Enter')
    await page.locator('.in-facts').getByText('Solved').waitFor()
    if (count < many) await press('.')
  }
  const took = performance.now() - start
  assert.ok(took < budgetMs, `${Math.round(took)} ms`)
  assert.deepEqual(await lines(), [])
  const solved = await lines('&shelf=solved')
  assert.equal(solved.length, many)
  assert.ok(solved.every(({ owner }) => owner?.name === 'Maja Kranjc'))
})

test('several are chosen and changed alike, and taken back with one press', async () => {
  await go('tickets?view=solved')
  await press('j', 'x', 'j', 'j', 'X')
  await page.getByText('3 chosen').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-bulk')
  await press('#')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('parcel')
  await page.getByText('New tag “parcel”').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-tag')
  await press('Enter')
  await page.getByText('3 tickets tagged “parcel”.').waitFor()
  assert.equal((await lines('&shelf=solved&tag=parcel')).length, 3)
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).press('Enter')
  await page.getByText('Taken back.').waitFor()
  assert.equal((await lines('&shelf=solved&tag=parcel')).length, 0)
})

test('a ticket is opened again, given away, snoozed, and found where it rests', async () => {
  await go('tickets?view=solved')
  await press('j', 'Enter')
  await page.locator('.in-message').first().waitFor()
  await press('e')
  await page.getByText('Opened again.').waitFor()
  await press('a')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('nobody')
  await press('Enter')
  await page.getByText('It is nobody’s now.').waitFor()
  await press('s')
  await page.getByText('Until when?').or(page.getByPlaceholder('Until when?')).first().waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-snooze')
  await page.keyboard.type('tom')
  await press('Enter')
  await page
    .getByText(/^Snoozed until/)
    .first()
    .waitFor()
  await press('p')
  await page.keyboard.type('urg')
  await press('Enter')
  await page.locator('.in-facts').getByText('Urgent').waitFor()
  await press('Escape')
  await page.waitForURL(/\/app\/tickets\?view=solved/)
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByText('No open ticket').waitFor()
  await page.getByRole('link', { name: 'Snoozed' }).press('Enter')
  await page.locator('.in-ticket').waitFor()
})

test('back from a ticket that has left its list, the next one has the keyboard', async () => {
  const [, second, third] = await lines('&shelf=solved')
  await go('tickets?view=solved')
  await press('j', 'j')
  await page.locator('.in-title:focus', { hasText: second!.subject }).waitFor()
  await press('Enter')
  await page.locator('.in-message').first().waitFor()
  await press('e')
  await page.locator(`.in-ticket[data-ticket="${second!.id}"]`).waitFor({ state: 'detached' })
  await press('Escape')
  await page.locator('.in-title:focus', { hasText: third!.subject }).waitFor()
  await press('z')
  await page.getByText('Taken back.').waitFor()
})

test('any ticket is found by its number or words in it', async () => {
  await go('tickets?view=solved')
  await press('/')
  await page.keyboard.type('parcel 17')
  await page.getByRole('heading', { name: 'Found' }).waitFor()
  await page.locator('.in-ticket').getByText('Question 17').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-found')
  await page.getByRole('searchbox').press('Enter')
  await page.locator('.in-ticket a:focus', { hasText: 'Question 17' }).waitFor()
  await page.getByRole('searchbox').fill('1012')
  await page.locator('.in-ticket').getByText('Question 12').waitFor()
  await page.getByRole('searchbox').fill('no such words')
  await page.getByText('No ticket has “no such words” in it.').waitFor()
  await page.getByRole('searchbox').press('Escape')
  await page.getByRole('heading', { name: 'Solved' }).waitFor()
  await page.locator('#main:focus').waitFor()
})

test('every list is reached by its name, and a key that does nothing holds back no other', async () => {
  await go('tickets?view=solved')
  for (const name of ['Snoozed', 'Solved']) {
    await press('Control+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type(name.toLowerCase())
    await press('Enter')
    await page.getByRole('heading', { name, exact: true }).waitFor()
  }
  await press('9', 'g', 'a')
  await page.getByRole('heading', { name: 'All unsolved', exact: true }).waitFor()
})

test('the key that undoes takes back what was said last, and a menu is walked by arrows', async () => {
  await go('tickets?view=solved')
  await press('j', 'Enter')
  await page.locator('.in-message').first().waitFor()
  await page.locator('.in-body:focus').waitFor()
  await press('p')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('low')
  await press('Enter')
  await page.locator('.in-facts').getByText('Low').waitFor()
  await press('z')
  await page.getByText('Taken back.').waitFor()
  await page.locator('.in-facts').getByText('Low').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'More to do with this ticket' }).press('Enter')
  await page.locator('.menu-item:focus').waitFor()
  const first = await page.locator('.menu-item:focus').innerText()
  await press('ArrowDown')
  assert.notEqual(await page.locator('.menu-item:focus').innerText(), first)
  await press('ArrowUp')
  assert.equal(await page.locator('.menu-item:focus').innerText(), first)
  await press('Escape')
})

test('a key makes no mail of a note that was begun, and dialogs give the keyboard back', async () => {
  await press('n')
  await page.keyboard.type('Between us.')
  await press('Escape')
  for (const key of ['r', 'f']) {
    await press(key)
    await page.getByText('This text is a note.').last().waitFor()
    await page.getByRole('button', { name: /^Add note/ }).waitFor()
    await press('Escape')
  }
  await press('a')
  await page.getByRole('dialog').waitFor()
  await press('Escape')
  await page.locator('.in-body:focus').waitFor()
  await press('n')
  await page.locator('textarea.composer-text').fill('')
  await press('Escape', 'r', 'Escape')
})

test('what has to be said before a ticket is solved is said, and has the keyboard', async () => {
  await workspace.ask(page, 'POST', '/ticket-fields', { name: 'Parcel', kind: 'text', requiredOnSolving: true })
  await workspace.ask(page, 'POST', '/tickets', {
    ...{ subject: 'Where is it?', text: 'It is late.' },
    from: { name: 'Late Customer', address: 'late@kupec.example' },
  })
  await go('tickets?view=all')
  await press('j', 'Enter')
  await page.locator('.in-side').getByLabel('Parcel').waitFor()
  await press('r')
  await page.keyboard.type('It is at the post office.')
  await press('Control+Shift+Enter')
  await page.getByText('Before the ticket is solved, say: Parcel.').waitFor()
  await page.locator('.in-side input:focus').waitFor()
  assert.equal(await page.locator('textarea.composer-text').inputValue(), 'It is at the post office.')
  await page.keyboard.type('A 17')
  await press('Enter')
  await page.locator('.in-side [data-missing]').waitFor({ state: 'detached' })
  await page.getByText('Before the ticket is solved, say').waitFor({ state: 'detached' })
  await press('Escape')
  await page.locator('.in-body:focus').waitFor()
  await page.locator('textarea.composer-text').press('Control+Shift+Enter')
  await page.locator('.in-facts').getByText('Solved').waitFor()
})

test('what a ticket took stands beside it, and leads to its touchpoint and back', async () => {
  // Until the answer has left, it is solved for nobody but us.
  workspace.house.clock.advance(11_000)
  await workspace.house.due.drain()
  const took = page.locator('.in-side details', { hasText: 'What it took' })
  await took.locator('summary').press('Enter')
  await took.getByText('Messages from the customer').waitFor()
  assert.match(await took.innerText(), /Replies\s*1/)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-took')
  await took.getByRole('link').press('Enter')
  await page.getByRole('heading', { level: 1, name: /^Ticket \d+$/ }).waitFor()
  assert.match(await page.locator('main').innerText(), /Outcome\s*solved/)
  await page.locator('main dl').getByRole('link', { name: /^\d+$/ }).press('Enter')
  await page.locator('.in-ticket').getByText('Where is it?').waitFor()
})

test('a condition is made by keys alone', async () => {
  await go('tickets?view=solved')
  await press('l')
  await page.getByRole('dialog', { name: 'Conditions' }).waitFor()
  await page.locator('dialog select:focus').waitFor()
  await page.keyboard.type('Priority')
  await press('Tab', 'Tab', 'Enter')
  await page.locator('[popover] input:focus').waitFor()
  await press('n', 'ArrowUp', 'Enter')
  await page.getByRole('button', { name: 'Value: High' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Show', exact: true }).press('Enter')
  await page.locator('.in-narrowed').getByText('High').waitFor()
  await press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('save as')
  await press('Enter')
  await page.getByRole('dialog', { name: 'Save as a view' }).waitFor()
  await page.keyboard.type('Pressing')
  await press('Enter')
  await page.getByRole('heading', { name: 'Pressing', exact: true }).waitFor()
})

test('the help sheet knows the keys', async () => {
  await page.locator('main').focus()
  await press('?')
  await page.getByRole('dialog').getByText('Next ticket that matters most').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-keys')
})

// The browser itself complains about what was not solved.
test('no console complained otherwise', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !one.includes('status of 409')),
    [],
  ))
