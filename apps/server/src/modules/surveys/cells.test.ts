import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { system, type Scope } from '#platform/store.ts'
import { changeResponse } from './changing-responses.ts'
import { exampleHouse, type ExampleHouse } from './example-house.ts'
import { insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'
import { histograms } from './histograms.ts'
import { createIngest } from './ingest.ts'
import { countAgain, leaveOut } from './leaving-out.ts'
import { declareAttributes, rebuildCells, rebuildChunk } from './rebuilding.ts'
import { createSegmentBook } from './segments.ts'
import { findWrongCells } from './wrong-cells.ts'

let house: ExampleHouse
before(async () => void (house = await exampleHouse()))
after(() => house.close())

type Step =
  | { kind: 'answer'; score: number; channel: string; topic: string; daysAgo: number; again: boolean; out: boolean }
  | { kind: 'edit' | 'exclude' | 'include'; which: number; score: number }
  | { kind: 'declare'; names: string[] }
  | { kind: 'chunk' }
  | { kind: 'recount' }
  | { kind: 'fold' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      score: fc.integer({ min: 1, max: 10 }),
      channel: fc.constantFrom('', 'mail', 'chat'),
      topic: fc.constantFrom('', 'Returns', 'Delivery'),
      daysAgo: fc.integer({ min: 0, max: 40 }),
      again: fc.boolean(),
      out: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit' as const, 'exclude' as const, 'include' as const),
      which: fc.nat(30),
      score: fc.integer({ min: 1, max: 10 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('declare' as const),
      names: fc.subarray(['channel', 'topic', 'language', 'kind']),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'chunk' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'recount' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'fold' as const }) },
)

async function fold({ workspaceId }: ExampleSurvey): Promise<void> {
  await sql`select fold_cells(array[${workspaceId}::uuid])`.execute(house.owner)
}

async function play(survey: ExampleSurvey, steps: readonly Step[]): Promise<void> {
  const scope: Scope = { workspaceId: survey.workspaceId, actor: system }
  const ingest = createIngest(house)
  const book = createSegmentBook(house.store)
  const given: { id: string; token: string }[] = []
  for (const one of steps) {
    if (one.kind === 'answer') {
      const token = one.again && given.length > 0 ? given[0]!.token : `${survey.surveyId}-${given.length}`
      const attributes = Object.fromEntries(
        Object.entries({ channel: one.channel, topic: one.topic }).filter(([, value]) => value),
      )
      const answeredAt = new Date(house.clock.now().getTime() - one.daysAgo * 86_400_000).toISOString()
      const input = { survey: survey.surveyId, score: one.score, attributes, answeredAt, language: 'en' as const }
      const result = await ingest.submit({
        ...scope,
        source: 'link',
        input,
        retryKey: token,
        leaveOut: one.out ? 'own' : undefined,
      })
      assert.notEqual(result.status, 'refused')
      if (result.status === 'accepted') given.push({ id: result.id, token })
    } else if (one.kind === 'declare') {
      await house.store.write(scope, (tx) => declareAttributes(tx, survey.surveyId, one.names))
    } else if (one.kind === 'chunk') {
      await house.store.write(scope, (tx) => rebuildChunk(tx, book, survey.surveyId))
    } else if (one.kind === 'fold') {
      await fold(survey)
    } else if (one.kind === 'recount') {
      assert.equal(await rebuildCells(house, scope, survey.surveyId), 0, 'a recount finds nothing to correct')
    } else {
      const target = given[one.which % Math.max(1, given.length)]
      if (!target) continue
      await house.store.write(scope, async (tx) => {
        if (one.kind === 'edit') await changeResponse(tx, survey.surveyId, target.token, { score: one.score })
        if (one.kind === 'exclude') await leaveOut(tx, target.id, 'spam')
        if (one.kind === 'include') await countAgain(tx, target.id)
      })
    }
  }
}

test('after any sequence of answers, edits, exclusions, declarations and rebuilds the cells agree with the answers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const survey = await insertExampleSurvey(house.owner, { declared: ['channel', 'topic'] })
      await play(survey, steps)
      assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
      const scope: Scope = { workspaceId: survey.workspaceId, actor: system }
      const book = createSegmentBook(house.store)
      while (await house.store.write(scope, (tx) => rebuildChunk(tx, book, survey.surveyId))) continue
      assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
      await assertBreakdownsAgree(survey)
      await fold(survey)
      assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
      await assertBreakdownsAgree(survey)
    }),
    { numRuns: 25, seed: 20261120 },
  )
})

/** After a rebuild each breakdown adds up to the total, and says what the answers themselves say. */
async function assertBreakdownsAgree({ workspaceId, surveyId }: ExampleSurvey): Promise<void> {
  const range = { surveyId, wording: 1, from: '2026-09-01', to: '2026-12-31' }
  await house.store.read({ workspaceId, actor: system }, async (db) => {
    const [total] = await histograms(db, range, 'total')
    for (const attribute of ['channel', 'topic']) {
      const groups = await histograms(db, range, { attribute })
      const sum = total!.counts.map((_, place) => groups.reduce((all, { counts }) => all + counts[place]!, 0))
      assert.deepEqual(sum, total!.counts)
      const { rows } = await sql<{ value: string; n: number }>`
        select coalesce(attributes->>${attribute}, '') as value, count(*) as n from responses
        where survey_id = ${surveyId} and excluded_at is null group by 1`.execute(house.owner)
      const counted = Object.fromEntries(groups.map(({ key, counts }) => [key, counts.reduce((a, b) => a + b, 0)]))
      assert.deepEqual(counted, Object.fromEntries(rows.map(({ value, n }) => [value, n])))
    }
  })
}

