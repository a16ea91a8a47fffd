import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, desktop, phone } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// What belongs to the workspace and to oneself.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace({
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_SMTP_RECEIVER: '127.0.0.1:0',
    LAHKO_RETURN_ADDRESS: 'feedback@returns.shop.example',
  })
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

const go = async (part: string) => {
  await page.goto(new URL(`/app/settings/${part}`, page.url()).href)
  await page.locator('main h1').waitFor()
}

test('the colour is tried on the whole screen, says its contrast, and goes back unless it is saved', async () => {
  const accent = () => page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--accent-hue')`)
  await go('company')
  const before = await accent()
  await page.getByLabel('Hue in degrees').fill('20')
  assert.equal(await accent(), '20')
  await page.getByText(/Readable in both themes: \d/).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('link', { name: 'Members' }).click()
  await page.getByRole('heading', { name: 'Members' }).waitFor()
  assert.equal(await accent(), before)
  await go('company')
  await page.getByLabel('Hue in degrees').fill('300')
  await page.getByLabel('12 months').check()
  await page.getByLabel('Own addresses').fill('203.0.113.0/24\n2001:db8::1')
  await page.getByText('3 changes').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.reload()
  await page.locator('main h1').waitFor()
  assert.equal(await accent(), '300')
  assert.equal(await page.getByLabel('Own addresses').inputValue(), '203.0.113.0/24\n2001:db8::1')
})

test('by which addresses customers come stands there, with the line that adds another', async () => {
  await go('company')
  const { origin } = new URL(page.url())
  await page.getByText('Customers reach the portal at this address, and links begin with it.').waitFor()
  assert.equal(await page.getByRole('link', { name: origin }).getAttribute('href'), origin)
  const line = await page.getByRole('textbox', { name: 'Another address' }).inputValue()
  assert.equal(line, 'npx lahko host add help.example.com --workspace shop-1')
})

test('on a phone the part that is open is in sight, and a short one leaves no gap above it', async () => {
  await page.setViewportSize(phone)
  for (const part of ['you', 'keys']) {
    await go(part)
    const current = (await page.locator('.se > .nav a[aria-current]').boundingBox())!
    assert.ok(current.x >= 0 && current.x + current.width <= phone.width, part)
    const head = (await page.locator('.sidebar').boundingBox())!
    assert.ok(head.height < 80, `${part}: ${head.height}`)
  }
  await page.setViewportSize(desktop)
})

test('a link adds a member, whose role can be changed and taken back', async () => {
  await go('members')
  await page.getByLabel('Role', { exact: true }).selectOption('viewer')
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = await page.getByLabel('Link for a new member').inputValue()
  const other = await workspace.open('/healthz')
  await other.goto(link)
  await other.getByText('As a viewer: read answers, figures and articles, change nothing.').waitFor()
  assert.deepEqual(await axe(other), [])
  await other.getByLabel('Your name').fill('Tor Halvorsen')
  await other.getByLabel('E-mail').fill('tor@example.com')
  await other.getByRole('textbox', { name: 'Password' }).fill('three fjords and a boat')
  await other.getByRole('button', { name: 'Join' }).click()
  await other.waitForURL(/\/app\/(start|effort)/)
  await page.reload()
  const role = page.getByLabel('Role of Tor Halvorsen')
  await role.selectOption('agent')
  await page.getByText('Tor Halvorsen: Agent.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('As before.').waitFor()
  assert.equal(await role.inputValue(), 'viewer')
})

test('a viewer is offered nothing that would be refused', async () => {
  const { url } = await workspace.ask<{ url: string }>(page, 'POST', '/member-links', { role: 'viewer' })
  const viewer = await workspace.open('/healthz')
  const origin = new URL(url).origin
  await viewer.request.post(`${origin}/api/v1/member-links/${url.split('/').at(-1)}/acceptance`, {
    data: { name: 'Ida', email: 'ida@example.com', password: 'three lakes and a hill', language: 'en' },
  })
  await viewer.goto(`${origin}/app/settings`)
  await viewer.getByRole('heading', { name: 'Company and look' }).waitFor()
  assert.equal(await viewer.getByLabel('Name that customers see').isDisabled(), true)
  assert.equal(await viewer.getByRole('button', { name: 'Save' }).count(), 0)
  assert.equal(await viewer.getByRole('link', { name: 'API keys' }).count(), 0)
})

test('a key says what it may do, is shown once, and is revoked', async () => {
  await go('keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('What it is for').fill('Help desk')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const key = await page.getByRole('textbox', { name: 'Key', exact: true }).inputValue()
  assert.ok(key.length > 20)
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByText('Help desk', { exact: true }).waitFor()
  await page.getByText(/Report answers .* never used/).waitFor()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('“Help desk” is revoked.').waitFor()
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor()
})

test('what the DNS lacks for mail is said with the record to add, and looked at again', async () => {
  await go('mail')
  await page.getByText('Mails come from feedback@shop.example.').waitFor()
  await page.getByText('SPF: missing').waitFor()
  const wanted = page.getByLabel('Record for returns.shop.example', { exact: true })
  assert.equal(await wanted.inputValue(), 'v=spf1 mx:shop.example ~all')
  await page.getByText('It speaks for shop.example too').waitFor()
  await page.getByText('DKIM: not signed here').waitFor()
  assert.deepEqual(await axe(page), [])
  Object.assign(workspace.house.dns, {
    'returns.shop.example': [['v=spf1 mx ', '-all']],
    '_dmarc.shop.example': [['v=DMARC1; p=none; aspf=s']],
  })
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('SPF: in order').waitFor()
  await page.getByText('It does not speak for shop.example: DMARC passes by DKIM only.').waitFor()
  await page.getByText('DMARC: in order').waitFor()
})

test('a password is changed only by whoever knows the old one', async () => {
  await go('you')
  const complaints = workspace.complaints.length
  await page.getByLabel('Password now').fill('not this one')
  await page.getByLabel('New password').fill('four hills and a lake')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.locator('[aria-invalid="true"], [role="alert"]').first().waitFor()
  workspace.complaints.length = complaints
  await page.getByLabel('Password now').fill('three hills and a lake')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('The password is changed.').waitFor()
})

test('the screens change their language at once', async () => {
  await page.getByLabel('Language of these screens').selectOption('sl')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByLabel('Jezik teh zaslonov').waitFor()
  assert.deepEqual(await axe(page), [])
})

test('on a phone nothing is cut off', async () => {
  const narrow = await workspace.open('/healthz', {
    viewport: phone,
    colorScheme: 'dark',
    storageState: await page.context().storageState(),
  })
  for (const part of ['company', 'members', 'keys', 'mail', 'you']) {
    await narrow.goto(new URL(`/app/settings/${part}`, page.url()).href)
    await narrow.locator('main h1').waitFor()
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, part)
    assert.deepEqual(await axe(narrow), [])
  }
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
