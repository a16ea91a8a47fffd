import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// An article from its first word to its second version: written, looked at, published, scheduled, compared, translated.

let workspace: Workspace
let page: Page
let id: string

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const titles = { en: 'Returns', sl: 'Vračila', nb: 'Retur' }
  const collection = await ask<{ id: string }>('POST', '/article-collections', { titles })
  const make = (title: string) =>
    ask<{ id: string }>('POST', '/articles', { collectionId: collection.id, language: 'en', title, body: '' })
  id = (await make('Return an item')).id
  await make('Return label')
})
after(() => workspace.close())

type Translation = {
  title: string
  summary: string
  body: string
  revision: number
  published: { number: number } | null
  publishAt: string | null
}
const ask = <T>(method: string, path: string, body?: unknown) => workspace.ask<T>(page, method, path, body)
const translation = (language = 'en', of = id) => ask<Translation>('GET', `/articles/${of}/translations/${language}`)
const write = (part: object, language = 'en', of = id) =>
  ask<Translation>('PUT', `/articles/${of}/translations/${language}`, part)
const go = async (on: Page, language = 'en', of = id) => {
  await on.goto(new URL(`/app/articles/${of}/${language}`, page.url()).href)
  await on.locator('.ae h1').waitFor({ state: 'attached' })
}
const text = (on: Page) => on.getByRole('textbox', { name: 'Text' })
/** What was kept last is the whole of what was written. */
const kept = (on: Page) => on.getByText(/^saved \d\d:\d\d$/).waitFor()

