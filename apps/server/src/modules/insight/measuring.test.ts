import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { compare, compareGroups, controlChart, scales, summarize } from '@lahko/effort'
import { effortReport as replyOf, type EffortReport } from '@lahko/contract'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import {
  addressOf,
  exampleAnswers,
  reportAnswers,
  type ExampleAnswers,
  type ExampleWorkspace,
  type Given,
} from './example-answers.ts'
import { addDays } from './periods.ts'

let house: TestHouse
let examples: ExampleAnswers
let ours: ExampleWorkspace

before(async () => {
  house = await testHouse()
  examples = await exampleAnswers(house.database.owner)
  ours = await examples.workspace(house.store)
})
after(async () => {
  await examples.close()
  await house.close()
})

async function report(query: Record<string, string | string[]>): Promise<EffortReport> {
  const reply = await house.app.inject({
    url: addressOf('effort', query),
    headers: { authorization: `Bearer ${ours.key}`, 'accept-language': 'en' },
  })
  assert.equal(reply.statusCode, 200, reply.body)
  return replyOf.parse(reply.json())
}
async function answer(key: string, given: readonly Given[]): Promise<void> {
  for (let from = 0; from < given.length; from += 100) {
    await reportAnswers(house.app, ours.key, key, given.slice(from, from + 100))
  }
}

test('where the same customers answer often, every interval and verdict takes the design effect', async () => {
  await examples.survey(ours.workspaceId, { key: 'often', declared: ['topic'] })
  const given = (day: string, easy: number) =>
    Array.from({ length: 20 }, (_, index): Given => {
      const externalId = `${index}`
      const topic = index % 3 === 0 ? 'Returns' : 'Delivery'
      return { day, score: index < easy ? 9 : 2, n: 4, customer: { externalId }, attributes: { topic } }
    })
  await answer('often', [...given('2026-11-18', 15), ...given('2026-11-10', 9)])
  assert.equal((await report({ survey: 'often' })).designEffect, 1)

  await house.jobs.settle()
  const { designEffect, summary, change, breakdowns, series } = await report({ survey: 'often' })
  assert.ok(designEffect > 3, `${designEffect}`)
  const now = [0, 20, 0, 0, 0, 0, 0, 0, 60, 0]
  const earlier = [0, 44, 0, 0, 0, 0, 0, 0, 36, 0]
  assert.deepEqual(summary.mean, summarize(now, 'ces-10', { designEffect }).mean)
  assert.deepEqual(change, compare(now, earlier, 'ces-10', 'mean', { designEffect }))
  assert.notEqual(change!.verdict, compare(now, earlier, 'ces-10', 'mean').verdict)
  const groups = [
    { key: 'Delivery', counts: [0, 12, 0, 0, 0, 0, 0, 0, 40, 0] },
    { key: 'Returns', counts: [0, 8, 0, 0, 0, 0, 0, 0, 20, 0] },
  ]
  const compared = compareGroups(groups, 'ces-10', 'mean', { designEffect }).groups
  assert.deepEqual(
    breakdowns[0]!.groups.map(({ value, low }) => [value, low]).toSorted(),
    compared.map(({ key, low }) => [key, low]),
  )
  const periods = [
    { at: '2026-11-09', counts: earlier },
    { at: '2026-11-16', counts: now },
  ]
  const drawn = controlChart(periods, scales['ces-10'], 'mean', { designEffect, unfinished: true })
  assert.deepEqual(
    series.map(({ low, high }) => [low, high]),
    drawn.map(({ low, high }) => [low, high]),
  )
})

test('the design effect is measured once a day, and never for anonymous answers', async () => {
  const waiting = async () => {
    const { rows } = await examples.client.query(
      `select 1 from graphile_worker.jobs where task_identifier = 'measure_design_effect'`,
    )
    return rows.length
  }
  await examples.survey(ours.workspaceId, { key: 'nobody', identity: 'anonymous' })
  await answer('nobody', [{ day: '2026-11-18', score: 3, n: 3 }])
  await report({ survey: 'nobody' })
  await report({ survey: 'often' })
  assert.equal(await waiting(), 0)
  house.clock.set('2026-11-21T10:00:00Z')
  await report({ survey: 'often' })
  await report({ survey: 'often' })
  assert.equal(await waiting(), 1)
  house.clock.set('2026-11-20T10:00:00Z')
})

test('the centre of the chart is that of the first twenty periods, whichever are shown', async () => {
  await examples.survey(ours.workspaceId, { key: 'usual' })
  const weeks = Array.from({ length: 45 }, (_, week) => addDays('2026-01-05', 7 * week))
  const scoreIn = (week: number) => (week < 20 ? 9 : 6)
  await answer(
    'usual',
    weeks.map((day, week) => ({ day, score: scoreIn(week), n: 5 })),
  )
  for (const at of ['2026-11-13', '2026-11-06', '2026-07-01']) {
    const { series, seriesFinding } = await report({ survey: 'usual', at })
    assert.deepEqual([series.length, new Set(series.map(({ centre }) => centre))], [26, new Set([9])], at)
    assert.deepEqual(series.at(-1)!.signals, ['limit', 'drift'], at)
    assert.match(seriesFinding, /weeks in a row below the usual range/)
  }
})

