import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { createKey } from '#accounts'
import { contract, response as replyOf, type Entry, type Response } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { permissions } from '@lahko/contract/permissions'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { exampleContent, exampleRule, insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'

type Query = Record<string, string | number | string[] | undefined>
type Given = { score: number; externalId?: string } & Record<string, unknown>

let house: TestHouse
let owner: Kysely<unknown>
let ours: ExampleSurvey
let key: string

before(async () => {
  house = await testHouse()
  owner = new Kysely({
    dialect: new PostgresDialect({
      pool: new pg.Pool({ ...house.database.owner, max: 2 }).on('error', () => undefined),
    }),
  })
  ours = await insertExampleSurvey(owner)
  key = await keyFor(ours.workspaceId)
})
after(async () => {
  await owner.destroy()
  await house.close()
})

async function keyFor(workspaceId: string): Promise<string> {
  const made = await house.store.write({ workspaceId, actor: system }, (tx) =>
    createKey(tx, { name: 'test', scopes: [...permissions] }),
  )
  return made.key
}

let made = 0
/** A survey of its own with answers, the first of which is the oldest: each is a minute younger than the one before. */
async function surveyWith(given: readonly Given[], wish: Parameters<typeof insertExampleSurvey>[1] = {}) {
  const survey = await insertExampleSurvey(owner, { workspaceId: ours.workspaceId, key: `survey-${++made}`, ...wish })
  const responses = given.map((one, place) => ({
    survey: survey.key,
    answeredAt: new Date(Date.UTC(2026, 10, 10, 9, place)).toISOString(),
    ...one,
  }))
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/v1/responses',
    headers: { authorization: `Bearer ${key}` },
    payload: { responses },
  })
  const results = reply.json<{ results: { status: string; id: string }[] }>().results
  assert.ok(
    results.every(({ status }) => status === 'accepted'),
    reply.body,
  )
  return { ...survey, ids: results.map(({ id }) => id) }
}

function ask(entry: Entry, id: string, { query, body, as = key, language = 'en' }: Asked = {}) {
  return house.app.inject({
    method: entry.method,
    url: addressOf(entry, { params: { id }, query }),
    headers: { authorization: `Bearer ${as}`, 'accept-language': language },
    payload: body,
  })
}
type Asked = { query?: Query; body?: object; as?: string; language?: string }

const { surveys } = contract

async function page(surveyId: string, query: Query = {}, language?: string) {
  const reply = await ask(surveys.responses, surveyId, { query, language })
  assert.equal(reply.statusCode, 200, reply.body)
  const { items, next } = reply.json<{ items: unknown[]; next: string | null }>()
  return { items: items.map((item) => replyOf.parse(item)), next }
}

/** Every answer that fits, page by page. */
async function all(surveyId: string, query: Query = {}): Promise<Response[]> {
  const found: Response[] = []
  let next: string | null = null
  do {
    const one: Awaited<ReturnType<typeof page>> = await page(surveyId, { limit: 2, ...query, after: next ?? undefined })
    assert.ok(one.items.length <= Number(query['limit'] ?? 2))
    found.push(...one.items)
    next = one.next
  } while (next)
  return found
}
const scoresOf = (items: readonly Response[]) => items.map(({ score }) => score)
const comments = async (surveyId: string, query: Query) =>
  (await all(surveyId, query)).map(({ comment }) => comment).toSorted()

async function problem(entry: Entry, id: string, asked: Asked = {}) {
  const reply = await ask(entry, id, asked)
  const { code, errors } = reply.json<{ code: string; errors?: { field: string }[] }>()
  return [reply.statusCode, code, errors?.[0]?.field]
}

/** Cells of the survey as they are kept, and as its answers say; what counts nothing is left out of both. */
async function cells(surveyId: string) {
  const { rows: kept } = await sql<Cell>`
    select segment, starts_on::text as on, n.score, n.count::int from cells_now c
    cross join lateral unnest(array[c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10]) with ordinality as n(count, score)
    where survey_id = ${surveyId} and grain = 'd' and n.count <> 0`.execute(owner)
  const { rows: counted } = await sql<Cell>`
    select t.segment, local_date::text as on, score, count(*)::int from responses r
    cross join lateral (select r.segment union select 0) t(segment)
    where survey_id = ${surveyId} and excluded_at is null group by 1, 2, 3`.execute(owner)
  const sorted = (rows: Cell[], shift: number) =>
    rows.map((row) => `${row.on} ${row.segment} ${Number(row.score) - shift}: ${row.count}`).toSorted()
  return { kept: sorted(kept, 1), counted: sorted(counted, 0) }
}
type Cell = { segment: number; on: string; score: number; count: number }

