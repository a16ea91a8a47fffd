import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { keepHouse } from '#platform/jobs.ts'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { designEffectOf, designEffectTasks, measureDesignEffect } from './design-effects.ts'
import type { SumsByCustomer } from './design-effects.queries.ts'
import { insertExampleSurvey, type ExampleSurvey } from './example-survey.ts'
import { createIngest } from './ingest.ts'
import { leaveOut } from './leaving-out.ts'
import { getReadableSurvey } from './readable-surveys.queries.ts'

let house: TestHouse
let owner: Kysely<unknown>
let survey: ExampleSurvey
let scope: Scope

before(async () => {
  house = await testHouse()
  owner = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: new pg.Pool({ ...house.database.owner, max: 2 }).on('error', () => undefined),
    }),
  })
  survey = await insertExampleSurvey(owner)
  scope = { workspaceId: survey.workspaceId, actor: system }
})
after(async () => {
  await owner.destroy()
  await house.close()
})

/** The sums over customers, each given as its scores. */
function sumsOf(customers: readonly (readonly number[])[]): SumsByCustomer {
  const over = (each: (scores: readonly number[], sum: number) => number) =>
    customers.reduce((total, scores) => total + each(scores, sum(scores)), 0)
  return {
    answers: over((scores) => scores.length),
    customers: customers.length,
    scores: over((_, total) => total),
    squares: over((scores) => sum(scores.map((score) => score ** 2))),
    sumSquares: over((_, total) => total ** 2),
    sumTimesAnswers: over((scores, total) => total * scores.length),
    answersSquares: over((scores) => scores.length ** 2),
  }
}
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one)

/** As it is defined, answer by answer. */
function byDefinition(customers: readonly (readonly number[])[]): number {
  const all = customers.flat()
  const mean = sum(all) / all.length
  const residual = (scores: readonly number[]) => sum(scores.map((score) => score - mean))
  const c = customers.length
  const clustered = ((c / (c - 1)) * sum(customers.map((scores) => residual(scores) ** 2))) / all.length ** 2
  const independent = sum(all.map((score) => (score - mean) ** 2)) / (all.length - 1) / all.length
  return Math.max(1, clustered / independent)
}

test('customers who answer once are independent; who always repeats one score counts once', () => {
  assert.equal(designEffectOf(sumsOf([...times(20, [9]), ...times(20, [2])])), 1)
  const thrice = designEffectOf(sumsOf([...times(20, [9, 9, 9]), ...times(20, [2, 2, 2])]))!
  assert.ok(Math.abs(thrice - (3 * 40 * 119) / (39 * 120)) < 1e-9, String(thrice))
})

test('customers who differ within themselves as much as can be are never counted as more than they are', () => {
  assert.equal(designEffectOf(sumsOf(times(30, [1, 10]))), 1)
})

test('too few answers, or those of one customer, say nothing; equal scores have no repetition to speak of', () => {
  assert.equal(designEffectOf(sumsOf(times(14, [1, 9]))), null)
  assert.equal(designEffectOf(sumsOf([times(50, 3)])), null)
  assert.equal(designEffectOf(sumsOf([])), null)
  assert.equal(designEffectOf(sumsOf(times(20, [7, 7]))), 1)
})

test('for any answers the sums give what the definition gives', () => {
  const customer = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(customer, { minLength: 30, maxLength: 60 }), (customers) => {
      fc.pre(new Set(customers.flat()).size > 1)
      const [found, expected] = [designEffectOf(sumsOf(customers))!, byDefinition(customers)]
      assert.ok(Math.abs(found - expected) < 1e-6 * expected, `${found} ${expected}`)
    }),
  )
})

type Reported = { survey: string; score: number; answeredAt?: string; customer?: { externalId: string } }

async function report(inputs: readonly Reported[], { workspaceId } = scope): Promise<string[]> {
  const answers = inputs.map((input) => ({ workspaceId, actor: system, source: 'import' as const, input }))
  const results = await createIngest(house).submitAll(answers)
  await sql`select fold_cells(array[${workspaceId}::uuid])`.execute(owner)
  return results.map((result) => (result.status === 'accepted' ? result.id : assert.fail(result.status)))
}

async function known({ workspaceId, key } = survey): Promise<{ designEffect: number; measuredOn: string | null }> {
  const { wordings } = await house.store.read({ workspaceId, actor: system }, (db) => getReadableSurvey(db, key))
  return { designEffect: wordings[0]!.designEffect, measuredOn: wordings[0]!.measuredOn }
}

