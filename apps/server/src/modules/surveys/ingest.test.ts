import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
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

test('what the database refuses is refused alone', async () => {
  const results = await createIngest(house).submitAll([
    answer({ score: 5, externalId: 'ok-1' }),
    answer({ score: 5, externalId: 'bad', comment: 'half a \u0000 text' }),
    answer({ score: 6, externalId: 'ok-2' }),
  ])
  assert.deepEqual(
    results.map((one) => (one.status === 'refused' ? one.code : one.status)),
    ['accepted', 'surveys.not_kept', 'accepted'],
  )
})

test('whatever text is sent is the text that is kept', async () => {
  const text = fc
    .string({
      unit: fc.constantFrom('a', '"', '\\', ',', '(', ')', '{', '}', "'", '\n', '\t', ' ', 'č', '🙂', '$', ';'),
      maxLength: 30,
    })
    .filter((one) => one !== '')
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.dictionary(fc.constantFrom('channel', 'own'), text),
      async (comment, wish, attributes) => {
        const result = await createIngest(house).submit(
          answer({ comment, answers: { wish }, attributes, externalId: undefined }),
        )
        assert.ok(result.status === 'accepted')
        const [row] = await rowsOf(
          sql<Record<string, unknown>>`select comment, answers, attributes from responses where id = ${result.id}`,
        )
        assert.deepEqual(row, { comment, answers: { wish }, attributes: { ...attributes } })
      },
    ),
    { numRuns: 60, seed: 11 },
  )
})

test('many workspaces in one batch each get their own', async () => {
  const others = await Promise.all([1, 2, 3].map(() => insertExampleSurvey(house.owner)))
  const sent = Array.from({ length: 30 }, (_, n) => ({ one: others[n % 3]!, score: 1 + (n % 10) }))
  const results = await createIngest(house).submitAll(
    sent.map(({ one, score }) => ({ ...answer({ score }), workspaceId: one.workspaceId })),
  )
  assert.ok(results.every(({ status }) => status === 'accepted'))
  for (const one of others) {
    const rows = await rowsOf(
      sql<{
        n: number
      }>`select count(*) as n from responses where workspace_id = ${one.workspaceId} and survey_id = ${one.surveyId}`,
    )
    assert.deepEqual(rows, [{ n: 10 }])
  }
})

test('answers, cells and facts go with their workspace', async () => {
  const gone = await insertExampleSurvey(house.owner)
  await createIngest(house).submit({
    ...answer({ customer: { externalId: 'C-1' }, touchpoint: { externalId: 'T-1', kind: 'ticket' } }),
    workspaceId: gone.workspaceId,
  })
  await sql`delete from workspaces where workspace_id = ${gone.workspaceId}`.execute(house.owner)
  const left = await rowsOf(sql<{ n: number }>`
    select (select count(*) from responses where workspace_id = ${gone.workspaceId})
      + (select count(*) from cells where workspace_id = ${gone.workspaceId})
      + (select count(*) from events where workspace_id = ${gone.workspaceId}) as n`)
  assert.deepEqual(left, [{ n: 0 }])
})
