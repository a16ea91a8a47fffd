import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { poststratify, summarize } from '@lahko/effort'
import { whoAnswered as replyOf, type WhoAnswered } from '@lahko/contract'
import { uuidv7 } from '#platform/identifiers.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { addressOf, exampleAnswers, type ExampleAnswers, type ExampleWorkspace } from './example-answers.ts'

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

async function read(survey: string, at = '2026-11-18', { key } = ours): Promise<WhoAnswered> {
  const reply = await house.app.inject({
    url: addressOf('whoAnswered', { survey, at }),
    headers: { authorization: `Bearer ${key}` },
  })
  assert.equal(reply.statusCode, 200, reply.body)
  return replyOf.parse(reply.json())
}

type Asked = { channel: string; language?: string; sentAt?: string; bounced?: boolean; score?: number }

/** People who were asked, each about a touchpoint of that day, and what some of them answered. */
async function ask(surveyKey: string, surveyId: string, people: readonly Asked[]): Promise<void> {
  for (const { channel, language = 'en', sentAt = '2026-11-18T09:00:00Z', bounced, score } of people) {
    const externalId = uuidv7()
    const responseId = score === undefined ? null : await answer(surveyKey, { externalId, channel, score })
    if (score === undefined) await insertTouchpoint(externalId, channel)
    await examples.client.query(
      `insert into invitations (workspace_id, id, touchpoint_id, ended_at, kind, survey_id, language, attributes,
        decided_at, sent_at, bounced_at, answered_at, response_id)
       select $1, $2, t.id, t.ended_at, 'ticket', $3, $4, jsonb_build_object('channel', $5::text), $6, $6, $7, $8, $9
       from touchpoints t where t.workspace_id = $1 and t.external_id = $10`,
      [
        ours.workspaceId,
        uuidv7(),
        surveyId,
        language,
        channel,
        sentAt,
        bounced ? sentAt : null,
        responseId && sentAt,
        responseId,
        externalId,
      ],
    )
  }
}

async function answer(
  survey: string,
  { externalId, channel, score }: { externalId: string; channel: string; score: number },
) {
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/v1/responses',
    headers: { authorization: `Bearer ${ours.key}` },
    payload: {
      survey,
      score,
      answeredAt: '2026-11-18T10:00:00Z',
      touchpoint: { externalId, kind: 'ticket', endedAt: '2026-11-18T08:00:00Z', attributes: { channel } },
    },
  })
  assert.equal(reply.statusCode, 200, reply.body)
  const { results } = reply.json<{ results: { status: string; id: string }[] }>()
  assert.equal(results[0]!.status, 'accepted', reply.body)
  return results[0]!.id
}

async function insertTouchpoint(externalId: string, channel: string): Promise<void> {
  await examples.client.query(
    `insert into touchpoints (workspace_id, id, external_id, kind, ended_at, attributes, created_at)
     values ($1, $2, $3, 'ticket', '2026-11-18T08:00:00Z', jsonb_build_object('channel', $4::text), now())`,
    [ours.workspaceId, uuidv7(), externalId, channel],
  )
}

const times = (n: number, one: Asked): Asked[] => Array.from({ length: n }, () => one)