test('that holds for long series too, also where answers are few', async () => {
  for (const [key, n] of [
    ['long', 5],
    ['sparse', 1],
  ] as const) {
    await examples.survey(ours.workspaceId, { key })
    const days = Array.from({ length: 300 }, (_, day) => addDays('2026-01-22', day))
    await answer(
      key,
      days.map((day, index) => ({ day, score: index < (20 * 5) / n ? 9 : 6, n })),
    )
    for (const at of ['2026-11-17', '2026-11-14']) {
      const { series } = await report({ survey: key, period: 'day', at })
      assert.deepEqual([...new Set(series.map(({ centre }) => centre))], [9], `${key} ${at}`)
      assert.ok(Math.abs(series.find(({ ewma }) => ewma !== null)!.ewma! - 6) < 0.01)
      assert.deepEqual([series[0]!.at >= '2026-09-15', series.at(-1)!.at], [true, at])
    }
  }
})

test('the last point of a run of days holds no day after it', async () => {
  await examples.survey(ours.workspaceId, { key: 'run' })
  await answer('run', [
    { day: '2026-11-03', score: 9, n: 10 },
    { day: '2026-11-10', score: 8, n: 6 },
    { day: '2026-11-13', score: 1, n: 50 },
  ])
  const query = { survey: 'run', period: 'days', from: '2026-11-02', to: '2026-11-11' }
  const { series, seriesGrain, summary } = await report(query)
  assert.equal(seriesGrain, 'week')
  assert.deepEqual(
    series.map(({ at, n, unfinished }) => [at, n, unfinished]),
    [
      ['2026-11-02', 10, false],
      ['2026-11-09', 6, false],
    ],
  )
  assert.equal(summary.n, 16)
  const reply = await house.app.inject({
    url: addressOf('effortCsv', { ...query, part: 'series' }),
    headers: { authorization: `Bearer ${ours.key}` },
  })
  assert.match(reply.body, /\r\n2026-11-09,2026-11-11,0,6,/)
})

test('an older wording on another scale is read by that scale’s rule, not by today’s', async () => {
  const survey = await examples.survey(ours.workspaceId, { key: 'rescaled' })
  await answer('rescaled', [{ day: '2026-11-10', score: 10, n: 6 }])
  await examples.reword(survey, scales['ces-5'])
  house.clock.advance(10_000)
  await answer('rescaled', [{ day: '2026-11-17', score: 1, n: 4 }])
  const newest = await report({ survey: 'rescaled' })
  assert.deepEqual([newest.rule.easy, newest.summary.easyShare!.value], [[1, 2], 1])
  const old = await report({ survey: 'rescaled', wording: '1', at: '2026-11-10' })
  assert.deepEqual(old.rule, { id: 'standard', easy: [8, 9, 10], hard: [1, 2, 3, 4] })
  assert.deepEqual([old.survey.rule, old.summary.easyShare!.value], [old.rule, 1])
})

test('a survey with too many combinations names the attribute to drop', async () => {
  const { surveyId } = await examples.survey(ours.workspaceId, { key: 'full', declared: ['topic', 'channel'] })
  await answer('full', [{ day: '2026-11-18', score: 9, n: 6, attributes: { topic: 'Returns' } }])
  assert.deepEqual((await report({ survey: 'full' })).notes, [])
  await examples.client.query(
    `insert into segments (workspace_id, survey_id, segment, generation, attributes)
     select $1, $2, n, 1, jsonb_build_object('topic', 't' || n % 150, 'channel', 'c' || n / 150)
     from generate_series(1000, 21000) n`,
    [ours.workspaceId, surveyId],
  )
  const { notes } = await report({ survey: 'full' })
  assert.match(notes.join(), /most values is topic; take it out/)
})

test('what has become frequent gets a row of its own, once its answers are counted again', async () => {
  await examples.survey(ours.workspaceId, { key: 'frequent', declared: ['topic'] })
  const rare = Array.from({ length: 200 }, (_, place) => `rare ${place}`)
  await answer(
    'frequent',
    rare.map((topic) => ({ day: '2026-11-18', score: 9, attributes: { topic } })),
  )
  await answer('frequent', [{ day: '2026-11-18', score: 3, n: 80, attributes: { topic: 'Returns' } }])
  const largest = async () => {
    const { breakdowns } = await report({ survey: 'frequent' })
    return breakdowns[0]!.groups.toSorted((a, b) => b.n - a.n)[0]!
  }
  assert.deepEqual([(await largest()).value, (await largest()).n], ['…', 80])
  await house.jobs.settle()
  assert.deepEqual([(await largest()).value, (await largest()).n], ['Returns', 80])
})
