import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// An address has no names in front of it, so no link leads to a second workspace.

let workspace: Workspace

before(async () => {
  workspace = await openWorkspace({ LAHKO_BASE_URL: 'http://10.0.0.4' })
})
after(() => workspace.close())

test('a workspace that strangers cannot reach says so where it would hand out its link', async () => {
  await workspace.signedUp()
  workspace.house.clock.advance(1)
  const page = await workspace.signedUp()
  await page.getByText('No address leads to this workspace yet').waitFor()
  const { items } = await workspace.ask<{ items: { id: string }[] }>(page, 'GET', '/surveys')
  await page.goto(new URL(`/app/surveys/${items[0]!.id}?part=ask`, page.url()).href)
  await page.getByText('Whoever runs this Lahko names one with lahko host add').waitFor()
  assert.equal(await page.getByLabel('Link', { exact: true }).count(), 0)
  assert.deepEqual(await axe(page), [])
  assert.deepEqual(workspace.complaints, [])
})