test('rates by what is known, and the score weighed to everybody who was asked and who was served', async () => {
  const { surveyId } = await examples.survey(ours.workspaceId, { key: 'weighed' })
  await ask('weighed', surveyId, [
    ...times(6, { channel: 'mail', score: 2 }),
    ...times(34, { channel: 'mail' }),
    ...times(18, { channel: 'phone', score: 9, language: 'sl', sentAt: '2026-11-18T23:30:00Z' }),
    ...times(2, { channel: 'phone', language: 'sl', sentAt: '2026-11-18T23:30:00Z' }),
    // Neither was asked in that week.
    { channel: 'mail', bounced: true },
    { channel: 'mail', sentAt: '2026-11-02T09:00:00Z' },
  ])
  const running = await read('weighed')
  assert.ok(running.rates.every(({ groups }) => groups.every(({ verdict }) => verdict === null)))
  house.clock.advance(7 * 86_400_000)
  const { asked, served, rates, metric } = await read('weighed')
  const effort = await house.app.inject({
    url: addressOf('effort', { survey: 'weighed', at: '2026-11-18' }),
    headers: { authorization: `Bearer ${ours.key}` },
  })
  assert.deepEqual(effort.json<{ asked: unknown }>().asked, { asked: 60, answered: 24, responseRate: 0.4 })
  assert.equal(metric, 'mean')
  assert.deepEqual([asked.people, asked.answered], [60, 24])
  assert.deepEqual(asked.rate, summarize([36, 0, 24], 'ces-3').easyShare)
  const byChannel = rates.find(({ by }) => by === 'channel')!.groups
  assert.deepEqual(
    byChannel.map(({ key, asked: all, answered, ease, verdict }) => [key, all, answered, ease, verdict]),
    [
      ['mail', 40, 6, 'harder', 'more-than-noise'],
      ['phone', 20, 18, 'easier', 'more-than-noise'],
    ],
  )
  // Half past eleven at night in UTC is the first hour of the next day in Ljubljana.
  assert.deepEqual(
    rates.find(({ by }) => by === 'hour')!.groups.map(({ key, asked: all }) => [key, all]),
    [
      ['00', 20],
      ['10', 40],
    ],
  )
  assert.deepEqual(
    rates.map(({ by }) => by),
    ['language', 'channel', 'hour'],
  )

  const counts = (score: number, n: number) => Array.from({ length: 10 }, (_, at) => (at === score - 1 ? n : 0))
  const groups = [
    { attributes: { language: 'en', channel: 'mail' }, counts: counts(2, 6) },
    { attributes: { language: 'sl', channel: 'phone' }, counts: counts(9, 18) },
  ]
  const expected = poststratify(
    groups,
    groups.map(({ attributes }, place) => ({ attributes, n: [40, 20][place]! })),
    'ces-10',
  )
  assert.deepEqual(asked.adjusted?.adjusted, expected.summary.mean)
  assert.deepEqual(
    asked.adjusted?.asAnswered,
    summarize(
      counts(2, 6).map((n, at) => n + counts(9, 18)[at]!),
      'ces-10',
    ).mean,
  )
  assert.ok(asked.adjusted!.adjusted!.value < asked.adjusted!.asAnswered.value, 'who was silent had it harder')
  assert.deepEqual([served?.people, served?.adjusted?.answers], [62, 24])
})

test('each value has its part among those served, asked and heard, and the widest difference is said', async () => {
  const { respondents } = await read('weighed')
  const [byChannel, byLanguage, ...others] = respondents
  assert.deepEqual(others, [])
  // Also the two touchpoints whose customers were not asked in that week.
  assert.deepEqual(byChannel, {
    ...{ by: 'channel', served: 62, asked: 60, answered: 24 },
    finding: 'phone: 32\u00a0% of everyone served, 75\u00a0% of those who answered',
    groups: [
      { key: 'mail', served: 42, asked: 40, answered: 6, ease: 'harder', verdict: 'more-than-noise' },
      { key: 'phone', served: 20, asked: 20, answered: 18, ease: 'easier', verdict: 'more-than-noise' },
    ],
  })
  assert.deepEqual(
    [byLanguage!.by, byLanguage!.served, byLanguage!.groups.map(({ key, served, asked }) => [key, served, asked])],
    [
      ...['language', 62],
      [
        ['en', 42, 40],
        ['sl', 20, 20],
      ],
    ],
  )
  const { surveyId } = await examples.survey(ours.workspaceId, { key: 'alike' })
  await ask('alike', surveyId, [...times(10, { channel: 'mail', score: 2 }), ...times(10, { channel: 'mail' })])
  await ask('alike', surveyId, [...times(9, { channel: 'phone', score: 2 }), ...times(11, { channel: 'phone' })])
  const alike = (await read('alike')).respondents.find(({ by }) => by === 'language')!
  assert.equal(alike.finding, null)
})

test('the same parts as a file', async () => {
  const reply = await house.app.inject({
    url: addressOf('whoAnsweredCsv', { survey: 'weighed', at: '2026-11-18', by: 'language' }),
    headers: { authorization: `Bearer ${ours.key}` },
  })
  assert.equal(reply.statusCode, 200, reply.body)
  assert.match(String(reply.headers['content-disposition']), /weighed-who-answered-language-2026-11-16/)
  assert.deepEqual(reply.body.split('\r\n'), [
    'value,served,served_share,asked,asked_share,answered,answered_share,ease,verdict',
    `en,42,${42 / 62},40,${40 / 60},6,0.25,harder,more-than-noise`,
    `sl,20,${20 / 62},20,${20 / 60},18,0.75,easier,more-than-noise`,
    '',
  ])
})

