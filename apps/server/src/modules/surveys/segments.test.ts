import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { system } from '#platform/store.ts'
import { exampleHouse, type ExampleHouse } from './example-house.ts'
import { insertExampleSurvey } from './example-survey.ts'
import { findCrowdingAttribute } from './segments.queries.ts'
import { createSegmentBook, type Segmentation } from './segments.ts'
import { mostSegments, mostValues, otherValue, valuesOf } from './segment-values.ts'

let house: ExampleHouse
before(async () => void (house = await exampleHouse()))
after(() => house.close())

async function segmentation(declared: string[]): Promise<Segmentation> {
  const { workspaceId, surveyId } = await insertExampleSurvey(house.owner, { declared })
  return { workspaceId, id: surveyId, declared, generation: 1 }
}

async function attributesOf({ id }: Segmentation, segment: number): Promise<unknown> {
  const { rows } = await sql<{ attributes: unknown }>`
    select attributes from segments where survey_id = ${id} and segment = ${segment}`.execute(house.owner)
  return rows[0]?.attributes
}

test('values come from the attributes; the language also from the answer', () => {
  const declared = ['channel', 'language', 'topic']
  assert.deepEqual(valuesOf(declared, { topic: 'Returns' }, 'sl'), ['', 'sl', 'Returns'])
  assert.deepEqual(valuesOf(declared, { language: 'hr' }, 'sl'), ['', 'hr', ''])
  assert.deepEqual(valuesOf(declared, {}, undefined), ['', '', ''])
})

test('one combination is one segment, whoever asks and however many at once', async () => {
  const survey = await segmentation(['channel', 'topic'])
  const book = createSegmentBook(house.store)
  const numbers = await Promise.all(Array.from({ length: 50 }, (_, n) => book.get(survey, ['mail', `t${n % 5}`])))
  assert.equal(new Set(numbers).size, 5)
  assert.equal(book.find(survey, ['mail', 't3']), numbers[3])
  assert.deepEqual(await attributesOf(survey, numbers[3]!), { channel: 'mail', topic: 't3' })
  assert.equal(book.find(survey, ['mail', 'new']), undefined)
})

test('what another process has added is found, not made again', async () => {
  const survey = await segmentation(['channel'])
  await sql`insert into segments (workspace_id, survey_id, segment, generation, attributes)
    values (${survey.workspaceId}, ${survey.id}, 1, 1, '{"channel": "mail"}')`.execute(house.owner)
  assert.equal(await createSegmentBook(house.store).get(survey, ['mail']), 1)
  assert.equal(await createSegmentBook(house.store).get(survey, ['']), 2)
})

test('a value beyond the most frequent ones is other', async () => {
  const survey = await segmentation(['topic'])
  const book = createSegmentBook(house.store)
  const all = Array.from({ length: mostValues + 20 }, (_, n) => [`t${n}`])
  const numbers = await house.store.write({ workspaceId: survey.workspaceId, actor: system }, (tx) =>
    book.getAll(tx, survey, all),
  )
  assert.equal(new Set(numbers).size, mostValues + 1)
  assert.deepEqual(await attributesOf(survey, numbers.at(-1)!), { topic: otherValue })
  assert.equal(await book.get(survey, ['t0']), numbers[0])
})

test('what a transaction has added that then failed is not believed', async () => {
  const survey = await segmentation(['topic'])
  const book = createSegmentBook(house.store)
  const failing = house.store.write({ workspaceId: survey.workspaceId, actor: system }, async (tx) => {
    await book.getAll(tx, survey, [['lost']])
    throw new Error('on purpose')
  })
  await assert.rejects(failing, /on purpose/)
  assert.equal(book.find(survey, ['lost']), undefined)
  assert.deepEqual(await attributesOf(survey, await book.get(survey, ['kept'])), { topic: 'kept' })
})

test('a survey with too many segments stops combining', async () => {
  const survey = await segmentation(['a', 'b', 'c'])
  await sql`insert into segments (workspace_id, survey_id, segment, generation, attributes)
    select ${survey.workspaceId}, ${survey.id}, n, 1, jsonb_build_object('a', 'a' || n % 150, 'b', 'b' || n / 150)
    from generate_series(1, ${mostSegments}) n`.execute(house.owner)
  const book = createSegmentBook(house.store)
  const first = await book.get(survey, ['a0', 'b1', 'c1'])
  assert.deepEqual(await attributesOf(survey, first), { a: otherValue, b: otherValue, c: otherValue })
  assert.equal(await book.get(survey, ['a1', 'b1', 'c2']), first)
  assert.equal(await book.get(survey, ['a1', 'b0', '']), 1)
  const scope = { workspaceId: survey.workspaceId, actor: system }
  assert.equal(await house.store.read(scope, (db) => findCrowdingAttribute(db, survey.id)), 'a')
  const small = await segmentation(['a'])
  await createSegmentBook(house.store).get(small, ['x'])
  const elsewhere = { workspaceId: small.workspaceId, actor: system }
  assert.equal(await house.store.read(elsewhere, (db) => findCrowdingAttribute(db, small.id)), undefined)
})
