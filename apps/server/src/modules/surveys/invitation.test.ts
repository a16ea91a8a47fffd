import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import type { Funnel } from '@lahko/contract/programmes'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { system, type Scope } from '#platform/store.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { encode, exampleForms, formType, hiddenIn, type Fields } from './example-forms.ts'
import { forgetAll } from './forgetting.ts'
import { insertExampleInvitation, type ExampleInvitation } from './example-invitations.ts'
import { invitationMails } from './invitation-sending.ts'
import { continueTouchpoint } from './withdrawing.ts'

type Forms = ReturnType<typeof exampleForms>

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
let workspaceId: string
let survey: Forms['survey']
const host = 'feedback.example.com'
const dayMs = 86_400_000

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_BASE_URL: `https://${host}`,
    LAHKO_MAIL_PACE: '0',
  })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'acme', visitor(house, { host }))
  owner = made.owner
  workspaceId = made.id
  ;({ survey } = exampleForms(house, owner))
})
beforeEach(() => {
  smtp.received.length = 0
  smtp.refuse = () => undefined
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

type Wish = Partial<Parameters<typeof insertExampleInvitation>[1]>

const putOff = () => ({ code: 451, message: '4.2.0 later' })

/** A waiting invitation is mailed. @param isPutOff its mail stays in the outbox until it is taken */
async function invite(wish: Wish = {}, surveyWish: object = {}, isPutOff = false) {
  if (isPutOff) smtp.refuse = putOff
  const { id: surveyId, key } = await survey('ces-10-solved', undefined, surveyWish)
  const invitation = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt: house.clock.now(), ...wish })
  await house.due.drain()
  return { ...invitation, surveyId, key, ...sentTo(invitation) }
}

function sentTo({ customerId }: ExampleInvitation) {
  const mail = smtp.received.findLast(({ to }) => to[0]!.includes(customerId.slice(0, 8)))
  const text = mail ? partOf(mail.raw, 'text/plain') : ''
  const token = /\/a\/([A-Za-z0-9_-]+)\?/.exec(text)?.[1] ?? ''
  return { raw: mail?.raw ?? '', text, html: mail ? partOf(mail.raw, 'text/html') : '', token }
}

async function rowOf(id: string) {
  const { rows } = await sql.query('select * from invitations where id = $1', [id])
  return rows[0] as Record<string, unknown>
}

async function answersTo(surveyId: string) {
  const { rows } = await sql.query(
    `select r.*, t.external_id as touchpoint, c.id as customer from responses r
     left join touchpoints t on t.id = r.touchpoint_id left join customers c on c.id = r.customer_id
     where r.survey_id = $1`,
    [surveyId],
  )
  return rows as Record<string, unknown>[]
}

const customer = () => visitor(house, { host, address: '198.51.100.7' })
const open = (path: string, from = customer()) => from.ask('GET', `/${path}`)
const post = (path: string, fields: Fields, from = customer()) => from.ask('POST', `/${path}`, encode(fields), formType)
const pathOf = (link: string) => link.replace(`https://${host}`, '')

/** The second tap: the page's own form, sent as it is. */
async function send(path: string, fields: Fields = {}) {
  const page = await open(path)
  assert.equal(page.statusCode, 200, page.body)
  const chosen = /value="(\d+)"[^>]* checked/.exec(page.body)?.[1]
  const action = /<form method="post" action="([^"]+)"/.exec(page.body)![1]!
  return post(action, { ...hiddenIn(page.body), ...(chosen && { score: chosen }), ...fields })
}

for (const [name, linksIn] of [
  [
    'HTML',
    ({ html }: { html: string }) =>
      [...html.matchAll(/href="([^"]+\/a\/[^"]+)"/g)].map(([, link]) => link!.replaceAll('&amp;', '&')),
  ],
  ['plain text', ({ text }: { text: string }) => text.match(/https:\/\/\S+\/a\/\S+/g) ?? []],
] as const) {
  test(`from the ledger over a mail server and two taps to one answer, by the ${name} part`, async () => {
    const sent = await invite({ language: 'sl', name: 'Nives' })
    assert.equal((await rowOf(sent.id))['state'], 'sent')
    const links = linksIn(sent)
    assert.equal(links.length, 10)
    const reply = await send(pathOf(links[3]!))
    assert.equal(reply.statusCode, 303, reply.body)
    const [answer, ...more] = await answersTo(sent.surveyId)
    assert.deepEqual(
      [more.length, answer!['score'], answer!['touchpoint'], answer!['customer'], answer!['source']],
      [0, 4, sent.touchpointExternalId, sent.customerId, 'link'],
    )
    const row = await rowOf(sent.id)
    assert.deepEqual([row['state'], row['response_id']], ['answered', answer!['id']])
    const thanks = await open(String(reply.headers.location))
    assert.match(thanks.body, /4 od 10/)
  })
}

