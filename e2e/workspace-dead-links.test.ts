import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Mail goes out and its links lead customers nowhere: whoever hands links out is told, and what to set.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace({
    LAHKO_SMTP_URL: 'smtp://127.0.0.1:9',
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    PORT: '3000',
  })
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

test('Ask and Programmes say that links in mails lead nowhere, until the workspace has a host', async () => {
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  await page.setViewportSize(phone)
  for (const path of [`/app/surveys/${items[0]!.id}?part=ask`, '/app/programmes']) {
    await page.goto(new URL(path, page.url()).href)
    await page.getByText(/Links in the mails .* begin with http:\/\/\S+, where no customer gets/).waitFor()
    assert.deepEqual(await axe(page), [])
    const [whole, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[]
    assert.ok(whole! <= seen!, `${whole} px`)
  }
  const me = await workspace.ask<{ deadMailOrigin: string | null }>(page, 'GET', '/me')
  assert.match(me.deadMailOrigin!, /^http:\/\/(\S+\.)?localhost:\d+$/)
})

test('with an address of its own nothing is said', async () => {
  const named = await openWorkspace({
    LAHKO_SMTP_URL: 'smtp://127.0.0.1:9',
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_BASE_URL: 'https://feedback.shop.example',
  })
  try {
    const fine = await named.signedUp()
    await fine.goto(new URL('/app/programmes', fine.url()).href)
    await fine.getByRole('heading', { name: 'Programmes', level: 1 }).waitFor()
    assert.equal(await fine.getByText(/Links in the mails/).count(), 0)
  } finally {
    await named.close()
  }
})