async function eventsOf(subjectId: string): Promise<string[]> {
  const { rows } = await sql<{ type: string }>`
    select type from events where subject_id = ${subjectId} and type <> 'response.received' order by type`.execute(
    owner,
  )
  return rows.map(({ type }) => type)
}

const sameMoment = { answeredAt: '2026-11-10T09:00:00.000Z' }

test('newest first, page by page, also where many came in the same millisecond', async () => {
  const { surveyId, ids } = await surveyWith([
    ...Array.from({ length: 5 }, () => ({ score: 4, ...sameMoment })),
    { score: 9, answeredAt: '2026-11-11T09:00:00Z' },
    { score: 2, answeredAt: '2026-11-09T09:00:00Z' },
  ])
  const found = await all(surveyId)
  assert.deepEqual(scoresOf(found), [9, 4, 4, 4, 4, 4, 2])
  assert.deepEqual(found.map(({ id }) => id).toSorted(), ids.toSorted())
})

test('hardest first goes by the direction of the scale, and within a score the newest come first', async () => {
  const given = [3, 10, 3, 3, 1, 10, 7].map((score) => ({ score }))
  const easy = await surveyWith(given)
  const found = await all(easy.surveyId, { order: 'hardest' })
  assert.deepEqual(scoresOf(found), [1, 3, 3, 3, 7, 10, 10])
  assert.deepEqual(
    found.slice(1, 4).map(({ id }) => easy.ids.indexOf(id)),
    [3, 2, 0],
  )
  const hard = await surveyWith(given)
  const scale = { ...exampleContent.score.scale, id: 'custom', direction: 'high-is-hard' }
  await sql`update survey_versions set content = jsonb_set(content, '{score,scale}', ${JSON.stringify(scale)}::jsonb)
    where survey_id = ${hard.surveyId}`.execute(owner)
  await sql`update surveys set rule = ${JSON.stringify({ id: 'own', easy: exampleRule.hard, hard: exampleRule.easy })}
    where id = ${hard.surveyId}`.execute(owner)
  const turned = await all(hard.surveyId, { order: 'hardest' })
  assert.deepEqual(scoresOf(turned), [10, 10, 7, 3, 3, 3, 1])
  assert.deepEqual([turned[0]!.effortStep, turned[6]!.effortStep], [1, 7])
})

test('a search finds exactly what was typed, whatever its letters mean in SQL', async () => {
  const texts = ['100 % sure', '100 sure', 'snake_case', 'snakeXcase', "it's", 'a "quote"', 'back\\slash', 'SHOUTED']
  const { surveyId } = await surveyWith(texts.map((comment) => ({ score: 5, comment })))
  for (const [search, expected] of [
    ['%', ['100 % sure']],
    ['_', ['snake_case']],
    ["'", ["it's"]],
    ['"quote"', ['a "quote"']],
    ['\\', ['back\\slash']],
    ['100', ['100 % sure', '100 sure']],
    ['shouted', ['SHOUTED']],
    ['nowhere', []],
  ] as const) {
    assert.deepEqual(await comments(surveyId, { search }), expected, search)
    assert.deepEqual(await comments(surveyId, { search, order: 'hardest' }), expected, search)
  }
})