test('totals hold where touchpoints are told apart by more than is listed', async () => {
  const { surveyId } = await examples.survey(ours.workspaceId, { key: 'many' })
  await ask('many', surveyId, [{ channel: 'mail', sentAt: '2026-11-04T09:00:00Z' }])
  await examples.client.query(
    `insert into touchpoints (workspace_id, id, external_id, kind, ended_at, attributes, created_at)
     select $1, gen_random_uuid(), 'many-' || n, 'ticket', '2026-11-04T08:00:00Z',
       jsonb_build_object('topic', 'topic ' || n, 'channel', case when n % 3 = 0 then 'phone' else 'mail' end), now()
     from generate_series(1, 5100) n`,
    [ours.workspaceId],
  )
  await examples.client.query(
    `insert into invitations (workspace_id, id, touchpoint_id, ended_at, kind, survey_id, attributes, decided_at, not_asked)
     select workspace_id, gen_random_uuid(), id, ended_at, kind, $2, attributes, ended_at, 'share'
     from touchpoints where workspace_id = $1 and external_id like 'many-%'`,
    [ours.workspaceId, surveyId],
  )
  const { served, respondents } = await read('many', '2026-11-04')
  assert.equal(served?.people, 5100)
  const { groups } = respondents.find(({ by }) => by === 'channel')!
  assert.deepEqual(
    groups.map(({ key, served: n, asked }) => [key, n, asked]),
    [
      ['mail', 3400, 1],
      ['phone', 1700, 0],
    ],
  )
  const byTopic = respondents.find(({ by }) => by === 'topic')!
  assert.equal(byTopic.served, 5100)
  assert.deepEqual(byTopic.groups.at(-1), {
    ...{ key: '…', served: 4900, asked: 1, answered: 0 },
    ...{ ease: 'same', verdict: 'within-noise' },
  })
})

type Post = (path: string, payload: object, method?: 'POST' | 'PUT') => Promise<{ id: string }>

async function posting(): Promise<{ shop: ExampleWorkspace; post: Post }> {
  const shop = await examples.workspace(house.store)
  const post: Post = async (path, payload, method = 'POST') => {
    const headers = { authorization: `Bearer ${shop.key}` }
    const reply = await house.app.inject({ method, url: `/api/v1${path}`, headers, payload })
    assert.ok(reply.statusCode < 300, reply.body)
    const { results = [], ...rest } = reply.json<{ id: string; results?: { status: string }[] }>()
    assert.ok(
      results.every(({ status }) => status === 'accepted'),
      reply.body,
    )
    return rest
  }
  return { shop, post }
}

const many = <T>(n: number, of: (at: number) => T): T[] => Array.from({ length: n }, (_, at) => of(at))

test('served are the touchpoints that the survey could be about, in the language of their customers', async () => {
  const { shop, post } = await posting()
  const { surveyId } = await examples.survey(shop.workspaceId, { key: 'spoken' })
  const conditions = [{ attribute: 'kind', is: 'anyOf', values: ['ticket'] }]
  const { id } = await post('/programmes', { name: 'Tickets', surveyId, conditions })
  await post(`/programmes/${id}/state`, { state: 'on' }, 'PUT')
  const ended = (name: string, n: number, more: (at: number) => object) =>
    many(n, (at) => ({ externalId: `${name}${at}`, kind: 'ticket', endedAt: '2026-11-18T08:00:00Z', ...more(at) }))
  // Nobody said the language of a Slovenian ticket, and English goes by several names.
  const touchpoints = [
    ...ended('en', 30, (at) => ({ attributes: { language: at % 2 ? 'English' : 'en-GB' } })),
    ...ended('sl', 30, (at) => ({ customer: { externalId: `customer ${at}`, language: 'sl' } })),
    ...ended('call', 20, () => ({ kind: 'call', attributes: { language: 'en' } })),
    ...ended('merged', 20, () => ({ outcome: 'merged', attributes: { language: 'en' } })),
  ]
  await post('/touchpoints', { touchpoints })
  await house.jobs.settle()
  const about = (name: string, n: number, score: number) =>
    many(n, (at) => {
      const touchpoint = { externalId: `${name}${at}`, kind: name === 'call' ? 'call' : 'ticket' }
      return { survey: 'spoken', score, answeredAt: '2026-11-18T10:00:00Z', touchpoint }
    })
  const responses = [...about('en', 20, 9), ...about('sl', 5, 3), ...about('call', 10, 1), ...about('merged', 10, 1)]
  await post('/responses', { responses })
  const { served } = await read('spoken', '2026-11-18', shop)
  assert.equal(served?.people, 60)
  const { answers, asAnswered, adjusted, effectiveN, strata } = served!.adjusted!
  // 20 nines and 5 threes of as many people each: (20 × 9 + 5 × 3) / 25, and half of each. Weights 0.625 and 2.5, of
  // which Kish's n is (12.5 + 12.5)² / (20 × 0.625² + 5 × 2.5²).
  assert.deepEqual([answers, asAnswered.value, adjusted?.value, effectiveN, strata], [25, 7.8, 6, 16, 2])
})

