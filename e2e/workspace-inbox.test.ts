import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { axe, desktop, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// The desk: tickets as agents read and answer them.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

const go = async (path: string, on = page) => {
  await on.goto(new URL(`/app/${path}`, page.url()).href)
  await on.locator('main h1').waitFor()
}

type Given = { subject: string; text: string; name: string; tags?: string[]; priority?: string }
let minute = 0
async function ticketOf({ subject, text, name, tags = [], priority = 'normal' }: Given): Promise<{ id: string }> {
  workspace.house.clock.advance(60_000 * ++minute)
  const address = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@kupec.example`
  return workspace.ask(page, 'POST', '/tickets', { subject, text, from: { name, address }, tags, priority })
}

const given: Given[] = [
  { subject: 'Gift card does not go through', text: 'It says “already used”, but it is new.', name: 'Marko Vidmar' },
  { subject: 'Headlamp will not charge', text: 'Tried the cable from the article.', name: 'Eva Lindqvist' },
  { subject: 'Wrong size harness, exchange?', text: 'Size S, if it is in stock.', name: 'Ingrid Nilsen' },
  { subject: 'Parcel says delivered, but it is not here', text: 'I asked both neighbours.', name: 'Luka Hribar' },
  {
    subject: 'Boots: sole came off on Jalovec',
    text: 'One of you said yes, the other no. Which is it?',
    name: 'Tor Halvorsen',
    priority: 'urgent',
    tags: ['boots', 'warranty'],
  },
  {
    subject: 'Zip broke on the Vršič 45 pack',
    text: 'The main zip of my Vršič 45 came off its track on the second trip. I followed your article on zips (https://example.com/zips), but the slider is cracked. Can it be repaired before Saturday?',
    name: 'Nives Oblak',
    tags: ['warranty', 'zip'],
  },
]

test('an empty desk says what belongs there', async () => {
  await go('tickets')
  await page.getByText('Nothing is yours').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-none')
})

test('tickets are listed and read', async () => {
  await go('tickets?view=all')
  await page.getByText('No open ticket').waitFor()
  for (const one of given) await ticketOf(one)
  await page.getByRole('link', { name: 'Zip broke on the Vršič 45 pack' }).waitFor()
  assert.equal(await page.locator('.in-ticket').count(), given.length)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-list')
  await page.locator('main').focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Zip broke' }).waitFor()
  await page.locator('.in-message').waitFor()
  await page.locator('.in-side').getByText('Customer since').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox')
})

/** What makes the page wider than the screen, by class. */
const cutOff = (on: Page) =>
  on.evaluate<
    string[]
  >(`document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.tagName + '.' + one.className)`)

const looks: [name: string, BrowserContextOptions][] = [
  ['phone', { viewport: phone }],
  ['phone-dark', { viewport: phone, colorScheme: 'dark' }],
  ['dark', { viewport: desktop, colorScheme: 'dark' }],
  ['tablet', { viewport: { width: 1000, height: 900 } }],
]
for (const [name, options] of looks)
  test(`${name.replaceAll('-', ' ')}: nothing is cut off`, async () => {
    const own = await workspace.open('/healthz', { storageState: await page.context().storageState(), ...options })
    await go('tickets?view=all', own)
    await own.locator('.in-ticket').first().waitFor()
    assert.deepEqual(await cutOff(own), [], 'list')
    assert.deepEqual(await axe(own), [])
    await photograph(own, `inbox-list-${name}`)
    await own.getByRole('link', { name: 'Boots: sole' }).click()
    await own.locator('.in-message').waitFor()
    await photograph(own, `inbox-${name}`)
    assert.deepEqual(await cutOff(own), [], 'ticket')
    assert.deepEqual(await axe(own), [])
    await own.context().close()
  })
