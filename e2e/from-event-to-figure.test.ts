import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { headerOf, partOf, testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import { openPage } from './browser.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

// One flow from end to end: a help desk solves tickets, mails go out, a machine and a person open them, and every
// place that counts says the same.

let smtp: TestSmtp
let workspace: Workspace
let page: Page
let survey: { id: string; key: string }

before(async () => {
  smtp = await testSmtp()
  workspace = await openWorkspace({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_MAIL_PACE: '0',
  })
  page = await workspace.signedUp()
  await page.locator('h1').waitFor()
  const { items } = await workspace.ask<{ items: { id: string; key: string }[] }>(page, 'GET', '/surveys')
  survey = items[0]!
  await askEverybody()
})
after(async () => {
  await workspace.close()
  await smtp.close()
})

async function askEverybody(): Promise<void> {
  const programme = await workspace.ask<{ id: string }>(page, 'POST', '/programmes', {
    name: 'After a ticket',
    surveyId: survey.id,
    conditions: [{ attribute: 'kind', is: 'anyOf', values: ['ticket'] }],
    delayMinutes: 0,
    share: 1,
    reminderDays: [3],
    expiresDays: 14,
    hours: null,
    quota: null,
  })
  await workspace.ask(page, 'PUT', `/programmes/${programme.id}/state`, { state: 'on' })
}

/** A ticket is solved: the body that the documented trigger sends, with its signature. */
async function solve(url: string, secret: string, ticket: number, email: string): Promise<number> {
  const at = workspace.house.clock.now().toISOString()
  const moment = new Date(Date.parse(at) - 60_000).toISOString()
  const requester = { id: String(ticket), name: 'Nives', email, language: 'English' }
  const body = JSON.stringify({
    ticket: { id: String(ticket), status: 'Solved', created_at: moment, updated_at: moment, via: 'Mail', requester },
  })
  const reply = await workspace.house.app.inject({
    method: 'POST',
    url: new URL(url).pathname,
    headers: {
      host: new URL(page.url()).host,
      'content-type': 'application/json',
      'x-zendesk-webhook-signature': createHmac('sha256', secret)
        .update(at + body)
        .digest('base64'),
      'x-zendesk-webhook-signature-timestamp': at,
    },
    payload: body,
  })
  return reply.statusCode
}

const linksTo = (email: string) => {
  const mail = smtp.received.find(({ to }) => to.includes(email))!
  const here = (link: string) => link.replaceAll('&amp;', '&').replace(/^http:\/\/[^/]+/, new URL(page.url()).origin)
  return {
    answers: [...partOf(mail.raw, 'text/html').matchAll(/href="([^"]+\/a\/[^"]+)"/g)].map(([, link]) => here(link!)),
    unsubscribe: here(/<([^>]+)>/.exec(headerOf(mail.raw, 'List-Unsubscribe')!)![1]!),
  }
}

test('solved tickets become mails, once each', async () => {
  const secret = 'dGhpc19zZWNyZXQ='
  const { hook } = await workspace.ask<{ hook: { id: string; url: string } }>(page, 'POST', '/inbound-hooks', {
    ...{ system: 'zendesk', name: 'Zendesk' },
  })
  await workspace.ask(page, 'PUT', `/inbound-hooks/${hook.id}/secret`, { secret })
  for (const [ticket, name] of [
    [1, 'hard'],
    [2, 'machine'],
    [3, 'leaves'],
    [1, 'hard'],
  ] as const)
    assert.equal(await solve(hook.url, secret, ticket, `${name}@kupec.example`), 200)
  await workspace.house.jobs.settle()
  await workspace.house.due.drain()
  assert.deepEqual(smtp.received.map(({ to }) => to[0]).toSorted(), [
    'hard@kupec.example',
    'leaves@kupec.example',
    'machine@kupec.example',
  ])
})

test('a machine opens every link and answers nothing; a person answers in two taps, another leaves in one', async () => {
  const machine = linksTo('machine@kupec.example')
  for (const link of [...machine.answers, machine.unsubscribe]) assert.equal((await fetch(link)).status, 200)
  const person = await openPage(workspace.browser)
  await person.goto(linksTo('hard@kupec.example').answers[1]!)
  await person.getByRole('button', { name: 'Send' }).click()
  await person.getByText('2 of 10').first().waitFor()
  await person.context().close()
  const oneClick = await fetch(linksTo('leaves@kupec.example').unsubscribe, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  assert.equal(oneClick.status, 200)
})

test('the hard answer is noticed: at the bell, and by a mail that leads to it', async () => {
  const { house } = workspace
  await page.goto(new URL('/app/effort', page.url()).href)
  // What is hard is looked at a moment after it was counted.
  const noticed = () => smtp.received.find(({ to }) => to[0]!.startsWith('maja@'))
  for (let turn = 0; !noticed() && turn < 100; turn++) {
    await page.waitForTimeout(100)
    await house.jobs.settle()
    await house.due.drain()
  }
  await page.locator('.sidebar-head').getByRole('link', { name: 'Notices: 1 new' }).waitFor()
  const text = partOf(noticed()!.raw, 'text/plain')
  assert.match(text, /A hard answer: 2 of 10/)
  const link = /http\S+\/app\/\S+/.exec(text)![0]
  await page.goto(link.replace(/^http:\/\/[^/]+/, new URL(page.url()).origin))
  await page.locator('main').getByText('2 of 10').first().waitFor()
})

test('ledger, funnel and effort screen agree', async () => {
  type Funnel = { touchpoints: number; states: { state: string; count: number }[] }
  const { touchpoints, states } = await workspace.ask<Funnel>(page, 'GET', '/invitations/funnel')
  const counted = Object.fromEntries(states.filter(({ count }) => count > 0).map(({ state, count }) => [state, count]))
  assert.deepEqual([touchpoints, counted], [3, { sent: 1, answered: 1, unsubscribed: 1 }])

  await page.goto(new URL('/app/ledger', page.url()).href)
  for (const state of ['Answered', 'Sent', 'Unsubscribed'])
    await page
      .getByRole('link', { name: new RegExp(state) })
      .first()
      .waitFor()

  type Effort = { asked: { asked: number; answered: number } }
  const effort = await workspace.ask<Effort>(page, 'GET', `/insight/effort?survey=${survey.key}`)
  assert.deepEqual([effort.asked.asked, effort.asked.answered], [3, 1])
  await page.goto(new URL('/app/effort', page.url()).href)
  await page.getByText('1 of 3').first().waitFor()
})

test('no console complained', () => assert.deepEqual(workspace.complaints, []))
