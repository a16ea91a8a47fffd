import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { openLive } from '#platform/live.ts'
import { nobody, openStore } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, type Visitor } from '../../testing/visitor.ts'
import { exampleForms, hiddenIn } from './example-forms.ts'
import { createIngest } from './ingest.ts'

// A form lives for 30 days. What is asked, and whether a name is kept, may change while it is open.

let house: TestHouse
let sql: pg.Client
let owner: Visitor
let workspaceId: string
let forms: ReturnType<typeof exampleForms>

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const acme = await newWorkspace(house, 'acme')
  owner = acme.owner
  workspaceId = acme.id
  forms = exampleForms(house, owner)
})
after(async () => {
  await sql.end()
  await house.close()
})

const rowsOf = async (surveyId: string) =>
  (
    await sql.query(
      'select version, wording, score, reasons, comment, language, customer_id, touchpoint_id, attributes from responses where survey_id = $1 order by received_at, id',
      [surveyId],
    )
  ).rows

const highIsHard = { id: 'custom', family: 'effort', min: 1, max: 5, direction: 'high-is-hard' } as const

test('a form of another wording is asked once more, without its score and with what was typed', async () => {
  const survey = await forms.survey()
  const opened = hiddenIn((await forms.open(`/s/${survey.key}?lang=en&topic=Returns`)).body)
  await forms.publish(survey, (content) => (content.score.scale = highIsHard))
  const reply = await forms.post(`/s/${survey.key}`, { ...opened, score: '5', comment: 'Typed' })
  assert.equal(reply.statusCode, 409)
  assert.match(reply.body, /role="alert"><p id="problem">The question has changed since you opened this page/)
  assert.match(reply.body, />Typed<\/textarea>/)
  assert.doesNotMatch(reply.body, / checked/)
  assert.deepEqual(await rowsOf(survey.id), [])
  const anew = hiddenIn(reply.body)
  assert.deepEqual({ ...anew, token: '' }, { ...opened, token: '' })
  await forms.post(`/s/${survey.key}`, { ...anew, score: '5', comment: 'Typed' })
  const [row, ...others] = await rowsOf(survey.id)
  assert.deepEqual([row.version, row.wording, row.score, row.attributes, others], [2, 2, 5, { topic: 'Returns' }, []])
})

test('a form of the same wording is kept as what it asked', async () => {
  const survey = await forms.survey()
  const opened = hiddenIn((await forms.open(`/s/${survey.key}?lang=nb`)).body)
  await forms.publish(survey, (content) => {
    content.languages = ['en']
    content.reasons = []
    content.comment = null
  })
  const fields = { ...opened, score: '2', 'reason-0': 'too-many-steps', comment: 'Typed' }
  const reply = await forms.post(`/s/${survey.key}`, fields)
  const [row] = await rowsOf(survey.id)
  assert.deepEqual(
    [row.version, row.wording, row.score, row.reasons, row.comment, row.language],
    [1, 1, 2, ['too-many-steps'], 'Typed', 'nb'],
  )
  assert.match(String(reply.headers.location), /\?lang=nb$/)
  const change = await forms.open(String(reply.headers.location).replace('?', '/change?'))
  assert.match(change.body, /value="too-many-steps" checked/)
})

test('a form that is incomplete comes back as what it asked', async () => {
  const survey = await forms.survey()
  const opened = hiddenIn((await forms.open(`/s/${survey.key}?lang=en`)).body)
  await forms.publish(survey, (content) => (content.reasons = []))
  const reply = await forms.post(`/s/${survey.key}`, { ...opened, 'reason-0': 'too-many-steps' })
  assert.equal(reply.statusCode, 400)
  assert.match(reply.body, /value="too-many-steps" checked/)
  assert.equal(hiddenIn(reply.body)['token'], opened['token'])
})

test('a second tap after the question has changed is still the same answer', async () => {
  const survey = await forms.survey()
  const { hidden, reply } = await forms.answer(survey.key, { score: '9' })
  await forms.publish(survey, (content) => (content.score.scale = highIsHard))
  const again = await forms.post(`/s/${survey.key}`, { ...hidden, score: '8' })
  assert.deepEqual([again.statusCode, again.headers.location], [303, reply.headers.location])
  assert.deepEqual(
    (await rowsOf(survey.id)).map(({ version, score }) => [version, score]),
    [[1, 8]],
  )
})

test('an answer to an earlier scale is thanked and changed by what it meant there', async () => {
  const survey = await forms.survey()
  const { reply } = await forms.answer(survey.key, { score: '9', lang: 'en', 'reason-2': 'clear-answer' })
  const address = String(reply.headers.location)
  const thanks = async () => /<h1>.*?<p>(.*?)<\/p>/s.exec((await forms.open(address)).body)![1]
  const before = await thanks()
  assert.equal(before, survey.content!.thanks.easy.en)
  await forms.publish(survey, (content) => (content.score.scale = highIsHard))
  assert.equal(await thanks(), before)
  await forms.post(address.split('?')[0]!, { score: '10', 'reason-2': 'clear-answer' })
  const [row] = await rowsOf(survey.id)
  assert.deepEqual([row.score, row.reasons], [10, ['clear-answer']])
})

test('a link of a mail chooses nothing once another question is asked', async () => {
  const survey = await forms.survey()
  const linkIn = async () => {
    const { text } = (await owner.ask('GET', `/surveys/${survey.id}/snippet?language=en`)).json()
    return /http:\/\/localhost(\/s\/\S+score=5\S+)/.exec(text)![1]!
  }
  const first = await linkIn()
  assert.match((await forms.open(first)).body, /value="5" checked/)
  await forms.publish(survey, (content) => (content.score.scale = highIsHard))
  assert.doesNotMatch((await forms.open(first)).body, / checked/)
  assert.match((await forms.open(await linkIn())).body, /value="5"[^>]* checked/)
  assert.equal(hiddenIn((await forms.open(first)).body)['h.wording'], undefined)
})

