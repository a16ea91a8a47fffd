import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { newKey, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { system } from '#platform/store.ts'
import { changeResponse, type ResponseChange } from './changing-responses.ts'
import { listHardWords } from './hard-answers.ts'
import { dedupeOfToken } from './ingest.ts'
import { partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
let survey: string
let key: { authorization: string }

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_SIGNUP: 'open' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'hard', visitor(house))).owner
  survey = (await owner.ask('GET', '/surveys')).json().items[0].id
  key = (await newKey(owner, 'responses.write', 'responses.import')).bearer
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

type Told = { id: string; subjectId: string; data: Record<string, unknown> }
const bell = async () => (await owner.ask('GET', '/notices?limit=200')).json().items as Told[]

async function answer(input: object): Promise<string> {
  const asked = visitor(house, { host: 'hard.localhost' })
  const reply = await asked.ask('POST', '/responses', { survey, ...input }, key)
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.json().results[0].id
}

/** As the job does that a fold starts. */
async function look(task = 'find_hard_answers'): Promise<void> {
  await sql.query('select enqueue_everywhere($1)', [task])
  await house.jobs.settle()
}

test('a hard answer is told with its score, words, reason and touchpoint; others are not', async () => {
  await answer({ score: 9 })
  const id = await answer({
    score: 2,
    comment: 'Nihče me ni poklical <nazaj>.',
    reasons: ['waited-too-long'],
    customer: { name: 'Nives Kos', email: 'nives@kupec.example' },
    touchpoint: { kind: 'ticket', externalId: '4711', endedAt: house.clock.now().toISOString() },
  })
  await look()
  const told = await bell()
  assert.deepEqual(
    told.map(({ subjectId }) => subjectId),
    [id],
  )
  assert.deepEqual(
    { ...told[0]!.data, surveyKey: '' },
    { surveyId: survey, surveyKey: '', family: 'effort', score: 2, min: 1, max: 10, effortStep: 2, commented: true },
  )
  const { rows } = await sql.query('select data::text from notices')
  assert.doesNotMatch(JSON.stringify(rows), /Nihče|Nives|4711/)

  await house.due.drain()
  const text = partOf(smtp.received[0]!.raw, 'text/plain')
  for (const part of [
    'Težek odgovor: 2 od 10',
    '»Nihče me ni poklical <nazaj>.«',
    'O čem: zahtevek 4711.',
    'Nives Kos',
  ])
    assert.ok(text.includes(part), text)
  assert.ok(text.includes(`/app/answers/${id}`))
  assert.match(partOf(smtp.received[0]!.raw, 'text/html'), /&lt;nazaj&gt;/)

  const one = (await owner.ask('GET', `/responses/${id}`)).json()
  assert.deepEqual([one.survey.id, one.response.score, one.response.customer.name], [survey, 2, 'Nives Kos'])
})

test('a fold starts the job that finds it', async () => {
  await house.jobs.settle()
  await answer({ score: 1 })
  const waits = async () =>
    (await sql.query("select count(*)::int as n from graphile_worker.jobs where task_identifier = 'find_hard_answers'"))
      .rows[0].n as number
  for (let turn = 0; turn < 400 && (await waits()) === 0; turn++) await wait(50)
  assert.equal(await waits(), 1)
  const before = (await bell()).length
  await house.jobs.settle()
  assert.equal((await bell()).length, before + 1)
})

test('what is old, left out or anonymous is no news; what was missed is found at night', async () => {
  const before = (await bell()).length
  await answer({ score: 1, answeredAt: '2026-10-01T10:00:00Z' })
  const spam = await answer({ score: 1 })
  await owner.ask('PUT', `/responses/${spam}/exclusion`, { reason: 'spam' })
  const missed = await answer({ score: 1 })
  await sql.query("update answer_watches set through = now() + interval '30 years'")
  await look()
  assert.equal((await bell()).length, before)
  await look('find_missed_answers')
  assert.ok((await bell()).some(({ subjectId }) => subjectId === missed))
  assert.equal((await bell()).length, before + 1)

  await sql.query(`update surveys set identity = 'anonymous'`)
  await answer({ score: 1 })
  await look('find_missed_answers')
  assert.equal((await bell()).length, before + 1)
  assert.equal((await owner.ask('GET', `/responses/${missed}`)).statusCode, 404)
  await sql.query(`update surveys set identity = 'identified'`)
})

