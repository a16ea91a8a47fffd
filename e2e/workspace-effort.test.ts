import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { axe, phone, photograph } from './browser.ts'
import { answer, openWorkspace, type Workspace } from './workspace.ts'

// What a support manager opens each morning.

let workspace: Workspace
let page: Page
let survey: { id: string; key: string }

before(async () => {
  workspace = await openWorkspace()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const { items } = await workspace.ask<{ items: (typeof survey)[] }>(page, 'GET', '/surveys')
  survey = items[0]!
  await workspace.ask(page, 'PATCH', `/surveys/${survey.id}`, { declared: ['topic'] })
  await workspace.house.jobs.settle()
  for (let week = 12; week > 0; week--)
    await answer(
      workspace,
      page,
      survey.key,
      [
        [9, 20, { topic: 'Delivery' }],
        [7, 8, { topic: 'Delivery' }],
        [3, 6, { topic: 'Returns' }],
      ],
      week * 7,
    )
  await answer(workspace, page, survey.key, [
    [10, 40, { topic: 'Delivery' }],
    [8, 20, { topic: 'Delivery' }],
    [2, 29, { topic: 'Returns' }],
  ])
  const hardest = { score: 1, attributes: { topic: 'Returns' }, comment: 'Three times the same photo.' }
  await workspace.ask(page, 'POST', '/responses', { survey: survey.key, ...hardest })
  await workspace.house.jobs.settle()
})
after(() => workspace.close())

/**
 * All who answered this week were asked, and others who are silent: most of them about returns. About another hundred
 * returns nobody was asked.
 */
async function askEverybody(): Promise<void> {
  const owner = new pg.Client(workspace.house.database.owner)
  await owner.connect()
  const columns =
    'workspace_id, id, kind, survey_id, language, attributes, decided_at, not_asked, sent_at, answered_at, response_id'
  await owner.query(
    `insert into invitations (${columns})
     select workspace_id, gen_random_uuid(), 'ticket', survey_id, case when score > 5 then 'sl' else 'nb' end,
       jsonb_build_object('topic', attributes->>'topic'), answered_at, null, '2026-11-20T10:30:00Z', answered_at, id
     from responses where survey_id = $1 and local_date >= '2026-11-16' and excluded_at is null
     union all
     select workspace_id, gen_random_uuid(), 'ticket', id, case when n % 3 = 0 then 'sl' else 'nb' end,
       jsonb_build_object('topic', case when n % 5 = 0 then 'Delivery' else 'Returns' end),
       '2026-11-20T10:00:00Z', null, '2026-11-20T11:00:00Z'::timestamptz + n % 4 * interval '2 hours', null, null
     from surveys, generate_series(1, 200) n where id = $1
     union all
     select workspace_id, gen_random_uuid(), 'ticket', id, 'nb', '{"topic": "Returns"}', '2026-11-20T10:00:00Z', 'share',
       null, null, null
     from surveys, generate_series(1, 100) n where id = $1`,
    [survey.id],
  )
  await owner.query(
    `insert into touchpoints (workspace_id, id, kind, ended_at, attributes, created_at)
     select workspace_id, id, kind, '2026-11-20T09:00:00Z', attributes, decided_at from invitations where survey_id = $1`,
    [survey.id],
  )
  await owner.query(
    `update invitations set touchpoint_id = id, ended_at = '2026-11-20T09:00:00Z' where survey_id = $1`,
    [survey.id],
  )
  await owner.query(
    `update responses r set touchpoint_id = i.id from invitations i
     where i.survey_id = $1 and i.workspace_id = r.workspace_id and i.response_id = r.id`,
    [survey.id],
  )
  await owner.end()
}

const show = async (address: string, options = {}) => {
  const own = await workspace.open('/healthz', { storageState: await page.context().storageState(), ...options })
  await own.goto(`${new URL(page.url()).origin}${address}`)
  await own.locator('.stat-value').waitFor()
  return own
}

