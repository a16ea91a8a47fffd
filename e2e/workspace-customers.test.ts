import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { axe, desktop, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Touchpoints that other programs report, and the customers whom they were with.

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
const looks: [name: string, BrowserContextOptions][] = [
  ['at-320-px-in-the-dark', { viewport: phone, colorScheme: 'dark' }],
  ['wide', { viewport: { width: 1920, height: 1000 } }],
]

async function report(): Promise<void> {
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  await workspace.ask(page, 'POST', '/touchpoints', {
    touchpoints: [
      {
        externalId: 'ticket-815',
        kind: 'ticket',
        startedAt: '2026-11-18T09:00:00Z',
        endedAt: '2026-11-19T14:00:00Z',
        topic: 'Repairs',
        channel: 'mail',
        agent: 'Bor',
        customer: { externalId: 'k-1', name: 'Ana Novak', email: 'ana@kupec.example', organisation: 'Kupec d.o.o.' },
      },
      { externalId: 'call-4', kind: 'call', startedAt: '2026-11-20T09:00:00Z', customer: { externalId: 'k-1' } },
      { externalId: 'order-9', kind: 'order', endedAt: '2026-11-17T14:00:00Z', customer: { phone: '+4790000001' } },
    ],
  })
  await workspace.ask(page, 'POST', '/responses', {
    survey: items[0]!.id,
    score: 3,
    comment: 'I had to send the same photo three times.',
    touchpoint: { externalId: 'ticket-815', kind: 'ticket' },
    customer: { externalId: 'k-1' },
  })
}

test('where nothing has been reported, the lists say what belongs there and how it comes', async () => {
  for (const list of ['touchpoints', 'customers']) {
    await go(list)
    await page.getByText(/^curl -X POST http.*\/api\/v1\/touchpoints/).waitFor()
    assert.deepEqual(await axe(page), [])
  }
  await photograph(page, 'customers-none')
})

test('a touchpoint that is reported appears by itself, and is found by kind, state and number', async () => {
  await go('touchpoints')
  await page.getByText(/^curl/).waitFor()
  await report()
  const rows = page.locator('.rows > li')
  await page.getByRole('link', { name: 'ticket ticket-815' }).waitFor()
  assert.equal(await rows.count(), 3)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'touchpoints')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.waitForURL(/state=open/)
  await rows.filter({ hasText: 'ticket-815' }).waitFor({ state: 'detached' })
  assert.equal(await rows.count(), 1)
  await page.reload()
  await rows.filter({ hasText: 'call-4' }).waitFor()
  await go('touchpoints?kind=order')
  await rows.filter({ hasText: 'order-9' }).waitFor()
  assert.equal(await rows.count(), 1)
  await go('touchpoints?from=2026-11-19&to=2026-11-19')
  await rows.filter({ hasText: 'ticket-815' }).waitFor()
  assert.equal(await rows.count(), 1)
  await go('touchpoints')
  await page.getByLabel('Topic').selectOption('Repairs')
  await page.waitForURL(/topic=Repairs/)
  await rows.filter({ hasText: 'order-9' }).waitFor({ state: 'detached' })
  await rows.filter({ hasText: 'Repairs' }).waitFor()
  await page.getByLabel('Topic').selectOption('All')
  await rows.filter({ hasText: 'order-9' }).waitFor()
  await go('touchpoints')
  await page.keyboard.press('/')
  await page.keyboard.type('tick')
  await page.waitForURL(/find=tick/)
  await rows.filter({ hasText: 'call-4' }).waitFor({ state: 'detached' })
  await page.getByRole('searchbox').fill('NOVAK')
  await rows.filter({ hasText: 'call-4' }).waitFor()
  await photograph(page, 'touchpoints-found')
  await page.getByRole('searchbox').fill('nothing')
  await page.getByText('No touchpoint fits.').waitFor()
})

