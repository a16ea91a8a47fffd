import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { answer, openWorkspace, type Workspace } from './workspace.ts'

// Of an anonymous survey a manager reads what was said, and nothing else of anybody.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const { items } = await workspace.ask<{ items: { id: string; key: string }[] }>(page, 'GET', '/surveys')
  const { id, key } = items[0]!
  await workspace.ask(page, 'PATCH', `/surveys/${id}`, { identity: 'anonymous' })
  await answer(workspace, page, key, [
    [9, 40, {}],
    [2, 1, {}, 'Three times the same photo.'],
    [3, 1, {}, 'buy pills'],
  ])
  await workspace.house.jobs.settle()
})
after(() => workspace.close())

const show = async (options = {}) => {
  const own = await workspace.open('/healthz', { storageState: await page.context().storageState(), ...options })
  await own.goto(`${new URL(page.url()).origin}/app/effort`)
  await own.getByText('Three times the same photo.').waitFor()
  return own
}

test('comments stand alone, and one is left out and counted again', async () => {
  const own = await show()
  const comments = own.locator('.in-quote')
  assert.equal(await comments.count(), 2)
  assert.doesNotMatch((await comments.allInnerTexts()).join(' '), /of 10|ago|English/)
  assert.equal(await own.getByRole('searchbox').count(), 0)
  assert.deepEqual(await axe(own), [])
  await photograph(own, 'comments')
  await comments.filter({ hasText: 'buy pills' }).getByRole('button').click()
  await own.getByText('It is spam').click()
  await comments.filter({ hasText: 'buy pills' }).waitFor({ state: 'detached' })
  await own.getByRole('button', { name: 'Undo' }).click()
  await comments.filter({ hasText: 'buy pills' }).waitFor()
})

test('on a phone, in the dark, nothing is cut off', async () => {
  const own = await show({ viewport: phone, colorScheme: 'dark' })
  assert.equal(await own.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  assert.deepEqual(await axe(own), [])
  await photograph(own, 'comments-at-320-px-in-the-dark')
})

for (const language of ['sl', 'nb'] as const)
  test(`it is read in ${language}`, async () => {
    await workspace.ask(page, 'PATCH', '/me', { language })
    const own = await show()
    assert.doesNotMatch(await own.locator('main').innerText(), /Left out|Comments/)
    await photograph(own, `comments-${language}`)
  })

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
