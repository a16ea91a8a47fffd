import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { compare, scales, summarize } from '@lahko/effort'
import { effortReport as replyOf, type EffortReport } from '@lahko/contract'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import {
  addressOf,
  exampleAnswers,
  reportAnswers,
  type Given,
  type ExampleAnswers,
  type ExampleSurvey,
  type ExampleWorkspace,
} from './example-answers.ts'

let house: TestHouse
let examples: ExampleAnswers
let ours: ExampleWorkspace
let survey: ExampleSurvey

type Query = Record<string, string | string[]>

function ask(name: Parameters<typeof addressOf>[0], query: Query, workspace = ours, language = 'en') {
  return house.app.inject({
    url: addressOf(name, query),
    headers: { authorization: `Bearer ${workspace.key}`, 'accept-language': language },
  })
}
async function report(query: Query = {}, workspace = ours, language = 'en'): Promise<EffortReport> {
  const reply = await ask('effort', { survey: 'help', ...query }, workspace, language)
  assert.equal(reply.statusCode, 200, reply.body)
  return replyOf.parse(reply.json())
}
async function problem(query: Query, name: Parameters<typeof addressOf>[0] = 'effort') {
  const reply = await ask(name, query)
  const { status, code, errors } = reply.json()
  return { status, code, field: errors?.[0]?.field }
}

const answer = (key: string, given: readonly Given[]) => reportAnswers(house.app, ours.key, key, given)

// The house's clock stands at Friday of week 47. Returns by mail are hard, all else is easy.
const week47: Given[] = [
  { day: '2026-11-16', score: 9, n: 30, attributes: { topic: 'Delivery', channel: 'chat' } },
  { day: '2026-11-18', score: 8, n: 20, attributes: { topic: 'Delivery', channel: 'mail' } },
  { day: '2026-11-20', score: 2, n: 25, attributes: { topic: 'Returns', channel: 'mail' } },
  { day: '2026-11-20', score: 6, n: 5, attributes: { topic: 'Returns', channel: 'chat' } },
  { day: '2026-11-20', score: 10, n: 4, attributes: { channel: 'chat' } },
  { day: '2026-11-20', score: 10, n: 1, attributes: { topic: '=Repairs, “etc”', channel: 'mail', product: 'ski' } },
]
const now = [0, 25, 0, 0, 0, 5, 0, 20, 30, 5]
const earlier: Given[] = [
  { day: '2026-11-15', score: 8, n: 40, attributes: { topic: 'Delivery', channel: 'mail' } },
  { day: '2026-08-24', score: 7, n: 60, attributes: { topic: 'Returns', channel: 'mail' } },
  { day: '2026-08-23', score: 1, n: 7, attributes: { topic: 'Returns', channel: 'mail' } },
  { day: '2024-12-31', score: 10, n: 3, attributes: { topic: 'Delivery', channel: 'mail' } },
]
const twelveWeeks = [0, 0, 0, 0, 0, 0, 60, 40, 0, 0]

before(async () => {
  house = await testHouse()
  examples = await exampleAnswers(house.database.owner)
  ours = await examples.workspace(house.store)
  survey = await examples.survey(ours.workspaceId)
  await answer('help', [...week47, ...earlier])
})
after(async () => {
  await examples.close()
  await house.close()
})

test('a week is counted exactly, and compared with the twelve before it', async () => {
  const found = await report()
  assert.deepEqual(found.period, {
    kind: 'week',
    from: '2026-11-16',
    to: '2026-11-22',
    label: 'Week 47',
    finished: false,
    previous: '2026-11-09',
    next: null,
  })
  assert.deepEqual(found.summary.histogram, now)
  const expected = summarize(now, 'ces-10')
  assert.deepEqual(found.summary.mean, expected.mean)
  assert.equal(found.summary.easyShare?.value, 55 / 85)
  assert.deepEqual(
    [found.before?.from, found.before?.to, found.before?.periods, found.before?.label],
    ['2026-08-24', '2026-11-15', 12, 'twelve weeks before'],
  )
  assert.deepEqual(found.before?.summary.histogram, twelveWeeks)
  assert.deepEqual(found.change, compare(now, twelveWeeks, 'ces-10', 'mean'))
  assert.deepEqual(found.changes.hardShare, compare(now, twelveWeeks, 'ces-10', 'hardShare'))
  assert.equal(found.asked, null)
  assert.equal(found.smallSample, false)
})

