import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { writeIn } from '../apps/server/src/modules/tickets/writing-in.ts'
import { system } from '../apps/server/src/platform/store.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Nothing that an agent has typed is lost, sent twice, or sent past what somebody else has written.

let workspace: Workspace
let page: Page
let zip: Numbered
let boots: Numbered
type Numbered = { id: string; number: number }
type Entries = { items: { type: string; message?: { text: string; kind: string } }[] }

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  zip = await newTicket('Zip broke')
  boots = await newTicket('Boots leak')
})
after(() => workspace.close())

function newTicket(subject: string): Promise<Numbered> {
  workspace.house.clock.advance(60_000)
  const from = { name: 'Nives Oblak', address: 'nives@kupec.example' }
  return workspace.ask(page, 'POST', '/tickets', { subject, text: 'Can it be repaired?', from })
}
const ask = <T>(method: string, path: string, body?: unknown) => workspace.ask<T>(page, method, path, body)
const field = () => page.locator('textarea.composer-text')
const keptOf = async ({ id }: Numbered) =>
  (await ask<{ draft: { text: string } | null }>('GET', `/tickets/${id}`)).draft?.text
async function textsOf({ id }: Numbered): Promise<string[]> {
  const { items } = await ask<Entries>('GET', `/tickets/${id}/entries`)
  return items.flatMap(({ message }) => (message && message.kind !== 'message' ? message.text : []))
}
const draftKept = () => page.getByText('Draft kept').waitFor()

/** Waits until the server keeps this. */
async function keptBecomes(ticket: Numbered, text: string): Promise<void> {
  for (let tries = 0; tries < 100 && (await keptOf(ticket)) !== text; tries += 1) await page.waitForTimeout(50)
  assert.equal(await keptOf(ticket), text)
}

/** Waits until the field says so. */
async function fieldSays(text: string): Promise<void> {
  for (let tries = 0; tries < 100 && (await field().inputValue()) !== text; tries += 1) await page.waitForTimeout(50)
  assert.equal(await field().inputValue(), text)
}
async function open({ id }: Numbered): Promise<void> {
  await page.goto(new URL(`/app/tickets/${id}?view=all`, page.url()).href)
  await page.locator('.in-message').first().waitFor()
}
/** By the list, without loading anything anew. */
async function goTo(subject: string): Promise<void> {
  await page.locator('.in-ticket .in-title', { hasText: subject }).click()
  await page.getByRole('heading', { level: 1, name: subject }).waitFor()
}
async function customerWrites({ id }: Numbered, text: string): Promise<void> {
  const { workspace: own } = await ask<{ workspace: { id: string } }>('GET', '/me')
  workspace.house.clock.advance(1_000)
  const author = { name: 'Nives Oblak', address: 'nives@kupec.example' }
  await workspace.house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    writeIn(tx, id, { kind: 'message', channel: 'email', author, text }),
  )
}
/** Holds what the page asks of an address until it is let go. */
async function hold(path: string): Promise<() => void> {
  const held = Promise.withResolvers<void>()
  await page.route(path, async (route) => {
    if (route.request().method() === 'POST') await held.promise
    await route.continue()
  })
  return held.resolve
}

test('whoever looks at another ticket finds what they had typed, and goes on with it', async () => {
  await open(zip)
  await field().fill('Dear Nives')
  await draftKept()
  await goTo('Boots leak')
  await fieldSays('')
  await goTo('Zip broke')
  await fieldSays('Dear Nives')
  await field().press('End')
  await field().pressSequentially(', yes')
  await goTo('Boots leak')
  await goTo('Zip broke')
  await fieldSays('Dear Nives, yes')
  await draftKept()
  assert.equal(await keptOf(zip), 'Dear Nives, yes')
})