test('the mail speaks the customer’s language, says whose it is, and can be left with one click', async () => {
  const { raw, text, html, token } = await invite({ language: 'sl', name: 'Nives' })
  assert.match(headerOf(raw, 'From')!, /feedback@shop\.example/)
  assert.equal(headerOf(raw, 'List-Unsubscribe'), `<https://${host}/unsubscribe/${token}>`)
  assert.equal(headerOf(raw, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click')
  assert.match(text, /^Pozdravljeni, Nives,/)
  assert.match(html, /<html lang="sl">/)
  assert.doesNotMatch(html, /<img|<script|http:\/\//)
  const { rows } = await sql.query('select from invitations where token_hash = sha256($1)', [token])
  assert.equal(rows.length, 1)
})

test('a language in which the survey is not published gives way to the workspace’s, then to the survey’s', async () => {
  const { html } = await invite({ language: 'de' })
  assert.match(html, /<html lang="sl">/)
})

test('one invitation is one answer: sent again, from another tab, or with another score', async () => {
  const sent = await invite()
  const [first, second] = [await open(`/a/${sent.token}?score=2`), await open(`/a/${sent.token}?score=9`)]
  await post(`/a/${sent.token}`, { ...hiddenIn(first.body), score: '2' })
  await post(`/a/${sent.token}`, { ...hiddenIn(first.body), score: '2' })
  await post(`/a/${sent.token}`, { ...hiddenIn(second.body), score: '9', comment: 'better now' })
  const answers = await answersTo(sent.surveyId)
  assert.deepEqual(
    answers.map(({ score, comment }) => [score, comment]),
    [[9, 'better now']],
  )
  const other = await open(`/a/${sent.token}?score=5`)
  assert.match(other.body, /value="5"[^>]* checked/)
  assert.match(other.body, /9 od 10\. Spremeni se, ko pritisnete Shrani\./)
  assert.match(other.body, /change\?lang=en&amp;score=5/)
  assert.doesNotMatch((await open(`/a/${sent.token}?score=9`)).body, /<form/)
  assert.equal((await answersTo(sent.surveyId))[0]!['score'], 9)
  const changed = await send(`/a/${sent.token}/answer/change`, { score: '7' })
  assert.equal(changed.statusCode, 303, changed.body)
  assert.equal((await answersTo(sent.surveyId))[0]!['score'], 7)
})

test('what a program sends takes nobody’s answer away', async () => {
  const sent = await invite()
  const byProgram = await send(`/a/${sent.token}?score=1`, { 'leave-empty': 'https://spam.example', score: '1' })
  assert.equal(byProgram.statusCode, 303, byProgram.body)
  const thanks = await open(byProgram.headers['location'] as string)
  assert.match(thanks.body, /1 od 10/)
  assert.equal((await rowOf(sent.id))['state'], 'sent')
  assert.equal((await send(`/a/${sent.token}?score=8`)).statusCode, 303)
  const answers = await answersTo(sent.surveyId)
  assert.deepEqual(answers.map(({ score, excluded_reason: leftOut }) => [score, leftOut]).toSorted(), [
    [1, 'spam'],
    [8, null],
  ])
  const { state, response_id: responseId } = await rowOf(sent.id)
  assert.deepEqual([state, responseId], ['answered', answers.find(({ score }) => score === 8)!['id']])
})

test('an answer that is left out and deleted later was none: the response rate stays', async () => {
  const sent = await invite()
  await send(`/a/${sent.token}?score=3`)
  const [answer] = await answersTo(sent.surveyId)
  const left = await owner.ask('PUT', `/responses/${String(answer!['id'])}/exclusion`, { reason: 'test' })
  assert.ok(left.statusCode < 300, left.body)
  const scope: Scope = { workspaceId, actor: system }
  const start = house.clock.now()
  house.clock.advance(31 * dayMs)
  await forgetAll(house, scope, new AbortController().signal)
  house.clock.set(start)
  assert.deepEqual(await answersTo(sent.surveyId), [])
  const { answered_at: answeredAt, response_id: responseId } = await rowOf(sent.id)
  assert.deepEqual([answeredAt, responseId], [null, null])
})

test('whoever has no address any more answers all the same', async () => {
  const sent = await invite()
  await sql.query('update customers set email = null, external_id = null where id = $1', [sent.customerId])
  assert.equal((await send(`/a/${sent.token}?score=6`)).statusCode, 303)
  assert.equal((await rowOf(sent.id))['state'], 'answered')
})

test('an anonymous survey keeps nothing that leads from the answer to the invitation', async () => {
  const sent = await invite({}, { identity: 'anonymous' })
  assert.equal((await send(`/a/${sent.token}?score=3`)).statusCode, 303)
  const [answer] = await answersTo(sent.surveyId)
  assert.deepEqual([answer!['customer_id'], answer!['touchpoint_id']], [null, null])
  const row = await rowOf(sent.id)
  assert.deepEqual([row['state'], row['response_id']], ['answered', null])
  assert.equal((row['answered_at'] as Date).getTime() % dayMs, 0)
  assert.equal((await open(`/a/${sent.token}?score=3`)).statusCode, 410)
  assert.equal((await answersTo(sent.surveyId)).length, 1)
})

test('nothing is kept from opening links, whatever the method that is no POST', async () => {
  const sent = await invite()
  const before = await rowOf(sent.id)
  for (let score = 1; score <= 10; score++) {
    for (const method of ['HEAD', 'GET'] as const) {
      const url = `/a/${sent.token}?score=${score}`
      const reply = await house.app.inject({ method, url, headers: { host, 'sec-purpose': 'prefetch' } })
      assert.equal(reply.statusCode, 200)
      assert.equal(reply.headers['cache-control'], 'no-store')
    }
  }
  assert.equal((await open(`/unsubscribe/${sent.token}`)).statusCode, 200)
  assert.deepEqual(await rowOf(sent.id), before)
  assert.equal((await answersTo(sent.surveyId)).length, 0)
})

test('reminders come with the same links, as many as the programme says, and never after an answer', async () => {
  const sent = await invite({ reminderDays: [3, 4] })
  house.clock.advance(3 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 2)
  assert.equal(sentTo(sent).token, sent.token)
  assert.match(headerOf(sentTo(sent).raw, 'Subject')!, /=\?UTF-8/)
  assert.equal((await rowOf(sent.id))['reminders_sent'], 1)
  await send(`/a/${sent.token}?score=6`)
  house.clock.advance(4 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 2)
})

test('what nobody answers ends, and its page says so kindly', async () => {
  const sent = await invite({ expiresDays: 5, reminderDays: [3, 3] })
  house.clock.advance(5 * dayMs)
  await house.due.drain()
  assert.equal((await rowOf(sent.id))['state'], 'expired')
  assert.equal((await open(`/a/${sent.token}?score=5`)).statusCode, 410)
  house.clock.advance(dayMs)
  const late = await post(`/a/${sent.token}`, { score: '5' })
  assert.equal(late.statusCode, 410)
  assert.equal((await open(`/a/${'x'.repeat(43)}`)).statusCode, 404)
  assert.equal((await open('/a/short')).statusCode, 404)
})

test('who opened the page in time sends it the day after, and what is written while a survey pauses comes back', async () => {
  const sent = await invite({ expiresDays: 5 })
  const { body } = await open(`/a/${sent.token}?score=3`)
  const filled = { ...hiddenIn(body), score: '3', comment: 'It took three calls.' }
  await sql.query(`update surveys set state = 'paused' where id = $1`, [sent.surveyId])
  house.clock.advance(10_000)
  const paused = await post(`/a/${sent.token}`, filled)
  assert.equal(paused.statusCode, 503)
  assert.match(paused.body, /It took three calls\./)
  await sql.query(`update surveys set state = 'published' where id = $1`, [sent.surveyId])
  house.clock.advance(5 * dayMs)
  await house.due.drain()
  assert.equal((await rowOf(sent.id))['state'], 'expired')
  const again = hiddenIn(paused.body)
  assert.equal((await post(`/a/${sent.token}`, { ...filled, ...again })).statusCode, 303)
  assert.equal((await rowOf(sent.id))['state'], 'answered')
})

test('a value that a mail has chosen stays chosen in another language', async () => {
  const sent = await invite()
  const { body } = await open(`/a/${sent.token}?score=4&wording=1&lang=en`)
  assert.match(body, new RegExp(`/a/${sent.token}\\?lang=sl&amp;score=4&amp;wording=1`))
})

test('an answer whose mark was lost with the process is found before the invitation ends', async () => {
  const sent = await invite({ expiresDays: 5 })
  await send(`/a/${sent.token}?score=7`)
  await sql.query('update invitations set answered_at = null, response_id = null where id = $1', [sent.id])
  house.clock.advance(5 * dayMs)
  await house.due.drain()
  const [answer] = await answersTo(sent.surveyId)
  const row = await rowOf(sent.id)
  assert.deepEqual([row['state'], row['response_id']], ['answered', answer!['id']])
})

test('an answer is about the touchpoint that was asked about, also where that has no id of another program', async () => {
  const sent = await invite()
  const touchpointId = (await rowOf(sent.id))['touchpoint_id']
  await sql.query('update touchpoints set external_id = null where id = $1', [touchpointId])
  await send(`/a/${sent.token}?score=2`)
  const [answer] = await answersTo(sent.surveyId)
  assert.equal(answer!['touchpoint_id'], touchpointId)
  assert.deepEqual(answer!['attributes'], { kind: 'ticket', topic: 'Returns', channel: 'phone' })
})

test('a GET never unsubscribes, one click without a cookie does, and it can be taken back', async () => {
  const sent = await invite({ reminderDays: [1] })
  const path = `/unsubscribe/${sent.token}`
  assert.equal((await open(path)).statusCode, 200)
  assert.equal((await rowOf(sent.id))['state'], 'sent')
  for (const [type, body] of [
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ]) {
    const headers = { host, 'content-type': type!, origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' }
    const reply = await house.app.inject({ method: 'POST', url: path, headers, payload: body! })
    assert.equal(reply.statusCode, 200, reply.body)
  }
  assert.equal((await rowOf(sent.id))['state'], 'unsubscribed')
  const listed = (await owner.ask('GET', '/suppressions')).json().items as { address: string; reason: string }[]
  assert.ok(
    listed.some(({ address, reason }) => address.includes(sent.customerId.slice(0, 8)) && reason === 'unsubscribed'),
  )
  house.clock.advance(2 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
  const again = await post(path, { again: 'yes' })
  assert.equal(again.statusCode, 200)
  assert.equal((await rowOf(sent.id))['state'], 'sent')
})

test('the address that was written to is the one that stops, and a forgotten one is not said to', async () => {
  const sent = await invite()
  const { rows } = await sql.query('select recipient from mails where subject_id = $1', [sent.id])
  await sql.query(`update customers set email = 'corrected@kupec.example' where id = $1`, [sent.customerId])
  await post(`/unsubscribe/${sent.token}`, { 'List-Unsubscribe': 'One-Click' })
  const { rows: stopped } = await sql.query('select address from suppressions where address = any($1)', [
    [rows[0].recipient, 'corrected@kupec.example'],
  ])
  assert.equal(stopped.length, 2)

  const erased = await invite()
  await owner.ask('DELETE', `/customers/${erased.customerId}`)
  const page = await post(`/unsubscribe/${erased.token}`, { 'List-Unsubscribe': 'One-Click' })
  assert.match(page.body, /je pozabilo, komu je bilo to sporočilo poslano/)
})

test('nobody is written to who is on the list, has no address, or whose survey or programme has ended', async () => {
  await owner.ask('POST', '/suppressions', { address: 'never@kupec.example' })
  const never = await invite({ email: 'never@kupec.example' })
  const nowhere = await invite({ email: null })
  const { id: surveyId } = await survey()
  await owner.ask('PUT', `/surveys/${surveyId}/state`, { state: 'archived' })
  const closed = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt: house.clock.now() })
  const { id: open } = await survey()
  const off = await insertExampleInvitation(sql, { workspaceId, surveyId: open, dueAt: house.clock.now() })
  await sql.query(`update programmes set state = 'off' where id = $1`, [off.programmeId])
  await house.due.drain()
  const rules = await Promise.all([never, nowhere, closed, off].map(async ({ id }) => (await rowOf(id))['not_asked']))
  assert.deepEqual(rules, ['suppressed', 'no_address', 'survey_closed', 'programme_off'])
  assert.equal(smtp.received.length, 0)
})

test('what waits for a mail server is looked at once more before it is sent', async () => {
  const changes = {
    programme_off: 'delete from programmes where id = $1',
    survey_closed: `update surveys set state = 'archived' where id = (select survey_id from programmes where id = $1)`,
    open_problem: `insert into touchpoints (workspace_id, id, kind, customer_id, started_at, attributes, created_at)
      select i.workspace_id, gen_random_uuid(), 'ticket', i.customer_id, i.decided_at, '{}', i.decided_at
      from invitations i where i.programme_id = $1`,
  }
  for (const [rule, change] of Object.entries(changes)) {
    smtp.refuse = putOff
    const sent = await invite({ reminderDays: [1] })
    assert.equal((await rowOf(sent.id))['state'], 'queued')
    smtp.refuse = () => undefined
    await sql.query(change, [sent.programmeId])
    house.clock.advance(60_000)
    await house.due.drain()
    assert.deepEqual([(await rowOf(sent.id))['not_asked'], smtp.received.length], [rule, 0])
  }
})

const turn = (id: string, state: 'on' | 'off') => owner.ask('PUT', `/programmes/${id}/state`, { state, callBack: true })
async function inFunnel(id: string) {
  const { touchpoint_id: touchpoint } = await rowOf(id)
  const funnel = (await owner.ask('GET', `/invitations/funnel?touchpoint=${String(touchpoint)}`)).json<Funnel>()
  assert.equal(funnel.touchpoints, 1)
  return funnel.states.filter(({ count }) => count > 0).map(({ state, count }) => [state, count])
}

test('a mail whose turn came while its programme was off goes out once when that is undone', async () => {
  for (const undo of ['turn', 'restore']) {
    smtp.refuse = putOff
    const { id, programmeId } = await invite()
    if (undo === 'turn') await turn(programmeId, 'off')
    else await owner.ask('DELETE', `/programmes/${programmeId}`)
    smtp.refuse = () => undefined
    house.clock.advance(60_000)
    await house.due.drain()
    assert.deepEqual(await inFunnel(id), [['not_asked', 1]])
    const before = smtp.received.length
    const back = () =>
      undo === 'turn' ? turn(programmeId, 'on') : owner.ask('PUT', `/programmes/${programmeId}/restoration`)
    for (let times = 0; times < 2; times++) assert.equal((await back()).statusCode, 200)
    assert.deepEqual(await inFunnel(id), [['queued', 1]])
    await house.due.drain()
    house.clock.advance(60_000)
    await house.due.drain()
    assert.deepEqual([await inFunnel(id), smtp.received.length], [[['sent', 1]], before + 1])
  }
})

test('what is brought back does not ask whom another programme asked meanwhile', async () => {
  for (const isWritten of [false, true]) {
    if (isWritten) smtp.refuse = putOff
    const wish = isWritten ? {} : { dueAt: new Date(house.clock.now().getTime() + dayMs) }
    const [asked, other] = [await invite(wish), await invite(wish)]
    for (const { programmeId } of [asked, other]) await turn(programmeId, 'off')
    const { id: since } = await invite(wish)
    await sql.query(
      "update invitations set customer_id = $2, decided_at = decided_at + interval '1 second' where id = $1",
      [since, asked.customerId],
    )
    for (const { programmeId } of [asked, other]) await turn(programmeId, 'on')
    const states = [await rowOf(asked.id), await rowOf(other.id)].map((row) => [row['state'], row['not_asked']])
    assert.deepEqual(states, [
      ['not_asked', 'programme_off'],
      [isWritten ? 'queued' : 'waiting', null],
    ])
  }
})

test('what stands in the outbox of a programme that goes is called off at once, whether or not a server ever comes', async () => {
  for (const undo of ['turn', 'restore']) {
    smtp.refuse = putOff
    const { id, programmeId } = await invite()
    const mailOf = async () =>
      (await sql.query('select state, called_off, reply from mails where subject_id = $1', [id])).rows[0]
    assert.deepEqual([await inFunnel(id), (await mailOf()).state], [[['queued', 1]], 'waiting'])
    if (undo === 'turn') await turn(programmeId, 'off')
    else await owner.ask('DELETE', `/programmes/${programmeId}`)
    assert.deepEqual(await inFunnel(id), [['not_asked', 1]])
    assert.deepEqual(await mailOf(), { state: 'failed', called_off: true, reply: 'programme_off' })
    if (undo === 'turn') await turn(programmeId, 'on')
    else await owner.ask('PUT', `/programmes/${programmeId}/restoration`)
    assert.deepEqual([await inFunnel(id), (await mailOf()).state], [[['queued', 1]], 'waiting'])
  }
})

test('a reminder whose turn came meanwhile comes once as well, written before or not', async () => {
  for (const isWritten of [false, true]) {
    const { id, programmeId } = await invite({ reminderDays: [3] })
    if (isWritten) smtp.refuse = putOff
    else await turn(programmeId, 'off')
    house.clock.advance(3 * dayMs)
    await house.due.drain()
    if (isWritten) await turn(programmeId, 'off')
    smtp.refuse = () => undefined
    house.clock.advance(60_000)
    await house.due.drain()
    const before = smtp.received.length
    await turn(programmeId, 'on')
    for (let days = 0; days < 3; days++) {
      assert.deepEqual(await inFunnel(id), [['sent', 1]])
      house.clock.advance(60_000)
      await house.due.drain()
      assert.deepEqual([smtp.received.length, (await rowOf(id))['reminders_sent']], [before + 1, 1])
    }
    await turn(programmeId, 'off')
    await turn(programmeId, 'on')
    house.clock.advance(60_000)
    await house.due.drain()
    assert.equal(smtp.received.length, before + 1)
  }
})

test('a reminder keeps to its programme’s hours, and is none after a reply', async () => {
  const sent = await invite({ reminderDays: [3] })
  const hours = { from: '09:00', until: '17:00', days: [1, 2, 3, 4, 5] }
  await sql.query('update programmes set hours = $2 where id = $1', [sent.programmeId, JSON.stringify(hours)])
  // From Friday to Monday.
  const weekday = house.clock.now().getUTCDay()
  house.clock.advance(((5 - weekday + 7) % 7) * dayMs)
  await sql.query('update invitations set next_reminder_at = $2 where id = $1', [
    sent.id,
    new Date(house.clock.now().getTime() + dayMs),
  ])
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
  const next = (await rowOf(sent.id))['next_reminder_at'] as Date
  assert.deepEqual([next.getUTCDay(), next.getTime() > house.clock.now().getTime()], [1, true])
  await sql.query('update invitations set replied_at = $2 where id = $1', [sent.id, house.clock.now()])
  house.clock.advance(3 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
})

test('a reminder that is refused leaves the invitation as it was', async () => {
  const sent = await invite({ reminderDays: [1] })
  smtp.refuse = () => ({ code: 554, message: '5.7.1 no more of these' })
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.equal((await rowOf(sent.id))['state'], 'sent')
})

test('an answer from elsewhere that counts is an answer, while the invitation waits and before it is sent', async () => {
  const waiting = await survey('ces-10-solved')
  const wish = { workspaceId, surveyId: waiting.id, dueAt: new Date(house.clock.now().getTime() + dayMs) }
  const { id, touchpointExternalId: externalId } = await insertExampleInvitation(sql, wish)
  const answer = { survey: waiting.key, score: 9, touchpoint: { externalId, kind: 'ticket' } }
  await owner.ask('POST', '/responses', answer)
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.deepEqual([(await rowOf(id))['state'], smtp.received.length], ['answered', 0])

  const other = await insertExampleInvitation(sql, { ...wish, dueAt: new Date(house.clock.now().getTime() + dayMs) })
  await owner.ask('POST', '/responses', {
    ...answer,
    touchpoint: { ...answer.touchpoint, externalId: other.touchpointExternalId },
  })
  assert.equal((await rowOf(other.id))['state'], 'answered')
  const { response_id: own } = await rowOf(other.id)
  await owner.ask('PUT', `/responses/${String(own)}/exclusion`, { reason: 'own' })
  assert.equal((await rowOf(other.id))['state'], 'waiting')
  await owner.ask('DELETE', `/responses/${String(own)}/exclusion`)
  assert.deepEqual([(await rowOf(other.id))['state'], (await rowOf(other.id))['response_id']], ['answered', own])
  await owner.ask('PUT', `/responses/${String(own)}/exclusion`, { reason: 'own' })
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.equal((await rowOf(other.id))['state'], 'sent')
})

test('an answer from elsewhere about what was asked is one at once, and nobody is reminded', async () => {
  const answerByApi = (key: string, externalId: string) =>
    owner.ask('POST', '/responses', { survey: key, score: 9, touchpoint: { externalId, kind: 'ticket' } })
  const answerByLink = async (key: string, externalId: string) => {
    const page = await open(`/s/${key}?touchpoint=${externalId}`)
    const reply = await post(`/s/${key}`, { ...hiddenIn(page.body), score: '9' })
    assert.equal(reply.statusCode, 303, reply.body)
  }
  for (const answerBy of [answerByApi, answerByLink]) {
    const sent = await invite({ reminderDays: [3] })
    house.clock.advance(10_000)
    await answerBy(sent.key, sent.touchpointExternalId)
    const [answer] = await answersTo(sent.surveyId)
    assert.equal(answer!['touchpoint'], sent.touchpointExternalId)
    const row = await rowOf(sent.id)
    assert.deepEqual([row['state'], row['response_id'], row['next_reminder_at']], ['answered', answer!['id'], null])
    assert.deepEqual(row['answered_at'], answer!['answered_at'])
    const mails = smtp.received.length
    house.clock.advance(4 * dayMs)
    await house.due.drain()
    assert.equal(smtp.received.length, mails)
    const { touchpoints, states } = (
      await owner.ask('GET', `/invitations/funnel?touchpoint=${String(row['touchpoint_id'])}`)
    ).json<Funnel>()
    const filled = states.filter(({ count }) => count > 0)
    assert.deepEqual([touchpoints, filled], [1, [{ state: 'answered', count: 1 }]])
  }
})

test('what was never asked about stays not asked, whoever answers about it', async () => {
  const asked = await survey('ces-10-solved')
  const dueAt = new Date(house.clock.now().getTime() + dayMs)
  const { id, touchpointExternalId } = await insertExampleInvitation(sql, { workspaceId, surveyId: asked.id, dueAt })
  await sql.query(`update invitations set not_asked = 'share' where id = $1`, [id])
  const touchpoint = { externalId: touchpointExternalId, kind: 'ticket' }
  await owner.ask('POST', '/responses', { survey: asked.key, score: 9, touchpoint })
  assert.equal((await rowOf(id))['state'], 'not_asked')
})

test('all links opened at once by many machines are answered at once', async () => {
  const sent = await invite()
  house.clock.advance(10_000)
  const pages = await Promise.all(Array.from({ length: 30 }, (_, n) => open(`/a/${sent.token}?score=${1 + (n % 10)}`)))
  assert.deepEqual([...new Set(pages.map(({ statusCode }) => statusCode))], [200])
})

test('whoever unsubscribes while the mail waits for the server is not written to', async () => {
  smtp.refuse = () => ({ code: 451, message: '4.7.1 later' })
  const sent = await invite({ email: 'soon@kupec.example' })
  assert.equal((await rowOf(sent.id))['state'], 'queued')
  await owner.ask('POST', '/suppressions', { address: 'soon@kupec.example', reason: 'unsubscribed' })
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
  await house.due.drain()
  const row = await rowOf(sent.id)
  assert.deepEqual([row['state'], row['not_asked'], smtp.received.length], ['not_asked', 'unsubscribed', 0])
})

test('a touchpoint that is opened again is not asked about, until its mail was sent', async () => {
  smtp.refuse = () => ({ code: 451, message: '4.7.1 later' })
  const touchpointOf = async (id: string) => (await rowOf(id))['touchpoint_id'] as string
  const open = (id: string) => owner.ask('PATCH', `/touchpoints/${id}`, { endedAt: null })
  const waiting = await invite()
  assert.equal((await rowOf(waiting.id))['state'], 'queued')
  const opened = await open(await touchpointOf(waiting.id))
  assert.deepEqual([opened.statusCode, opened.json().endedAt, opened.json().decided], [200, null, false])
  assert.equal(await rowOf(waiting.id), undefined)
  const reported = await invite()
  const report = { externalId: reported.touchpointExternalId, kind: 'ticket', endedAt: null }
  assert.equal((await owner.ask('POST', '/touchpoints', report)).json().results[0].status, 'repeated')
  assert.equal(await rowOf(reported.id), undefined)
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
  await house.due.drain()
  assert.equal(smtp.received.length, 0)
  const sent = await invite()
  const refused = await open(await touchpointOf(sent.id))
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'touchpoints.decided'])
  const topic = { ...report, externalId: sent.touchpointExternalId, topic: 'Repairs' }
  assert.equal((await owner.ask('POST', '/touchpoints', topic)).json().results[0].status, 'repeated')
  const { endedAt, decided, attributes } = (
    await owner.ask('GET', `/touchpoints/${await touchpointOf(sent.id)}`)
  ).json()
  assert.deepEqual([Boolean(endedAt), decided, attributes.topic], [true, true, 'Repairs'])
})

/** Until so many transactions wait for a lock of another one. */
async function waits(count = 1): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while (((await sql.query(waiting)).rowCount ?? 0) < count);
}

/** Does both at once: what is named first has its programme first. */
async function meet(programmeId: string, ...works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const begun: Promise<unknown>[] = []
  await sql.query('begin')
  await sql.query('select from programmes where id = $1 for update', [programmeId])
  for (const work of works) {
    begun.push(work())
    await waits(begun.length)
  }
  await sql.query('commit')
  await Promise.all(begun)
}

const goesOff = `update programmes set state = 'off', called_off_at = $2 where id = $1`

for (const about of ['first mail', 'reminder'] as const)
  for (const first of ['sending', 'undo'] as const)
    test(`a ${about} whose turn comes while its programme is brought back goes out once, ${first} before`, async () => {
      const sent = await invite({ reminderDays: [3] }, {}, about === 'first mail')
      if (about === 'reminder') {
        smtp.refuse = putOff
        house.clock.advance(3 * dayMs)
        await house.due.drain()
      }
      if (about === 'reminder') await turn(sent.programmeId, 'off')
      // As for a first mail that is being looked at while its programme goes off: that one stays in the outbox.
      else await sql.query(goesOff, [sent.programmeId, house.clock.now()])
      smtp.refuse = () => undefined
      house.clock.advance(60_000)
      const received = () => smtp.received.filter(({ to }) => to[0]!.includes(sent.customerId.slice(0, 8))).length
      const before = received()
      const [sending, undo] = [() => house.due.drain(), () => turn(sent.programmeId, 'on')]
      await meet(sent.programmeId, ...(first === 'sending' ? [sending, undo] : [undo, sending]))
      for (let minutes = 0; minutes < 3; minutes++) {
        house.clock.advance(60_000)
        await house.due.drain()
      }
      assert.deepEqual([await inFunnel(sent.id), received()], [[['sent', 1]], before + 1])
    })

test('a mail that is about to be sent and a touchpoint that is opened again wait for each other', async () => {
  smtp.refuse = () => ({ code: 451, message: '4.7.1 later' })
  const scope: Scope = { workspaceId, actor: system }
  const claim = (id: string, email: string) =>
    house.store.write(scope, (tx) =>
      invitationMails.together!.claimed(tx, [{ subjectId: id, number: 0, recipient: email }]),
    )
  const invited = async (email: string) => {
    const { id } = await invite({ email })
    return { id, touchpointId: (await rowOf(id))['touchpoint_id'] as string }
  }
  const opened = await invited('opened@kupec.example')
  const claimed = await house.store.write(scope, async (tx) => {
    await continueTouchpoint(tx, opened.touchpointId)
    const claiming = claim(opened.id, 'opened@kupec.example')
    await waits()
    return { claiming }
  })
  assert.deepEqual(await claimed.claiming, ['gone'])
  const written = await invited('written@kupec.example')
  const going = await house.store.write(scope, async (tx) => {
    const mail = { subjectId: written.id, number: 0, recipient: 'written@kupec.example' }
    await invitationMails.together!.claimed(tx, [mail])
    const opening = house.store.write(scope, (other) => continueTouchpoint(other, written.touchpointId))
    await waits()
    return { opening }
  })
  const kept = await going.opening
  assert.deepEqual([(await rowOf(written.id))['state'], kept!.decided], ['sending', true])
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
  await house.due.drain()
  assert.equal(smtp.received.length, 0)
})

test('an address without anybody is not tried again, neither for this nor for the next invitation', async () => {
  smtp.refuse = () => ({ code: 550, message: '5.1.1 no such user' })
  const sent = await invite({ email: 'gone@kupec.example' })
  assert.equal((await rowOf(sent.id))['state'], 'bounced')
  const { items } = (await owner.ask('GET', '/suppressions?address=gone@kupec.example')).json()
  assert.equal(items[0].reason, 'bounced')
})

test('who could not be written to for days has not bounced, and is written to when somebody wants it', async () => {
  smtp.refuseSender = () => ({ code: 550, message: '5.7.1 not your address' })
  const { id } = await invite({ email: 'patient@kupec.example' })
  assert.equal((await rowOf(id))['state'], 'queued')
  house.clock.advance(6 * 86_400_000)
  await house.due.drain()
  const late = await rowOf(id)
  assert.deepEqual([late['state'], late['claimed_at'], late['bounced_at']], ['expired', null, null])
  const { items } = (await owner.ask('GET', '/suppressions?address=patient@kupec.example')).json()
  assert.equal(items.length, 0)
  smtp.refuseSender = () => undefined
  const { rows } = await sql.query('select id from mails where subject_id = $1', [id])
  assert.ok((await owner.ask('POST', `/mails/${rows[0].id}/resend`)).statusCode < 300)
  await house.due.drain()
  assert.equal((await rowOf(id))['state'], 'sent')
})

test('with a customer go the mails to them', async () => {
  const sent = await invite()
  const kept = (await owner.ask('GET', `/customers/${sent.customerId}`)).json()
  assert.equal(kept.invitations[0].id, sent.id)
  assert.equal((await owner.ask('DELETE', `/customers/${sent.customerId}`)).statusCode, 204)
  const { rows } = await sql.query('select from mails where subject_id = $1', [sent.id])
  assert.equal(rows.length, 0)
  assert.equal((await open(`/unsubscribe/${sent.token}`)).statusCode, 200)
  smtp.refuse = putOff
  const queued = await invite()
  await owner.ask('DELETE', `/customers/${queued.customerId}`)
  const { state, not_asked: rule } = await rowOf(queued.id)
  assert.deepEqual([state, rule], ['not_asked', 'no_address'])
})

test('what somebody said as one customer holds for all who they are, and for none once they are two again', async () => {
  const { id: surveyId } = await survey()
  const [work, home] = [await invite({ language: 'en' }), await invite({ language: 'en' })]
  const about = async ({ customerId }: ExampleInvitation) => {
    const next = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt: house.clock.now() })
    await sql.query('update invitations set customer_id = $1 where id = $2', [customerId, next.id])
    await house.due.drain()
    const row = await rowOf(next.id)
    return row['not_asked'] ?? row['state']
  }
  const merge = async (method: 'PUT' | 'DELETE') => {
    const body = method === 'PUT' ? { intoId: home.customerId } : undefined
    const reply = await owner.ask(method, `/customers/${work.customerId}/merge`, body)
    assert.ok(reply.statusCode < 300, reply.body)
  }
  const [pathOfWork, pathOfHome] = [work, home].map(({ token }) => `/unsubscribe/${token}`)
  await post(pathOfWork!, { wish: 'pause' })
  assert.equal(await about(home), 'sent')
  await merge('PUT')
  assert.equal(await about(home), 'unsubscribed')
  await merge('DELETE')
  assert.equal(await about(home), 'sent')
  await merge('PUT')
  assert.match((await post(pathOfHome!, { wish: 'resume' })).body, /Your wish is kept/)
  assert.equal(await about(work), 'sent', 'resumed by the other name')

  await post(pathOfWork!, { 'List-Unsubscribe': 'One-Click' })
  assert.equal(await about(home), 'unsubscribed')
  await merge('DELETE')
  assert.equal(await about(home), 'sent')
  await merge('PUT')
  await post(pathOfHome!, { again: 'yes' })
  assert.deepEqual([await about(home), await about(work)], ['sent', 'sent'])
})