test('an answer that is changed stands so at the bell: words are mailed once more, what is hard no more is taken back', async () => {
  await sql.query('delete from notices; delete from mails; delete from answer_watches; delete from notice_mails')
  house.clock.advance(20 * 60_000)
  smtp.received.length = 0
  const token = 'a-token-of-their-own'
  const { rows } = await sql.query('select workspace_id as id from surveys where id = $1', [survey])
  const id = await answer({ score: 2 })
  await sql.query("update responses set source = 'link', dedupe = $1 where id = $2", [dedupeOfToken(token), id])
  const change = async (to: ResponseChange) => {
    const scope = { workspaceId: rows[0].id, actor: system }
    await house.store.write(scope, (tx) => changeResponse(tx, survey, token, to))
    await house.jobs.settle()
    await house.due.drain()
    return (await bell()).map(({ subjectId, data }) => [subjectId, data['score'], data['commented']])
  }
  await look()
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
  assert.deepEqual(await change({ score: 1 }), [[id, 1, false]])
  assert.equal(smtp.received.length, 1, 'another score alone is no second mail')
  assert.deepEqual(await change({ comment: 'Še vedno čakam.' }), [[id, 1, true]])
  assert.equal(smtp.received.length, 2)
  assert.match(partOf(smtp.received[1]!.raw, 'text/plain'), /»Še vedno čakam.«/)
  assert.deepEqual(await change({ comment: 'Še kar čakam.' }), [[id, 1, true]])
  assert.equal(smtp.received.length, 2)
  assert.deepEqual(await change({ score: 9 }), [])
  assert.deepEqual(await change({ score: 3 }), [[id, 3, true]])
})

test('with a customer goes what was told of their answers, the mails too', async () => {
  await sql.query('delete from notices; delete from mails; delete from answer_watches; delete from notice_mails')
  house.clock.advance(20 * 60_000)
  const id = await answer({ score: 1, comment: 'Grozno.', customer: { externalId: 'c-9', name: 'Eva' } })
  await look()
  assert.deepEqual(
    (await bell()).map(({ subjectId }) => subjectId),
    [id],
  )
  const customer = (await owner.ask('GET', '/customers?externalId=c-9')).json().items[0].id
  assert.equal((await owner.ask('DELETE', `/customers/${customer}`)).statusCode, 204)
  assert.deepEqual(await bell(), [])
  assert.deepEqual((await sql.query('select from mails')).rows, [])
})

test('a scale of recommendation is told in its own words', async () => {
  await sql.query('delete from notices; delete from mails; delete from answer_watches; delete from notice_mails')
  house.clock.advance(20 * 60_000)
  smtp.received.length = 0
  const { id } = (await owner.ask('POST', '/surveys', { name: 'NPS', libraryId: 'nps-11' })).json()
  assert.equal((await owner.ask('POST', `/surveys/${id}/versions`, {})).statusCode, 201)
  await answer({ survey: id, score: 3 })
  await look()
  await house.due.drain()
  assert.deepEqual(
    (await bell()).map(({ data }) => data['family']),
    ['recommendation'],
  )
  assert.match(partOf(smtp.received[0]!.raw, 'text/plain'), /Odgovor kritika: 3 od 10/)
})

test('words stand in a digest however many found it hard after them and wrote nothing', async () => {
  const busy = await newWorkspace(house, 'busy', visitor(house))
  const { bearer } = await newKey(busy.owner, 'responses.write', 'responses.import')
  const [asked] = (await busy.owner.ask('GET', '/surveys')).json().items
  const at = (minutesAgo: number) => new Date(house.clock.now().getTime() - minutesAgo * 60_000).toISOString()
  const silent = Array.from({ length: 120 }, () => ({ survey: asked.id, score: 1, answeredAt: at(1) }))
  const responses = [{ survey: asked.id, score: 2, comment: 'Dvakrat.', answeredAt: at(30) }, ...silent]
  const given = await visitor(house, { host: 'busy.localhost' }).ask('POST', '/responses', { responses }, bearer)
  assert.equal(given.statusCode, 200, given.body)
  const days = { from: at(60).slice(0, 10), to: at(0).slice(0, 10) }
  const said = await house.store.read({ workspaceId: busy.id, actor: system }, (db) =>
    listHardWords(db, asked.id, { ...days, most: 5 }),
  )
  assert.deepEqual(
    said.map(({ comment }) => comment),
    ['Dvakrat.'],
  )
})

test('of a flood two hundred an hour are told singly', async () => {
  const flood = await newWorkspace(house, 'flood', visitor(house))
  const { bearer } = await newKey(flood.owner, 'responses.write')
  const [asked] = (await flood.owner.ask('GET', '/surveys')).json().items
  const responses = Array.from({ length: 260 }, () => ({ survey: asked.id, score: 1 }))
  const given = await visitor(house, { host: 'flood.localhost' }).ask('POST', '/responses', { responses }, bearer)
  assert.equal(given.statusCode, 200, given.body)
  const told = async () => {
    const { rows } = await sql.query('select count(*)::int as n from notices where workspace_id = $1', [flood.id])
    return rows[0].n
  }
  await look()
  await look()
  assert.equal(await told(), 200)
  // The fold of these answers asks for a look of its own, within two seconds: it would mail.
  await wait(2_500)
  await house.jobs.settle()
  house.clock.advance(3_600_000 + 1)
  await house.due.drain()
  smtp.received.length = 0
  await look('find_missed_answers')
  assert.equal(await told(), 260)
  await house.due.drain()
  assert.deepEqual(smtp.received, [], 'at night nobody is mailed about what was left out')
})
