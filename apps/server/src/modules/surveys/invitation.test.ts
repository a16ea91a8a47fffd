import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerOf } from '#platform/testing/smtp.ts'
import { system, type Scope } from '#platform/store.ts'
import { hiddenIn } from './example-forms.ts'
import { forgetAll } from './forgetting.ts'
import {
  smtp,
  house,
  sql,
  owner,
  workspaceId,
  host,
  dayMs,
  invite,
  sentTo,
  rowOf,
  answersTo,
  open,
  post,
  pathOf,
  send,
} from './example-inviting.ts'

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

test('all links opened at once by many machines are answered at once', async () => {
  const sent = await invite()
  house.clock.advance(10_000)
  const pages = await Promise.all(Array.from({ length: 30 }, (_, n) => open(`/a/${sent.token}?score=${1 + (n % 10)}`)))
  assert.deepEqual([...new Set(pages.map(({ statusCode }) => statusCode))], [200])
})
