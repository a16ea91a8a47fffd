import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { insertExampleInvitation } from '../apps/server/src/modules/surveys/example-invitations.ts'
import { testHouse, type TestHouse } from '../apps/server/src/platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import { newWorkspace, type Visitor } from '../apps/server/src/testing/visitor.ts'
import { axe, openBrowser, openPage, phone, photograph } from './browser.ts'

// What programs do with the links of a mail before its reader sees it, and after. `docs/scanners.md` tells of it.

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let browser: Browser
let owner: Visitor
let workspaceId: string
let surveyId: string
let mail: { id: string; raw: string; links: string[]; unsubscribe: string; token: string }

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_MAIL_PACE: '0',
  })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'acme')
  ;({ owner, id: workspaceId } = made)
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  const survey = (await owner.ask('POST', '/surveys', { name: 'A', libraryId: 'ces-10-solved' })).json()
  await owner.ask('POST', `/surveys/${survey.id}/versions`, {})
  surveyId = survey.id
  browser = await openBrowser()
})
beforeEach(async () => {
  smtp.received.length = 0
  await sql.query('delete from responses')
  mail = await invited()
})
after(async () => {
  await browser.close()
  await sql.end()
  await house.close()
  await smtp.close()
})

/** A mail that has arrived, with the links that stand in both of its parts. */
async function invited() {
  const wish = { workspaceId, surveyId, dueAt: house.clock.now(), language: 'en', name: 'Nives' }
  const { id } = await insertExampleInvitation(sql, { ...wish, email: `${randomUUID()}@kupec.example` })
  await house.due.drain()
  const { raw } = smtp.received.at(-1)!
  const port = (house.app.server.address() as AddressInfo).port
  const here = (link: string) =>
    link.replaceAll('&amp;', '&').replace('http://localhost:3000', `http://localhost:${port}`)
  const inHtml = [...partOf(raw, 'text/html').matchAll(/href="([^"]+)"/g)].map(([, link]) => here(link!))
  const inText = (partOf(raw, 'text/plain').match(/http:\/\/\S+/g) ?? []).map(here)
  const unsubscribe = here(/<([^>]+)>/.exec(headerOf(raw, 'List-Unsubscribe')!)![1]!)
  return { id, raw, links: [...new Set([...inHtml, ...inText])], unsubscribe, token: unsubscribe.split('/').at(-1)! }
}

const answerLinks = () => mail.links.filter((link) => link.includes('/a/'))

/** All that could have been kept. */
async function kept() {
  const { rows: answers } = await sql.query('select from responses')
  const { rows } = await sql.query(
    'select state, unsubscribed_at, answered_at, reminders_sent from invitations where id = $1',
    [mail.id],
  )
  const { rows: suppressed } = await sql.query('select from suppressions')
  const { rows: visits } = await sql.query('select count(*)::int as n from events')
  return {
    answers: answers.length,
    invitation: rows[0] as unknown,
    suppressed: suppressed.length,
    events: visits[0]!.n,
  }
}

/** Plays a program, and sees that nothing was kept of it. */
function leavesNothing(name: string, play: () => Promise<void>): void {
  test(`${name}: no answer, nobody unsubscribed, nothing kept`, async () => {
    const before = await kept()
    assert.ok(answerLinks().length >= 10)
    await play()
    assert.deepEqual(await kept(), before)
    assert.equal(before.answers, 0)
  })
}

async function get(link: string, init: RequestInit = {}): Promise<number> {
  const reply = await fetch(link, { redirect: 'follow', ...init })
  await reply.arrayBuffer()
  return reply.status
}

leavesNothing('a scanner opens every link at once', async () => {
  const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36'
  const all = [...mail.links, mail.unsubscribe]
  const replies = await Promise.all(all.map((link) => get(link, { headers: { 'user-agent': agent } })))
  assert.ok(
    replies.every((status) => status === 200),
    String(replies),
  )
})

leavesNothing('a scanner asks with HEAD first and then with GET', async () => {
  for (const link of [...mail.links, mail.unsubscribe]) {
    assert.equal(await get(link, { method: 'HEAD' }), 200)
    assert.equal(await get(link), 200)
  }
})

leavesNothing('a mail program or browser fetches ahead', async () => {
  for (const link of answerLinks()) {
    const headers = { 'sec-purpose': 'prefetch;prerender', purpose: 'prefetch', 'x-moz': 'prefetch' }
    assert.equal(await get(link, { headers }), 200)
  }
})

