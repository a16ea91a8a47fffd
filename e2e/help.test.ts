import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { Language } from '@lahko/contract'
import { importArticles } from '../apps/server/src/modules/articles/index.ts'
import { helpFiles } from '../apps/server/src/demo/help.ts'
import { pageScript } from '../apps/server/src/platform/page-script.ts'
import { system, type Scope } from '../apps/server/src/platform/store.ts'
import { testHouse, type TestHouse } from '../apps/server/src/platform/testing/house.ts'
import { newWorkspace, type Visitor } from '../apps/server/src/testing/visitor.ts'
import { assertWhole, desktop, openBrowser, openPage, phone, photograph } from './browser.ts'
import { hostileTexts } from './hostile-texts.ts'

// A customer reads how it is done: a narrow phone, no JavaScript, in every language and both themes.

let house: TestHouse
let browser: Browser
let owner: Visitor
let scope: Scope
let origin: string
let picture: string
const film = 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'

before(async () => {
  house = await testHouse()
  const made = await newWorkspace(house, 'acme')
  owner = made.owner
  scope = { workspaceId: made.id, actor: system }
  await owner.ask('PATCH', '/workspace', {
    ...{ name: 'Triglav Oprema', contactEmail: 'pomoc@triglav.example', contactPhone: '+386 4 555 01 80' },
    imprintUrl: 'https://triglav.example/imprint',
  })
  await owner.ask('PUT', '/contact-form', { open: true, intro: { en: 'People read this, on weekdays.' } })
  await house.store.write(scope, (tx) => importArticles(tx, helpFiles()))
  await house.due.drain()
  for (const slug of ['repair-zip', 'size-chart-jackets']) await vote(slug, 3)
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://localhost:${(house.app.server.address() as AddressInfo).port}`
  browser = await openBrowser()
  picture = await publishPicture()
})
after(async () => {
  await browser.close()
  await house.close()
})

/** An article about a page, with a picture of it. @returns the address of the picture */
async function publishPicture(): Promise<string> {
  const page = await openPage(browser, { viewport: desktop })
  await page.goto(`${origin}/help/en`)
  const shot = await page.screenshot({ clip: { x: 0, y: 0, width: 1100, height: 500 } })
  await page.context().close()
  const { address } = (
    await owner.ask('POST', '/article-pictures', shot, { 'content-type': 'application/octet-stream' })
  ).json()
  const { id: collectionId } = (await owner.ask('GET', '/article-collections')).json().items[0]
  const body = `The page begins with a search.\n\n![A search, and the collections below it](${address})\n\nBelow it lie the collections.\n\n[How to find your way](${film})\n\n[The same as a file](https://films.example/way.mp4)\n\nThat is all.`
  const article = { collectionId, language: 'en', title: 'Find your way', slug: 'find-your-way', body }
  const { id } = (await owner.ask('POST', '/articles', article)).json()
  await owner.ask('PUT', `/articles/${id}/translations/en/publication`, { revision: 1 })
  return address
}

/** As many readers say that an article helped. */
async function vote(slug: string, times: number): Promise<void> {
  for (let at = 0; at < times; at++) {
    const token = Buffer.alloc(32, `${slug}${at}`).toString('base64url')
    const said = await owner.ask('POST', `//help/en/${slug}/helpful`, { token, helpful: 'yes' })
    assert.equal(said.statusCode, 303, said.body)
  }
}