test('it is measured from counted answers with a customer of the last 90 days, and kept until others come', async () => {
  const of = (customers: readonly (readonly number[])[], answeredAt?: string, name = 'c') =>
    customers.flatMap((scores, index) =>
      scores.map((score) => ({ survey: survey.key, score, answeredAt, customer: { externalId: `${name}${index}` } })),
    )
  const measure = () => house.store.write(scope, (tx) => measureDesignEffect(tx, { id: survey.surveyId, wording: 1 }))
  assert.deepEqual(await known(), { designEffect: 1, measuredOn: null })

  const customers = [...times(10, [9, 10, 9]), ...times(10, [2, 1])]
  await report([
    ...of(customers),
    ...of(times(40, [5]), '2026-08-20T08:00:00Z', 'old'),
    ...times(40, { survey: survey.key, score: 5 }),
  ])
  const [spam] = await report(of([[4]]))
  await house.store.write(scope, (tx) => leaveOut(tx, spam!, 'spam'))
  await measure()
  const { designEffect, measuredOn } = await known()
  assert.equal(measuredOn, '2026-11-20')
  assert.ok(Math.abs(designEffect - byDefinition(customers)) < 1e-9, `${designEffect}`)

  house.clock.set('2027-06-01T10:00:00Z')
  await measure()
  assert.deepEqual(await known(), { designEffect, measuredOn: '2027-06-01' })
})

test('who was merged is one customer', async () => {
  const twins = await insertExampleSurvey(owner)
  const given = (score: number, first: number) =>
    Array.from({ length: 20 }, (_, at) => ({
      survey: twins.key,
      score,
      answeredAt: '2027-05-20T08:00:00Z',
      customer: { externalId: `twin ${first + at}` },
    }))
  await report([...given(9, 0), ...given(2, 20)], { ...scope, workspaceId: twins.workspaceId })
  const measure = () =>
    house.store.write({ workspaceId: twins.workspaceId, actor: system }, (tx) =>
      measureDesignEffect(tx, { id: twins.surveyId, wording: 1 }),
    )
  await measure()
  assert.equal((await known(twins)).designEffect, 1)
  // Every second one is the one before: 20 people who say the same twice.
  await sql`
    update customers c set merged_into = o.id from customers o
    where c.workspace_id = ${twins.workspaceId} and o.workspace_id = c.workspace_id
      and substr(c.external_id, 6)::integer % 2 = 1
      and substr(o.external_id, 6)::integer = substr(c.external_id, 6)::integer - 1`.execute(owner)
  await measure()
  // With residuals ±r: 20/19 × 20 × (2r)² over 40/39 × 40 r².
  const { designEffect } = await known(twins)
  assert.ok(Math.abs(designEffect - 39 / 19) < 1e-9, `${designEffect}`)
})

test('every day all that got answers by name are measured once, also when it had to stop in between', async () => {
  const [asked, silent, nameless] = [
    await insertExampleSurvey(owner),
    await insertExampleSurvey(owner),
    await insertExampleSurvey(owner),
  ]
  await sql`update surveys set identity = 'anonymous' where id = ${nameless.surveyId}`.execute(owner)
  const answers = ({ key }: ExampleSurvey, answeredAt: string, each = 3) =>
    Array.from({ length: 20 * each }, (_, at) => ({
      survey: key,
      score: at % 20 < 10 ? 9 : 2,
      answeredAt,
      customer: { externalId: `c ${at % 20}` },
    }))
  const of = ({ workspaceId }: ExampleSurvey) => ({ workspaceId, actor: system })
  await report(answers(asked, '2027-05-20T08:00:00Z'), of(asked))
  await report(answers(silent, '2027-01-20T08:00:00Z'), of(silent))
  await report(answers(nameless, '2027-05-20T08:00:00Z'), of(nameless))
  const keep = async () => {
    await keepHouse(house.store, designEffectTasks(house))
    await house.jobs.settle()
  }

  const daily = designEffectTasks(house).find((task) => task.daily)!
  await daily.run(of(asked), {}, AbortSignal.abort())
  assert.equal((await known(asked)).measuredOn, null)
  await house.jobs.settle()
  const { designEffect, measuredOn } = await known(asked)
  assert.equal(measuredOn, '2027-06-01')
  // 20 customers who say the same three times: 20/19 × 20 × (3r)² over 60/59 × 60 r².
  assert.ok(Math.abs(designEffect - (3 * 59) / 57) < 1e-9, `${designEffect}`)

  await report(answers(asked, '2027-05-21T08:00:00Z', 1), of(asked))
  await keep()
  assert.deepEqual(await known(asked), { designEffect, measuredOn })
  assert.deepEqual(await known(silent), { designEffect: 1, measuredOn: null })
  assert.deepEqual(await known(nameless), { designEffect: 1, measuredOn: null })
  house.clock.advance(86_400_000)
  await keep()
  const next = await known(asked)
  assert.equal(next.measuredOn, '2027-06-02')
  assert.ok(Math.abs(next.designEffect - (4 * 79) / 76) < 1e-9, `${next.designEffect}`)
})
