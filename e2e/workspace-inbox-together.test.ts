import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { writeIn } from '../apps/server/src/modules/tickets/writing-in.ts'
import { system } from '../apps/server/src/platform/store.ts'
import { axe, onePixel, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// The desk where several work: saved lists, who reads what, what changes while one looks, and two tickets of one problem.

let workspace: Workspace
let page: Page
let colleague: Page
let zip: { id: string; number: number }
let receipt: { id: string; number: number }

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  zip = await ticketOf('Zip broke', 'The slider is cracked.')
  receipt = await ticketOf('My receipt', 'Here it is, for the zip.')
  const { url } = await workspace.ask<{ url: string }>(page, 'POST', '/member-links', { role: 'agent' })
  colleague = await workspace.open('/healthz')
  const { origin, pathname } = new URL(url)
  await colleague.request.post(`${origin}/api/v1/member-links/${pathname.split('/').at(-1)}/acceptance`, {
    data: { name: 'Bor Bregar', email: 'bor@example.com', password: 'three lakes and a hill', language: 'en' },
  })
  await colleague.goto(`${origin}/app/tickets?view=all`)
  await colleague.locator('.in-ticket').first().waitFor()
})
after(() => workspace.close())

function ticketOf(subject: string, text: string): Promise<{ id: string; number: number }> {
  workspace.house.clock.advance(60_000)
  const from = { name: 'Nives Oblak', address: 'nives@kupec.example' }
  return workspace.ask(page, 'POST', '/tickets', { subject, text, from, tags: ['zip'] })
}
const open = async ({ id }: { id: string }, on = page) => {
  await on.goto(new URL(`/app/tickets/${id}?view=all`, page.url()).href)
  await on.locator('.in-message').first().waitFor()
}

test('others see who reads and who writes, and what was changed, without loading anything again', async () => {
  await open(zip)
  await open(zip, colleague)
  await page.getByText('Bor Bregar reads this.').waitFor()
  await colleague.keyboard.press('r')
  await colleague.keyboard.type('Dear Nives')
  await page.getByText('Bor Bregar is writing.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-presence')
  await colleague.locator('textarea.composer-text').press('Escape')
  await colleague.keyboard.press('a')
  await colleague.getByRole('dialog').waitFor()
  await colleague.keyboard.press('Enter')
  await page.locator('.in-owner-button').getByText('Bor Bregar').waitFor()
  await page.getByText('Bor Bregar assigned it to Bor Bregar').waitFor()
  await colleague.keyboard.press('Escape')
  await page.getByText('Bor Bregar is writing.').waitFor({ state: 'detached' })
})

test('a list is kept as a view, counted, renamed, removed, and brought back', async () => {
  await page.goto(new URL('/app/tickets?view=all&tag=zip', page.url()).href)
  await page.locator('.in-ticket').nth(1).waitFor()
  await page.getByRole('button', { name: 'More about this list' }).click()
  await page.getByRole('button', { name: 'Save as a view' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Zips')
  await dialog.getByLabel('For everybody').check()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-save-view')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Zips 2' }).waitFor()
  await colleague.getByRole('link', { name: 'Zips 2' }).waitFor()
  await page.getByRole('button', { name: 'More about this list' }).click()
  await page.getByRole('button', { name: 'Change the view' }).click()
  await dialog.getByLabel('Name').fill('All zips')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'All zips 2' }).waitFor()
  await page.getByRole('button', { name: 'More about this list' }).click()
  await page.getByRole('button', { name: 'Remove the view' }).click()
  await page.getByText('“All zips” is removed.').waitFor()
  await page.getByRole('link', { name: 'All zips 2' }).waitFor({ state: 'detached' })
  await page.locator('.toast').filter({ hasText: 'is removed' }).getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('link', { name: 'All zips 2' }).waitFor()
  await page.getByRole('heading', { name: 'All zips' }).waitFor()
  await page.locator('.in-ticket').nth(1).waitFor()
})

test('a view that somebody removes while it is looked at lists nothing any more', async () => {
  const body = { name: 'Soon gone', shared: true, filter: { tag: 'zip' }, sort: 'newest' }
  const { id } = await workspace.ask<{ id: string }>(page, 'POST', '/ticket-views', body)
  await colleague.goto(new URL(`/app/tickets?view=${id}`, page.url()).href)
  await colleague.locator('.in-ticket').first().waitFor()
  await workspace.ask(page, 'DELETE', `/ticket-views/${id}`)
  await colleague.getByText('This view is not there any more').waitFor()
  await colleague.locator('.in-ticket').first().waitFor({ state: 'detached' })
  await colleague.getByRole('button', { name: 'More about this list' }).click()
  await colleague.getByRole('button', { name: 'New ticket' }).waitFor()
  assert.equal(await colleague.getByRole('button', { name: 'Save as a view' }).count(), 0, 'all would be kept')
  await open(zip, colleague)
})

