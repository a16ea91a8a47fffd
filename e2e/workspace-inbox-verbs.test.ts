import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { writeIn } from '../apps/server/src/modules/tickets/writing-in.ts'
import { system } from '../apps/server/src/platform/store.ts'
import { axe, desktop, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// What is done with tickets besides writing, by keys.

let workspace: Workspace
let page: Page
let ticket: { id: string; number: number }
type State = { status: string; subject: string; topic: string | null; customer: { name: string } | null }

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  await workspace.ask(page, 'PUT', '/contact-form', {
    open: true,
    topics: [{ name: 'Repairs' }, { name: 'Returns' }],
  })
  await workspace.ask(page, 'POST', '/ticket-fields', { name: 'Model', kind: 'text', topics: ['Repairs'] })
  ticket = await newTicket('Zip broke on the Vršič 45 pack', 'Nives Oblak', 'nives@kupec.example')
})
after(() => workspace.close())

function newTicket(subject: string, name: string, address: string): Promise<{ id: string; number: number }> {
  return workspace.ask(page, 'POST', '/tickets', { subject, text: 'The slider is cracked.', from: { name, address } })
}
const open = async (id = ticket.id) => {
  await page.goto(new URL(`/app/tickets/${id}?view=all`, page.url()).href)
  await page.locator('.in-message').first().waitFor()
}
const stateOf = (id = ticket.id) => workspace.ask<State>(page, 'GET', `/tickets/${id}`)
const undo = () => page.getByRole('button', { name: 'Undo' }).last().click()

/** The customer writes once more. */
async function customerWrites(text: string): Promise<void> {
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  workspace.house.clock.advance(60_000)
  const author = { name: 'Nives Oblak', address: 'nives@kupec.example' }
  await workspace.house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    writeIn(tx, ticket.id, { kind: 'message', channel: 'email', author, text }),
  )
}