test('words that stand in very many comments find all of them, within the days that are asked for', async () => {
  const { surveyId } = await surveyWith([{ score: 3, comment: 'A late parcel' }])
  await sql`
    insert into responses (workspace_id, id, survey_id, version, wording, score, local_date, segment, answered_at,
      received_at, source, comment, dedupe, fingerprint)
    select workspace_id, gen_random_uuid(), survey_id, version, wording, case when place % 500 = 0 then 1 else 9 end,
      date '2026-11-01' - place % 9, segment, timestamptz '2026-11-01 09:00Z' - place % 9 * interval '1 day',
      received_at, source, case when place % 2 = 0 then 'The parcel came' else 'Well' end, gen_random_uuid(), 0
    from responses cross join generate_series(1, 4400) place where survey_id = ${surveyId}`.execute(owner)
  const found = await all(surveyId, { search: 'PARCEL', limit: 100 })
  assert.equal(new Set(found.map(({ id }) => id)).size, 2201)
  assert.deepEqual(
    found,
    found.toSorted((a, b) => (a.answeredAt! < b.answeredAt! ? 1 : a.answeredAt! > b.answeredAt! ? -1 : 0)),
  )
  const { items } = await page(surveyId, { search: 'parcel', order: 'hardest', limit: 10 })
  assert.deepEqual(scoresOf(items), [1, 1, 1, 1, 1, 1, 1, 1, 3, 9])
  const day = { from: '2026-10-30', to: '2026-10-31' }
  assert.equal((await all(surveyId, { search: 'parcel', limit: 100, ...day })).length, 489)
  assert.deepEqual(await all(surveyId, { search: 'late', ...day }), [])
})

test('values of one attribute are alternatives, and attributes all hold, declared or not', async () => {
  const attributes = [
    { topic: 'Returns', channel: 'mail', box: '7' },
    { topic: 'Returns', channel: 'chat', box: '8' },
    { topic: 'Delivery: late', channel: 'mail' },
    { channel: 'mail' },
  ]
  const { surveyId } = await surveyWith(attributes.map((one, place) => ({ score: place + 1, attributes: one })))
  const fits = async (filter: string[]) => scoresOf(await all(surveyId, { filter, order: 'hardest' }))
  assert.deepEqual(await fits(['topic:Returns']), [1, 2])
  assert.deepEqual(await fits(['topic:Returns', 'topic:Delivery: late']), [1, 2, 3])
  assert.deepEqual(await fits(['topic:Returns', 'topic:Delivery: late', 'channel:mail']), [1, 3])
  assert.deepEqual(await fits(['topic:']), [4])
  assert.deepEqual(await fits(['box:7', 'box:8', 'channel:chat']), [2])
  assert.deepEqual(await fits(['topic:returns']), [])
})

test('days are those of the workspace, both ends included', async () => {
  const { surveyId } = await surveyWith([
    { score: 1, answeredAt: '2026-11-09T22:59:00Z' },
    { score: 2, answeredAt: '2026-11-09T23:01:00Z' },
    { score: 3, answeredAt: '2026-11-10T22:59:00Z' },
    { score: 4, answeredAt: '2026-11-10T23:01:00Z' },
  ])
  const days = async (query: Query) => scoresOf(await all(surveyId, { ...query, order: 'hardest' }))
  assert.deepEqual(await days({ from: '2026-11-10', to: '2026-11-10' }), [2, 3])
  assert.deepEqual(await days({ from: '2026-11-10' }), [2, 3, 4])
  assert.deepEqual(await days({ to: '2026-11-09' }), [1])
})

test('only the scores that count as hard, easy or neither', async () => {
  const scores = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  const { surveyId } = await surveyWith(scores.map((score) => ({ score })))
  const { hard, easy } = exampleRule
  for (const order of ['newest', 'hardest']) {
    const of = async (kind: string) => scoresOf(await all(surveyId, { scores: kind, order })).toSorted((a, b) => a - b)
    assert.deepEqual(await of('hard'), hard)
    assert.deepEqual(await of('easy'), easy)
    assert.deepEqual(
      await of('neither'),
      scores.filter((score) => !hard.includes(score) && !easy.includes(score)),
    )
  }
})