test('a figure never comes alone: its interval, its answers, its rule and its definition', async () => {
  const own = await show('/app/effort?period=months')
  const section = own.getByRole('region', { name: 'The score' })
  assert.match(await section.innerText(), /6\.9\s*of 10/)
  assert.match(await section.innerText(), /Easy\s*8–10 of 10\s*67\s%\s*56–76/)
  assert.match(await own.locator('.in-head .label').innerText(), /90 answers/)
  await section.getByRole('button', { name: 'The score' }).click()
  await own.getByText('Sum of the scores divided by the number of answers, on a scale from 1 to 10.').waitFor()
  assert.deepEqual(await axe(own), [])
})

test('the verdict is said in words, and the group that differs is named', async () => {
  const own = await show('/app/effort')
  assert.match(await own.locator('.in-verdict').innerText(), /(more than|within) noise/)
  assert.match(await own.getByRole('row', { name: /Returns/ }).innerText(), /harder than the rest/)
})

test('what is looked at stands in the address, and back goes back', async () => {
  const own = await show('/app/effort')
  await own
    .getByRole('row', { name: /Returns/ })
    .getByRole('button')
    .click()
  await own.waitForURL(/filter=topic:Returns/)
  await own.getByText('30 answers').first().waitFor()
  await own.getByRole('button', { name: /^Metric:/ }).click()
  await own
    .locator('.p-popover')
    .getByRole('button', { name: /^Easy 8/ })
    .click()
  await own.waitForURL(/metric=easyShare/)
  await own.getByText('0 %').first().waitFor()
  await own.goBack()
  await own.goBack()
  await own.getByText('90 answers').first().waitFor()
  await own.keyboard.press('[')
  await own.waitForURL(/at=2026-11/)
  await own.getByText('34 answers').first().waitFor()
})

