import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { writeIn } from '../apps/server/src/modules/tickets/writing-in.ts'
import { system } from '../apps/server/src/platform/store.ts'
import { axe, onePixel, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Replies and notes, as agents write them.

let workspace: Workspace
let page: Page
let ticket: { id: string; number: number }

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  ticket = await workspace.ask(page, 'POST', '/tickets', {
    subject: 'Zip broke on the Vršič 45 pack',
    text: 'The slider is cracked. Can it be repaired before Saturday?',
    from: { name: 'Nives Oblak', address: 'nives@kupec.example' },
  })
})
after(() => workspace.close())

const open = async () => {
  await page.goto(new URL(`/app/tickets/${ticket.id}?view=all`, page.url()).href)
  await page.locator('.in-message').first().waitFor()
}
const field = () => page.locator('textarea.composer-text')
const draftKept = () => page.getByText('Draft kept').waitFor()

/** Pastes into the field, or drops on the composer, a file of 70 bytes. */
async function give(how: 'paste' | 'drop', name: string, type = 'image/png'): Promise<void> {
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob('${onePixel.toString('base64')}'), (sign) => sign.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], '${name}', { type: '${type}' }))
    const about = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data }
    const event = new ${how === 'paste' ? 'ClipboardEvent' : 'DragEvent'}('${how}', about)
    document.querySelector('textarea.composer-text').dispatchEvent(event)
  }`)
}

/** The customer writes once more. */
async function customerWrites(text: string): Promise<void> {
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  workspace.house.clock.advance(60_000)
  await workspace.house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    writeIn(tx, ticket.id, {
      kind: 'message',
      channel: 'email',
      author: { name: 'Nives Oblak', address: 'nives@kupec.example' },
      text,
    }),
  )
}

test('what is being written is kept, and found again', async () => {
  await open()
  await page.keyboard.press('r')
  await page.keyboard.type('Dear Nives, the slider is here')
  await draftKept()
  await page.reload()
  await page.getByText('Dear Nives').waitFor()
  assert.equal(await field().inputValue(), 'Dear Nives, the slider is here')
  await field().press('Escape')
  await page.keyboard.press('r')
  assert.equal(await page.evaluate('document.activeElement.className'), 'composer-text')
})

test('what was typed in the last moment before the page is closed is kept', async () => {
  const own = await workspace.open(`/app/tickets/${ticket.id}?view=all`, {
    storageState: await page.context().storageState(),
  })
  await own.locator('.in-message').first().waitFor()
  const kept = 'Dear Nives, the slider is here'
  const context = own.context()
  // Another page holds the browser open.
  await context.newPage()
  await own.locator('textarea.composer-text').fill(`${kept} and will be sewn in`)
  await own.close()
  const draft = async () =>
    (await workspace.ask<{ draft: { text: string } | null }>(page, 'GET', `/tickets/${ticket.id}`)).draft?.text
  for (let tries = 0; tries < 50 && (await draft()) === kept; tries += 1) await page.waitForTimeout(50)
  assert.equal(await draft(), `${kept} and will be sewn in`)
  await context.close()
  await workspace.ask(page, 'PUT', `/tickets/${ticket.id}/draft`, { kind: 'reply', text: kept, recipients: [] })
  await page.reload()
  await page.locator('.in-message').first().waitFor()
})

test('a draft too long to be sent after its page is kept before, and the page waits for that', async () => {
  const own = await workspace.open(`/app/tickets/${ticket.id}?view=all`, {
    storageState: await page.context().storageState(),
  })
  await own.locator('.in-message').first().waitFor()
  const long = 'The slider is here. '.repeat(4_000).trim()
  const held = Promise.withResolvers<void>()
  await own.route('**/draft', async (route) => {
    await held.promise
    await route.continue()
  })
  await own.keyboard.press('r')
  await own.locator('textarea.composer-text').fill(long)
  const asked = own.waitForEvent('dialog')
  await own.evaluate('void setTimeout(() => location.reload())')
  const dialog = await asked
  assert.equal(dialog.type(), 'beforeunload')
  await dialog.dismiss()
  held.resolve()
  await own.getByText('Draft kept').waitFor()
  await own.reload()
  await own.locator('textarea.composer-text', { hasText: 'The slider' }).waitFor()
  assert.ok((await own.locator('textarea.composer-text').inputValue()) === long)
  await own.context().close()
  await workspace.ask(page, 'PUT', `/tickets/${ticket.id}/draft`, {
    ...{ kind: 'reply', recipients: [] },
    text: 'Dear Nives, the slider is here',
  })
  await page.reload()
  await page.locator('.in-message').first().waitFor()
})

test('a reply can be taken back for ten seconds, and its text is there again', async () => {
  await field().press('Control+Enter')
  await page.getByText(/The reply to Nives Oblak leaves in \d+ second/).waitFor()
  await page.locator('.in-message').nth(1).waitFor()
  assert.equal(await field().inputValue(), '')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-undo')
  await page.keyboard.press('z')
  await page.locator('.in-message').nth(1).waitFor({ state: 'detached' })
  await page.waitForSelector('textarea.composer-text:focus:not(:placeholder-shown)')
  assert.equal(await field().inputValue(), 'Dear Nives, the slider is here')
  assert.equal(await page.evaluate('document.activeElement.className'), 'composer-text')
})

test('a reply is taken back from a page that was loaded since, too', async () => {
  await field().press('Control+Enter')
  await page.locator('.in-message').nth(1).waitFor()
  await page.reload()
  await page.locator('.in-message').nth(1).getByRole('button', { name: 'Take back' }).click()
  await page.locator('.in-message').nth(1).waitFor({ state: 'detached' })
  await page.waitForSelector('textarea.composer-text:focus:not(:placeholder-shown)')
  assert.equal(await field().inputValue(), 'Dear Nives, the slider is here')
})

test('Escape closes what lies over the composer and no more; pressed again it goes on to reading', async () => {
  await field().fill('')
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.type('Ask @ma')
  const offered = page.locator('.in-suggestions').getByRole('button', { name: 'Maja Kranjc' })
  await offered.waitFor()
  await page.keyboard.press('Escape')
  await offered.waitFor({ state: 'detached' })
  await page.keyboard.type('rko e')
  assert.equal(await field().inputValue(), 'Ask @marko e')
  await field().fill('@ knows')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('ma')
  await offered.waitFor()
  await page.keyboard.press('Escape')
  await offered.waitFor({ state: 'detached' })
  for (const key of ['Backspace', 'Backspace', 'Backspace', '@', 'm']) await page.keyboard.press(key)
  await offered.waitFor()
  await page.keyboard.press('Escape')
  await offered.waitFor({ state: 'detached' })
  const more = page.locator('.composer [popovertarget]').last()
  await more.press('Enter')
  await page.locator('.composer .menu-item:focus').first().waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.composer [popovertarget]:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.in-body:focus').waitFor()
  await page.waitForURL(/tickets\/[0-9a-f-]+/)
  await field().fill('')
})

test('a note is of another colour, word and button, and stays with the members', async () => {
  await field().fill('')
  await field().press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.type('Slider 8 mm is in stock. @ma')
  await page.locator('.in-suggestions').getByRole('button', { name: 'Maja Kranjc' }).waitFor()
  await page.keyboard.press('Enter')
  assert.equal(await field().inputValue(), 'Slider 8 mm is in stock. @Maja Kranjc ')
  await page.getByRole('button', { name: /^Add note/ }).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-note')
  await page.keyboard.press('Control+Enter')
  await page.locator('.entry[data-kind="note"]').getByText('Slider 8 mm').waitFor()
  await page.locator('.entry[data-kind="note"]').getByText('Note, only for us').waitFor()
})

test('a macro is found as one types, filled in for this customer, and what it does is seen before', async () => {
  await workspace.ask(page, 'POST', '/macros', {
    name: 'Receipt known',
    texts: { en: 'Dear {customer.name|there}, we have your receipt.' },
    actions: { status: 'on_hold', addTags: ['receipt'] },
  })
  await open()
  await page.keyboard.press('r')
  await page.keyboard.type('/rec')
  await page
    .locator('.in-suggestions')
    .getByRole('button', { name: /Receipt known\s*Dear there, we have your receipt\./ })
    .waitFor()
  await photograph(page, 'inbox-macros')
  await page.keyboard.press('Enter')
  await page.getByText('With “Receipt known”:').waitFor()
  assert.match(await field().inputValue(), /^Dear Nives( Oblak)?, we have your receipt\.$/)
  assert.deepEqual(await axe(page), [])
  await page.keyboard.press('Control+Enter')
  await page.locator('.in-facts').getByText('receipt').waitFor()
  await page.locator('.in-facts').getByText('On hold').waitFor()
  await page.locator('.in-undo').getByRole('button', { name: 'Take back' }).click()
  // Taken back, it is the macro's text again, and does the same when it is sent.
  await page.getByText('With “Receipt known”:').waitFor()
  await page.locator('.in-facts').getByText('receipt').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+Enter')
  await page.locator('.in-facts').getByText('receipt').waitFor()
  await page.locator('.in-facts').getByText('On hold').waitFor()
  await page.locator('.in-undo').getByRole('button', { name: 'Take back' }).click()
  // What was left out stays so, however often it is taken back.
  await page.getByRole('button', { name: 'Leave out #receipt' }).click()
  await page.keyboard.press('Control+Enter')
  await page.locator('.in-undo').getByRole('button', { name: 'Take back' }).click()
  await page.getByText('With “Receipt known”:').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Leave out #receipt' }).count(), 0)
  await page.reload()
  await page.getByText('With “Receipt known”:').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Leave out #receipt' }).count(), 0)
  await field().focus()
  await page.keyboard.press('Control+Enter')
  await page.locator('.in-facts').getByText('On hold').waitFor()
  assert.equal(await page.locator('.in-facts').getByText('receipt').count(), 0)
})

test('a file is attached, pasted or chosen, and goes with the reply', async () => {
  await page.locator('input[type=file]').setInputFiles([
    { name: 'film.mov', mimeType: 'video/quicktime', buffer: Buffer.alloc(25_000_001) },
    { name: 'zip.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('x') },
  ])
  await page.getByText('film.mov is larger than 25 MB.').waitFor()
  await page.getByText('Files ending in .exe run when they are opened').waitFor()
  await page.locator('input[type=file]').setInputFiles({
    name: 'slider.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('8 mm'),
  })
  await page.getByText('slider.txt, 4 B').waitFor()
  await field().fill('The measures are attached.')
  await draftKept()
  await page.reload()
  await page.getByText('slider.txt, 4 B').waitFor()
  assert.deepEqual(await axe(page), [])
  await field().press('Control+Enter')
  await page.locator('.in-message').getByText('slider.txt, 4 B').waitFor()
})

test('a picture that is pasted or dropped stands where the cursor is, goes with the mail, and is seen in the conversation', async () => {
  await open()
  await field().fill('See  there.')
  await page.evaluate(`document.querySelector('textarea.composer-text').setSelectionRange(4, 4)`)
  await give('paste', 'image.png')
  await page.locator('.in-attached').getByText('pasted.png, in the text').waitFor()
  assert.match(await field().inputValue(), /^See !\[pasted\.png\] there\.$/)
  await page.keyboard.type('right')
  assert.match(await field().inputValue(), /\]right there\.$/)
  await give('drop', 'slider.png')
  await page.locator('.in-attached').getByText('slider.png, in the text').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-pasted')
  await draftKept()
  await page.reload()
  await page.locator('.in-attached').getByText('slider.png, in the text').waitFor()
  await page.getByRole('button', { name: 'Remove slider.png' }).click()
  assert.doesNotMatch(await field().inputValue(), /slider/)
  await give('drop', 'notes.txt', 'text/plain')
  await page.locator('.in-attached').getByText('notes.txt, 70 B').waitFor()
  await page.getByRole('button', { name: 'Remove notes.txt' }).click()
  await field().press('Control+Enter')
  await page.locator('.in-message').getByRole('img', { name: 'pasted.png' }).waitFor()
  const shown = `document.querySelector('.in-message img.in-picture')`
  assert.equal(await page.evaluate(`${shown}.decode().then(() => ${shown}.naturalWidth)`), 1)
})

test('a note shows its pictures where they were put', async () => {
  await field().press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.type('Look: ')
  await give('paste', 'image.png')
  await page.locator('.in-attached').getByText('pasted.png, in the text').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('.entry[data-kind="note"] img[alt="pasted.png"]').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-note-picture')
})

test('who writes while somebody else does is stopped before two answers cross, and keeps the text', async () => {
  await open()
  await field().fill('Bring it on Thursday.')
  await draftKept()
  await customerWrites('So I need the receipt a third time?')
  await page.getByText('Nives Oblak wrote while you were writing.').waitFor()
  await field().press('Control+Enter')
  await page.getByText('Your text is kept and not sent.').waitFor()
  assert.equal(await field().inputValue(), 'Bring it on Thursday.')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'inbox-newer')
  await page.getByRole('button', { name: 'Send as it is' }).click()
  await page.locator('.in-message').getByText('Bring it on Thursday.').waitFor()
})

test('a long conversation opens at its end, and what one has sent is in sight', async () => {
  for (let count = 1; count <= 12; count++) await customerWrites(`Message ${count}.\n\nIt has\nsome lines.`)
  await open()
  const inSight = async (text: string) => {
    const message = page.locator('.in-message').filter({ hasText: text }).last()
    await message.waitFor()
    const body = (await page.locator('.in-body').boundingBox())!
    const { y } = (await message.boundingBox())!
    return y >= body.y && y < body.y + body.height
  }
  assert.ok(await inSight('Message 12.'))
  await page.locator('.in-message').first().scrollIntoViewIfNeeded()
  await field().fill('Here is all of it.')
  await field().press('Control+Enter')
  await page.locator('.in-message').getByText('Here is all of it.').waitFor()
  for (let frames = 0; !(await inSight('Here is all of it.')); frames++) {
    assert.ok(frames < 200)
    await page.evaluate('new Promise((next) => requestAnimationFrame(next))')
  }
})

test('on a phone the composer and its menus fit', async () => {
  await page.setViewportSize(phone)
  await open()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Send otherwise' }).click()
  await page.getByText('Send later').waitFor()
  await photograph(page, 'inbox-send-phone')
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
})

// The browser itself complains about the answer that was stopped, and the file that was refused.
test('no console complained otherwise', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !/status of 40[09]/.test(one)),
    [],
  ))