test('at 320 px without JavaScript: ask, read, go on, say that it did not help and why, and ask people instead', async (t) => {
  const page = await openPage(browser)
  t.after(() => page.context().close())
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${origin}/?lang=en`)
  await page.getByRole('searchbox', { name: 'Your question' }).fill('my zip is jammed')
  await page.getByRole('button', { name: 'Search' }).click()
  await assertWhole(page, 'help-found-phone')
  await page.locator('a[href^="/help/en/repair-zip"]').first().click()
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1)
  await page.locator('.prose a').first().click()
  await page.goBack()
  await page.getByRole('button', { name: 'Not yet' }).click()
  await page.getByLabel('My case is not in it').check()
  await page.getByLabel('In your words').fill('The slider is of metal.')
  await assertWhole(page, 'help-reason-phone')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('heading', { name: 'It is kept' }).waitFor()
  const search = page.goto(`${origin}/help/search?lang=en&q=quantum+chromodynamics`)
  await search
  await page.getByRole('link', { name: 'Ask us this' }).click()
  assert.equal(await page.getByLabel('What happened?').inputValue(), 'quantum chromodynamics')
  await page.getByLabel('What happened?').fill('The zip of my jacket is jammed.\n\nIt is red.')
  await page.getByLabel('Your e-mail address').fill('nives@mail.example')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('heading', { name: 'Not sent yet: this may answer it' }).waitFor()
  await assertWhole(page, 'contact-step-phone')
  await page.getByRole('button', { name: 'Send my request anyway' }).click()
  await page.getByRole('heading', { name: /Your request is in/ }).waitFor()
  const { items } = (await owner.ask('GET', '/tickets')).json()
  assert.deepEqual(
    items.map(({ subject }: { subject: string }) => subject),
    ['The zip of my jacket is jammed.'],
  )
  assert.ok(
    asked.every((url) => url.startsWith(origin)),
    asked.join('\n'),
  )
})

test('answers come while the question is typed: nothing moves, by keyboard, said politely, in three languages', async (t) => {
  for (const [language, half, found] of [
    ['en', 'my zip is ja', /zip/i],
    ['sl', 'kje je moj pak', /pak/i],
    ['nb', 'hvor er pakk', /pakk/i],
  ] as const) {
    const page = await openPage(browser, { javaScriptEnabled: true, colorScheme: language === 'sl' ? 'dark' : 'light' })
    t.after(() => page.context().close())
    const complaints: string[] = []
    page.on('console', (message) => void (/Security Policy/.test(message.text()) && complaints.push(message.text())))
    await page.goto(`${origin}/?lang=${language}`)
    const places = `[...document.querySelectorAll('main > *')].map((one) => one.getBoundingClientRect().top)`
    const before = await page.evaluate(places)
    const box = page.getByRole('combobox')
    await box.pressSequentially(half)
    const list = page.getByRole('listbox')
    await list.getByRole('option', { name: found }).first().waitFor()
    assert.deepEqual(await page.evaluate(places), before)
    assert.match((await page.locator('form [role=status]').textContent())!, /^\d/)
    await assertWhole(page, `portal-typing-${language}`)
    await page.keyboard.press('Escape')
    assert.deepEqual([await list.isVisible(), await box.inputValue()], [false, half])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    assert.equal(await box.getAttribute('aria-activedescendant'), null)
    await page.keyboard.press('ArrowDown')
    assert.equal(await box.getAttribute('aria-activedescendant'), 'found-0')
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/help/${language}/[^?]+\\?e=`))
    assert.deepEqual(complaints, [])
  }
})

test('who types on and asks goes on in the same episode, and a press on an answer opens it', async (t) => {
  const page = await openPage(browser, { javaScriptEnabled: true, viewport: desktop })
  t.after(() => page.context().close())
  await page.goto(`${origin}/help/en`)
  await page.getByRole('combobox').pressSequentially('zip came off')
  const option = page.getByRole('option').first()
  await option.waitFor()
  const number = new URL((await option.getAttribute('href'))!, origin).searchParams.get('e')
  await assertWhole(page, 'help-typing-desktop')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/help\/search\?/)
  assert.equal(new URL(page.url()).searchParams.get('e'), number)
  await page.getByRole('combobox').pressSequentially(' its')
  await option.waitFor()
  await page.mouse.click(5, 5)
  assert.equal(await option.isVisible(), false)
  await page.getByRole('combobox').press('ArrowDown')
  await option.click()
  await page.waitForURL(/\/help\/en\/[^?]+\?e=/)
})

