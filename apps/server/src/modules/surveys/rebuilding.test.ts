import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { system, type Scope } from '#platform/store.ts'
import { changeResponse } from './changing-responses.ts'
import { exampleHouse, type ExampleHouse } from './example-house.ts'
import { insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'
import { histograms } from './histograms.ts'
import { createIngest } from './ingest.ts'
import { countAgain, leaveOut } from './leaving-out.ts'
import { beginRebuilds, chooseValues, declareAttributes, rebuildCells, rebuildChunk } from './rebuilding.ts'
import { mostValues, otherValue } from './segment-values.ts'
import { createSegmentBook } from './segments.ts'
import { findWrongCells } from './wrong-cells.ts'

let house: ExampleHouse
before(async () => void (house = await exampleHouse()))
after(() => house.close())

const scopeOf = ({ workspaceId }: ExampleSurvey): Scope => ({ workspaceId, actor: system })

const declare = (survey: ExampleSurvey, names: readonly string[]) =>
  house.store.write(scopeOf(survey), (tx) => declareAttributes(tx, survey.surveyId, names))

const chunk = (survey: ExampleSurvey, most?: number) =>
  house.store.write(scopeOf(survey), (tx) => rebuildChunk(tx, createSegmentBook(house.store), survey.surveyId, most))

/** A chunk that ends before it commits. */
async function crash(survey: ExampleSurvey, most: number): Promise<void> {
  const broken = house.store.write(scopeOf(survey), async (tx) => {
    await rebuildChunk(tx, createSegmentBook(house.store), survey.surveyId, most)
    throw new Error('the power went')
  })
  await assert.rejects(broken, /the power went/)
}

async function finish(survey: ExampleSurvey, most?: number): Promise<void> {
  while (await chunk(survey, most)) continue
}

async function answer(
  survey: ExampleSurvey,
  token: string,
  attributes: Record<string, string>,
  score = 7,
  daysAgo = 0,
): Promise<string> {
  const answeredAt = new Date(house.clock.now().getTime() - daysAgo * 86_400_000).toISOString()
  const input = { survey: survey.surveyId, score, attributes, answeredAt }
  const result = await createIngest(house).submit({ ...scopeOf(survey), source: 'link', input, retryKey: token })
  assert.equal(result.status, 'accepted')
  return result.status === 'accepted' ? result.id : ''
}

type Row = { segment: number; score: number; local_date: string }

/** What the answers say, in the words of `cellsOf`: counted here, one by one. */
async function countedOf({ surveyId }: ExampleSurvey): Promise<Map<string, number>> {
  const { rows } = await sql<Row>`
    select segment, score, local_date from responses where survey_id = ${surveyId} and excluded_at is null`.execute(
    house.owner,
  )
  const counted = new Map<string, number>()
  for (const { segment, score, local_date: day } of rows) {
    for (const period of [`d ${day}`, `w ${mondayOf(day)}`, `m ${day.slice(0, 7)}-01`]) {
      for (const one of new Set([segment, 0])) {
        const key = `${period} ${one} ${score}`
        counted.set(key, (counted.get(key) ?? 0) + 1)
      }
    }
  }
  return counted
}

function mondayOf(day: string): string {
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

async function cellsOf({ surveyId }: ExampleSurvey): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; n: number }>`
    select grain::text || ' ' || starts_on || ' ' || segment || ' ' || score as key, n from cells_now
    cross join lateral (values (0, c0), (1, c1), (2, c2), (3, c3), (4, c4), (5, c5), (6, c6), (7, c7), (8, c8), (9, c9),
      (10, c10)) v(score, n)
    where survey_id = ${surveyId} and n <> 0`.execute(house.owner)
  return new Map(rows.map(({ key, n }) => [key, n]))
}

