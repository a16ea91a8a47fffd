import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { daysAfter } from '#platform/local-date.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newKey, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let owner: Visitor
let survey: { id: string; key: string }

/** The clock begins on the 20th at ten, UTC. */
const today = '2026-11-20'
const changedOn = daysAfter(today, -25)

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  owner = (await newWorkspace(house, 'changed', visitor(house))).owner
  ;[survey] = (await owner.ask('GET', '/surveys')).json().items
  const { bearer } = await newKey(owner, 'responses.write', 'responses.import')
  const responses = Array.from({ length: 75 }, (_, ago) => daysAfter(today, -ago - 1)).flatMap((day) =>
    (day < changedOn ? [9, 10, 8, 9, 9, 10, 8, 9] : [6, 5, 7, 6, 6, 5, 7, 6]).map((score) => ({
      survey: survey.key,
      score,
      answeredAt: `${day}T09:00:00Z`,
    })),
  )
  const asked = visitor(house, { host: 'changed.localhost' })
  const reply = await asked.ask('POST', '/responses', { responses }, bearer)
  assert.equal(reply.statusCode, 200, reply.body)
})
after(() => house.close())

type Point = { at: string; centre: number; signals: string[] }
type Seen = { series: Point[]; acceptedChanges: string[] }

const see = async (period: string): Promise<Seen> =>
  (await owner.ask('GET', `/insight/effort?survey=${survey.key}&period=${period}&at=${daysAfter(today, -1)}`)).json()
const at = ({ series }: Seen, day: string) => series.find((point) => point.at === day)!
const change = (method: 'PUT' | 'DELETE', on: string) =>
  owner.ask(method, `/surveys/${survey.id}/accepted-changes/${on}`)

test('what is not accepted signals on, however long it lasts', async () => {
  const days = await see('day')
  assert.deepEqual(days.acceptedChanges, [])
  assert.ok(at(days, changedOn).signals.includes('limit'))
  assert.ok(at(days, daysAfter(today, -1)).signals.length > 0)
  assert.ok(at(days, daysAfter(today, -1)).centre > 8.5)
})

test('from an accepted change on, centre and limits are made anew, in weeks as well; taken back it is as it was', async () => {
  assert.equal((await change('PUT', changedOn)).statusCode, 204)
  assert.equal((await change('PUT', changedOn)).statusCode, 204)
  const days = await see('day')
  assert.deepEqual(days.acceptedChanges, [changedOn])
  assert.deepEqual(at(days, daysAfter(today, -1)), { ...at(days, daysAfter(today, -1)), centre: 6, signals: [] })
  assert.ok(at(days, daysAfter(changedOn, -1)).centre > 8.5)
  const weeks = await see('week')
  assert.equal(weeks.acceptedChanges.length, 1)
  assert.ok(weeks.acceptedChanges[0]! <= changedOn)

  assert.equal((await change('DELETE', changedOn)).statusCode, 204)
  assert.equal((await change('DELETE', changedOn)).statusCode, 204)
  assert.ok(at(await see('day'), daysAfter(today, -1)).centre > 8.5)
})

test('a change before what is shown makes the baseline of all of it', async () => {
  const first = daysAfter(today, -70)
  await change('PUT', first)
  const days = await see('day')
  assert.deepEqual(days.acceptedChanges, [])
  assert.equal(days.series.length, 60)
  await change('DELETE', first)
})

test('no change is accepted before the first answer, nor in the future', async () => {
  for (const on of [daysAfter(today, -75), daysAfter(today, 1)]) {
    const { statusCode, body } = await change('PUT', on)
    assert.deepEqual([statusCode, JSON.parse(body).code], [409, 'insight.change_without_answers'])
  }
})