test('an answer is shown in the language of whoever reads it, with who gave it and about what', async () => {
  const { surveyId } = await surveyWith([
    {
      score: 2,
      language: 'sl',
      reasons: ['waiting'],
      answers: { device: 'phone', wish: 'Več topline' },
      comment: 'Dolgo',
      attributes: { topic: 'Returns' },
      customer: { externalId: 'c-1', email: 'eva@example.com', name: 'Eva' },
      touchpoint: { externalId: 't-1', kind: 'call' },
    },
  ])
  const [item] = (await page(surveyId, {}, 'sl')).items
  const { id: customerId, ...customer } = item!.customer!
  const { id: touchpointId, ...touchpoint } = item!.touchpoint!
  assert.ok(customerId && touchpointId)
  assert.deepEqual(customer, { name: 'Eva', email: 'eva@example.com', externalId: 'c-1' })
  assert.deepEqual(touchpoint, { externalId: 't-1', kind: 'call' })
  assert.deepEqual(item!.reasons, [{ id: 'waiting', label: 'Čakanje' }])
  assert.deepEqual(item!.answers, [
    { id: 'device', question: 'Katera naprava?', value: 'Telefon' },
    { id: 'wish', question: 'Ena želja?', value: 'Več topline' },
  ])
  assert.deepEqual([item!.effortStep, item!.language, item!.comment, item!.source], [2, 'sl', 'Dolgo', 'api'])
  assert.deepEqual(item!.attributes, { topic: 'Returns', kind: 'call' })
  assert.equal((await page(surveyId, {}, 'nb')).items[0]!.reasons[0]!.label, 'The wait')
  await sql`update survey_versions set content = jsonb_set(content, '{reasons,0,options,0,label,en}', '"{company} was slow"')
    where survey_id = ${surveyId}`.execute(owner)
  assert.equal((await page(surveyId)).items[0]!.reasons[0]!.label, 'Example was slow')
})

test('of an anonymous survey only comments are shown, and neither id nor page tells when they were written', async () => {
  const said = ['one', 'two', 'three', 'four', 'five', 'six', 'seven']
  const { surveyId, ids } = await surveyWith(
    [{ score: 9 }, ...said.map((comment) => ({ score: 2, comment, language: 'sl' }))],
    { identity: 'anonymous' },
  )
  for (const entry of [surveys.responses, surveys.responsesCsv])
    assert.deepEqual((await problem(entry, surveyId)).slice(0, 2), [403, 'surveys.no_single_answers'])

  const shown: { id: string; comment: string; excluded: string | null }[] = []
  for (let after: string | null | undefined; after !== null;) {
    const reply = await ask(surveys.comments, surveyId, { query: { limit: 2, after } })
    const { items, next } = reply.json<{ items: typeof shown; next: string | null }>()
    shown.push(...items)
    assert.ok(next === null || next === items.at(-1)!.id)
    after = next
  }
  assert.deepEqual(Object.keys(shown[0]!).toSorted(), ['comment', 'excluded', 'id'])
  assert.deepEqual(shown.map(({ comment }) => comment).toSorted(), said.toSorted())
  for (const { id } of shown) assert.match(id, /^f[0-9a-f]{7}-[0-9a-f]{4}-4/)
  assert.deepEqual(
    shown.map(({ id }) => id),
    ids.slice(1).toSorted(),
  )
})

test('a comment of an anonymous survey is left out and counted again', async () => {
  const { surveyId } = await surveyWith([{ score: 2, comment: 'buy pills' }], { identity: 'anonymous' })
  const comments = async (excluded?: string) =>
    (await ask(surveys.comments, surveyId, { query: { excluded } })).json<{ items: { id: string }[] }>().items
  const [{ id }] = (await comments()) as [{ id: string }]
  await ask(surveys.exclude, id, { body: { reason: 'spam' } })
  assert.deepEqual(await comments(), [])
  assert.deepEqual(await comments('true'), [{ id, comment: 'buy pills', excluded: 'spam' }])
  await ask(surveys.include, id)
  assert.deepEqual(await comments(), [{ id, comment: 'buy pills', excluded: null }])
})

test('only the comments of an anonymous survey of the own workspace are listed apart from their answers', async () => {
  const gone = [404, 'platform.not_found', undefined]
  const theirKey = await keyFor((await insertExampleSurvey(owner)).workspaceId)
  const named = await surveyWith([{ score: 2, comment: 'Slow' }])
  assert.deepEqual((await problem(surveys.comments, named.surveyId)).slice(0, 2), [
    409,
    'surveys.comments_with_answers',
  ])
  const quiet = await surveyWith([{ score: 2, comment: 'Slow' }], { identity: 'anonymous' })
  assert.deepEqual(await problem(surveys.comments, quiet.surveyId, { as: theirKey }), gone)
})