async function assertAgree(survey: ExampleSurvey): Promise<void> {
  const [cells, counted] = [await cellsOf(survey), await countedOf(survey)]
  const sorted = (map: Map<string, number>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
  assert.deepEqual(sorted(cells), sorted(counted))
}

/** After a rebuild each answer has the segment that its own attributes make. */
async function assertSegmentsFit({ surveyId }: ExampleSurvey): Promise<void> {
  const { rows } = await sql<{ made: unknown; own: unknown }>`
    select g.attributes as made, coalesce((
      select jsonb_object_agg(key, value) from jsonb_each(r.attributes) where key = any(s.declared)), '{}') as own
    from responses r join surveys s on s.id = r.survey_id
    left join segments g on g.survey_id = r.survey_id and g.segment = r.segment and g.generation = s.generation
    where r.survey_id = ${surveyId}`.execute(house.owner)
  for (const { made, own } of rows) assert.deepEqual(made, own)
}

type Act =
  | { kind: 'answer'; score: number; channel: string; topic: string; daysAgo: number }
  | { kind: 'edit' | 'leaveOut' | 'countAgain'; which: number; score: number }
  | { kind: 'declare'; names: string[] }
  | { kind: 'chunk'; most: number }
  | { kind: 'crash'; most: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      score: fc.integer({ min: 1, max: 10 }),
      channel: fc.constantFrom('mail', 'chat'),
      topic: fc.constantFrom('returns', 'delivery', 'price'),
      daysAgo: fc.integer({ min: 0, max: 40 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit' as const, 'leaveOut' as const, 'countAgain' as const),
      which: fc.nat(20),
      score: fc.integer({ min: 1, max: 10 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('declare' as const), names: fc.subarray(['channel', 'topic']) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('chunk' as const), most: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), most: fc.integer({ min: 1, max: 3 }) }),
  },
)

type Given = { id: string; token: string }

async function play(survey: ExampleSurvey, one: Act, given: Given[], name: string): Promise<void> {
  if (one.kind === 'answer') {
    const id = await answer(survey, name, { channel: one.channel, topic: one.topic }, one.score, one.daysAgo)
    return void given.push({ id, token: name })
  }
  if (one.kind === 'declare') return declare(survey, one.names)
  if (one.kind === 'chunk') return void (await chunk(survey, one.most))
  if (one.kind === 'crash') return crash(survey, one.most)
  const target = given[one.which % Math.max(1, given.length)]
  if (!target) return
  await house.store.write(scopeOf(survey), async (tx) => {
    if (one.kind === 'edit') await changeResponse(tx, survey.surveyId, target.token, { score: one.score })
    if (one.kind === 'leaveOut') await leaveOut(tx, target.id, 'spam')
    if (one.kind === 'countAgain') await countAgain(tx, target.id)
  })
}

test('two surveys: whatever happens at the same time, and wherever a rebuild breaks off, cells are what answers say', async () => {
  const several = fc.array(fc.tuple(fc.nat(1), act), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fc.array(several, { minLength: 4, maxLength: 14 }), async (turns) => {
      const first = await insertExampleSurvey(house.owner, { declared: ['channel'] })
      const second = await insertExampleSurvey(house.owner, { ...first, key: 'other', declared: ['topic'] })
      const both = [
        { survey: first, given: [] as Given[] },
        { survey: second, given: [] as Given[] },
      ]
      for (const [turn, acts] of turns.entries()) {
        await Promise.all(
          acts.map(([which, one], place) => {
            const { survey, given } = both[which]!
            return play(survey, one, given, `${survey.surveyId} ${turn} ${place}`)
          }),
        )
      }
      for (const { survey } of both) {
        await assertAgree(survey)
        await finish(survey)
        await assertAgree(survey)
        await assertSegmentsFit(survey)
      }
    }),
    { numRuns: 20, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false },
  )
})

test('stopped after each answer and each crash, a rebuild ends where one in a single go does', async () => {
  const survey = await insertExampleSurvey(house.owner, { declared: ['channel'] })
  for (let n = 0; n < 12; n++) {
    await answer(survey, `stopped ${n}`, { channel: `c${n % 2}`, topic: `t${n % 3}` }, 1 + (n % 10), n)
  }
  await declare(survey, ['topic'])
  const seen: number[] = []
  for (;;) {
    await crash(survey, 1)
    await assertAgree(survey)
    const progress = await chunk(survey, 1)
    await assertAgree(survey)
    if (!progress) break
    assert.equal(progress.total, 12)
    seen.push(progress.done)
  }
  assert.deepEqual(seen.slice(0, 13), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12])
  await assertSegmentsFit(survey)
  const { rows } = await sql<{ segments: number; cells: number }>`
    select (select count(*) from segments where survey_id = ${survey.surveyId}) as segments,
      (select count(distinct segment) from cells_now where survey_id = ${survey.surveyId}) as cells`.execute(
    house.owner,
  )
  assert.deepEqual(rows, [{ segments: 3, cells: 4 }], 'nothing of the old generation stays')
})