test('the text is written as it will look, with steps, a link to another article, a table and a callout', async () => {
  await go(page)
  await page.getByRole('textbox', { name: 'Summary' }).fill('Within 30 days.')
  await page.getByText(/^15 of 400 characters/).waitFor()
  await text(page).click()
  await page.keyboard.type('Most items come back within *30 days*.\n')
  await page.getByRole('button', { name: 'Steps' }).click()
  await page.keyboard.type('Open My account\nPrint the ')
  await page.getByRole('button', { name: 'Link' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('label')
  await page.getByRole('dialog').getByRole('button', { name: 'Return label Returns' }).waitFor()
  await page.keyboard.press('Enter')
  await text(page).getByRole('link', { name: 'Return label' }).waitFor()
  await page.keyboard.type('\n\n')
  await page.getByRole('button', { name: 'Callout or quotation' }).click()
  await page.getByRole('button', { name: 'Note', exact: true }).click()
  await page.keyboard.type('The day counts.')
  await page.locator('.ae-rich blockquote[data-tone="note"]').waitFor()
  await page.keyboard.type('\n\n## Costs\n')
  await page.getByRole('button', { name: 'Table' }).click()
  await page.keyboard.type('From')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Label')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Norway')
  await kept(page)
  await photograph(page, 'article-editor')
  assert.deepEqual(await axe(page), [])
  const { body, summary } = await translation()
  assert.equal(summary, 'Within 30 days.')
  assert.equal(
    body,
    [
      'Most items come back within *30 days*.\n',
      '1. Open My account\n2. Print the [Return label](return-label.md)\n',
      '> **Note** The day counts.\n',
      '## Costs\n',
      '| From | Label |\n|---|---|\n| Norway | |\n| | |',
    ].join('\n'),
  )
})

test('Escape leads out of the text to its tools and back', async () => {
  await page.keyboard.press('Escape')
  assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Kind of paragraph')
  await page.keyboard.press('ArrowRight')
  assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Bold')
  await page.keyboard.press('Escape')
  await page.locator('.ae-rich:focus').waitFor()
})

test('Markdown and preview show the same text', async () => {
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.locator('.ae-preview .banner').getByText('The day counts.').waitFor()
  assert.equal(await page.getByRole('link', { name: 'Return label' }).getAttribute('href'), '/help/en/return-label')
  await photograph(page, 'article-preview')
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Markdown' }).click()
  await text(page).fill('One line.\n\nAnother.')
  await page.getByRole('button', { name: 'Write', exact: true }).click()
  await page.locator('.ae-rich').getByText('Another.').waitFor()
  await kept(page)
  assert.equal((await translation()).body, 'One line.\n\nAnother.')
})

test('it is published, and what changed since is said word by word', async () => {
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page
    .getByRole('dialog')
    .getByText(/Everybody can read “Return an item”/)
    .waitFor()
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.getByText(/“Return an item” is published/).waitFor()
  assert.equal((await translation()).published?.number, 1)
  await text(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' And a third.')
  await kept(page)
  await page.getByText('Published, changed since').waitFor()
  await page.getByRole('button', { name: 'Publish changes' }).click()
  await page.getByRole('dialog').locator('ins').getByText('And a third.').waitFor()
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.getByText('Published', { exact: true }).waitFor()
  assert.equal((await translation()).published?.number, 2)
})

test('an old version is compared and comes back into the draft', async () => {
  await page.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('button', { name: 'Versions' }).click()
  const dialog = page.getByRole('dialog', { name: 'Versions' })
  await dialog.getByText('There is no difference.').waitFor()
  await dialog.getByRole('button', { name: /Version 1/ }).click()
  await dialog.locator('ins').getByText('And a third.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-versions')
  await dialog.getByRole('button', { name: 'Put version 1 into the draft' }).click()
  await page.getByText(/Version 1 is in the draft/).waitFor()
  await page.locator('.ae-rich').getByText('Another.', { exact: true }).waitFor()
  assert.equal((await translation()).body, 'One line.\n\nAnother.')
})

test('it is scheduled by the reader’s clock, and that can be taken back', async () => {
  await page.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('button', { name: 'Schedule …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/Europe\/Ljubljana/).waitFor()
  await dialog.getByLabel('Publish').fill('2030-01-15T09:00')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('It is scheduled.').waitFor()
  assert.equal((await translation()).publishAt, '2030-01-15T08:00:00.000Z')
  await page.getByText(/will be published 15 Jan 2030, 09:00/).waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByText(/will be published/).waitFor({ state: 'detached' })
})

test('its settings: owner, review day, audience', async () => {
  await page.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('button', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('button', { name: 'Owner: Nobody' }).click()
  const members = page.getByRole('dialog', { name: 'Owner' })
  assert.deepEqual(await axe(page), [])
  await members.getByRole('button', { name: 'Maja Kranjc' }).click()
  await dialog.getByRole('button', { name: 'Owner: Maja Kranjc' }).waitFor()
  await dialog.getByLabel('Look at it again on').fill('2027-01-10')
  await dialog.getByLabel('Audience').selectOption('organisations')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Name at least one organisation').first().waitFor()
  await dialog.getByLabel('Organisations').fill('Oblak d.o.o.\nNordlys AS')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-settings')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  const article = await ask<{ organisations: string[]; reviewOn: string; ownerId: string }>('GET', `/articles/${id}`)
  assert.deepEqual(article.organisations, ['Oblak d.o.o.', 'Nordlys AS'])
  assert.equal(article.reviewOn, '2027-01-10')
  assert.notEqual(article.ownerId, null)
  await ask('PATCH', `/articles/${id}`, { audience: 'public', organisations: [] })
})

test('what the editor would lose opens as Markdown, and says what', async () => {
  const { revision } = await translation()
  await write({ title: 'Return an item', body: 'Look: ![the zip](zip.png) here.\n\nRest.', revision })
  await go(page)
  await page.getByText('This text opens as Markdown.').waitFor()
  await page.locator('.ae-lost').getByText('Look: ![the zip](zip.png) here.').waitFor()
  assert.equal(await page.locator('.ae-rich').count(), 0)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-only-markdown')
  await text(page).fill('Look here.\n\nRest.')
  await kept(page)
  await page.getByRole('button', { name: 'Go on in Markdown' }).click()
  await page.getByRole('button', { name: 'Write', exact: true }).click()
  await page.locator('.ae-rich').getByText('Look here.').waitFor()
})

/** A picture as editors make most of them. */
const screenshot = (width: number) => page.screenshot({ clip: { x: 0, y: 0, width, height: 400 } })

test('a picture is put in by its file or pasted, and each asks what it says', async () => {
  const { revision } = await translation()
  await write({ title: 'Return an item', body: 'Look here.\n\nRest.', revision })
  await go(page)
  await page.locator('.ae-rich').getByText('Look here.').click()
  await page.keyboard.press('End')
  const [first, second] = [await screenshot(900), await screenshot(600)]
  await page.getByRole('button', { name: 'Picture' }).click()
  const dialog = page.getByRole('dialog')
  const put = dialog.getByRole('button', { name: 'Put it into the text' })
  await dialog
    .getByLabel('File')
    .setInputFiles({ name: 'a.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
  await dialog.getByText('This is no PNG, JPEG, GIF or WebP.').waitFor()
  await dialog.getByLabel('File').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: first })
  await dialog.getByRole('img', { name: 'The picture as it is kept' }).waitFor()
  assert.equal(await put.isDisabled(), true)
  await dialog.getByLabel('What there is to see').fill('The open zip')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-picture-dialog')
  await put.click()
  await page.locator('.ae-rich').getByRole('img', { name: 'The open zip' }).waitFor()
  await page.keyboard.press('Enter')
  const bytes = second.toString('base64')
  // As the browser does when a picture is on the clipboard.
  await page.evaluate(`{
    const data = new DataTransfer()
    const content = Uint8Array.from(atob('${bytes}'), (sign) => sign.charCodeAt(0))
    data.items.add(new File([content], 'image.png', { type: 'image/png' }))
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    document.querySelector('.ae-rich').dispatchEvent(event)
  }`)
  await dialog.getByRole('img', { name: 'The picture as it is kept' }).waitFor()
  await dialog.getByLabel('It only decorates').check()
  await put.click()
  await page.locator('.ae-rich img[src][alt=""]').waitFor()
  await kept(page)
  const { body } = await translation()
  const address = String.raw`\/help\/pictures\/[0-9a-f-]{36}\.webp`
  assert.match(
    body,
    new RegExp(`^Look here\\.!\\[The open zip\\]\\(${address}\\)\n\n!\\[\\]\\(${address}\\)\n\nRest\\.$`),
  )
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-pictures')
})

test('the words of a picture are changed by keyboard, and the preview shows it', async () => {
  await go(page)
  await page.locator('.ae-rich').getByRole('img', { name: 'The open zip' }).click()
  await page.locator('.ae-rich img.ProseMirror-selectednode').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Picture' }).press('Enter')
  const words = page.getByRole('dialog').getByLabel('What there is to see')
  assert.equal(await words.inputValue(), 'The open zip')
  await words.fill('The zip [open]')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.locator('.ae-rich').getByRole('img', { name: 'The zip [open]' }).waitFor()
  await kept(page)
  assert.match((await translation()).body, /!\[The zip \\\[open\\\]\]/)
  await page.getByRole('button', { name: 'Preview' }).click()
  const shown = page.locator('.ae-preview').getByRole('img', { name: 'The zip [open]' })
  await shown.waitFor()
  assert.deepEqual(await shown.evaluate((image) => [image.getAttribute('width'), image.getAttribute('height')]), [
    '900',
    '400',
  ])
  assert.deepEqual(await axe(page), [])
  await write({ title: 'Return an item', body: 'Look here.\n\nRest.', revision: (await translation()).revision })
})

test('a video is put in by its address, with a title', async () => {
  await go(page)
  await page.locator('.ae-rich').getByText('Look here.').click()
  await page.keyboard.press('End')
  await page.getByRole('button', { name: 'Video' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address').fill('https://example.com/watch')
  await dialog.getByRole('button', { name: 'Put it into the text' }).click()
  await dialog.getByText('This is not the address of a video').waitFor()
  await dialog.getByText('Give it a title.').waitFor()
  await dialog.getByLabel('Address').fill('https://youtu.be/dQw4w9WgXcQ')
  await dialog.getByText(/it lies at YouTube/).waitFor()
  await dialog.getByLabel('Title').fill('How a zip is mended')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-video-dialog')
  await dialog.getByRole('button', { name: 'Put it into the text' }).click()
  await page.locator('.ae-rich p[data-video="YouTube"]').getByText('How a zip is mended').waitFor()
  await kept(page)
  assert.equal((await translation()).body, 'Look here.\n\n[How a zip is mended](https://youtu.be/dQw4w9WgXcQ)\n\nRest.')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.locator('.ae-preview .video').getByText('This video lies at YouTube.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-video-preview')
  await write({ title: 'Return an item', body: 'Look here.\n\nRest.', revision: (await translation()).revision })
})

test('when two write, both texts are shown, and one chooses', async () => {
  // Told at once, the page would take over what is new, as long as nothing is written in it.
  await page.route('**/api/v1/live', () => undefined)
  await go(page)
  await text(page).click()
  await page.keyboard.press('Control+End')
  const { revision } = await translation()
  await write({ title: 'Return an item', body: 'Theirs.', revision })
  await page.keyboard.type(' Mine.')
  const conflict = page.getByRole('region', { name: 'Two have written here.' })
  await conflict.getByText(/Maja Kranjc saved another text/).waitFor()
  await conflict.locator('del').first().waitFor()
  assert.equal((await translation()).body, 'Theirs.')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-conflict')
  await conflict.getByRole('button', { name: 'Keep mine' }).click()
  await kept(page)
  assert.match((await translation()).body, /Rest\. Mine\.$/)
  await page.unrouteAll()
})

test('what somebody else writes appears at once, where nothing is being written', async () => {
  await go(page)
  await page.locator('.ae-rich').getByText('Rest. Mine.').waitFor()
  const { revision } = await translation()
  await write({ title: 'Return an item', body: 'Elsewhere.', revision })
  await page.locator('.ae-rich').getByText('Elsewhere.').waitFor()
})

test('whoever leaves with something that cannot be kept is asked', async () => {
  await page.getByRole('textbox', { name: 'Title' }).fill('')
  await page.getByText('It is saved as soon as it has a title.').waitFor()
  await page.getByRole('link', { name: 'Articles', exact: true }).first().click()
  await page
    .getByRole('dialog')
    .getByText(/Without a title it cannot be saved/)
    .waitFor()
  await page.getByRole('button', { name: 'Stay and write' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('Return an item in time')
  await page.getByRole('link', { name: 'Articles', exact: true }).first().click()
  await page.waitForURL(/\/app\/articles$/)
  assert.equal((await translation()).title, 'Return an item in time')
})

test('a translation stands beside its original, and what changed there since is marked', async () => {
  const { revision } = await translation()
  const text1 = 'Send it within 30 days.'
  const first = await write({ title: 'Return an item', summary: '', body: text1, revision })
  await ask('PUT', `/articles/${id}/translations/en/publication`, { revision: first.revision })
  await go(page, 'sl')
  const original = page.getByRole('region', { name: 'The original' })
  await original.getByText(text1).waitFor()
  await page.getByRole('textbox', { name: 'Title' }).fill('Vračilo izdelka')
  await text(page).click()
  await page.keyboard.type('Pošljite v 30 dneh.')
  await kept(page)
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.getByText(/“Vračilo izdelka” is published/).waitFor()
  // As in life, nothing is published in the same moment.
  workspace.house.clock.advance(60_000)
  const second = await write({ title: 'Return an item', body: 'Send it within 60 days.', revision: first.revision })
  await ask('PUT', `/articles/${id}/translations/en/publication`, { revision: second.revision })
  await go(page, 'sl')
  await original.locator('ins').getByText('60').waitFor()
  await original.locator('del').getByText('30').waitFor()
  await page.getByText('out of date').first().waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'article-translation')
})

test('readers see it no more when it is taken back, and again after undo', async () => {
  await page.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page.getByText('Readers see it no more: Slovenian.', { exact: false }).waitFor()
  assert.equal((await translation('sl')).published, null)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByText('Published', { exact: true }).waitFor()
})

test('on a phone, in the dark and in Slovenian and Norwegian nothing is cut off', async () => {
  for (const language of ['sl', 'nb'] as const) {
    await ask('PATCH', '/me', { language })
    const narrow = await workspace.open('/healthz', {
      viewport: phone,
      colorScheme: 'dark',
      storageState: await page.context().storageState(),
    })
    await go(narrow, 'sl')
    await narrow.locator('.ae-rich').waitFor()
    await photograph(narrow, `article-editor-phone-${language}`)
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    assert.deepEqual(await axe(narrow), [])
    await narrow.context().close()
  }
})

// What two write at once is refused with a 409, settings without an organisation with a 400; the browser notes both.
test('no console complained', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !/40[09] \((Conflict|Bad Request)\)/.test(one)),
    [],
  ))