test('a recount corrects cells that are wrong, and says how many', async () => {
  const survey = await insertExampleSurvey(house.owner)
  const scope: Scope = { workspaceId: survey.workspaceId, actor: system }
  await play(survey, [
    { kind: 'answer', score: 4, channel: 'mail', topic: '', daysAgo: 0, again: false, out: false },
    { kind: 'answer', score: 9, channel: 'chat', topic: '', daysAgo: 20, again: false, out: false },
  ])
  await fold(survey)
  await sql`update cells set c4 = 7 where survey_id = ${survey.surveyId} and grain = 'd' and c4 = 1 and segment = 0`.execute(
    house.owner,
  )
  await sql`delete from cells where survey_id = ${survey.surveyId} and grain = 'w' and c9 = 1`.execute(house.owner)
  await sql`insert into cells (workspace_id, survey_id, wording, grain, segment, starts_on, c1)
    values (${survey.workspaceId}, ${survey.surveyId}, 1, 'm', 1, '2026-09-01', 5)`.execute(house.owner)
  assert.equal(await rebuildCells(house, scope, survey.surveyId), 4)
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
})

test('what waits for the cells is counted once by every figure, and goes with its survey', async () => {
  const survey = await insertExampleSurvey(house.owner)
  const scope: Scope = { workspaceId: survey.workspaceId, actor: system }
  const send = (score: number) =>
    createIngest(house).submit({ ...scope, source: 'api', input: { survey: survey.surveyId, score } })
  const waiting = async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from cell_changes where survey_id = ${survey.surveyId}`.execute(house.owner)
    return rows[0]!.n
  }
  const total = async () => {
    const range = { surveyId: survey.surveyId, wording: 1, from: '2026-01-01', to: '2026-12-31' }
    const [row] = await house.store.read(scope, (db) => histograms(db, range, 'total'))
    return row!.counts.reduce((sum, n) => sum + n, 0)
  }
  await send(4)
  await fold(survey)
  await send(9)
  assert.equal(await total(), 2)
  await Promise.all([fold(survey), fold(survey), send(2), total()])
  await fold(survey)
  assert.deepEqual([await waiting(), await total()], [0, 3])
  await send(1)
  await house.store.write(scope, (tx) => sql`delete from surveys where id = ${survey.surveyId}`.execute(tx.kysely))
  assert.equal(await waiting(), 0)
  await fold(survey)
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
})

test('cells are added to by themselves soon after an answer', async () => {
  const survey = await insertExampleSurvey(house.owner)
  await createIngest(house).submit({
    workspaceId: survey.workspaceId,
    actor: system,
    source: 'api',
    input: { survey: survey.surveyId, score: 7 },
  })
  const folded = async () => {
    const { rows } =
      await sql`select from cells where survey_id = ${survey.surveyId} and c7 = 1 and segment = 0`.execute(house.owner)
    return rows.length
  }
  const until = Date.now() + 10_000
  while ((await folded()) === 0 && Date.now() < until) await wait(50)
  assert.equal(await folded(), 3, 'day, week and month of the total')
  const { rowCount } = await house.store.ingestPool.query('select sort_comments()')
  assert.equal(rowCount, 1, 'comments may be sorted into their index too')
})

test('answers that come in while attributes are declared and moved count once', async () => {
  const survey = await insertExampleSurvey(house.owner, { declared: ['channel'] })
  const scope: Scope = { workspaceId: survey.workspaceId, actor: system }
  const ingest = createIngest(house)
  const book = createSegmentBook(house.store)
  const send = (from: number) =>
    Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const attributes = { channel: `c${index % 3}`, topic: `t${index % 5}` }
        const input = { survey: survey.surveyId, score: 1 + (index % 10), attributes, externalId: `${from}-${index}` }
        return ingest.submit({ ...scope, source: 'api', input })
      }),
    )
  await send(0)
  const declare = (names: string[]) => house.store.write(scope, (tx) => declareAttributes(tx, survey.surveyId, names))
  const move = async () => {
    while (await house.store.write(scope, (tx) => rebuildChunk(tx, book, survey.surveyId))) continue
  }
  const all = await Promise.all([
    send(1),
    declare(['topic', 'channel']),
    send(2),
    declare(['topic']).then(move),
    send(3),
  ])
  await move()
  for (const results of [all[0], all[2], all[4]]) assert.ok(results.every(({ status }) => status === 'accepted'))
  assert.deepEqual(await findWrongCells(house.owner, survey.surveyId), [])
  await house.store.read(scope, async (db) => {
    const range = { surveyId: survey.surveyId, wording: 1, from: '2026-11-01', to: '2026-11-30' }
    const groups = await histograms(db, range, { attribute: 'topic' })
    assert.deepEqual(
      groups.map(({ key, counts }) => [key, counts.reduce((a, b) => a + b, 0)]),
      ['t0', 't1', 't2', 't3', 't4'].map((key) => [key, 48]),
    )
  })
})