test('a ticket rests until its customer writes', async () => {
  await open()
  await page.keyboard.press('s')
  await page.getByRole('button', { name: 'When the customer writes' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-snooze')
  await page.keyboard.press('Escape')
  // While a dialog is going, keys are still its own.
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('S')
  await page.locator('.in-facts').getByText('Rests until the customer writes').waitFor()
  await undo()
  await page.locator('.in-facts').getByText('Rests until the customer writes').waitFor({ state: 'detached' })
  await page.keyboard.press('S')
  await page.goto(new URL('/app/tickets?view=snoozed', page.url()).href)
  await page.locator('.in-ticket').getByText('until they write').waitFor()
  await photograph(page, 'inbox-resting')
  await customerWrites('Any news?')
  await page.getByText('Nothing rests').waitFor()
})

test('what needs no answer is solved by one key, and the history says so', async () => {
  await open()
  await page.keyboard.press('e')
  await page.locator('.in-facts').getByText('Solved').waitFor()
  await customerWrites('It is here, all is well.')
  await page.locator('.in-facts').getByText('Waiting for us').waitFor()
  await page.locator('main').focus()
  await page.keyboard.press('q')
  await page.locator('.in-facts').getByText('Solved').waitFor()
  await page.getByText('Maja Kranjc solved it: no answer is needed').waitFor()
  await undo()
  await page.locator('.in-facts').getByText('Waiting for us').waitFor()
  await page.keyboard.press('q')
  await page.locator('.in-facts').getByText('Solved').waitFor()
})

test('a rule takes thanks for thanks, and one key opens what was more', async () => {
  await page.goto(new URL('/app/settings/desk', page.url()).href)
  const rule = page.getByRole('switch', { name: /Thanks leave a solved ticket solved/ })
  await rule.waitFor()
  await rule.click()
  await page.getByText('Saved.').waitFor()
  await open()
  await customerWrites('Thank you very much!')
  await page.getByText('Taken for thanks: the ticket stays solved.').waitFor()
  assert.equal((await stateOf()).status, 'solved')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-thanks')
  await page.locator('main').focus()
  await page.keyboard.press('e')
  await page.locator('.in-facts').getByText('Waiting for us').waitFor()
})

test('whom an answer counts for is chosen, counts from now on, and stands beside the answer', async () => {
  const solved = await newTicket('Buckle', 'Tina Hribar', 'tina@kupec.example')
  await workspace.ask(page, 'PATCH', `/tickets/${solved.id}`, { status: 'solved' })
  const { touchpointId } = await workspace.ask<{ touchpointId: string }>(page, 'GET', `/tickets/${solved.id}`)
  const told = await workspace.ask<{ attributes: object }>(page, 'GET', `/touchpoints/${touchpointId}`)
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  await workspace.ask(page, 'POST', '/responses', {
    ...{ survey: items[0]!.id, score: 2, comment: 'Three calls for a buckle.' },
    touchpoint: { externalId: `ticket:${solved.number}`, kind: 'ticket', attributes: told.attributes },
  })
  await page.goto(new URL('/app/settings/desk', page.url()).href)
  await page.getByRole('radio', { name: /Who wrote most/ }).click()
  await page.getByText('The present rule has held since').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'settings-desk')
  await open(solved.id)
  await page.getByText('Counts for Maja Kranjc, who solved it').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-answer')
})

test('subject, topic with its fields, and customer are changed and put back', async () => {
  await newTicket('Sole', 'Bor Zupan', 'bor@kupec.example')
  await open()
  await page.keyboard.press('h')
  await page.getByLabel('Subject', { exact: true }).fill('Slider of the Vršič 45')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-subject')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Slider of the Vršič 45' }).waitFor()
  await undo()
  await page.getByRole('heading', { level: 1, name: 'Zip broke' }).waitFor()
  await page.keyboard.press('t')
  await page.locator('.sh-option').getByText('Repairs').waitFor()
  await page.keyboard.type('rep')
  await page.keyboard.press('Enter')
  await page.locator('.in-facts').getByText('Repairs').waitFor()
  await page.locator('.in-side').getByLabel('Model').waitFor()
  await page.getByText('Maja Kranjc set the topic to “Repairs”').waitFor()
  await page.keyboard.press('w')
  await page.keyboard.type('bor')
  await page.locator('.sh-option').getByText('bor@kupec.example').waitFor()
  await photograph(page, 'inbox-another-person')
  assert.deepEqual(await axe(page), [])
  await page.locator('.sh-option').first().click()
  await page.locator('.in-who').getByText('Bor Zupan').waitFor()
  assert.equal((await stateOf()).customer?.name, 'Bor Zupan')
  await undo()
  await page.locator('.in-who').getByText('Nives Oblak').waitFor()
  await page.keyboard.press('w')
  await page.keyboard.type('Eva Lind <eva@kupec.example>')
  await page.getByRole('button', { name: 'New customer eva@kupec.example' }).click()
  await page.locator('.in-who').getByText('Eva Lind').waitFor()
  await page.setViewportSize(phone)
  await page.keyboard.press('t')
  await page.locator('.sh-option').first().waitFor()
  await photograph(page, 'inbox-topic-phone')
  assert.deepEqual(await axe(page), [])
})

