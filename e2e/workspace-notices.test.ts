import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { partOf, testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import { notify } from '../apps/server/src/modules/notices/index.ts'
import { system } from '../apps/server/src/platform/store.ts'
import { axe, desktop, openPage, phone, photograph } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// From a customer's form to the member's bell and mail, with jobs and mail as they run in a server.

let smtp: TestSmtp
let workspace: Workspace
let page: Page
let survey: { id: string; key: string; name: string }

before(async () => {
  smtp = await testSmtp()
  workspace = await openWorkspace({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example' })
  await workspace.house.jobs.start()
  workspace.house.due.start()
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  ;[survey] = (await workspace.ask<{ items: [typeof survey] }>(page, 'GET', '/surveys')).items
})
after(async () => {
  await workspace.close()
  await smtp.close()
})

const go = async (path: string) => {
  await page.goto(new URL(`/app${path}`, page.url()).href)
  await page.locator('main h1').waitFor()
}
const bell = (name: RegExp) => page.locator('.sidebar-head').getByRole('link', { name })

async function answerForm(score: number, comment: string): Promise<void> {
  const form = await openPage(workspace.browser)
  await form.goto(`${new URL(page.url()).origin}/s/${survey.key}`)
  await form.getByRole('radio', { name: new RegExp(`^${score}(\\D|$)`) }).check({ force: true })
  await form.locator('textarea').first().fill(comment)
  await form.getByRole('button', { name: 'Send' }).click()
  await form.getByText('Your answer is in').waitFor()
  await form.context().close()
}

test('a hard answer given on a form rings without a reload, and comes by mail', async () => {
  await go('/effort')
  await bell(/^Notices$/).waitFor()
  await answerForm(2, 'Nobody could tell me where my parcel was.')
  await bell(/^Notices: 1 new$/).waitFor({ timeout: 10_000 })
  for (let turn = 0; smtp.received.length === 0 && turn < 100; turn++) await page.waitForTimeout(50)
  const text = partOf(smtp.received[0]!.raw, 'text/plain')
  assert.match(text, /A hard answer: 2 of 10/)
  assert.match(text, /“Nobody could tell me where my parcel was.”/)

  await bell(/1 new/).click()
  const row = page.getByRole('link', { name: 'A hard answer: 2 of 10' })
  await row.waitFor()
  await bell(/^Notices$/).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'notices')
  await row.click()
  await page.getByText('Nobody could tell me where my parcel was.').waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'notices-answer')
})

test('a survey is snoozed from its notice, and heard again with one click', async () => {
  await go('/notices')
  await page.getByRole('button', { name: /^Hear less of/ }).click()
  await page.getByRole('button', { name: 'Not for a week' }).click()
  await page.getByRole('heading', { name: 'You hear nothing of' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.locator('.p-toasts').getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('heading', { name: 'You hear nothing of' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Hear less of/ }).waitFor()
})

test('an alarm says what changed, and opens the effort screen at its day', async () => {
  const { workspace: own } = await workspace.ask<{ workspace: { id: string } }>(page, 'GET', '/me')
  const { house } = workspace
  const data = {
    ...{
      surveyId: survey.id,
      surveyKey: survey.key,
      family: 'effort',
      metric: 'mean',
      signal: 'limit',
      ease: 'harder',
    },
    ...{ from: '2026-11-19', to: '2026-11-19', n: 24, value: 6.1, usual: 8.2, low: 7.4, high: 8.9 },
  }
  const news = { kind: 'effort_alarm', subjectId: own.id, topicId: survey.id, topic: survey.name, data } as const
  await house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    notify(house, tx, [{ ...news, mail: () => ({ subject: 'Harder', heading: 'Harder', paragraphs: [] }) }]),
  )
  await go('/notices')
  await page.getByText('mean 6.1, usually 8.2, 24 answers').waitFor()
  await page.getByRole('link', { name: 'Harder than usual' }).click()
  await page.waitForURL(/period=day&at=2026-11-19|at=2026-11-19/)
})

test('a member chooses hour and mails; the workspace decides about what and to whom', async () => {
  await go('/settings/you')
  await page.getByLabel('Daily digest by mail').selectOption('6')
  await page.getByText('Saved.').first().waitFor()
  await page.getByRole('switch', { name: 'Hard answers' }).uncheck()
  await page.getByRole('button', { name: 'Try the bell: Hard answers' }).click()
  await page.getByText('It stands at your bell.').waitFor()
  await page.getByRole('button', { name: 'Try the mail: Tickets given to me' }).click()
  await page.getByText(/^(The mail server took it: 250|It did not arrive: \S)/).waitFor()
  await page.getByLabel('Tickets that nobody has had for long').and(page.locator('select')).selectOption('30')
  await page.getByText('Saved.').first().waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'notices-own')
  const settings = await workspace.ask<{ digestHour: number; unownedMinutes: number }>(page, 'GET', '/notices/settings')
  assert.deepEqual([settings.digestHour, settings.unownedMinutes], [6, 30])

  await go('/settings/notices')
  await page.getByLabel('All surveys').first().uncheck()
  await page.getByLabel(survey.name).waitFor()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'notices-rules')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').first().waitFor()
  const rules = await workspace.ask<{ hard_answer: { topics: string[] } }>(page, 'GET', '/notices/rules')
  assert.deepEqual(rules.hard_answer.topics, [survey.id])
})

test('whom mails go to is chosen by name, found on the server', async () => {
  await go('/settings/notices')
  await page.getByLabel('All who may see it').first().uncheck()
  await page.getByText('Nobody is chosen: no mail goes out.').waitFor()
  await page.getByRole('button', { name: 'Add a member' }).click()
  const dialog = page.getByRole('dialog', { name: 'To whom' })
  await dialog.getByRole('textbox', { name: 'Find a member' }).fill('kra')
  await dialog.getByRole('button', { name: /Maja Kranjc/ }).click()
  assert.deepEqual(await axe(page), [])
  await photograph(page, 'notices-whom')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Maja Kranjc: no mail any more' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').first().waitFor()
  const { memberId } = await workspace.ask<{ memberId: string }>(page, 'GET', '/me')
  const rules = await workspace.ask<{ hard_answer: { members: string[] } }>(page, 'GET', '/notices/rules')
  assert.deepEqual(rules.hard_answer.members, [memberId])
  await page.getByRole('button', { name: 'Maja Kranjc: no mail any more' }).click()
  await page.getByText('Nobody is chosen: no mail goes out.').waitFor()
})

test('a phone, the dark and other languages show it as well', async () => {
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: 'dark' })
  for (const [language, heading] of [
    ['sl', 'Obvestila'],
    ['nb', 'Varsler'],
    ['en', 'Notices'],
  ] as const) {
    await workspace.ask(page, 'PATCH', '/me', { language })
    for (const path of ['/notices', '/settings/notices', '/settings/you']) {
      await go(path)
      if (path === '/notices') await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      assert.deepEqual(await axe(page), [], `${language} ${path}`)
      const [whole, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
        number,
        number,
      ]
      assert.ok(whole <= seen, `${language} ${path}: ${whole} px`)
    }
    await go('/notices')
    await photograph(page, `notices-phone-${language}`)
  }
  await go('/settings/notices')
  await page.getByLabel('All who may see it').last().uncheck()
  const save = (await page.getByRole('button', { name: 'Save' }).boundingBox())!
  assert.ok(save.y >= 0 && save.y + save.height <= phone.height, `what was changed is saved at ${save.y} px`)
  await page.setViewportSize(desktop)
  await page.emulateMedia({ colorScheme: 'light' })
  assert.deepEqual(workspace.complaints, [])
})
