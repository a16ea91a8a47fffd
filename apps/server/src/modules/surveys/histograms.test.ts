import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { system, type Scope } from '#platform/store.ts'
import { exampleHouse, type ExampleHouse } from './example-house.ts'
import { insertExampleSurvey } from './example-survey.ts'
import { breakdowns, histograms, type HistogramFilter } from './histograms.ts'
import { createIngest, type Answer } from './ingest.ts'
import { mostValues, otherValue } from './segment-values.ts'

let house: ExampleHouse
before(async () => void (house = await exampleHouse()))
after(() => house.close())

test('counted from the answers, every figure is what the cells say', async () => {
  const { workspaceId, surveyId } = await insertExampleSurvey(house.owner, { declared: ['topic', 'language'] })
  const scope: Scope = { workspaceId, actor: system }
  const answers = Array.from({ length: mostValues + 60 }, (_, place): Answer => {
    // One in three says its language as an attribute too, which then is the one that counts.
    const attributes = { topic: `t${place}`, box: '1', ...(place % 3 === 0 && { language: 'hr' }) }
    const answeredAt = new Date(Date.UTC(2026, 9, 1 + (place % 45), 9)).toISOString()
    const input = { survey: surveyId, score: 1 + (place % 10), language: 'sl' as const, attributes, answeredAt }
    return { ...scope, source: 'import', input }
  })
  const results = await createIngest(house).submitAll(answers)
  assert.ok(results.every(({ status }) => status === 'accepted'))

  const box = { attribute: 'box', values: ['1'] }
  const filters: Omit<HistogramFilter, 'surveyId' | 'wording'>[] = [
    { from: '2026-10-01', to: '2026-11-30' },
    { from: '2026-10-07', to: '2026-10-07' },
    { from: '2026-10-05', to: '2026-11-09', grain: 'week' },
    { from: '2026-10-01', to: '2026-11-01', grain: 'month' },
    { from: '2026-10-01', to: '2026-11-30', where: [{ attribute: 'topic', values: [otherValue, 't3'] }] },
    { from: '2026-10-01', to: '2026-11-30', where: [{ attribute: 'language', values: ['hr'] }] },
  ]
  await house.store.read(scope, async (db) => {
    for (const part of filters) {
      const cells = { surveyId, wording: 1, ...part }
      const scan = { ...cells, where: [...(part.where ?? []), box] }
      for (const by of ['total', 'period'] as const) {
        const counted = await histograms(db, cells, by)
        assert.deepEqual(await histograms(db, scan, by), counted)
        assert.ok(counted.some(({ counts }) => counts.some((count) => count > 0)))
      }
      const attributes = ['topic', 'language']
      assert.deepEqual(await breakdowns(db, scan, attributes), await breakdowns(db, cells, attributes))
    }
  })
})

test('an attribute with very many values leaves the others theirs', async () => {
  const { workspaceId, surveyId } = await insertExampleSurvey(house.owner, { declared: ['topic'] })
  const scope: Scope = { workspaceId, actor: system }
  const answers = Array.from({ length: 10_050 }, (_, place): Answer => {
    const attributes = { box: `b${place}`, topic: 'Returns' }
    return { ...scope, source: 'api', input: { survey: surveyId, score: 5, attributes } }
  })
  await createIngest(house).submitAll(answers)
  const filter = { surveyId, wording: 1, from: '2026-11-01', to: '2026-11-30' }
  const found = await house.store.read(scope, (db) => breakdowns(db, filter, ['box', 'topic']))
  assert.deepEqual([found.get('topic')!.length, found.get('box')!.length], [1, 9_999])
})
