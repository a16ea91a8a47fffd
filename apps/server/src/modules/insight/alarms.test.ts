import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { ControlPoint } from '@lahko/effort'
import { newKey, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { daysAfter } from '#platform/local-date.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { unsupported } from '#platform/testing/mail-support.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { lastRun } from './alarms.ts'

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
let survey: { id: string; key: string; name: string }
let key: { authorization: string }

/** The clock begins on the 20th at ten, UTC. */
const today = '2026-11-20'

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_SIGNUP: 'open' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'alarms', visitor(house))).owner
  ;[survey] = (await owner.ask('GET', '/surveys')).json().items
  key = (await newKey(owner, 'responses.write', 'responses.import')).bearer
  const usual = Array.from({ length: 40 }, (_, ago) =>
    given(daysAfter(today, -41 + ago), [10, 9, 8, 8, 9, 10, 7, 9, 4, 9]),
  )
  await report(usual.flat())
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

const given = (day: string, scores: readonly number[], comment?: string) =>
  scores.map((score) => ({ survey: survey.key, score, comment, answeredAt: `${day}T09:00:00Z` }))

async function report(responses: readonly object[]): Promise<void> {
  const asked = visitor(house, { host: 'alarms.localhost' })
  const { results } = (await asked.ask('POST', '/responses', { responses }, key)).json()
  assert.ok(
    results.every(({ status }: { status: string }) => status === 'accepted'),
    JSON.stringify(results[0]),
  )
}

const alarms = async () =>
  (await owner.ask('GET', '/notices?limit=200'))
    .json()
    .items.filter(({ kind }: { kind: string }) => kind === 'effort_alarm')

async function dayEnds(): Promise<void> {
  await house.jobs.settle()
  await sql.query('update effort_watches set due_at = $1', [house.clock.now()])
  await house.due.drain()
}

test('a day within the usual range is no alarm', async () => {
  await report(given(daysAfter(today, -1), [10, 9, 8, 8, 9, 10, 7, 9, 4, 9]))
  await dayEnds()
  assert.deepEqual(await alarms(), [])
})

test('a day far below it is one, with the chart and what customers wrote; the days after it are the same one', async () => {
  await report(given(today, [2, 1, 3, 2, 2, 1, 1, 2, 3], 'Čakal sem <dve> uri.'))
  await report(given(today, [2]))
  await dayEnds()
  assert.deepEqual(await alarms(), [], 'the day is not over')

  house.clock.advance(24 * 3_600_000)
  await dayEnds()
  const [alarm, ...others] = await alarms()
  assert.deepEqual(others, [])
  const { data, topicId, topic } = alarm
  assert.deepEqual(
    [topicId, topic, data.metric, data.signal, data.ease, data.from, data.to, data.n],
    [survey.id, survey.name, 'mean', 'limit', 'harder', today, today, 10],
  )
  assert.ok(data.low <= data.usual && data.usual <= data.high)

  await house.due.drain()
  const mail = smtp.received.find(
    ({ raw }) => headerOf(raw, 'Subject')!.length > 0 && partOf(raw, 'text/plain').includes('◆'),
  )!
  const [html, text] = [partOf(mail.raw, 'text/html'), partOf(mail.raw, 'text/plain')]
  assert.deepEqual(unsupported(html), [])
  assert.match(text, /težje kot običajno/)
  assert.match(text, /»Čakal sem <dve> uri.« \([123] od 10\)/)
  assert.match(text, /20\. nov\. .*▇.* n 10 ◆ nenavadno/)
  assert.match(text, new RegExp(`/app/effort\\?survey=${survey.key}&period=day&at=${today}`))

  await report(given(daysAfter(today, 1), [2, 1, 3, 2, 2, 1, 1, 2, 3, 2]))
  house.clock.advance(24 * 3_600_000)
  await dayEnds()
  assert.equal((await alarms()).length, 1)
})

test('it plans its next time for the end of the local day', async () => {
  const { rows } = await sql.query('select due_at from effort_watches')
  assert.deepEqual(
    rows.map(({ due_at: at }) => at.toISOString()),
    ['2026-11-22T23:10:00.000Z'],
  )
})

test('a run ends with the last finished point', () => {
  const points = (...signals: string[][]) =>
    signals.map((one, at) => ({ at: String(at), signals: one, unfinished: false }) as unknown as ControlPoint)
  assert.equal(lastRun([]), undefined)
  assert.equal(lastRun(points(['limit'], [])), undefined)
  assert.deepEqual(
    lastRun(points([], ['limit'], ['drift']))!.map(({ at }) => at),
    ['1', '2'],
  )
  const running = [...points([], ['limit']), { ...points([])[0]!, unfinished: true }]
  assert.deepEqual(
    lastRun(running)!.map(({ at }) => at),
    ['1'],
  )
})

test('a digest at the member’s hour tells the days before, and nothing when there is nothing to say', async () => {
  const digests = () =>
    smtp.received
      .map(({ raw }) => raw)
      .filter((raw) => /povedale/.test(partOf(raw, 'text/plain') + decoded(headerOf(raw, 'Subject')!)))
  // From here on the owner hears of all days up to yesterday.
  smtp.received.length = 0
  await owner.ask('PATCH', '/notices/settings', { digestHour: null })
  const settings = (
    await owner.ask('PATCH', '/notices/settings', { digestHour: 7, timeZone: 'America/New_York' })
  ).json()
  assert.equal(settings.digestDueAt, '2026-11-22T12:00:00.000Z')
  const goTo = (at: string) => house.clock.advance(Date.parse(at) - house.clock.now().getTime())
  goTo('2026-11-22T12:00:00Z')
  await house.due.drain()
  assert.equal(digests().length, 0, 'what was before is no news')
  await report(given('2026-11-22', [9, 2], 'Zelo <zapleteno>.'))
  goTo('2026-11-23T11:59:00Z')
  await house.due.drain()
  assert.equal(digests().length, 0)
  house.clock.advance(60_000)
  await house.due.drain()
  assert.equal(digests().length, 1)
  const [html, text] = [partOf(digests()[0]!, 'text/html'), partOf(digests()[0]!, 'text/plain')]
  assert.deepEqual(unsupported(html), [])
  assert.match(text, /2 odgovora, od tega 1 težek/)
  assert.match(text, /»Zelo <zapleteno>.« 2 od 10/)
  assert.match(text, /95-odstotni interval/)
  house.clock.advance(24 * 3_600_000)
  await house.due.drain()
  assert.equal(digests().length, 1)
})

/** An encoded header (RFC 2047), as far as nodemailer writes it. */
function decoded(header: string): string {
  return header.replace(/=\?UTF-8\?(Q|B)\?(.*?)\?=\s?/gi, (_, kind: string, text: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64').toString('utf8')
      : Buffer.from(
          text
            .replaceAll('_', ' ')
            .replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(parseInt(hex, 16))),
          'latin1',
        ).toString('utf8'),
  )
}