test('whoever wants less is asked less: not this question, or not before a month', async () => {
  const sent = await invite({ reminderDays: [1], language: 'en' })
  const path = `/unsubscribe/${sent.token}`
  const { surveyId, customerId } = sent
  assert.match((await open(path)).body, /You may be asked this\./)
  const refused = await post(path, { wish: `not:${surveyId}` })
  assert.match(refused.body, /Your wish is kept/)
  assert.match(refused.body, /You are not asked this\./)
  const { askingPreferences } = (await owner.ask('GET', `/customers/${customerId}`)).json()
  assert.deepEqual(askingPreferences, [{ surveyId, until: null, at: house.clock.now().toISOString() }])
  assert.equal((await rowOf(sent.id))['state'], 'sent')
  house.clock.advance(2 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1, 'no reminder of a question that is not wanted')
  const about = async (survey: string) => {
    const next = await insertExampleInvitation(sql, { workspaceId, surveyId: survey, dueAt: house.clock.now() })
    await sql.query('update customers set email = null where id = $1', [next.customerId])
    await sql.query('update invitations set customer_id = $1 where id = $2', [customerId, next.id])
    await house.due.drain()
    return (await rowOf(next.id))['not_asked'] ?? (await rowOf(next.id))['state']
  }
  const { id: other } = await survey()
  assert.deepEqual([await about(surveyId), await about(other)], ['unsubscribed', 'sent'])
  assert.match((await post(path, { wish: 'pause' })).body, /You are not asked before/)
  assert.equal(await about(other), 'unsubscribed')
  house.clock.advance(31 * dayMs)
  assert.equal(await about(other), 'sent')
  await post(path, { wish: 'pause' })
  await post(path, { wish: 'resume' })
  await post(path, { wish: `ask:${surveyId}` })
  assert.deepEqual([await about(surveyId), await about(other)], ['sent', 'sent'])
  assert.equal((await post(path, { wish: `not:${workspaceId}` })).statusCode, 200)
  const kept = await sql.query('select from asking_preferences where customer_id = $1', [customerId])
  assert.equal(kept.rows.length, 0)
})
