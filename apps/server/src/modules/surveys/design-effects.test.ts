import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { designEffectOf, measureDesignEffect } from './design-effects.ts'
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

test('it is measured from counted answers with a customer of the last 90 days, and kept until others come', async () => {
  const of = (customers: readonly (readonly number[])[], answeredAt?: string, name = 'c') =>
    customers.flatMap((scores, index) =>
      scores.map((score) => ({ survey: survey.key, score, answeredAt, customer: { externalId: `${name}${index}` } })),
    )
  const report = async (inputs: readonly { survey: string; score: number; answeredAt?: string }[]) => {
    const answers = inputs.map((input) => ({ ...scope, source: 'import' as const, input }))
    const results = await createIngest(house).submitAll(answers)
    return results.map((result) => (result.status === 'accepted' ? result.id : assert.fail(result.status)))
  }
  const known = async () => {
    const { wordings } = await house.store.read(scope, (db) => getReadableSurvey(db, survey.key))
    return { designEffect: wordings[0]!.designEffect, measuredOn: wordings[0]!.measuredOn }
  }
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