test('each chart has its table and its file', async () => {
  const own = await show('/app/effort')
  for (const name of [/Most answers|Answers|answers/, /week|range|usual/i]) {
    const chart = own
      .getByRole('figure', { name })
      .or(own.locator('figure', { hasText: name }))
      .first()
    await chart.getByRole('button', { name: 'Table and CSV' }).click()
    const dialog = own.getByRole('dialog')
    assert.ok((await dialog.getByRole('row').count()) > 5)
    const [download] = await Promise.all([
      own.waitForEvent('download'),
      dialog.getByRole('link', { name: 'Download CSV' }).click(),
    ])
    assert.match(download.suggestedFilename(), /\.csv$/)
    assert.deepEqual(await axe(own), [])
    await own.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
})

test('an answer appears within a second, and can be left out and taken back', async () => {
  const own = await show('/app/effort')
  await own.getByText('Three times the same photo.').waitFor()
  await workspace.ask(page, 'POST', '/responses', { survey: survey.key, score: 5, comment: 'Just now.' })
  await own.getByText('Just now.').waitFor({ timeout: 1000 })
  await own.getByText('91 answers').first().waitFor({ timeout: 1000 })
  const row = own.getByRole('article').filter({ hasText: 'Just now.' })
  await row.getByRole('button', { name: 'Leave out' }).click()
  await own.getByRole('button', { name: 'It is a test' }).click()
  await own.getByText('90 answers').first().waitFor()
  await own.getByRole('button', { name: 'Undo' }).click()
  await own.getByText('91 answers').first().waitFor()
  await row.getByRole('button', { name: 'Leave out' }).click()
  await own.getByRole('button', { name: 'It is a test' }).click()
  await own.getByText('90 answers').first().waitFor()
})

test('answers are found by their words and by how hard they were', async () => {
  const own = await show('/app/effort')
  await own.keyboard.press('/')
  await own.keyboard.type('photo')
  await own.waitForURL(/find=photo/)
  await own.getByRole('article').nth(1).waitFor({ state: 'detached' })
  assert.match(await own.getByRole('article').innerText(), /Three times the same photo/)
  const hard = await show('/app/effort?scores=hard&order=hardest')
  await hard.getByRole('heading', { name: 'The 30 hard answers' }).waitFor()
  assert.match(await hard.getByRole('article').first().innerText(), /1 of 10/)
})

test('everything can be done from the keyboard, and the shortcuts can be switched off', async () => {
  const own = await show('/app/effort')
  await own.keyboard.press('?')
  const sheet = own.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await sheet.waitFor()
  assert.deepEqual(await axe(own), [])
  await own.keyboard.press('Escape')
  await own.keyboard.press('Control+k')
  await own.getByRole('dialog', { name: 'Search or do' }).waitFor()
  await own.keyboard.type('surv')
  assert.deepEqual(await axe(own), [])
  await own.keyboard.press('Enter')
  await own.waitForURL(/\/app\/surveys$/)
  await own.keyboard.press('g')
  await own.keyboard.press('e')
  await own.waitForURL(/\/app\/effort/)
  await own.keyboard.press('?')
  await sheet.getByRole('switch').uncheck()
  await own.keyboard.press('Escape')
  await own.keyboard.press('g')
  await own.keyboard.press('s')
  await own.keyboard.press('Control+k')
  await own.getByRole('dialog', { name: 'Search or do' }).waitFor()
  assert.match(own.url(), /\/app\/effort/)
})

test('who answered stands beside the score, and the score as if everybody had', async () => {
  await askEverybody()
  const own = await show('/app/effort')
  const section = own.getByRole('region', { name: 'Who answered' })
  await section.getByText(/^90 of 290 who were asked: 31/).waitFor()
  const figuresOf = async (name: RegExp) => {
    const cells = section.getByRole('row', { name }).getByRole('cell')
    return (await cells.allInnerTexts()).map((text) => Number.parseFloat(text))
  }
  const [asAnswered, weighed] = await figuresOf(/all 290 who were asked/)
  assert.equal(asAnswered, 6.9)
  assert.ok(weighed! < 5, 'returns are hard, and they are silent')
  const [ofServed, weighedToServed] = await figuresOf(/all 390 touchpoints/)
  assert.ok(ofServed === 6.9 && weighedToServed! < weighed!, 'nobody was asked about more of them')
  await section.getByRole('row', { name: /Returns .*16/ }).waitFor()
  assert.deepEqual(await axe(own), [])
  const chart = section.getByRole('figure')
  await chart.getByRole('heading', { name: 'Served, asked, answered: Topic' }).waitFor()
  await chart.getByRole('row', { name: /^Delivery 26.% 100 34.% 100 67.% 60$/ }).waitFor()
  await photograph(own, 'effort-who-answered')
  await chart.getByRole('button', { name: 'Table and CSV' }).click()
  const dialog = own.getByRole('dialog')
  const [download] = await Promise.all([
    own.waitForEvent('download'),
    dialog.getByRole('link', { name: 'Download CSV' }).click(),
  ])
  assert.match(download.suggestedFilename(), /who-answered-topic/)
  assert.deepEqual(await axe(own), [])
  await own.keyboard.press('Escape')
  await chart.getByRole('button', { name: 'Language' }).click()
  await own.waitForURL(/beside=language/)
  await chart.getByRole('row', { name: /Norwegian/ }).waitFor()
})

for (const [name, options] of [
  ['at 320 px in the dark', { viewport: phone, colorScheme: 'dark' }],
  ['with forced colours', { forcedColors: 'active' }],
  ['at 200 % zoom', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
] as const)
  test(`nothing is cut off or unreadable ${name}`, async () => {
    const own = await show('/app/effort', options)
    await own.getByRole('article').first().waitFor()
    assert.equal(await own.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    assert.deepEqual(await axe(own), [])
    await photograph(own, `effort ${name}`.replaceAll(/\W+/g, '-'))
  })

for (const [language, heading] of [
  ['sl', 'Ocena'],
  ['nb', 'Poengsummen'],
] as const)
  test(`the whole screen speaks ${language}`, async () => {
    await workspace.ask(page, 'PATCH', '/me', { language })
    const own = await show('/app/effort')
    await own.getByRole('heading', { name: heading }).waitFor()
    assert.equal(await own.locator('html').getAttribute('lang'), language)
    assert.deepEqual(await axe(own), [])
    await photograph(own, `effort-${language}`)
  })

test('answers that do not say have a name, and what they are filtered by stands above the figures', async () => {
  await workspace.ask(page, 'PATCH', '/me', { language: 'en' })
  await answer(workspace, page, survey.key, [[9, 6, {}]])
  const own = await show('/app/effort', { viewport: phone })
  await own
    .getByRole('row', { name: /not given/ })
    .getByRole('button')
    .click()
  await own.waitForURL(/filter=topic:/)
  await own.locator('.in-head .label').getByText('· not given').waitFor()
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