test('a list is narrowed by who owns, and by the channel', async () => {
  await page.goto(new URL('/app/tickets?view=all', page.url()).href)
  await page.locator('.in-ticket').nth(1).waitFor()
  await page.getByRole('button', { name: /^Order and narrow the list/ }).click()
  await page.getByRole('button', { name: 'Bor Bregar', exact: true }).click()
  await page.locator('.in-ticket').nth(1).waitFor({ state: 'detached' })
  await page.locator('.in-ticket').getByText('Zip broke').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Show more than Bor Bregar' }).click()
  await page.locator('.in-ticket').nth(1).waitFor()
  await page.goto(new URL('/app/tickets?view=all&channel=form', page.url()).href)
  await page.getByText('No ticket of this list fits.').waitFor()
})

test('what is probably one problem is merged with one press, and taken apart with another', async () => {
  await open(receipt)
  await page.getByText('Probably the same problem').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-same')
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Zip broke' }).waitFor()
  await page.locator('.in-message').getByText('Here it is, for the zip.').waitFor()
  await page.locator('.in-side').getByText('Merged into this one').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-merged')
  await page.getByRole('button', { name: `Take apart ${receipt.number}` }).click()
  await page.getByText(`${receipt.number} stands for itself again.`).waitFor()
  await page.locator('.in-message').getByText('Here it is, for the zip.').waitFor({ state: 'detached' })
})

