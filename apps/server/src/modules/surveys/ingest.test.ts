import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { ResponseInput } from '@lahko/contract'
import { system } from '#platform/store.ts'
import { exampleHouse, type ExampleHouse } from './example-house.ts'
import { insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'
import { createIngest, type Answer } from './ingest.ts'

let house: ExampleHouse
let survey: ExampleSurvey

before(async () => {
  house = await exampleHouse()
  survey = await insertExampleSurvey(house.owner)
})
after(() => house.close())

const answer = (input: Partial<ResponseInput>, more: Partial<Answer> = {}): Answer => ({
  workspaceId: survey.workspaceId,
  actor: system,
  source: 'api',
  input: { survey: survey.key, score: 7, ...input },
  ...more,
})
const rowsOf = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(house.owner)).rows

test('an accepted answer is a response, a fact and six cells', async () => {
  const result = await createIngest(house).submit(
    answer({
      score: 9,
      language: 'sl',
      reasons: ['fast', 'waiting'],
      comment: 'Hvala',
      attributes: { channel: 'mail', own: 'x' },
    }),
  )
  assert.equal(result.status, 'accepted')
  assert.ok(result.status === 'accepted')
  const [row] = await rowsOf(sql<Record<string, unknown>>`select * from responses where id = ${result.id}`)
  assert.equal(row?.['score'], 9)
  assert.deepEqual(row?.['reasons'], ['fast'])
  assert.equal(row?.['local_date'], '2026-11-20')
  assert.deepEqual(row?.['attributes'], { channel: 'mail', own: 'x' })
  const events = await rowsOf(sql<{ type: string }>`select type from events where subject_id = ${result.id}`)
  assert.deepEqual(events, [{ type: 'response.received' }])
  const cells = await rowsOf(
    sql<
      Record<string, unknown>
    >`select grain, segment, starts_on, c9 from cells where survey_id = ${survey.surveyId} order by 1, 2`,
  )
  assert.deepEqual(cells, [
    { grain: 'd', segment: 0, starts_on: '2026-11-20', c9: 1 },
    { grain: 'd', segment: 1, starts_on: '2026-11-20', c9: 1 },
    { grain: 'm', segment: 0, starts_on: '2026-11-01', c9: 1 },
    { grain: 'm', segment: 1, starts_on: '2026-11-01', c9: 1 },
    { grain: 'w', segment: 0, starts_on: '2026-11-16', c9: 1 },
    { grain: 'w', segment: 1, starts_on: '2026-11-16', c9: 1 },
  ])
})

test('a replay is the same response, counted once', async () => {
  const ingest = createIngest(house)
  const first = await ingest.submit(answer({ externalId: 'T-1', score: 3 }))
  const again = await ingest.submitAll([
    answer({ externalId: 'T-1', score: 3 }),
    answer({ externalId: 'T-1', score: 8 }),
  ])
  assert.ok(first.status === 'accepted')
  for (const one of again)
    assert.deepEqual(one, { status: 'repeated', id: first.id, surveyId: survey.surveyId, score: 3 })
})
