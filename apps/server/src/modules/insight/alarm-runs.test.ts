import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Notice } from '@lahko/contract'
import { newKey, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { daysAfter } from '#platform/local-date.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_SIGNUP: 'open' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

const dayMs = 24 * 3_600_000
const usual = [10, 9, 8, 8, 9, 10, 7, 9, 4, 9]
const bad = [2, 1, 3, 2, 2, 1, 1, 2, 3, 2]
const today = () => house.clock.now().toISOString().slice(0, 10)

type Place = {
  id: string
  name: string
  owner: Visitor
  key: { authorization: string }
  survey: string
  surveyId: string
}

/** A workspace with forty usual days up to yesterday, which have been looked at. */
async function placeOf(name: string): Promise<Place> {
  const { id, owner } = await newWorkspace(house, name, visitor(house))
  const { id: surveyId, key: survey } = (await owner.ask('GET', '/surveys')).json().items[0]
  const { bearer: key } = await newKey(owner, 'responses.write', 'responses.import')
  const place = { id, name, owner, key, survey, surveyId }
  for (let ago = 40; ago > 0; ago--) await report(place, daysAfter(today(), -ago), usual)
  await look(place)
  assert.deepEqual(await alarmsOf(place), [])
  return place
}

async function report({ name, key, survey }: Place, day: string, scores: readonly number[]): Promise<void> {
  const responses = scores.map((score) => ({ survey, score, answeredAt: `${day}T09:00:00Z` }))
  const reply = await visitor(house, { host: `${name}.localhost` }).ask('POST', '/responses', { responses }, key)
  assert.ok(reply.json().results.every(({ status }: { status: string }) => status === 'accepted'))
}

/** The look of a night, in this workspace alone. */
async function look({ id }: Place): Promise<void> {
  await house.jobs.settle()
  await sql.query("update effort_watches set due_at = 'infinity'")
  await sql.query('update effort_watches set due_at = $1 where workspace_id = $2', [house.clock.now(), id])
  await house.due.drain()
}

async function alarmsOf({ owner }: Place) {
  const { items } = (await owner.ask('GET', '/notices?limit=200')).json() as { items: Notice[] }
  return items.flatMap((one) => (one.kind === 'effort_alarm' ? [one] : []))
}

test('a run is one alarm, also when answers that come late make its first day usual', async () => {
  const place = await placeOf('late')
  const first = today()
  await report(place, first, bad)
  house.clock.advance(dayMs)
  await look(place)
  assert.equal((await alarmsOf(place)).length, 1)
  await report(place, first, Array.from({ length: 30 }, () => usual).flat())
  await report(place, today(), bad)
  house.clock.advance(dayMs)
  await look(place)
  assert.equal((await alarmsOf(place)).length, 1)
  const { rows } = await sql.query('select signalled_on, running from effort_looks where workspace_id = $1', [place.id])
  assert.deepEqual(rows, [{ signalled_on: daysAfter(first, 1), running: true }])
})

test('days that ended while nothing ran are looked at when it runs again', async () => {
  const place = await placeOf('asleep')
  const first = today()
  await report(place, first, bad)
  house.clock.advance(4 * dayMs)
  for (let ahead = 1; ahead < 4; ahead++) await report(place, daysAfter(first, ahead), [...usual, ...usual])
  await look(place)
  assert.deepEqual(
    (await alarmsOf(place)).map(({ data }) => [data.signal, data.from, data.to]),
    [['limit', first, first]],
  )
})

test('a drift is told by the weighted mean and its own limits, which point where its words do', async () => {
  const place = await placeOf('drift')
  smtp.received.length = 0
  for (let night = 0; night < 12 && (await alarmsOf(place)).length === 0; night++) {
    await report(place, today(), [9, 8, 7, 6, 8, 9, 5, 8, 4, 7])
    house.clock.advance(dayMs)
    await look(place)
  }
  const [{ data }] = (await alarmsOf(place)) as [Awaited<ReturnType<typeof alarmsOf>>[number]]
  assert.deepEqual([data.signal, data.ease, data.family], ['drift', 'harder', 'effort'])
  const outside = data.metric === 'hardShare' ? data.value > data.high : data.value < data.low
  assert.ok(outside, `${data.value} is within ${data.low} and ${data.high}`)
  await house.due.drain()
  const mail = smtp.received.find(({ raw }) => /drsi/.test(partOf(raw, 'text/plain')))
  assert.ok(mail, smtp.received.map(({ raw }) => headerOf(raw, 'Subject')).join())
  assert.match(partOf(mail.raw, 'text/plain'), /počasi drsi. Uteženo čez zadnje dni/)
})

test('a chart that cannot be drawn holds up no other, and is tried again in an hour', async () => {
  const place = await placeOf('broken')
  const copy = { name: 'Second', copyOf: place.surveyId }
  const second = (await place.owner.ask('POST', '/surveys', copy)).json() as { id: string; key: string }
  assert.equal((await place.owner.ask('POST', `/surveys/${second.id}/versions`, {})).statusCode, 201)
  for (let ago = 40; ago > 0; ago--) await report({ ...place, survey: second.key }, daysAfter(today(), -ago), usual)
  for (const survey of [place.survey, second.key]) await report({ ...place, survey }, today(), bad)
  house.clock.advance(dayMs)
  await sql.query(`create function refuse() returns trigger language plpgsql as
    $$ begin if new.survey_id = '${copy.copyOf}' then raise 'refused'; end if; return new; end $$`)
  await sql.query(
    `create trigger refuse before insert or update on effort_looks for each row execute function refuse()`,
  )
  await assert.rejects(look(place), /charts were not looked at/)
  const { rows } = await sql.query('select due_at from effort_watches where workspace_id = $1', [place.id])
  assert.deepEqual(rows, [{ due_at: new Date(house.clock.now().getTime() + 3_600_000) }])
  assert.deepEqual(
    (await alarmsOf(place)).map(({ topic }) => topic),
    ['Second'],
  )
  await sql.query('drop trigger refuse on effort_looks')
  house.clock.advance(3_600_000)
  await house.due.drain()
  assert.equal((await alarmsOf(place)).length, 2)
})
