import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Language, TicketField, TicketLine } from '@lahko/contract'
import { testHouse, type TestHouse } from '../apps/server/src/platform/testing/house.ts'
import { partOf, testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import { newWorkspace, type Visitor } from '../apps/server/src/testing/visitor.ts'
import { assertWhole, desktop, openBrowser, openPage, phone } from './browser.ts'

// A customer asks for help and follows it: a narrow phone, no JavaScript, in every language and both themes.

let house: TestHouse
let smtp: TestSmtp
let browser: Browser
let owner: Visitor
let origin: string
let order: TicketField

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'desk@triglav.example' })
  owner = (await newWorkspace(house, 'acme')).owner
  await owner.ask('PATCH', '/workspace', { name: 'Triglav Oprema' })
  const topics = [
    { name: 'Returns', label: { sl: 'Vračila', nb: 'Retur' } },
    { name: 'Delivery', label: { sl: 'Dostava', nb: 'Levering' } },
  ]
  await owner.ask('PUT', '/contact-form', { open: true, intro: { en: 'People read this, on weekdays.' }, topics })
  const field = { name: 'Order number', label: { sl: 'Številka naročila', nb: 'Ordrenummer' }, kind: 'number' }
  order = (await owner.ask('POST', '/ticket-fields', { ...field, topics: ['Returns'], onForm: 'required' })).json()
  await owner.ask('POST', '/ticket-fields', { name: 'Bought on', kind: 'date', onForm: 'optional' })
  await owner.ask('POST', '/ticket-fields', { name: 'Used?', kind: 'yes_no', onForm: 'optional', topics: ['Returns'] })
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://localhost:${(house.app.server.address() as AddressInfo).port}`
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await house.close()
  await smtp.close()
})

/** The newest link that came by mail, on this host. */
async function mailedLink(): Promise<string> {
  await house.jobs.settle()
  await house.due.drain()
  const links = smtp.received.flatMap(({ raw }) => {
    return /\/requests\/enter\/[\w-]{43}\?lang=\w\w/.exec(partOf(raw, 'text/plain'))?.[0] ?? []
  })
  return origin + links.at(-1)!
}

const newest = async () => ((await owner.ask('GET', '/tickets?limit=1')).json() as { items: TicketLine[] }).items[0]!
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