test('what was typed on another device meanwhile is there', async () => {
  await goTo('Boots leak')
  await ask('PUT', `/tickets/${zip.id}/draft`, { kind: 'reply', recipients: [], text: 'From the telephone' })
  workspace.house.clock.advance(1_000)
  await page.waitForTimeout(2_100)
  await goTo('Zip broke')
  await fieldSays('From the telephone')
  await field().fill('')
  for (let tries = 0; tries < 100 && (await keptOf(zip)) !== undefined; tries += 1) await page.waitForTimeout(50)
  assert.equal(await keptOf(zip), undefined)
})

test('what two devices type at once is kept, and both show it', async () => {
  const { url } = { url: page.url() }
  const tablet = await page.context().newPage()
  await open(boots)
  await tablet.goto(page.url())
  const second = tablet.locator('textarea.composer-text')
  await second.waitFor()
  await field().fill('On the desk.')
  await draftKept()
  for (let tries = 0; tries < 100 && (await keptOf(boots)) === undefined; tries += 1) await page.waitForTimeout(50)
  await second.fill('On the tablet.')
  for (let tries = 0; tries < 100 && !(await second.inputValue()).includes('desk'); tries += 1)
    await tablet.waitForTimeout(50)
  assert.equal(await second.inputValue(), 'On the desk.\n\nOn the tablet.')
  await field().fill('On the desk. More.')
  await fieldSays('On the desk. More.\n\nOn the tablet.')
  assert.equal(await keptOf(boots), 'On the desk. More.\n\nOn the tablet.')
  await tablet.close()
  await field().fill('')
  for (let tries = 0; tries < 100 && (await keptOf(boots)) !== undefined; tries += 1) await page.waitForTimeout(50)
  await page.goto(url)
  await field().waitFor()
})

test('what one device sends leaves what the other has typed since, and both lose no space at the end', async () => {
  const url = page.url()
  const heel = await newTicket('Heel is loose')
  const tablet = await page.context().newPage()
  await open(heel)
  await tablet.goto(page.url())
  const second = tablet.locator('textarea.composer-text')
  await second.waitFor()
  await field().fill('From the desk, ')
  await keptBecomes(heel, 'From the desk,')
  await draftKept()
  assert.equal(await field().inputValue(), 'From the desk, ')
  await second.fill('From the tablet.')
  await keptBecomes(heel, 'From the desk,\n\nFrom the tablet.')
  await field().pressSequentially('at once')
  await field().press('Control+Enter')
  await page.locator('.in-message').getByText('From the desk, at once').waitFor()
  await keptBecomes(heel, 'From the tablet.')
  assert.deepEqual(await textsOf(heel), ['From the desk, at once'])
  await tablet.close()
  await page.goto(url)
  await field().waitFor()
})

test('a kept draft knows what its writer had read: what came since is shown before it is sent', async () => {
  await field().fill('Bring it on Thursday.')
  await draftKept()
  await goTo('Boots leak')
  await customerWrites(zip, 'No need any more.')
  await open(zip)
  await fieldSays('Bring it on Thursday.')
  await page.getByText('Nives Oblak wrote while you were writing.').waitFor()
  await field().press('Control+Enter')
  await page.getByText('Your text is kept and not sent.').waitFor()
  assert.deepEqual(await textsOf(zip), [])
  await page.getByRole('button', { name: 'I have read it' }).click()
  workspace.house.clock.advance(1_000)
  await field().fill('All right.')
  await field().press('Control+Enter')
  await page.locator('.in-message').getByText('All right.').waitFor()
})

test('a reply that was taken back is stopped by what comes then', async () => {
  await fieldSays('')
  await page.keyboard.press('z')
  await fieldSays('All right.')
  await customerWrites(zip, 'It is found!')
  await page.locator('.in-message').getByText('It is found!').waitFor()
  await page.getByText('Nives Oblak wrote while you were writing.').waitFor()
  await field().press('Control+Enter')
  await page.getByText('Your text is kept and not sent.').waitFor()
  workspace.house.clock.advance(1_000)
  await page.getByRole('button', { name: 'Send as it is' }).click()
  await page.locator('.in-message').getByText('All right.').waitFor()
  assert.deepEqual(await textsOf(zip), ['All right.'])
})