test('a list is narrowed by what tickets are about and who asks, and kept as a view', async () => {
  await page.setViewportSize(desktop)
  const [field] = await workspace.ask<{ id: string }[]>(page, 'GET', '/ticket-fields')
  await workspace.ask(page, 'PATCH', `/tickets/${ticket.id}/fields`, { values: { [field!.id]: 'Vršič 45' } })
  await page.goto(new URL('/app/tickets?view=all', page.url()).href)
  await page.locator('.in-ticket').nth(1).waitFor()
  await page.keyboard.press('l')
  await page.getByLabel('Topic', { exact: true }).selectOption('Repairs')
  await page.getByLabel('Field', { exact: true }).selectOption('Model')
  await page.getByRole('dialog').getByLabel('Model', { exact: true }).fill('Vršič 45')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-narrow')
  await page.getByRole('button', { name: 'Narrow', exact: true }).click()
  await page.locator('.in-narrowed').getByText('Model: Vršič 45').waitFor()
  await page.locator('.in-narrowed').getByText('Repairs').waitFor()
  await page.locator('.in-ticket').nth(1).waitFor({ state: 'detached' })
  assert.equal(await page.locator('.in-ticket').count(), 1)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-narrowed')
  await page.getByRole('button', { name: 'More about this list' }).click()
  await page.getByRole('button', { name: 'Save as a view' }).click()
  await page.getByLabel('Name').fill('Vršič repairs')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.locator('.workspace-side, nav').getByText('Vršič repairs').first().waitFor()
  await page.locator('.in-ticket').waitFor()
  assert.equal(await page.locator('.in-ticket').count(), 1)
  await page.goto(new URL('/app/tickets?view=all&organisation=Nobody', page.url()).href)
  await page.getByText('No ticket of this list fits.').waitFor()
})

test('messages are forwarded to somebody outside, which looks like nothing else', async () => {
  await open()
  await page.keyboard.press('f')
  await page.getByText('To somebody else: the customer does not see it').waitFor()
  const to = page.getByLabel('To', { exact: true })
  assert.equal(await to.inputValue(), '', 'not to the customer by mistake')
  await page.locator('.in-recipients input:focus').waitFor()
  await page.keyboard.type('YKK <desk@ykk.example>')
  await page.locator('.in-chips').getByText('Nives Oblak').waitFor()
  await page.locator('textarea.composer-text').fill('Is this covered?')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-forward')
  await page.getByText('Draft kept').waitFor()
  await page.reload()
  await page.getByText('To somebody else: the customer does not see it').waitFor()
  assert.match(await to.inputValue(), /desk@ykk\.example/)
  await page.locator('textarea.composer-text').press('Control+Enter')
  await page.getByText(/The forward to YKK leaves in \d+ second/).waitFor()
  await page.getByText('Forwarded to YKK; the customer does not see it').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-forwarded')
  await page.keyboard.press('z')
  await page.getByText('To somebody else: the customer does not see it').waitFor()
  await page.waitForSelector('textarea.composer-text:not(:placeholder-shown)')
  assert.match(await to.inputValue(), /desk@ykk\.example/)
  await page.getByRole('tab', { name: /Reply/ }).click()
  await page.locator('.in-to').getByText('eva@kupec.example').waitFor()
  assert.equal(await page.getByText('desk@ykk.example').count(), 0, 'and not to somebody else by mistake')
})

test('what comes from outside is marked, and is answered without the customer', async () => {
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  const author = { name: 'YKK', address: 'desk@ykk.example' }
  await workspace.house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    writeIn(tx, ticket.id, { kind: 'message', channel: 'email', author, text: 'Send it in.', outside: true }),
  )
  await open()
  const message = page.locator('.in-message').filter({ hasText: 'Send it in.' })
  await message.getByText('From outside, not the customer').waitFor()
  await page.locator('.in-side').getByText('YKK (outside)').waitFor()
  await photograph(page, 'inbox-outside')
  assert.deepEqual(await axe(page), [])
  await message.getByRole('button', { name: 'With this message' }).click()
  await page.getByRole('button', { name: 'Answer them' }).click()
  assert.match(await page.getByLabel('To', { exact: true }).inputValue(), /desk@ykk\.example/)
  await page.setViewportSize(phone)
  await photograph(page, 'inbox-forward-phone')
  assert.deepEqual(await axe(page), [])
})

