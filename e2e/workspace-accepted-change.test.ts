import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { answer, openWorkspace, type Workspace } from './workspace.ts'

// A level that has changed for good: the chart signals until somebody says that it is the new normal.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const { items } = await workspace.ask<{ items: { key: string }[] }>(page, 'GET', '/surveys')
  for (let daysAgo = 40; daysAgo > 0; daysAgo--) {
    const usual: [number, number, Record<string, string>][] = [
      [9, 5, {}],
      [8, 5, {}],
    ]
    const low: typeof usual = [
      [5, 5, {}],
      [6, 5, {}],
    ]
    await answer(workspace, page, items[0]!.key, daysAgo > 9 ? usual : low, daysAgo)
  }
  await workspace.house.jobs.settle()
  await page.goto(new URL('/app/effort?period=day&at=2026-11-19', page.url()).href)
  await page.locator('.in-control').waitFor()
})
after(() => workspace.close())

const offer = () => page.getByRole('button', { name: /^Take what came since 11 November/ })

test('a run of signals can be taken as the new normal, and that can be taken back', async () => {
  await offer().click()
  await page.getByText('New normal since 11 November').waitFor()
  await offer().waitFor({ state: 'detached' })
  // What the bar of filters lies over is not looked at as if it were covered.
  await page.evaluate('scrollTo(0, 0)')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'accepted-change')
  await page.locator('.p-toasts').getByRole('button', { name: 'Undo' }).click()
  await offer().waitFor()
})

test('on a phone, in the dark and in three languages it stands where it belongs', async () => {
  await offer().click()
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: 'dark' })
  for (const [language, words] of [
    ['sl', /Novo običajno stanje od/],
    ['nb', /Ny normal siden/],
  ] as const) {
    await workspace.ask(page, 'PATCH', '/me', { language })
    await page.reload()
    await page.getByText(words).waitFor()
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  }
  await page.evaluate('scrollTo(0, 0)')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'accepted-change-at-320-px-in-the-dark')
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
