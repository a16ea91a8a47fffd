import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import type { Survey, SurveyContent } from '@lahko/contract/surveys'
import { testHouse, type TestHouse } from '../apps/server/src/platform/testing/house.ts'
import { newWorkspace, type Visitor } from '../apps/server/src/testing/visitor.ts'
import { axe, desktop, openBrowser, openPage, phone, photograph } from './browser.ts'

// A customer answers: a narrow phone, no JavaScript, in every language and both themes.

let house: TestHouse
let sql: pg.Client
let browser: Browser
let owner: Visitor
let origin: string

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'acme')).owner
  await owner.ask('PATCH', '/workspace', { name: 'Triglav Oprema', keepMonths: 24 })
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://localhost:${(house.app.server.address() as AddressInfo).port}`
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await sql.end()
  await house.close()
})

async function survey(libraryId: string, change: (content: SurveyContent) => void = () => undefined): Promise<Survey> {
  const made = (await owner.ask('POST', '/surveys', { name: libraryId, libraryId })).json() as Survey
  change(made.draft!)
  await owner.ask('PUT', `/surveys/${made.id}/draft`, made.draft!)
  return (await owner.ask('POST', `/surveys/${made.id}/versions`, {})).json()
}

const answersTo = async (surveyId: string) =>
  (await sql.query('select score, comment, attributes from responses where survey_id = $1', [surveyId])).rows

const withQuestions = (content: SurveyContent) => {
  content.languages = ['en']
  content.questions = [
    {
      id: 'device',
      kind: 'choice',
      text: { en: 'Which device did you use?' },
      several: false,
      required: true,
      options: [
        { id: 'phone', label: { en: 'Phone' } },
        { id: 'computer', label: { en: 'Computer' } },
      ],
    },
    { id: 'wish', kind: 'text', text: { en: 'One wish?' }, required: false, long: false },
  ]
}

const choose = (page: Page, name: string) => page.getByRole('radio', { name, exact: true }).check({ force: true })
const send = (page: Page) => page.getByRole('button').click()