test('a ticket is linked with another from the palette, and that is put back', async () => {
  await page.setViewportSize(desktop)
  const other = await newTicket('Order 10425 lacks a slider', 'Tine Zupan', 'tine@kupec.example')
  await open()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('textbox').fill('link with')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Link with another' })
  await dialog.getByRole('textbox').fill(String(other.number))
  await dialog.locator('.sh-option').getByText('lacks a slider').waitFor()
  await page.keyboard.press('Enter')
  const how = page.getByRole('dialog', { name: `Link with ${other.number}` })
  await how.locator('.sh-option').getByText('It is the cause of this one').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-link')
  await how.getByRole('textbox').fill('it is')
  await page.keyboard.press('Enter')
  const line = page.locator('.in-side li').filter({ hasText: 'lacks a slider' })
  await line.getByText('the cause of this one').waitFor()
  await page.getByText(`Maja Kranjc linked it with ${other.number}`).waitFor()
  await line.getByRole('button', { name: 'Remove the link' }).click()
  await line.waitFor({ state: 'detached' })
  await undo()
  await line.getByText('the cause of this one').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-linked')
  await line.getByRole('link').click()
  await page.locator('.in-side li').filter({ hasText: 'caused by this one' }).waitFor()
})

test('the history says from what to what, in three languages and on a phone', async () => {
  await open()
  await page.keyboard.press('y')
  const dialog = page.getByRole('dialog', { name: `History of ${ticket.number}` })
  await dialog.getByText('Topic: none → Repairs').waitFor()
  await dialog.getByText('Customer: Nives Oblak → Eva Lind').waitFor()
  await dialog.getByText('Subject: Zip broke on the Vršič 45 pack → Slider of the Vršič 45').waitFor()
  await dialog.getByText('Model: none → Vršič 45').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-history')
  await page.setViewportSize(phone)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-history-phone')
  await page.keyboard.press('Escape')
  await page.setViewportSize(desktop)
})

test('a compact desk shows more, and is found again', async () => {
  await page.goto(new URL('/app/tickets?view=all', page.url()).href)
  const first = page.locator('.in-ticket').first()
  const roomy = (await first.boundingBox())!.height
  await page.getByRole('button', { name: 'More about this list' }).click()
  await page.getByRole('button', { name: 'Compact', exact: true }).click()
  await page.locator('.in[data-compact]').waitFor()
  assert.ok((await first.boundingBox())!.height < roomy * 0.8, 'lines are lower')
  await open()
  await page.locator('.in[data-compact]').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-compact')
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-compact-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(new URL('/app/settings/you', page.url()).href)
  const compact = page.getByRole('switch', { name: 'Compact' })
  assert.equal(await compact.isChecked(), true)
  await compact.click()
  await page.goto(new URL('/app/tickets?view=all', page.url()).href)
  await page.locator('.in:not([data-compact])').waitFor()
})

test('the language of a ticket is changed from its menu, and put back', async () => {
  await open()
  await page.getByRole('button', { name: 'More to do with this ticket' }).click()
  await page.getByRole('button', { name: 'Language of the customer' }).click()
  await page.getByRole('dialog').locator('.sh-option').getByText('Slovenian').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.keyboard.type('slo')
  await page.keyboard.press('Enter')
  await page.locator('.in-side').getByText('Slovenian').waitFor()
  await page.locator('.toast').filter({ hasText: 'Language: Slovenian.' }).getByRole('button', { name: 'Undo' }).click()
  await page.locator('.in-side').getByText('Slovenian').waitFor({ state: 'detached' })
})

test('what was said of a ticket before it was opened again stays beside it', async () => {
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  await workspace.ask(page, 'PATCH', `/tickets/${ticket.id}`, { status: 'solved' })
  await workspace.ask(page, 'POST', '/responses', {
    ...{ survey: items[0]!.id, score: 2, comment: 'I had to write twice.' },
    touchpoint: { externalId: `ticket:${ticket.number}`, kind: 'ticket' },
  })
  workspace.house.clock.advance(8 * 86_400_000)
  await customerWrites('It broke again.')
  await open()
  const side = page.locator('.in-side')
  await side.getByText('I had to write twice.').waitFor()
  await side.getByText(/about what was solved on/).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-answer-before')
})

test('nothing complained', () => assert.deepEqual(workspace.complaints, []))