test('an answer that is left out leaves its cells, and comes back, and twice is once', async () => {
  const { surveyId, ids } = await surveyWith(
    [1, 1, 9].map((score) => ({ score, attributes: { topic: 'Returns', channel: 'mail' } })),
  )
  const before = await cells(surveyId)
  assert.deepEqual(before.kept, before.counted)
  for (const reason of ['spam', 'spam', 'test']) {
    assert.equal((await ask(surveys.exclude, ids[0]!, { body: { reason } })).statusCode, 204)
    const now = await cells(surveyId)
    assert.deepEqual(now.kept, now.counted)
    assert.notDeepEqual(now.kept, before.kept)
  }
  assert.deepEqual(scoresOf(await all(surveyId)), [9, 1])
  const [left] = await all(surveyId, { excluded: 'true' })
  assert.deepEqual([left!.id, left!.excluded], [ids[0], 'test'])
  for (let turn = 0; turn < 2; turn++) assert.equal((await ask(surveys.include, ids[0]!)).statusCode, 204)
  assert.deepEqual(await cells(surveyId), before)
  assert.equal((await all(surveyId)).length, 3)
  assert.deepEqual(await eventsOf(ids[0]!), ['response.excluded', 'response.excluded', 'response.included'])
})

test('the same answer left out by several at once leaves its cells once', async () => {
  const { surveyId, ids } = await surveyWith([{ score: 6 }, { score: 6 }])
  const asked = [1, 2, 3, 4].map(() => ask(surveys.exclude, ids[0]!, { body: { reason: 'spam' } }))
  for (const { statusCode } of await Promise.all(asked)) assert.equal(statusCode, 204)
  const { kept, counted } = await cells(surveyId)
  assert.deepEqual(kept, counted)
  assert.ok(kept.every((cell) => cell.endsWith('6: 1')))
})