test('the series shows half a year, and what still runs never signals', async () => {
  const { series, seriesGrain } = await report()
  assert.equal(seriesGrain, 'week')
  // Three answers of long before were too few to stand alone.
  assert.deepEqual(
    series.map(({ at, n }) => [at, n]),
    [
      ['2026-08-17', 10],
      ['2026-08-24', 60],
      ['2026-11-09', 40],
      ['2026-11-16', 85],
    ],
  )
  assert.equal(series.at(-1)!.unfinished, true)
  assert.deepEqual(series.at(-1)!.signals, [])
})

test('each declared attribute is broken down, easiest first, each value against the rest', async () => {
  const { breakdowns, headline } = await report()
  assert.deepEqual(
    breakdowns.map(({ attribute }) => attribute),
    ['topic', 'channel'],
  )
  const [topic, channel] = breakdowns
  assert.deepEqual(
    topic!.groups.map(({ value, n }) => [value, n]),
    [
      ['', 4],
      ['Delivery', 50],
      ['=Repairs, “etc”', 1],
      ['Returns', 30],
    ],
  )
  const returns = topic!.groups.at(-1)!
  assert.deepEqual([returns.ease, returns.verdict, returns.smallSample], ['harder', 'more-than-noise', false])
  assert.equal(returns.metric!.value, (25 * 2 + 5 * 6) / 30)
  assert.equal(topic!.groups[0]!.smallSample, true)
  assert.deepEqual(
    channel!.groups.map(({ value, n, verdict }) => [value, n, verdict]),
    [
      ['chat', 39, 'more-than-noise'],
      ['mail', 46, 'more-than-noise'],
    ],
  )
  assert.equal(channel!.omnibus, null)
  assert.equal(headline, 'Getting help got harder. Harder than the rest: Returns.')
})

test('the reader’s language speaks, also where the survey is not published in it', async () => {
  const sl = await report({}, ours, 'sl')
  assert.equal(sl.headline, 'Do pomoči je težje priti. Težje kot drugod: Returns.')
  assert.equal(sl.survey.question, 'Kako lahko je bilo? 1')
  assert.equal(sl.period.label, '47. teden')
  const nb = await report({}, ours, 'nb')
  assert.equal(nb.survey.question, 'How easy was it with Example? 1')
  assert.match(nb.deck, /^Så langt i uke 47|^I uke 47 så langt/)
})