test('the form suggests while the problem is typed: said politely, reached by keyboard, and what solved it ends the matter', async (t) => {
  const page = await openPage(browser, { javaScriptEnabled: true })
  t.after(() => page.context().close())
  const before = (await owner.ask('GET', '/tickets')).json().items.length
  await page.goto(`${origin}/requests/new?lang=en`)
  await page.getByLabel('What happened?').pressSequentially('The zip of my jacket is jammed')
  const found = page.getByRole('region', { name: 'This may answer it' })
  await found.getByRole('link', { name: /zip/i }).first().waitFor()
  await page.getByRole('status').filter({ hasText: 'may fit, below what you write' }).waitFor({ state: 'attached' })
  assert.equal(await page.evaluate('document.activeElement.id'), 'message')
  await assertWhole(page, 'contact-suggests-phone')
  await page.keyboard.press('Tab')
  assert.match(String(await page.evaluate('document.activeElement.href')), /\/help\/en\//)
  await found
    .getByRole('button', { name: /^This solved it/ })
    .first()
    .press('Enter')
  await page.getByRole('heading', { name: 'Good that it is solved' }).waitFor()
  await assertWhole(page, 'contact-solved-phone')
  assert.equal((await owner.ask('GET', '/tickets')).json().items.length, before)
})

test('who was helped is asked how easy it was: two taps, and the answer says about which article', async (t) => {
  const [survey] = (await owner.ask('GET', '/surveys')).json().items
  await owner.ask('PUT', '/article-rules', { approvalNeeded: false, effortSurveyId: survey.id })
  t.after(() => owner.ask('PUT', '/article-rules', { approvalNeeded: false }))
  for (const [language, colorScheme] of [
    ['en', 'light'],
    ['sl', 'dark'],
    ['nb', 'light'],
  ] as const) {
    const page = await openPage(browser, { colorScheme })
    const { slug } = (await owner.ask('GET', '/articles?limit=1')).json().items[0]
    await page.goto(`${origin}/help/${language}/${slug}`)
    await page.locator('.ar-yes button').first().click()
    await page.waitForURL(/\/r\//)
    await assertWhole(page, `help-how-easy-${language}`)
    await page.getByRole('group').getByRole('link', { name: '9', exact: true }).click()
    await page.locator('button[data-size="large"]').click()
    await page.waitForURL(/\/s\/[^/]+\/r\//)
    await page.context().close()
  }
  const { items } = (await owner.ask('GET', `/surveys/${survey.id}/responses`)).json()
  assert.deepEqual(
    items.map(({ score, attributes }: { score: number; attributes: Record<string, string> }) => [
      score,
      attributes['way'],
    ]),
    [
      [9, 'article'],
      [9, 'article'],
      [9, 'article'],
    ],
  )
})

const looks = [
  { name: 'phone', viewport: phone, colorScheme: 'light' },
  { name: 'phone-dark', viewport: phone, colorScheme: 'dark' },
  { name: 'desktop', viewport: desktop, colorScheme: 'light' },
] as const
const languages: readonly Language[] = ['en', 'sl', 'nb']
const question = { en: 'Where is my parcel?', sl: 'kje je moj paket', nb: 'hvor er pakken min' }

for (const language of languages) {
  test(`every help page has no barrier and fits, in both themes, in ${language}`, async (t) => {
    for (const { name: look, ...options } of looks) {
      const page = await openPage(browser, options)
      t.after(() => page.context().close())
      for (const [name, path] of [
        ['portal', `/?lang=${language}`],
        ['accessibility', `/accessibility?lang=${language}`],
        ['home', `/help/${language}`],
        ['collection', `/help/${language}/delivery`],
        ['article', `/help/${language}/size-chart-jackets`],
        ['picture', `/help/${language}/find-your-way`],
        ['search', `/help/search?lang=${language}&q=${encodeURIComponent(question[language])}`],
        ['nothing', `/help/search?lang=${language}&q=qzwx`],
      ]) {
        assert.equal((await page.goto(`${origin}${path}`))?.status(), 200)
        await assertWhole(page, `help-${name}-${language}-${look}`)
      }
    }
  })
}

test('nothing moves when a picture comes late, and it is as wide as the column at most', async (t) => {
  for (const viewport of [phone, desktop]) {
    const page = await openPage(browser, { javaScriptEnabled: true, viewport })
    t.after(() => page.context().close())
    let come: () => void = () => undefined
    const late = new Promise<void>((resolve) => (come = resolve))
    await page.route(`${origin}${picture.replace('.webp', '*.webp')}`, async (route) => {
      await late
      await route.continue()
    })
    await page.goto(`${origin}/help/en/find-your-way`, { waitUntil: 'domcontentloaded' })
    const placeOfLast = `document.querySelector('.prose').lastElementChild.offsetTop`
    const before = await page.evaluate<number>(placeOfLast)
    await page.locator('.prose img').scrollIntoViewIfNeeded()
    come()
    await page.evaluate(`document.querySelector('.prose img').decode()`)
    // The narrow one is the other within half of a pixel. Both columns are no wider than it.
    const moved = Math.abs((await page.evaluate<number>(placeOfLast)) - before)
    assert.ok(moved <= 1, `moved by ${moved} pixels`)
    const shown = await page.evaluate<string>(`document.querySelector('.prose img').currentSrc`)
    assert.equal(shown, `${origin}${picture.replace('.webp', '.narrow.webp')}`)
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  }
})

test('a video is asked for when somebody chooses it, and not before', async (t) => {
  const page = await openPage(browser, { javaScriptEnabled: true })
  t.after(() => page.context().close())
  const elsewhere: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => void (request.url().startsWith(origin) || elsewhere.push(request.url())))
  page.on('console', (message) => void (/Security Policy/.test(message.text()) && complaints.push(message.text())))
  await page.route(/^https:/, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>A player</title><p>It plays.</p>' }),
  )
  await page.goto(`${origin}/help/en/find-your-way`, { waitUntil: 'networkidle' })
  assert.deepEqual(elsewhere, [])
  await assertWhole(page, 'help-video-phone')
  await page.getByRole('link', { name: 'How to find your way' }).press('Enter')
  await page.frameLocator('iframe[title="How to find your way"]').getByText('It plays.').waitFor()
  assert.deepEqual(elsewhere, ['https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0'])
  const asked = page.waitForRequest(/^https:\/\/films\.example\/way\.mp4/)
  await page.getByRole('link', { name: 'The same as a file' }).click()
  await page.locator('video[aria-label="The same as a file"]').waitFor()
  await asked
  assert.deepEqual(complaints, [])
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  const plain = await openPage(browser)
  t.after(() => plain.context().close())
  await plain.goto(`${origin}/help/en/find-your-way`)
  assert.equal(await plain.getByRole('link', { name: 'How to find your way' }).getAttribute('href'), film)
})

test('an article is printed without what surrounds it', async (t) => {
  const page = await openPage(browser, { viewport: desktop })
  t.after(() => page.context().close())
  await page.goto(`${origin}/help/en/repair-zip`)
  await page.emulateMedia({ media: 'print' })
  for (const hidden of ['.ar-side', '.ar-ask', '.page-foot', '.breadcrumb'])
    assert.equal(await page.locator(hidden).first().isVisible(), false, hidden)
  assert.equal(await page.locator('.prose').isVisible(), true)
  await photograph(page, 'help-print')
})

/** The scripts of ours, as JavaScript writes texts. */
const ownScripts = JSON.stringify(
  ['tickets/suggesting.js', 'articles/video.js', 'articles/typing.js'].map((path) => {
    const source = readFileSync(new URL(`../apps/server/src/modules/${path}`, import.meta.url), 'utf8')
    return pageScript(source).code
  }),
)

/** What a page holds that could run, fetch or lead away, whatever its policy says. */
const dangerous = `(ours => [...document.querySelectorAll('*')].flatMap((element) => {
  const name = element.localName
  const found = []
  if (/^(iframe|frame|frameset|object|embed|applet|base|math|template|video|audio|portal|xss|marquee|dialog)$/.test(name)) found.push(name)
  if (name === 'script' && element.type !== 'application/ld+json' && !ours.includes(element.textContent)) found.push(name)
  if (name === 'meta' && element.httpEquiv) found.push('meta refresh')
  if (name === 'link' && !/^(canonical|alternate|icon)$/.test(element.rel)) found.push('link ' + element.rel)
  for (const { name: attribute, value } of element.attributes) {
    if (/^on|^style$|^srcdoc$|^formaction$|^ping$|^background$|^popover/.test(attribute)) found.push(attribute)
    if (/^(href|src|action|data|poster|xlink:href)$/.test(attribute) && name !== 'link') {
      const { protocol, host } = new URL(value, location.href)
      if (!/^(https?|mailto|tel):$/.test(protocol)) found.push(attribute + ' ' + value)
      if (name !== 'a' && host !== location.host) found.push(attribute + ' ' + value)
      if (name === 'a' && /^[\\\\/]{2}|^\\/\\\\/.test(value)) found.push(attribute + ' ' + value)
    }
  }
  return found.map((what) => what + ' in ' + element.outerHTML.slice(0, 200))
}))(${ownScripts})`

test('nothing that the known collections throw at title, summary, text, search and forms runs or leads away', async (t) => {
  const page = await openPage(browser, { javaScriptEnabled: true, viewport: desktop })
  t.after(() => page.context().close())
  const broken: string[] = []
  await page.addInitScript(`
    window.hit = () => console.error('HIT at ' + location.href)
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))`)
  page.on(
    'console',
    (message) => void (/^(HIT|CSP)|Content Security Policy/.test(message.text()) && broken.push(message.text())),
  )
  page.on('dialog', (dialog) => void (broken.push(dialog.message()), dialog.dismiss()))
  page.on('request', (request) => void (request.url().startsWith(origin) || broken.push(request.url())))
  const look = async (path: string) => {
    await page.goto(origin + path)
    for (const found of (await page.evaluate(dangerous)) as string[]) broken.push(`${path}: ${found}`)
  }
  page.on('response', (response) => void (response.status() >= 500 && broken.push(response.url())))
  const clean = (text: string) => text.replaceAll(/[^\P{Cc}\n]/gu, ' ')
  const { id: collectionId } = (
    await owner.ask('POST', '/article-collections', {
      titles: { en: '<script>hit()</script>"\'', sl: '</title><svg/onload=hit()>' },
    })
  ).json()
  for (const [place, text] of hostileTexts.entries()) {
    const line = clean(text).replaceAll('\n', ' ').trim()
    const article = await owner.ask('POST', '/articles', {
      ...{ collectionId, language: 'en', slug: `hostile-${place}` },
      ...{ title: line.slice(0, 160), summary: line.slice(0, 400), body: bodyOf(clean(text)) },
    })
    assert.equal(article.statusCode, 201, article.body)
    const path = `/articles/${article.json().id}/translations/en/publication`
    assert.equal((await owner.ask('PUT', path, { revision: 1 })).statusCode, 200)
  }
  await house.due.drain()
  for (const place of hostileTexts.keys()) await look(`/help/en/hostile-${place}`)
  const collection = (await owner.ask('GET', '/article-collections')).json().items.at(-1).slug
  await look('/help/sl')
  await look(`/help/en/${collection}`)
  for (const text of hostileTexts.filter((_, at) => at % 3 === 0))
    await look(`/help/search?lang=en&q=${encodeURIComponent(text)}`)
  for (const text of hostileTexts.filter((_, at) => at % 8 === 0))
    await look(`/requests/new?lang=en&message=${encodeURIComponent(text)}`)
  assert.deepEqual(broken, [])
})

/** One text wherever Markdown can take it. */
function bodyOf(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return [
    ...[text, `## ${line}`, `> **Note** ${line}`, `- ${line}`, `**${line}** *${line}*`, `[${line}](https://a.example)`],
    ...[
      `[x](${line})`,
      `[x](<${line}>)`,
      `![${line}](${line})`,
      `![${line}](${picture})`,
      `![x](${picture}${line})`,
      `[${line}](${film})`,
      `[x](<https://a.example/${line}.mp4>)`,
      `| ${line} |\n|---|\n| ${line} |`,
      `\`${line}\``,
      `<${line}>`,
    ],
    `x\n${text}\nx`,
  ].join('\n\n')
}