test('a form of a survey that was paused meanwhile keeps what was typed, and can be sent when it goes on', async () => {
  const survey = await forms.survey()
  const setState = (state: string) => owner.ask('PUT', `/surveys/${survey.id}/state`, { state })
  const given = await forms.answer(survey.key, { score: '3' })
  const opened = hiddenIn((await forms.open(`/s/${survey.key}?lang=en`)).body)
  await setState('paused')
  const fields = { ...opened, score: '5', comment: 'Typed' }
  const reply = await forms.post(`/s/${survey.key}`, fields)
  assert.deepEqual([reply.statusCode, reply.headers['retry-after']], [503, '3600'])
  assert.match(reply.body, /role="alert"><p id="problem">This survey has been paused/)
  assert.match(reply.body, />Typed<\/textarea>/)
  assert.match(reply.body, /value="5" checked/)
  const tap = await forms.post(`/s/${survey.key}`, { ...given.hidden, score: '3' })
  assert.deepEqual([tap.statusCode, tap.headers.location], [303, given.reply.headers.location])
  await setState('published')
  await forms.post(`/s/${survey.key}`, { ...hiddenIn(reply.body), score: '5', comment: 'Typed' })
  assert.deepEqual((await rowsOf(survey.id)).map(({ score }) => score).toSorted(), [3, 5])
})

const setIdentity = (id: string, identity: string) => owner.ask('PATCH', `/surveys/${id}`, { identity })
const withName = '?lang=en&customer=c-7&externalId=4186&kind=ticket&topic=Returns'

test('a form that promised to keep no name keeps none, whatever the survey is by then', async () => {
  const survey = await forms.survey('ces-10-solved', undefined, { identity: 'anonymous' })
  const page = await forms.open(`/s/${survey.key}${withName}`)
  assert.match(page.body, /No name is kept with it/)
  await setIdentity(survey.id, 'identified')
  await forms.post(`/s/${survey.key}`, { ...hiddenIn(page.body), score: '5' })
  const [row] = await rowsOf(survey.id)
  assert.deepEqual([row.customer_id, row.touchpoint_id, row.attributes], [null, null, {}])
})

test('a form that comes back promises what is true by then', async () => {
  const survey = await forms.survey()
  const opened = hiddenIn((await forms.open(`/s/${survey.key}${withName}`)).body)
  await setIdentity(survey.id, 'anonymous')
  const reply = await forms.post(`/s/${survey.key}`, opened)
  assert.match(reply.body, /No name is kept with it/)
  await setIdentity(survey.id, 'identified')
  await forms.post(`/s/${survey.key}`, { ...hiddenIn(reply.body), score: '5' })
  assert.equal((await rowsOf(survey.id))[0].customer_id, null)
})

/** Until somebody stands before a lock of the transaction that is open. */
async function somebodyWaits(): Promise<void> {
  const waiting = 'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))'
  while ((await sql.query(waiting)).rowCount === 0) {
    await setTimeout(10)
    await sql.query('select pg_stat_clear_snapshot()')
  }
}

test('with or without names waits for the answers that are under way', async () => {
  const survey = await forms.survey()
  await sql.query('begin')
  await sql.query('select from surveys where id = $1 for key share', [survey.id])
  await sql.query(
    `insert into responses (workspace_id, id, survey_id, version, wording, score, local_date, segment, answered_at,
      received_at, source, dedupe, fingerprint)
     values ($1, gen_random_uuid(), $2, 1, 1, 5, '2026-11-20', 0, now(), now(), 'api', gen_random_uuid(), 0)`,
    [workspaceId, survey.id],
  )
  const change = setIdentity(survey.id, 'anonymous')
  const first = await Promise.race([change.then(() => 'changed'), somebodyWaits().then(() => 'waits')])
  await sql.query('commit')
  const reply = await change
  assert.deepEqual([first, reply.statusCode, reply.json().code], ['waits', 409, 'surveys.identity_is_fixed'])
})

test('a process that has not heard of the change keeps no name either', async (t) => {
  const survey = await forms.survey()
  const store = openStore(house.database.app, house.clock, () => undefined)
  const deaf = openLive(house.database.app, house.log)
  await deaf.close()
  t.after(() => store.close())
  const { submit } = createIngest({ ...house, store, live: deaf })
  const send = (score: number) =>
    submit({
      workspaceId,
      actor: nobody,
      source: 'api',
      input: { survey: survey.id, score, customer: { externalId: 'c-9' } },
    })
  assert.equal((await send(0)).status, 'refused')
  await setIdentity(survey.id, 'anonymous')
  assert.equal((await send(5)).status, 'accepted')
  assert.equal((await rowsOf(survey.id))[0].customer_id, null)
})

test('a form that is too old asks what is asked now; a score that answered another question is not chosen', async () => {
  const [same, other] = [await forms.survey(), await forms.survey()]
  const opened = async (key: string) => hiddenIn((await forms.open(`/s/${key}?lang=en`)).body)
  const [first, second] = [await opened(same.key), await opened(other.key)]
  await forms.publish(other, (content) => (content.score.scale = highIsHard))
  house.clock.advance(31 * 86_400_000)
  const late = await forms.post(`/s/${same.key}`, { ...first, score: '5' })
  assert.equal(late.statusCode, 400)
  assert.match(late.body, /open for too long/)
  assert.match(late.body, /value="5" checked/)
  const changed = await forms.post(`/s/${other.key}`, { ...second, score: '5' })
  assert.equal(changed.statusCode, 409)
  assert.doesNotMatch(changed.body, / checked/)
})