test('where there is little room the filters are behind a button that says how many are on', async () => {
  const narrow = await workspace.open('/healthz', {
    storageState: await page.context().storageState(),
    viewport: phone,
  })
  await go('touchpoints', narrow)
  const first = narrow.locator('.rows > li').first()
  await first.waitFor()
  assert.ok((await first.boundingBox())!.y < 320, 'the list is seen at once')
  const kind = narrow.getByLabel('Kind')
  assert.equal(await kind.isVisible(), false)
  const button = narrow.getByRole('button', { name: 'Filters', exact: true, expanded: false })
  await button.focus()
  await narrow.keyboard.press('Enter')
  await narrow.getByRole('button', { name: 'Filters', expanded: true }).waitFor()
  await narrow.keyboard.press('Tab')
  await narrow.locator('select:focus').waitFor()
  await kind.selectOption('order')
  await narrow.getByRole('button', { name: 'Ended' }).click()
  const on = narrow.getByRole('button', { name: 'Filters: 2 on' })
  await on.waitFor()
  assert.deepEqual(await axe(narrow), [])
  await photograph(narrow, 'touchpoints-filters-phone')
  await on.click()
  await kind.waitFor({ state: 'hidden' })
  await narrow.setViewportSize(desktop)
  await kind.waitFor()
  assert.equal(await on.isVisible(), false)
  await narrow.context().close()
})

test('by keyboard from the list to a touchpoint, its answers and its customer', async () => {
  await go('touchpoints')
  await page.locator('.rows > li').first().waitFor()
  await page.locator('main').focus()
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'ticket ticket-815' }).waitFor()
  await page.getByText('I had to send the same photo three times.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'touchpoint')
  await page.getByRole('link', { name: 'Ana Novak' }).click()
  await page.getByRole('heading', { name: 'Ana Novak' }).waitFor()
  await page.getByText('I had to send the same photo three times.').waitFor()
  assert.equal(await page.locator('.entry').count(), 3)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'customer')
})

test('a customer is found, changed, taken along as a file, and forgotten', async () => {
  await go('customers')
  await page.getByRole('searchbox').fill('kupec')
  await page.waitForURL(/find=kupec/)
  await page.getByRole('link', { name: 'Ana Novak' }).click()
  await page.getByRole('button', { name: 'Change' }).click()
  const dialog = page.getByRole('dialog')
  assert.deepEqual(await axe(page), [])
  await dialog.getByLabel('Phone').fill('12')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.locator('.problem').waitFor()
  await dialog.getByLabel('Phone').fill('+386 40 123 456')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('+38640123456').waitFor()
  await page.getByRole('button', { name: 'Change' }).click()
  await dialog.getByRole('button', { name: 'Add an attribute' }).click()
  await dialog.getByLabel('Name of attribute 1').fill('Contract until')
  await dialog.getByLabel('Value of attribute 1').fill('31 December')
  assert.deepEqual(await axe(page), [])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.locator('.pe-facts').getByText('31 December').waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download what is kept' }).click(),
  ])
  const kept = JSON.parse(readFileSync(await download.path(), 'utf8')) as { customer: { phone: string } }
  assert.equal(kept.customer.phone, '+38640123456')
})

test('an organisation is found, renamed and merged, and holds what its customers do', async () => {
  await workspace.ask(page, 'POST', '/organisations', { name: 'Kupec Group', addresses: ['kupec-group.example'] })
  await go('customers')
  await page.getByRole('link', { name: 'Ana Novak' }).click()
  await page.locator('.pe-facts').getByRole('link', { name: 'Kupec d.o.o.' }).click()
  await page.getByRole('heading', { level: 1, name: 'Kupec d.o.o.' }).waitFor()
  await page.getByText('I had to send the same photo three times.').waitFor()
  await page.getByRole('heading', { name: '1 customer' }).waitFor()
  await page.getByRole('heading', { name: 'How easy it is for them' }).waitFor()
  await page.getByText('1 answer)').waitFor()
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Add a domain or an address' }).click()
  await dialog.getByLabel('Domain or address').fill('gmail.com')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Everybody can have an address there').waitFor()
  await dialog.getByLabel('Domain or address').fill('kupec.example')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('@kupec.example').waitFor()
  await page.getByRole('button', { name: 'Merge with another organisation' }).click()
  await dialog.getByLabel('Name or domain').fill('group')
  await dialog.getByRole('button', { name: 'Merge Kupec Group' }).click()
  await page.getByText('@kupec-group.example').waitFor()
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('Kupec')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Kupec', exact: true }).waitFor()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'organisation')
  await page.getByRole('button', { name: 'Take Kupec Group apart again' }).click()
  await page.getByText('@kupec-group.example').waitFor({ state: 'detached' })
  await page.locator('main').focus()
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await page.getByRole('heading', { level: 1, name: 'Organisations' }).waitFor()
  await page.locator('.rows > li').nth(1).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'organisations')
})