async function assertFits(page: Page): Promise<void> {
  const [whole, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  assert.ok(whole <= seen, `${page.url()} is ${whole} px wide in a window of ${seen}`)
}

/** Everything that a finger aims at, but links inside a sentence. */
async function assertTargets(page: Page): Promise<void> {
  const targets = page
    .locator('.scale-values label, .chip, .choice, button, .button, .ask-foot a, .ask-head a, .input')
    .filter({ visible: true })
  for (const target of await targets.all()) {
    const box = (await target.boundingBox())!
    assert.ok(box.height >= 43.9 && box.width >= 43.9, `${await target.innerText()} is ${box.width} × ${box.height}`)
  }
}

test('at 320 px without JavaScript: choose, see the reasons that fit, send, be thanked, change', async (t) => {
  const { id, key } = await survey('ces-10-solved')
  const page = await openPage(browser)
  t.after(() => page.context().close())
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${origin}/s/${key}?topic=Returns`)
  await assertFits(page)
  assert.equal(await page.getByText('What made it hard?').isVisible(), false)
  await choose(page, '3')
  assert.equal(await page.getByText('What made it hard?').isVisible(), true)
  assert.equal(await page.getByText('What made it easy?').isVisible(), false)
  await page.getByText('Too many steps').filter({ visible: true }).click()
  await choose(page, '9')
  assert.equal(await page.getByText('What made it easy?').isVisible(), true)
  await choose(page, '2')
  await page.getByLabel('What should we make easier?').fill('The form asked twice.')
  await assertTargets(page)
  await assertFits(page)
  await photograph(page, 'answer-phone')
  await send(page)
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Your answer is in: 2 of 10')
  await assertTargets(page)
  await photograph(page, 'answer-sent-phone')
  await page.getByRole('link', { name: 'Change my answer' }).click()
  assert.equal(await page.getByRole('checkbox', { name: 'Too many steps' }).first().isChecked(), true)
  await choose(page, '8')
  await send(page)
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Your answer is in: 8 of 10')
  assert.deepEqual(await answersTo(id), [
    { score: 8, comment: 'The form asked twice.', attributes: { topic: 'Returns' } },
  ])
  assert.ok(
    asked.every((url) => url.startsWith(origin)),
    asked.join('\n'),
  )
  assert.deepEqual(await page.context().cookies(), [])
})

test('by keyboard alone: the scale is one stop, arrows choose and send nothing', async (t) => {
  const { id, key } = await survey('ces-10-solved')
  const page = await openPage(browser)
  t.after(() => page.context().close())
  await page.goto(`${origin}/s/${key}?lang=en`)
  const press = async (...keys: string[]) => {
    for (const one of keys) await page.keyboard.press(one)
  }
  const focused = () => page.evaluate(`document.activeElement.name + '=' + document.activeElement.value`)
  await press('Tab')
  assert.equal(await page.locator(':focus').innerText(), 'Skip to the question')
  // Two other languages, then the scale.
  await press('Tab', 'Tab', 'Tab')
  assert.equal(await focused(), 'score=1')
  await press('Space', 'ArrowRight', 'ArrowRight', 'ArrowRight')
  assert.equal(await focused(), 'score=4')
  await press('Tab')
  assert.equal(await focused(), 'reason-0=explained-twice')
  await press('Space', 'Shift+Tab')
  assert.equal(await focused(), 'score=4')
  assert.deepEqual(await answersTo(id), [])
  await press(...Array.from({ length: 8 }, () => 'Tab'))
  assert.equal(await page.locator(':focus').innerText(), 'Send')
  await press('Enter')
  await page.getByRole('heading', { name: 'Your answer is in: 4 of 10' }).waitFor()
})

test('without a score: the page says so, the first value has the focus, what was typed is there', async (t) => {
  const { key } = await survey('ces-10-solved')
  const page = await openPage(browser)
  t.after(() => page.context().close())
  await page.goto(`${origin}/s/${key}?lang=sl`)
  await page.getByLabel('Kaj naj poenostavimo?').fill('Dvakrat isto.')
  await send(page)
  assert.match(await page.getByRole('alert').innerText(), /Najprej izberite število od 1 do 10/)
  assert.equal(await page.evaluate('document.activeElement.id'), 'score-first')
  assert.equal(await page.getByLabel('Kaj naj poenostavimo?').inputValue(), 'Dvakrat isto.')
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'answer-problem-phone')
  await choose(page, '1')
  await send(page)
  await page.getByRole('heading', { name: 'Vaš odgovor je shranjen: 1 od 10' }).waitFor()
})

test('a question that changed while its page was open is asked once more, and nothing typed is lost', async (t) => {
  const { id, key, content } = await survey('ces-10-solved')
  const page = await openPage(browser)
  t.after(() => page.context().close())
  await page.goto(`${origin}/s/${key}?lang=nb`)
  await choose(page, '5')
  await page.getByLabel('Hva bør vi gjøre enklere?').fill('To ganger.')
  const score = { ...content!.score, text: { ...content!.score.text, nb: 'Hvor mye strev kostet det?' } }
  await owner.ask('PUT', `/surveys/${id}/draft`, { ...content, score })
  await owner.ask('POST', `/surveys/${id}/versions`, {})
  await send(page)
  assert.match(await page.getByRole('alert').innerText(), /Spørsmålet er endret siden du åpnet denne siden/)
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Hvor mye strev kostet det?')
  assert.equal(await page.evaluate('document.activeElement.id'), 'score-first')
  assert.equal(await page.locator('[name=score]:checked').count(), 0)
  assert.equal(await page.getByLabel('Hva bør vi gjøre enklere?').inputValue(), 'To ganger.')
  await assertFits(page)
  assert.deepEqual(await axe(page), [])
  await choose(page, '7')
  await send(page)
  await page.getByRole('heading', { name: 'Svaret ditt er lagret: 7 av 10' }).waitFor()
  assert.deepEqual(await answersTo(id), [{ score: 7, comment: 'To ganger.', attributes: {} }])
})

test('what is required is asked for after the answer', async (t) => {
  const { key } = await survey('ces-7', withQuestions)
  const page = await openPage(browser)
  t.after(() => page.context().close())
  await page.goto(`${origin}/s/${key}?score=2`)
  await send(page)
  assert.match(await page.getByRole('alert').innerText(), /Your answer is in\. One question is still open below/)
  await assertFits(page)
  await assertTargets(page)
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'answer-open-question-phone')
  await page.getByRole('radio', { name: 'Computer' }).check()
  await send(page)
  await page.getByRole('heading', { name: 'Your answer is in: 2 of 7' }).waitFor()
})

const looks = [
  { name: 'phone', viewport: phone, colorScheme: 'light' },
  { name: 'phone-dark', viewport: phone, colorScheme: 'dark' },
  { name: 'desktop', viewport: desktop, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: desktop, colorScheme: 'dark' },
] as const

test('every page has no barrier, fits and keeps its targets, in both themes and three languages', async (t) => {
  const [numbers, faces, nps] = [await survey('ces-10-call'), await survey('ces-3'), await survey('nps-11')]
  const trial = new URL((await owner.ask('POST', `/surveys/${numbers.id}/trials`)).json().url).pathname
  const pages: [name: string, address: string][] = [
    ['numbers', `/s/${numbers.key}?lang=nb&score=4`],
    ['faces', `/s/${faces.key}?lang=sl&score=3`],
    ['recommendation', `/s/${nps.key}?lang=en&score=7`],
    ['trial', `${trial}?lang=sl`],
    ['unknown', '/s/nowhere?lang=nb'],
    ['home', '/?lang=sl'],
    ['privacy', '/privacy?lang=nb'],
  ]
  for (const { name: look, ...options } of looks) {
    const page = await openPage(browser, options)
    t.after(() => page.context().close())
    for (const [name, address] of pages) {
      await page.goto(origin + address)
      await assertFits(page)
      await assertTargets(page)
      if (options.viewport === phone) assert.deepEqual(await axe(page), [], `${name} ${look}`)
      await photograph(page, `${name}-${look}`)
    }
  }
})

test('forced colours show what is chosen, and right-to-left overflows nowhere', async (t) => {
  const { key } = await survey('ces-10-solved')
  const page = await openPage(browser, { forcedColors: 'active' })
  t.after(() => page.context().close())
  await page.goto(`${origin}/s/${key}?lang=en&score=4`)
  const colours = await page.evaluate(
    `['4', '5'].map((value) => getComputedStyle(document.querySelector('[value="' + value + '"]').parentElement).backgroundColor)`,
  )
  assert.equal(new Set(colours as string[]).size, 2)
  await page.evaluate(`document.documentElement.dir = 'rtl'`)
  await assertFits(page)
  await photograph(page, 'answer-forced-rtl-phone')
})