test('filters: values of one attribute are alternatives, attributes are joined', async () => {
  const histogramOf = async (...filter: string[]) => (await report({ filter })).summary.histogram
  assert.deepEqual(await histogramOf('topic:Returns'), [0, 25, 0, 0, 0, 5, 0, 0, 0, 0])
  assert.deepEqual(await histogramOf('topic:Returns', 'topic:Delivery'), [0, 25, 0, 0, 0, 5, 0, 20, 30, 0])
  assert.deepEqual(await histogramOf('topic:Returns', 'channel:chat'), [0, 0, 0, 0, 0, 5, 0, 0, 0, 0])
  assert.deepEqual(await histogramOf('topic:'), [0, 0, 0, 0, 0, 0, 0, 0, 0, 4])
  assert.deepEqual(await histogramOf('topic:=Repairs, “etc”'), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  const none = await report({ filter: ['topic:Nothing'] })
  assert.deepEqual(
    [none.headline, none.summary.mean, none.before, none.change],
    ['No answers fit the filters', null, null, null],
  )
  const filtered = await report({ filter: ['channel:mail'] })
  assert.deepEqual(filtered.before?.summary.histogram, twelveWeeks)
  assert.deepEqual(
    filtered.series.map(({ n }) => n),
    [10, 60, 40, 46],
  )
})

test('a filter beyond what is declared reads the answers, and says so', async () => {
  const found = await report({ filter: ['product:ski'] })
  assert.deepEqual(found.summary.histogram, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  assert.match(found.notes.join(), /^Not declared: product\./)
})

test('days, months and runs of days', async () => {
  const histogramOf = async (query: Query) => (await report(query)).summary.histogram
  assert.deepEqual(await histogramOf({ period: 'day', at: '2026-11-18' }), [0, 0, 0, 0, 0, 0, 0, 20, 0, 0])
  assert.deepEqual(await histogramOf({ period: 'month', at: '2026-08-05' }), [7, 0, 0, 0, 0, 0, 60, 0, 0, 0])
  const run = await report({ period: 'days', from: '2026-11-15', to: '2026-11-18' })
  assert.deepEqual(run.summary.histogram, [0, 0, 0, 0, 0, 0, 0, 60, 30, 0])
  assert.deepEqual([run.seriesGrain, run.period.finished, run.period.label], ['day', true, '15–18 November 2026'])
  assert.deepEqual(
    (await report({ period: 'days', from: '2026-08-24', to: '2026-11-15' })).before?.summary.histogram,
    [7, 0, 0, 0, 0, 0, 0, 0, 0, 3],
  )
  const month = await report({ period: 'month' })
  assert.deepEqual([month.before?.periods, month.before?.summary.n, month.seriesGrain], [12, 67, 'month'])
  const day = await report({ period: 'day', at: '2026-11-16' })
  assert.deepEqual([day.before?.from, day.before?.summary.n, day.period.next], ['2026-11-04', 40, '2026-11-17'])
})

test('where answers are young there are fewer periods before, and at first none', async () => {
  const first = await report({ at: '2025-01-01' })
  assert.deepEqual(
    [first.period.label, first.summary.n, first.before, first.period.previous],
    ['Week 1, 2025', 3, null, null],
  )
  const young = await report({ at: '2025-01-15' })
  assert.deepEqual(
    [young.before?.periods, young.before?.summary.n, young.headline],
    [2, 3, 'No answers in week 3 of 2025'],
  )
})

test('the first days of January belong to week 53', async () => {
  house.clock.set('2027-01-02T12:00:00Z')
  const found = await report()
  house.clock.set('2026-11-20T10:00:00Z')
  assert.deepEqual([found.period.label, found.period.from, found.period.to], ['Week 53', '2026-12-28', '2027-01-03'])
})

test('today is the workspace’s, also when clocks change', async () => {
  const oslo = await examples.workspace(house.store, 'Europe/Oslo')
  await examples.survey(oslo.workspaceId)
  const todayAt = async (instant: string) => {
    house.clock.set(instant)
    const { period } = await report({ period: 'day' }, oslo)
    house.clock.set('2026-11-20T10:00:00Z')
    return period.from
  }
  assert.equal(await todayAt('2026-10-25T22:59:00Z'), '2026-10-25')
  assert.equal(await todayAt('2026-10-25T23:00:00Z'), '2026-10-26')
  assert.equal(await todayAt('2026-03-29T21:59:00Z'), '2026-03-29')
  assert.equal(await todayAt('2026-03-29T22:00:00Z'), '2026-03-30')
})

test('another wording is listed with its dates and never added', async () => {
  const split = await examples.survey(ours.workspaceId, { key: 'split' })
  await answer('split', [{ day: '2026-11-10', score: 3, n: 9, attributes: { topic: 'Old' } }])
  await examples.reword(split)
  // Published surveys are remembered for some seconds.
  house.clock.advance(10_000)
  await answer('split', [{ day: '2026-11-17', score: 9, n: 4 }])
  const newest = await report({ survey: 'split' })
  assert.deepEqual(newest.summary.histogram, [0, 0, 0, 0, 0, 0, 0, 0, 4, 0])
  assert.equal(newest.before, null)
  assert.deepEqual(newest.wordings, [
    { wording: 1, question: 'How easy was it with Example? 1', from: '2026-11-10', to: '2026-11-10' },
    { wording: 2, question: 'How easy was it with Example? 2', from: '2026-11-17', to: null },
  ])
  const old = await report({ survey: 'split', wording: '1', at: '2026-11-10' })
  assert.deepEqual([old.wording, old.summary.n, old.survey.question], [1, 9, 'How easy was it with Example? 1'])
  const values = await ask('attributeValues', { survey: 'split', wording: '1', attribute: 'topic' })
  assert.deepEqual(values.json().items, [{ value: 'Old', answers: 9 }])
})

test('the metric can be chosen, and a scale where high is hard is read the other way round', async () => {
  await examples.survey(ours.workspaceId, { key: 'hard', scale: scales['ces-5'] })
  await answer('hard', [
    { day: '2026-11-17', score: 1, n: 50 },
    { day: '2026-11-10', score: 5, n: 50 },
  ])
  assert.equal((await report({ survey: 'hard' })).change?.ease, 'easier')
  assert.deepEqual(
    (await report({ survey: 'hard', metric: 'netEase' })).change,
    compare([50, 0, 0, 0, 0], [0, 0, 0, 0, 50], 'ces-5', 'netEase'),
  )
})

test('anonymous answers show no breakdown and take no filter', async () => {
  await examples.survey(ours.workspaceId, { key: 'anonymous', identity: 'anonymous' })
  await answer('anonymous', [{ day: '2026-11-17', score: 9, n: 40, attributes: { topic: 'Returns' } }])
  const found = await report({ survey: 'anonymous' })
  assert.deepEqual([found.summary.n, found.breakdowns, found.survey.anonymous], [40, [], true])
  assert.equal(found.notes.length, 1)
  assert.deepEqual(await problem({ survey: 'anonymous', filter: 'topic:Returns' }), {
    status: 400,
    code: 'insight.anonymous_has_no_filters',
    field: '/query/filter',
  })
  assert.deepEqual(await problem({ survey: 'anonymous', part: 'topic' }, 'effortCsv'), {
    status: 400,
    code: 'insight.unknown_part',
    field: '/query/part',
  })
  assert.deepEqual((await ask('attributeValues', { survey: 'anonymous', attribute: 'topic' })).json(), { items: [] })
})

test('while cells are counted again the screen says how far', async () => {
  await examples.client.query(`update surveys set rebuild = '{"done": 25, "total": 100}' where id = $1`, [
    survey.surveyId,
  ])
  const { notes } = await report()
  await examples.client.query('update surveys set rebuild = null where id = $1', [survey.surveyId])
  assert.deepEqual(notes, ['Figures by attribute are being counted again: 25\u00a0% done.'])
})

test('an old rule is not kept: every figure follows the survey’s own', async () => {
  await examples.client.query(
    `update surveys set rule = '{"id": "easiest-two", "easy": [9, 10], "hard": [1, 2]}' where id = $1`,
    [survey.surveyId],
  )
  const { summary, rule } = await report()
  await examples.client.query(`update surveys set rule = $2 where id = $1`, [
    survey.surveyId,
    JSON.stringify({ id: 'standard', easy: [8, 9, 10], hard: [1, 2, 3, 4] }),
  ])
  assert.deepEqual([rule.id, summary.easyShare?.value], ['easiest-two', 35 / 85])
})

test('what cannot be answered is refused by its field', async () => {
  assert.deepEqual(await problem({ survey: 'nowhere' }), { status: 404, code: 'platform.not_found', field: undefined })
  assert.deepEqual(await problem({ survey: 'help', wording: '2' }), {
    status: 400,
    code: 'insight.unknown_wording',
    field: '/query/wording',
  })
  assert.deepEqual(await problem({ survey: 'help', period: 'days', from: '2026-11-01' }), {
    status: 400,
    code: 'insight.days_need_both',
    field: '/query/to',
  })
  assert.deepEqual(await problem({ survey: 'help', from: '2026-11-01', to: '2026-11-02' }), {
    status: 400,
    code: 'insight.from_needs_days',
    field: '/query/period',
  })
  assert.deepEqual(await problem({ survey: 'help', period: 'days', from: '2026-11-02', to: '2026-11-01' }), {
    status: 400,
    code: 'insight.days_in_order',
    field: '/query/from',
  })
  assert.deepEqual(await problem({ survey: 'help', period: 'days', from: '2020-01-01', to: '2026-11-01' }), {
    status: 400,
    code: 'insight.run_too_long',
    field: '/query/to',
  })
  assert.deepEqual(await problem({ survey: 'help', at: '9999-12-31' }), {
    status: 400,
    code: 'insight.day_out_of_range',
    field: '/query/at',
  })
  assert.deepEqual(await problem({ survey: 'help', part: 'nothing' }, 'effortCsv'), {
    status: 400,
    code: 'insight.unknown_part',
    field: '/query/part',
  })
  assert.equal((await ask('effort', { survey: 'help', filter: 'no colon' })).statusCode, 400)
})

test('a survey that was published today does not hide the one that has answers', async () => {
  const workspace = await examples.workspace(house.store)
  await examples.survey(workspace.workspaceId, { key: 'answered' })
  await reportAnswers(house.app, workspace.key, 'answered', [{ day: '2026-11-20', score: 9, n: 1 }])
  await examples.survey(workspace.workspaceId, { key: 'fresh' })
  assert.equal((await ask('effort', {}, workspace)).json().survey.key, 'answered')
})

test('another workspace’s survey is not there, by key or by id', async () => {
  const theirs = await examples.workspace(house.store)
  assert.equal((await ask('effort', { survey: survey.surveyId }, theirs)).statusCode, 404)
  assert.equal((await ask('effort', { survey: 'help' }, theirs)).statusCode, 404)
  assert.equal((await ask('effortCsv', { survey: survey.surveyId, part: 'series' }, theirs)).statusCode, 404)
  assert.equal((await ask('attributeValues', { survey: survey.surveyId, attribute: 'topic' }, theirs)).statusCode, 404)
  const nothing = await ask('effort', {}, theirs)
  assert.deepEqual([nothing.statusCode, nothing.json().code], [404, 'insight.no_survey'])
  const powerless = await examples.workspace(house.store, 'UTC', ['responses.write'])
  assert.equal((await ask('effort', {}, powerless)).statusCode, 403)
})

test('the values of an attribute, most answered first, searchable', async () => {
  const valuesOf = async (query: Query) =>
    (await ask('attributeValues', { survey: 'help', attribute: 'topic', ...query })).json().items
  assert.deepEqual(await valuesOf({}), [
    { value: 'Returns', answers: 97 },
    { value: 'Delivery', answers: 90 },
    { value: '', answers: 4 },
    { value: '=Repairs, “etc”', answers: 1 },
  ])
  assert.deepEqual(await valuesOf({ search: 'DELI' }), [{ value: 'Delivery', answers: 90 }])
  assert.deepEqual(await valuesOf({ attribute: 'unknown' }), [])
})

test('each chart has its table as CSV, for the same filters', async () => {
  const csv = async (query: Query) => {
    const reply = await ask('effortCsv', { survey: 'help', ...query })
    assert.equal(reply.statusCode, 200, reply.body)
    return reply
  }
  const histogram = await csv({ part: 'histogram', filter: 'topic:Returns' })
  assert.match(String(histogram.headers['content-type']), /^text\/csv/)
  assert.equal(
    histogram.headers['content-disposition'],
    'attachment; filename="help-histogram-2026-11-16-2026-11-22.csv"',
  )
  assert.equal(
    histogram.body,
    'score,counts_as,answers,answers_before\r\n1,hard,0,0\r\n2,hard,25,0\r\n3,hard,0,0\r\n4,hard,0,0\r\n5,neither,0,0\r\n6,neither,5,0\r\n7,neither,0,60\r\n8,easy,0,0\r\n9,easy,0,0\r\n10,easy,0,0\r\n',
  )
  const series = (await csv({ part: 'series' })).body.split('\r\n')
  assert.equal(series.length, 6)
  assert.match(series[4]!, /^2026-11-16,2026-11-22,0,85,mean,6\.588/)
  const topics = (await csv({ part: 'topic' })).body.split('\r\n')
  assert.match(topics[0]!, /^value,answers,metric,figure,/)
  assert.match(topics[3]!, /^"'=Repairs, “etc”",1,mean,10,/)
  assert.match(topics[4]!, /^Returns,30,mean,2\.6/)
})