leavesNothing('a scanner opens the links again minutes and days later, from another address', async () => {
  for (const minutes of [2, 30, 2880]) {
    house.clock.advance(minutes * 60_000)
    for (const url of answerLinks()) {
      const { pathname, search } = new URL(url)
      const headers = { host: 'localhost', 'user-agent': 'Mozilla/5.0 (compatible; scanner)' }
      const reply = await house.app.inject({
        url: pathname + search,
        headers,
        remoteAddress: `192.0.2.${minutes % 200}`,
      })
      assert.equal(reply.statusCode, 200)
    }
  }
})

leavesNothing('a forwarded mail is opened by others, who only look', async () => {
  for (const score of [1, 10]) {
    const page = await openPage(browser, { javaScriptEnabled: true })
    await page.goto(answerLinks().find((link) => link.includes(`score=${score}&`))!)
    assert.equal(await page.getByRole('radio', { checked: true }).getAttribute('value'), String(score))
    await page.context().close()
  }
})

/** As a sandbox does that wants to look like a person. */
async function behaveLikeSomebody(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  for (let step = 0; step < 12; step++) await page.mouse.move(20 + step * 22, 60 + step * 40, { steps: 4 })
  for (let step = 0; step < 6; step++) await page.mouse.wheel(0, 200)
  await page.waitForTimeout(300)
  await page.mouse.wheel(0, -1200)
  for (const key of ['Tab', 'Tab', 'ArrowDown', 'Escape']) await page.keyboard.press(key)
  await page.evaluate(`window.dispatchEvent(new Event('focus')); document.dispatchEvent(new Event('visibilitychange'))`)
  await page
    .evaluate(`document.querySelectorAll('a[href]').forEach((a) => fetch(a.href).catch(() => {}))`)
    .catch(() => undefined)
}

leavesNothing('a sandbox with Chromium runs scripts, waits, scrolls, moves the mouse and presses keys', async () => {
  for (const link of [...answerLinks().slice(0, 3), mail.unsubscribe]) {
    const page = await openPage(browser, { javaScriptEnabled: true })
    await page.goto(link)
    await behaveLikeSomebody(page)
    await page.context().close()
  }
})

leavesNothing('a preview draws the page in a frame and as a picture', async () => {
  const page = await openPage(browser, { javaScriptEnabled: true })
  await page.goto(answerLinks()[4]!)
  await page.screenshot({ fullPage: true })
  await page.reload()
  await page.goBack().catch(() => undefined)
  await page.context().close()
})

test('after all of that two taps are one answer', async (t) => {
  for (const link of mail.links) await get(link)
  const page = await openPage(browser, { javaScriptEnabled: false, viewport: phone })
  t.after(() => page.context().close())
  await page.goto(answerLinks().find((link) => link.includes('score=4&'))!)
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Send' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Your answer is in: 4 of 10')
  const { rows } = await sql.query('select score from responses')
  assert.deepEqual(rows, [{ score: 4 }])
  for (const link of mail.links) await get(link)
  const { rows: after } = await sql.query('select score from responses')
  assert.deepEqual(after, [{ score: 4 }])
})

test('the mail itself, as a browser draws it: light, dark, on a phone', async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [name, viewport] of [
      ['mail', { width: 1280, height: 800 }],
      ['mail-phone', phone],
    ] as const) {
      const page = await openPage(browser, { colorScheme, viewport })
      t.after(() => page.context().close())
      await page.setContent(partOf(mail.raw, 'text/html'))
      const [whole, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
        number,
        number,
      ]
      assert.ok(whole <= seen, `${name} is ${whole} px wide in a window of ${seen}`)
      await photograph(page, `${name}-${colorScheme}`)
    }
  }
})

test('to want no more questions takes one press, which a scanner does not do', async (t) => {
  const page = await openPage(browser, { viewport: phone })
  t.after(() => page.context().close())
  await page.goto(`${mail.unsubscribe}?lang=en`)
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Do not ask me again' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'We will not ask you again')
  const { rows } = await sql.query('select state from invitations where id = $1', [mail.id])
  assert.deepEqual(rows, [{ state: 'unsubscribed' }])
  await photograph(page, 'unsubscribe-phone')
  await page.getByRole('button', { name: 'You may ask me again' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'You may be asked again')
})