test('a rebuild keeps the most frequent values apart, not those that came first', async () => {
  const survey = await insertExampleSurvey(house.owner, { declared: ['channel'] })
  const rare = Array.from({ length: mostValues + 5 }, (_, n) => `rare${n}`)
  await Promise.all(rare.map((topic) => answer(survey, `${survey.surveyId} ${topic}`, { topic }, 7, 1)))
  await Promise.all(
    ['often', 'often', 'often'].map((topic, n) => answer(survey, `${survey.surveyId} ${n}`, { topic }, 7, 30)),
  )
  await declare(survey, ['topic'])
  // The newest move first, and there are more of them than values have room.
  await finish(survey, 50)
  await assertAgree(survey)
  const range = { surveyId: survey.surveyId, wording: 1, from: '2026-10-01', to: '2026-11-30' }
  const groups = await house.store.read(scopeOf(survey), (db) => histograms(db, range, { attribute: 'topic' }))
  const counts = new Map(groups.map((group) => [group.key, group.counts.reduce((a, b) => a + b, 0)]))
  assert.equal(counts.get('often'), 3)
  assert.equal(counts.get(otherValue), 6)
  assert.equal(counts.size, mostValues + 1)
})

test('a process that starts asks for the rebuilds that another has left', async () => {
  const survey = await insertExampleSurvey(house.owner, { declared: ['channel'] })
  await answer(survey, 'left', { channel: 'mail' })
  await declare(survey, ['topic'])
  const waiting = async () => {
    const { rows } = await sql<{ key: string }>`
      select key from graphile_worker.jobs where key = ${`${survey.workspaceId}:rebuild_cells:${survey.surveyId}`}`.execute(
      house.owner,
    )
    return rows.length
  }
  assert.equal(await waiting(), 1)
  await sql`delete from graphile_worker._private_jobs`.execute(house.owner)
  await beginRebuilds(house)
  assert.equal(await waiting(), 1)
  await finish(survey)
})

test('a recount names each wrong cell with what it lacked', async () => {
  const survey = await insertExampleSurvey(house.owner)
  await answer(survey, 'named', { channel: 'mail' }, 4)
  await sql`select fold_cells(array[${survey.workspaceId}::uuid])`.execute(house.owner)
  await sql`
    update cells set c4 = 0, c9 = 2 where survey_id = ${survey.surveyId} and grain = 'w' and segment = 0`.execute(
    house.owner,
  )
  const told: unknown[] = []
  const wrong = await rebuildCells(house, scopeOf(survey), survey.surveyId, { mended: (cells) => told.push(...cells) })
  assert.equal(wrong, 1)
  const counts = [0, 0, 0, 0, 1, 0, 0, 0, 0, -2, 0]
  assert.deepEqual(told, [{ wording: 1, grain: 'w', segment: 0, starts_on: '2026-11-16', counts }])
  await assertAgree(survey)
})

test('values that have become frequent come apart the next night, where it is worth it', async () => {
  const survey = await insertExampleSurvey(house.owner, { declared: ['topic'] })
  const ingest = createIngest(house)
  const send = async (topics: readonly string[]) => {
    const results = await ingest.submitAll(
      topics.map((topic) => {
        const input = { survey: survey.surveyId, score: 7, attributes: { topic } }
        return { ...scopeOf(survey), source: 'api' as const, input }
      }),
    )
    assert.ok(results.every(({ status }) => status === 'accepted'))
  }
  const counted = async () => {
    const range = { surveyId: survey.surveyId, wording: 1, from: '2026-01-01', to: '2026-12-31' }
    const rows = await house.store.read(scopeOf(survey), (db) => histograms(db, range, { attribute: 'topic' }))
    return rows.map(({ key, counts }) => [key, counts[6]])
  }
  const nightly = async () => {
    const { rows } = await sql<{ at: Date }>`
      select run_at as at from graphile_worker.jobs
      where task_identifier = 'choose_values' and key like ${`%${survey.surveyId}`}`.execute(house.owner)
    return rows.map(({ at }) => new Date(at).toISOString())
  }
  const choose = () => house.store.write(scopeOf(survey), (tx) => chooseValues(tx, survey.surveyId))

  await send(Array.from({ length: mostValues }, (_, place) => `rare ${place}`))
  assert.deepEqual(await nightly(), [])
  await choose()
  await send(Array.from({ length: 60 }, () => 'Returns'))
  await send(Array.from({ length: 40 }, () => 'Delivery'))
  assert.deepEqual((await counted())[0], [otherValue, 100])
  assert.deepEqual(await nightly(), ['2026-11-21T02:00:00.000Z'])

  await choose()
  await finish(survey)
  assert.deepEqual((await counted()).slice(0, 3), [
    ['Returns', 60],
    ['Delivery', 40],
    [otherValue, 2],
  ])
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])

  await choose()
  const { rows } = await sql<{ generation: number }>`
    select generation from surveys where id = ${survey.surveyId}`.execute(house.owner)
  assert.equal(rows[0]!.generation, 2)
})