for (const [name, options] of looks)
  test(`${name.replaceAll('-', ' ')} nothing is cut off`, async () => {
    const own = await workspace.open('/healthz', { storageState: await page.context().storageState(), ...options })
    for (const list of ['touchpoints', 'customers', 'organisations']) {
      await go(list, own)
      await own.locator('.rows > li').first().waitFor()
      assert.equal(await own.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, list)
      assert.deepEqual(await axe(own), [], list)
      await photograph(own, `${list}-${name}`)
      await own.locator('.row-title').last().click()
      await own.locator('.pe-facts').waitFor()
      assert.equal(await own.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `one of ${list}`)
      assert.deepEqual(await axe(own), [], `one of ${list}`)
      await photograph(own, `${list}-one-${name}`)
    }
    await own.context().close()
  })

for (const language of ['sl', 'nb'] as const)
  test(`it is read in ${language}`, async () => {
    await workspace.ask(page, 'PATCH', '/me', { language })
    for (const list of ['touchpoints', 'customers', 'organisations']) {
      await go(list)
      await page.locator('.rows > li').first().waitFor()
      assert.doesNotMatch(await page.locator('main').innerText(), /Touchpoints|Customers|Open|Every|Organisations/)
      await photograph(page, `${list}-${language}`)
    }
    await workspace.ask(page, 'PATCH', '/me', { language: 'en' })
  })

test('who might be the same person is asked about once, beside their ticket and on their page', async () => {
  const { id } = await workspace.ask<{ id: string }>(page, 'POST', '/tickets', {
    subject: 'A buckle',
    text: 'It is loose.',
    from: { name: 'Nives Oblak', address: 'nives@kupec.example' },
  })
  for (const address of ['nives@doma.example', 'nives@urad.example'])
    await workspace.ask(page, 'POST', '/tickets', { subject: 'A', text: 'B', from: { name: 'Nives Oblak', address } })
  await go(`tickets/${id}?view=all`)
  const asked = page.locator('.banner').filter({ hasText: 'Might be the same person' })
  await asked.getByRole('link', { name: 'Nives Oblak · nives@doma.example' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-alike')
  await page.getByRole('link', { name: 'Nives Oblak', exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Nives Oblak' }).waitFor()
  await asked.getByText('Nearly the same name, and the same before the @').first().waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'customer-alike')
  await page.setViewportSize(phone)
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  await photograph(page, 'customer-alike-phone')
  await page.setViewportSize({ width: 1280, height: 900 })
  const line = (address: string) => asked.getByRole('listitem').filter({ hasText: address })
  await line('nives@doma').getByRole('button', { name: 'Not the same person as Nives Oblak' }).click()
  await page.getByText('Nives Oblak is somebody else.').waitFor()
  await line('nives@doma').waitFor({ state: 'detached' })
  await line('nives@urad').getByRole('button', { name: 'The same person as Nives Oblak', exact: true }).click()
  await asked.waitFor({ state: 'detached' })
  await page.locator('.pe-person').getByText('nives@urad.example').waitFor()
  await page.reload()
  await page.locator('.pe-person').getByText('nives@urad.example').waitFor()
  assert.equal(await asked.count(), 0)
})

test('whoever is forgotten is in no list any more', async () => {
  await go('customers?find=kupec')
  await page.getByRole('link', { name: 'Ana Novak' }).click()
  await page.getByRole('button', { name: 'Forget' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click()
  await page.getByText('Ana Novak is forgotten.').waitFor()
  await page.getByRole('link', { name: 'Ana Novak' }).waitFor({ state: 'detached' })
  await page.locator('.rows > li').first().waitFor()
})

test('a viewer is offered neither', async () => {
  const { url } = await workspace.ask<{ url: string }>(page, 'POST', '/member-links', { role: 'viewer' })
  const viewer = await workspace.open('/healthz')
  const { origin, pathname } = new URL(url)
  await viewer.request.post(`${origin}/api/v1/member-links/${pathname.split('/').at(-1)}/acceptance`, {
    data: { name: 'Ida', email: 'ida@example.com', password: 'three lakes and a hill', language: 'en' },
  })
  await viewer.goto(`${origin}/app/surveys`)
  await viewer.locator('main h1').waitFor()
  assert.equal(await viewer.getByRole('link', { name: 'Touchpoints' }).count(), 0)
})

// The browser itself complains about the phone that was refused.
test('no console complained otherwise', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !one.includes('status of 400')),
    [],
  ))