test('the file has all that fits, over several pages, and nothing that a spreadsheet would run', async () => {
  const many = Array.from({ length: 1000 }, (_, place) => ({ score: (place % 10) + 1, ...sameMoment }))
  const { surveyId, ids } = await surveyWith(many)
  const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'two\nlines, "quoted"']
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/v1/responses',
    headers: { authorization: `Bearer ${key}` },
    payload: {
      responses: evil.map((comment) => ({
        survey: `survey-${made}`,
        score: 5,
        comment,
        attributes: { topic: '=cmd', own: '=x' },
        customer: { externalId: '=c', name: '@name' },
      })),
    },
  })
  assert.equal(reply.statusCode, 200)
  const file = await ask(surveys.responsesCsv, surveyId)
  assert.equal(file.statusCode, 200)
  assert.match(String(file.headers['content-type']), /^text\/csv/)
  assert.match(String(file.headers['content-disposition']), /^attachment; filename="[\w.-]+\.csv"$/)
  const columns = file.body.split('\r\n')[0]!.split(',')
  assert.equal(new Set(columns).size, columns.length)
  const found = new Set(file.body.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g))
  assert.ok(ids.every((id) => found.has(id)))
  assert.doesNotMatch(file.body, /(^|,)"?[=+@\t-]/m)
  assert.match(file.body, /'=1\+1/)
  assert.match(file.body, /"two\nlines, ""quoted"""/)
  const some = await ask(surveys.responsesCsv, surveyId, { query: { filter: ['topic:=cmd'], from: '2026-11-20' } })
  assert.equal(some.body.match(/'=cmd/g)?.length, evil.length)
  assert.ok(!some.body.includes(ids[0]!))
})

test('what belongs to another workspace is not there', async () => {
  const theirs = await insertExampleSurvey(owner)
  const theirKey = await keyFor(theirs.workspaceId)
  const { surveyId, ids } = await surveyWith([{ score: 1 }])
  const gone = [404, 'platform.not_found', undefined]
  assert.deepEqual(await problem(surveys.responses, surveyId, { as: theirKey }), gone)
  assert.deepEqual(await problem(surveys.responsesCsv, surveyId, { as: theirKey }), gone)
  assert.deepEqual(await problem(surveys.exclude, ids[0]!, { as: theirKey, body: { reason: 'spam' } }), gone)
  assert.deepEqual(await problem(surveys.include, ids[0]!, { as: theirKey }), gone)
  assert.equal((await all(surveyId))[0]!.excluded, null)
})

const someId = '018f0000-0000-7000-8000-000000000000'

test('a page of hard answers does not go on among the easy ones', async () => {
  const { surveyId } = await surveyWith([{ score: 1 }, { score: 1 }, { score: 10 }])
  const { next } = await page(surveyId, { order: 'hardest', limit: 1 })
  const refused = await problem(surveys.responses, surveyId, {
    query: { order: 'hardest', scores: 'easy', after: next! },
  })
  assert.deepEqual(refused, [400, 'surveys.bad_page', '/query/after'])
})

test('a full last page has none after it', async () => {
  const { surveyId } = await surveyWith([{ score: 1 }, { score: 2 }])
  for (const order of ['newest', 'hardest']) assert.equal((await page(surveyId, { limit: 2, order })).next, null)
})

test('a day that no database has is refused', async () => {
  const { surveyId } = await surveyWith([{ score: 1 }])
  for (const entry of [surveys.responses, surveys.responsesCsv]) {
    for (const day of ['from', 'to']) {
      const [status, , field] = await problem(entry, surveyId, { query: { [day]: '0000-01-01' } })
      assert.deepEqual([status, field], [400, `/query/${day}`])
    }
  }
  assert.equal((await page(surveyId, { from: '0001-01-01', to: '9999-12-31' })).items.length, 1)
})

test('answers to an earlier wording with another scale are listed apart, and read by its own rule', async () => {
  const answers = { wish: 'Sooner' }
  const { surveyId } = await surveyWith([1, 10, 8].map((score) => ({ score, answers })))
  const scale = { id: 'ces-7', family: 'effort', min: 1, max: 7, direction: 'high-is-easy' }
  const questions = [{ id: 'later', kind: 'text', text: { en: 'And later?' }, required: false, long: false }]
  const content = JSON.stringify({ ...exampleContent, questions, score: { ...exampleContent.score, scale } })
  await sql`insert into survey_versions (workspace_id, survey_id, version, wording, content, published_at)
    values (${ours.workspaceId}, ${surveyId}, 2, 2, ${content}, now())`.execute(owner)
  const rule = JSON.stringify({ id: 'standard', easy: [5, 6, 7], hard: [1, 2, 3] })
  await sql`update surveys set version = 2, rule = ${rule} where id = ${surveyId}`.execute(owner)
  const found = await all(surveyId, { order: 'hardest', wording: 1 })
  assert.deepEqual(
    found.map(({ score, effortStep, wording }) => [score, effortStep, wording]),
    [
      [1, 1, 1],
      [8, 5, 1],
      [10, 7, 1],
    ],
  )
  // Of today's rule, 5, 6 and 7 are easy.
  assert.deepEqual(scoresOf(await all(surveyId, { scores: 'easy', wording: 1, order: 'hardest' })), [8, 10])
  assert.deepEqual(scoresOf(await all(surveyId, { scores: 'neither', wording: 1 })), [])
  for (const order of ['newest', 'hardest']) assert.deepEqual(await all(surveyId, { order }), [])
  const unknown = await problem(surveys.responses, surveyId, { query: { wording: 3 } })
  assert.deepEqual(unknown, [400, 'surveys.unknown_wording', '/query/wording'])

  const linesOf = async (query: Query) =>
    (await ask(surveys.responsesCsv, surveyId, { query })).body.trim().split('\r\n')
  const [header, ...lines] = await linesOf({})
  assert.match(header!, /,local_date,score,wording,version,.*,answer_later,answer_device,answer_wish,/)
  assert.equal(lines.filter((line) => /,2026-11-10,\d+,1,1,.*,Sooner,/.test(line)).length, 3)
  assert.equal((await linesOf({ wording: 2 })).length, 1)
})

test('a page that this list never gave out is refused, and the field is named', async () => {
  const { surveyId } = await surveyWith([{ score: 1 }])
  const moment = '2026-11-01T00:00:00.000Z'
  const cursors = [
    [1, 'soon', someId],
    [1, moment, 'x'],
    ['1', moment, someId],
    [-1, moment, someId],
    [99_999_999, moment, someId],
    [1, '0000-01-01T00:00:00.000Z', someId],
    [1, '+275000-01-01T00:00:00.000Z', someId],
  ].map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'))
  for (const after of ['x', 'null', '%', '{}', ...cursors]) {
    for (const order of ['newest', 'hardest']) {
      const refused = await problem(surveys.responses, surveyId, { query: { after, order } })
      assert.deepEqual(refused, [400, 'surveys.bad_page', '/query/after'], `${order} ${after}`)
    }
  }
})