test('at 320 px without JavaScript: ask, get the mail, open, answer, read the reply, close and open again', async (t) => {
  const page = await openPage(browser)
  t.after(() => page.context().close())
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${origin}/`)
  await page.getByRole('link', { name: 'Ask for help' }).click()
  assert.equal(await page.getByLabel('Order number').isVisible(), false)
  await page.getByLabel('What is it about?').selectOption('Returns')
  assert.equal(await page.getByLabel('Order number').isVisible(), true)
  await page.getByLabel('What happened?').fill('The zip came off.\n\nIt is the red one.')
  await page.getByLabel('Files').setInputFiles({ name: 'zip.png', mimeType: 'image/png', buffer: Buffer.from('PNG') })
  await press(page, 'Send')
  assert.match(await page.getByRole('alert').innerText(), /Give the address.*This is needed: Order number/s)
  assert.equal(await page.getByLabel('What happened?').inputValue(), 'The zip came off.\n\nIt is the red one.')
  assert.equal(await page.getByRole('checkbox', { name: 'zip.png is kept' }).isChecked(), true)
  await assertWhole(page, 'contact-problem-phone')
  await page.getByLabel('Your e-mail address').fill('nives@mail.example')
  await page.getByLabel('Order number').fill('10425')
  await press(page, 'Send')
  const { number, id } = await newest()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), `Your request is in: number ${number}`)
  await assertWhole(page, 'contact-sent-phone')

  await page.goto(await mailedLink())
  await assertWhole(page, 'requests-enter-phone')
  await press(page, 'Open')
  await page.getByRole('heading', { name: 'The zip came off.' }).waitFor()
  assert.match(await page.locator('main').innerText(), /Received[\s\S]*It is the red one\.[\s\S]*zip\.png/)
  house.clock.advance(60_000)
  await page.getByLabel('Your answer').fill('I found the receipt.')
  await press(page, 'Send')
  await page.getByText('I found the receipt.').waitFor()

  house.clock.advance(60_000)
  await owner.ask(
    'POST',
    `/tickets/${id}/messages`,
    { kind: 'note', text: 'Third zip this week.' },
    { 'idempotency-key': 'a' },
  )
  const reply = { kind: 'reply', text: 'A new one is on its way to you.' }
  const written = await owner.ask('POST', `/tickets/${id}/messages`, reply, { 'idempotency-key': 'b' })
  assert.equal(written.statusCode, 201, written.body)
  await page.reload()
  assert.doesNotMatch(await page.content(), /on its way to you|Third zip/)
  house.clock.advance(11_000)
  await house.due.drain()
  await page.reload()
  assert.match(await page.locator('main').innerText(), /Your turn[\s\S]*A new one is on its way to you\./)
  assert.doesNotMatch(await page.content(), /Third zip|owner@acme|desk@triglav/)
  await assertWhole(page, 'request-phone')
  const head = (await page.locator('.page-head').boundingBox())!
  assert.ok(head.height < 72, `the way out has a line of its own: ${head.height}`)

  await press(page, 'This is solved')
  await page.getByText('Is it not? Write below what is missing').waitFor()
  assert.equal((await owner.ask('GET', `/tickets/${id}`)).json().status, 'solved')
  await assertWhole(page, 'request-solved-phone')
  await press(page, 'Open it again')
  await page.getByText('It is our turn.').first().waitFor()
  await page.getByRole('link', { name: 'My requests' }).click()
  await assertWhole(page, 'requests-phone')
  await press(page, 'Sign out')
  await page.getByRole('button', { name: 'Send the link' }).waitFor()
  assert.ok(
    asked.every((url) => url.startsWith(origin)),
    asked.join('\n'),
  )
})

const looks = [
  { name: 'phone', viewport: phone, colorScheme: 'light' },
  { name: 'phone-dark', viewport: phone, colorScheme: 'dark' },
  { name: 'desktop', viewport: desktop, colorScheme: 'light' },
] as const
const languages: readonly Language[] = ['en', 'sl', 'nb']
const sendIn = { en: 'Send', sl: 'Pošlji', nb: 'Send' }
const linkIn = { en: 'Send the link', sl: 'Pošlji povezavo', nb: 'Send lenken' }
const openIn = { en: 'Open', sl: 'Odpri', nb: 'Åpne' }

for (const language of languages) {
  test(`every page has no barrier and fits, in both themes, in ${language}`, async (t) => {
    const page = await openPage(browser)
    t.after(() => page.context().close())
    const address = `kari.${language}@mail.example`
    await page.goto(`${origin}/requests/new?lang=${language}&topic=Returns`)
    await page.locator('#address').fill(address)
    await page.locator(`#f-${order.id}`).fill('7')
    await page.locator('#message').fill('A strap is torn, and the buckle of the other one is bent.')
    await press(page, sendIn[language])
    const { number } = await newest()
    await page.goto(`${origin}/requests?lang=${language}&to=${number}`)
    await page.locator('#address').fill(address)
    await press(page, linkIn[language])
    await page.goto(await mailedLink())
    await press(page, openIn[language])
    const state = await page.context().storageState()
    for (const { name: look, ...options } of looks) {
      const shown = await openPage(browser, { ...options, storageState: state })
      t.after(() => shown.context().close())
      for (const [name, path] of [
        ['contact', '/requests/new?topic=Returns&'],
        ['request', `/requests/${number}?`],
        ['requests', '/requests?'],
        ['link-sent', '/requests/link?'],
        ['help', '/?'],
        ['privacy-requests', '/privacy?'],
        ['accessibility', '/accessibility?'],
      ]) {
        await shown.goto(`${origin}${path}lang=${language}`)
        await assertWhole(shown, `${name}-${language}-${look}`)
      }
    }
    const stranger = await openPage(browser)
    t.after(() => stranger.context().close())
    await stranger.goto(`${origin}/requests/${number}?lang=${language}`)
    await assertWhole(stranger, `requests-sign-in-${language}-phone`)
    await stranger.goto(`${origin}/requests/enter/${'x'.repeat(43)}?lang=${language}`)
    await assertWhole(stranger, `requests-link-over-${language}-phone`)
  })
}
