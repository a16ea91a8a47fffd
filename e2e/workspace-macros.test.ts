import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// Canned answers: written in three languages, tried, changed, removed and brought back.

let workspace: Workspace
let page: Page

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
})
after(() => workspace.close())

const go = async (on: Page) => {
  await on.goto(new URL('/app/settings/macros', page.url()).href)
  await on.locator('main h1').waitFor()
}
type Macro = { name: string; shared: boolean; texts: object; actions: object }
const macros = async () => (await workspace.ask<{ items: Macro[] }>(page, 'GET', '/macros')).items

test('an empty list says what belongs here, and a macro is written with a sample beside it', async () => {
  await go(page)
  await page.getByText('No macros yet').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'New macro' }).click()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Refund')
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Hello ,')
  await dialog.getByRole('textbox', { name: 'Text' }).press('ArrowLeft')
  await dialog.getByRole('button', { name: 'Customer’s name' }).click()
  await dialog.getByText('Hello Nives Oblak,').waitFor()
  await dialog.getByRole('checkbox', { name: 'As if nothing were known' }).check()
  await dialog.getByText('Hello …,').waitFor()
  await dialog.getByRole('button', { name: 'Slovenščina' }).click()
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Pozdravljeni, {customer.name}')
  await dialog.getByRole('combobox', { name: 'Status' }).selectOption('solved')
  await dialog.getByRole('textbox', { name: 'Tags' }).fill('Refund, #zip,')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'macro-editor')
})

test('a mistake is shown in its language, and what is right is kept', async () => {
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await dialog.getByRole('button', { name: 'English' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Say after a bar what stands there').first().waitFor()
  const text = dialog.getByRole('textbox', { name: 'Text' })
  assert.equal(await text.getAttribute('aria-invalid'), 'true')
  await text.fill('Pozdravljeni, {customer.name|stranka}. Denar je na poti.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Refund is saved.').waitFor()
  const [macro] = await macros()
  assert.deepEqual(macro!.actions, { status: 'solved', addTags: ['refund', 'zip'] })
  assert.deepEqual(Object.keys(macro!.texts), ['en', 'sl'])
  await page.getByText('English, Slovenščina · then: Solved · #refund #zip · never used').waitFor()
})

test('it is changed, found, removed and brought back', async () => {
  await page.getByRole('button', { name: 'Change Refund' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change macro' })
  await dialog.getByRole('checkbox', { name: 'For everybody' }).uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Only you').waitFor()
  await page.getByRole('searchbox', { name: 'Find a macro by name' }).fill('zzz')
  await page.getByText('No macro has this in its name.').waitFor()
  await page.getByRole('searchbox', { name: 'Find a macro by name' }).fill('ref')
  await page.getByRole('button', { name: 'Remove Refund' }).click()
  await page.getByText('Refund is removed.').waitFor()
  assert.equal((await macros()).length, 0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Change Refund' }).waitFor()
  assert.equal((await macros())[0]!.shared, false)
  await photograph(page, 'macros')
})

test('on a phone, in the dark and in Slovenian and Norwegian nothing is cut off', async () => {
  for (const language of ['sl', 'nb'] as const) {
    await workspace.ask(page, 'PATCH', '/me', { language })
    const narrow = await workspace.open('/healthz', {
      viewport: phone,
      colorScheme: 'dark',
      storageState: await page.context().storageState(),
    })
    await go(narrow)
    await narrow.getByText('Refund').first().waitFor()
    // What its reader reads comes first; Norwegian there is none.
    await narrow.getByText(language === 'sl' ? 'Slovenščina, English' : 'English, Slovenščina').waitFor()
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    await narrow
      .getByRole('button', { name: /Refund/ })
      .first()
      .click()
    await narrow.getByRole('dialog').waitFor()
    assert.equal(
      await narrow.evaluate(
        'document.querySelector("dialog").scrollWidth <= document.querySelector("dialog").clientWidth',
      ),
      true,
    )
    assert.deepEqual(await axe(narrow), [])
    await photograph(narrow, `macros-phone-${language}`)
    await narrow.close()
  }
})

// The mistake above is refused with a 400, which the browser notes.
test('no console complained', () =>
  assert.deepEqual(
    workspace.complaints.filter((one) => !one.includes('400 (Bad Request)')),
    [],
  ))