test('what was merged bears the mark of its ticket, and says into which it went, who did so and who took it back', async () => {
  await open(receipt)
  const before = await page.getByText(`Maja Kranjc took it out of ${zip.number} again`).count()
  await workspace.ask(colleague, 'PUT', `/tickets/${receipt.id}/merge`, { intoId: zip.id })
  await open(zip)
  const message = page.locator('.in-message').filter({ hasText: 'Here it is, for the zip.' })
  await message.getByText(`from ticket ${receipt.number}`).waitFor()
  assert.equal(await page.locator('.in-message').getByText(`from ticket ${zip.number}`).count(), 0)
  const line = page.locator(`.in-ticket[data-ticket="${zip.id}"]`)
  await line.getByText(`Merged into it: ${receipt.number}`).waitFor()
  await page.goto(new URL(`/app/tickets/${receipt.id}?view=all`, page.url()).href)
  const mark = page.getByText(`This ticket was merged into ${zip.number}.`)
  await mark.waitFor()
  await page.getByText(`Bor Bregar merged ${receipt.number} into ${zip.number}`).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-merged-mark')
  await page.getByRole('link', { name: String(zip.number), exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Zip broke' }).waitFor()
  await page.getByRole('button', { name: `Take apart ${receipt.number}` }).click()
  await message.waitFor({ state: 'detached' })
  await open(receipt)
  assert.equal(await mark.count(), 0)
  const takenOut = page.getByText(`Maja Kranjc took it out of ${zip.number} again`)
  await takenOut.first().waitFor()
  assert.equal(await takenOut.count(), before + 1)
})

test('the one message of what was merged becomes a ticket of its own again by its menu, too', async () => {
  await workspace.ask(page, 'PUT', `/tickets/${receipt.id}/merge`, { intoId: zip.id })
  await open(zip)
  const message = page.locator('.in-message').filter({ hasText: 'Here it is, for the zip.' })
  await message.getByRole('button', { name: 'With this message' }).click()
  await page.getByRole('button', { name: 'Make a ticket of its own' }).click()
  await page.getByText(`${receipt.number} stands for itself again.`).waitFor()
  await message.waitFor({ state: 'detached' })
  workspace.complaints.splice(
    0,
    workspace.complaints.length,
    ...workspace.complaints.filter((one) => !one.includes('409')),
  )
})

for (const [language, merge, merged, undo, apart] of [
  ['sl', 'Združi', 'je združen v', 'Razveljavi', 'je spet samostojen.'],
  ['nb', 'Slå sammen', 'er slått sammen med', 'Angre', 'står for seg selv igjen.'],
] as const)
  test(`a merge is said and taken back in ${language}`, async () => {
    await workspace.ask(page, 'PATCH', '/me', { language })
    await open(receipt)
    await page.getByRole('button', { name: merge, exact: true }).click()
    const said = page.locator('.toast').filter({ hasText: `${receipt.number} ${merged} ${zip.number}` })
    await said.getByRole('button', { name: undo }).click()
    await page.getByText(`${receipt.number} ${apart}`).waitFor()
    await page.locator('.in-message').getByText('Here it is, for the zip.').waitFor({ state: 'detached' })
    await workspace.ask(page, 'PATCH', '/me', { language: 'en' })
  })

test('a mail is seen as its writer made it, its pictures only when asked for', async () => {
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  workspace.house.clock.advance(60_000)
  let asked = 0
  const pictures = createServer((_, reply) => {
    asked += 1
    reply.end(onePixel)
  })
  await new Promise<void>((done) => pictures.listen(0, '127.0.0.1', done))
  workspace.house.names['pictures.kupec.example'] = ['127.0.0.1']
  const { port } = pictures.address() as AddressInfo
  await workspace.house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    writeIn(tx, receipt.id, {
      kind: 'message',
      channel: 'email',
      author: { name: 'Nives Oblak', address: 'nives@kupec.example' },
      text: 'The receipt, nicely.',
      html:
        '<h1 style="color:#b00">The receipt</h1><p>nicely.</p><table border="1"><tr><td>Vršič 45</td><td>169 €</td></tr></table>' +
        `<p>${'A long line of words. '.repeat(60)}</p><img alt="spy" data-remote-src="http://pictures.kupec.example:${port}/x.png">`,
      authentication: { spf: 'pass', dkim: 'fail', dmarc: null },
    }),
  )
  await open(receipt)
  const frame = page.frameLocator('.in-frame')
  await frame.getByRole('heading', { name: 'The receipt' }).waitFor()
  const inside = `document.querySelector('.in-frame').contentDocument.querySelector('h1')`
  assert.equal(await page.evaluate(`getComputedStyle(${inside}).color`), 'rgb(187, 0, 0)')
  const { height } = (await page.locator('.in-frame').boundingBox())!
  assert.ok(height > 200, String(height))
  assert.equal(await frame.locator('img[src]').count(), 0)
  await photograph(page, 'inbox-html')
  await page.getByText('One picture of another server is held back.').waitFor()
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await frame.locator('img[src]').waitFor()
  const picture = `document.querySelector('.in-frame').contentDocument.querySelector('img')`
  assert.equal(await page.evaluate(`${picture}.decode().then(() => ${picture}.naturalWidth)`), 1)
  assert.equal(asked, 1)
  pictures.close()
  await page.getByRole('button', { name: 'To whom, and from where' }).last().click()
  await page.getByText('DKIM').waitFor()
  assert.deepEqual(await axe(page), [])
})

test('a ticket is begun by a member', async () => {
  await page.goto(new URL('/app/tickets?view=all', page.url()).href)
  await page.locator('.in-ticket').first().waitFor()
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('The customer told us').check()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-new')
  await dialog.getByLabel('Customer’s e-mail').fill('tor@kupec.example')
  await dialog.getByLabel('Subject').fill('Boots, by telephone')
  await dialog.getByLabel('What they said').fill('The sole came off.')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { level: 1, name: 'Boots, by telephone' }).waitFor()
})

for (const [language, english] of [
  ['sl', /Inbox|Mine|Reply|Note|Resolve|Newest|Waiting/],
  ['nb', /Inbox|Nobody|Reply|Resolve|Newest|Waiting/],
] as const)
  test(`it is read in ${language}`, async () => {
    await workspace.ask(page, 'PATCH', '/me', { language })
    await open(zip)
    assert.doesNotMatch(await page.locator('body').innerText(), english)
    await photograph(page, `inbox-${language}`)
    await page.setViewportSize(phone)
    await open(zip)
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    assert.deepEqual(await axe(page), [])
    await photograph(page, `inbox-${language}-phone`)
    await page.locator('.in-send button[popovertarget]').click()
    await page.locator('[popover]:popover-open .menu-item').first().waitFor()
    const [end, seen, tallest] = (await page.evaluate(`(() => {
      const menu = document.querySelector('[popover]:popover-open')
      const lines = [...menu.querySelectorAll('.menu-item')].map((line) => line.clientHeight)
      return [menu.getBoundingClientRect().right, document.body.getBoundingClientRect().right, Math.max(...lines)]
    })()`)) as [number, number, number]
    assert.ok(end <= seen && tallest < 50, `the menu ends at ${end} of ${seen}, a line of it is ${tallest} high`)
    await photograph(page, `inbox-send-${language}-phone`)
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 1280, height: 900 })
    await workspace.ask(page, 'PATCH', '/me', { language: 'en' })
  })

// The picture of another server that was asked for is not there.
test('no console complained otherwise', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !one.includes('ERR_')),
    [],
  ))