test('what goes on after somebody was written to is served once it has ended again, and what is merged never', async () => {
  const { shop, post } = await posting()
  const { surveyId } = await examples.survey(shop.workspaceId, { key: 'again' })
  const { id } = await post('/programmes', { name: 'All', surveyId })
  await post(`/programmes/${id}/state`, { state: 'on' }, 'PUT')
  const ended = (at: number) => ({ externalId: `t${at}`, kind: 'ticket', endedAt: '2026-11-18T08:00:00Z' })
  await post('/touchpoints', { touchpoints: many(3, ended) })
  await house.jobs.settle()
  const people = async (day: string) => (await read('again', day, shop)).served?.people ?? 0
  const change = (name: string, set: string) =>
    examples.client.query(`update touchpoints set ${set} where workspace_id = $1 and external_id = $2`, [
      shop.workspaceId,
      name,
    ])
  assert.equal(await people('2026-11-18'), 3)
  await change('t0', 'ended_at = null')
  assert.equal(await people('2026-11-18'), 2)
  await change('t0', `ended_at = '2026-11-24T23:30:00Z'`)
  assert.deepEqual([await people('2026-11-18'), await people('2026-11-25')], [2, 1])
  await change('t1', `attributes = '{"outcome": "merged"}'`)
  assert.deepEqual([await people('2026-11-18'), await people('2026-11-25')], [1, 1])
})

test('one answer stands for a touchpoint, the first that counts and to this survey', async () => {
  const { shop, post } = await posting()
  const { surveyId } = await examples.survey(shop.workspaceId, { key: 'first' })
  await examples.survey(shop.workspaceId, { key: 'other' })
  const { id } = await post('/programmes', { name: 'All', surveyId })
  await post(`/programmes/${id}/state`, { state: 'on' }, 'PUT')
  const touchpoints = many(12, (at) => ({ externalId: `t${at}`, kind: 'ticket', endedAt: '2026-11-18T08:00:00Z' }))
  await post('/touchpoints', { touchpoints })
  await house.jobs.settle()
  const given = (survey: string, score: number, hour: number) =>
    many(12, (at) => ({
      survey,
      score,
      answeredAt: `2026-11-18T${hour}:00:00Z`,
      touchpoint: { externalId: `t${at}`, kind: 'ticket' },
    }))
  await post('/responses', {
    responses: [...given('other', 1, 10), ...given('first', 8, 11), ...given('first', 2, 12)],
  })
  const { served } = await read('first', '2026-11-18', shop)
  assert.deepEqual([served?.people, served?.adjusted?.answers, served?.adjusted?.adjusted?.value], [12, 12, 8])
  // Where no programme asks with it nobody knows who could have been asked.
  assert.equal((await read('other', '2026-11-18', shop)).served, null)
})

test('where nobody was asked there is nothing to say, and anonymous answers are not weighed', async () => {
  await examples.survey(ours.workspaceId, { key: 'unasked' })
  const nothing = await read('unasked')
  assert.deepEqual([nothing.asked.people, nothing.asked.rate, nothing.rates], [0, null, []])
  const { surveyId } = await examples.survey(ours.workspaceId, { key: 'quiet', identity: 'anonymous' })
  await ask('quiet', surveyId, times(3, { channel: 'mail' }))
  const { asked, served } = await read('quiet')
  assert.deepEqual([asked.people, asked.adjusted, served], [3, null, null])
})