test('what is typed while a reply is on its way stays, and is kept', async () => {
  workspace.house.clock.advance(1_000)
  const letGo = await hold('**/messages')
  await field().fill('It is on its way.')
  await field().press('Control+Enter')
  await field().pressSequentially(' And one thing more')
  letGo()
  await page.locator('.in-message').getByText('It is on its way.', { exact: true }).waitFor()
  await fieldSays('And one thing more')
  await draftKept()
  for (let tries = 0; tries < 100 && (await keptOf(zip)) !== 'And one thing more'; tries += 1)
    await page.waitForTimeout(50)
  assert.equal(await keptOf(zip), 'And one thing more')
  assert.equal(await page.getByText('wrote while you were writing').count(), 0, 'one’s own reply stops nobody')
  await field().fill('')
})

test('a reply stands once though what its macro changes besides is refused', async () => {
  const tags = Array.from({ length: 50 }, (_, place) => `tag-${place}`)
  await ask('PATCH', `/tickets/${boots.id}`, { addTags: tags })
  const texts = { en: 'We look into it.' }
  await ask('POST', '/macros', { name: 'Look into', texts, actions: { addTags: ['one-more'] } })
  await open(boots)
  await field().pressSequentially('/look')
  await page
    .locator('.in-suggestions')
    .getByRole('button', { name: /Look into/ })
    .waitFor()
  await page.keyboard.press('Enter')
  await fieldSays('We look into it.')
  await field().press('Control+Enter')
  await page.locator('.toast[data-tone="bad"], .toast', { hasText: '50' }).first().waitFor()
  await fieldSays('')
  await field().press('Control+Enter')
  await page.locator('.in-message').getByText('We look into it.').waitFor()
  assert.deepEqual(await textsOf(boots), ['We look into it.'])
})

test('nothing is sent while a copy goes to what is no address', async () => {
  await open(boots)
  await page.getByRole('button', { name: /^Cc/ }).click()
  const copy = page.getByLabel('Copy', { exact: true })
  await copy.fill('bor@exmaple')
  await field().fill('With a copy.')
  await field().press('Control+Enter')
  await page.getByText('Not sent. This is no address: bor@exmaple').waitFor()
  assert.equal(await field().inputValue(), 'With a copy.')
  await copy.fill('bor@kupec.example')
  await field().press('Control+Enter')
  await page.locator('.in-message').getByText('With a copy.').waitFor()
})

test('files alone are a reply', async () => {
  const buffer = Buffer.from('8 mm')
  await page.locator('input[type=file]').setInputFiles({ name: 'slider.txt', mimeType: 'text/plain', buffer })
  await page.getByText('slider.txt, 4 B').waitFor()
  await page.getByRole('button', { name: /^Send/ }).first().click()
  await page.locator('.in-message').getByText('slider.txt, 4 B').waitFor()
})

test('only who may read tickets is offered to be named', async () => {
  const { url } = await ask<{ url: string }>('POST', '/member-links', { role: 'viewer' })
  const own = await workspace.open('/healthz')
  const { origin, pathname } = new URL(url)
  await own.request.post(`${origin}/api/v1/member-links/${pathname.split('/').at(-1)}/acceptance`, {
    data: { name: 'Maksim Vidic', email: 'maksim@example.com', password: 'three lakes and a hill', language: 'en' },
  })
  await own.context().close()
  await open(boots)
  await page.keyboard.press('n')
  await page.keyboard.type('Look, @ma')
  await page.locator('.in-suggestions').getByRole('button', { name: 'Maja Kranjc' }).waitFor()
  assert.equal(await page.locator('.in-suggestions').getByRole('button').count(), 1)
})

// The browser itself complains about what was refused.
test('no console complained otherwise', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !/status of 4\d\d/.test(one)),
    [],
  ))
