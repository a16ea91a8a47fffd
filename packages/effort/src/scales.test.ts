import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metricNames } from './reading.ts'
import { customScale, effortStep, resolveRule, rules, scales, type ScaleId } from './scales.ts'
import { summarize } from './summaries.ts'

test('the presets are those of the definition', () => {
  const printed = Object.values(scales).map(({ id, min, max, direction, easy, hard, family }) =>
    [id, min, max, direction, easy.join(), hard.join(), family].join(' '),
  )
  assert.deepEqual(printed, [
    'ces-10 1 10 high-is-easy 8,9,10 1,2,3,4 effort',
    'ces-7 1 7 high-is-easy 5,6,7 1,2,3 effort',
    'ces-5 1 5 high-is-hard 1,2 4,5 effort',
    'ces-3 1 3 high-is-easy 3 1 effort',
    'csat-5 1 5 high-is-easy 4,5 1,2 satisfaction',
    'nps-11 0 10 high-is-easy 9,10 0,1,2,3,4,5,6 recommendation',
  ])
})

test('every ready rule fits its scale, has an id of its own, and the first is the standard one', () => {
  for (const id of Object.keys(scales) as ScaleId[]) {
    const ready = rules[id]
    assert.equal(ready[0]?.id, 'standard')
    assert.equal(new Set(ready.map((rule) => rule.id)).size, ready.length)
    for (const rule of ready) assert.equal(resolveRule(rule, scales[id]), rule)
    assert.deepEqual(resolveRule(undefined, scales[id]), {
      id: 'standard',
      easy: scales[id].easy,
      hard: scales[id].hard,
    })
  }
})

test('the effort steps are those of the look', () => {
  const steps = (id: ScaleId) =>
    Array.from({ length: scales[id].max - scales[id].min + 1 }, (_, i) => effortStep(scales[id].min + i, id)).join(' ')
  assert.equal(steps('ces-10'), '1 2 2 3 4 4 4 5 6 7')
  assert.equal(steps('ces-7'), '1 2 3 4 5 6 7')
  assert.equal(steps('ces-5'), '7 5 4 3 1')
  assert.equal(steps('ces-3'), '1 4 7')
  assert.equal(steps('csat-5'), '1 3 4 5 7')
  assert.equal(steps('nps-11'), '1 1 2 2 2 3 3 4 4 5 7')
  assert.equal(effortStep(8.4, 'ces-10'), 5)
  assert.equal(effortStep(8, 'ces-10', 'easiest-two'), 4)
})

test('a custom scale is checked', () => {
  const parts = { min: 0, max: 4, direction: 'high-is-hard', easy: [0, 1], hard: [3, 4] } as const
  assert.deepEqual(customScale(parts), { id: 'custom', family: 'effort', ...parts })
  const refused: [Partial<Parameters<typeof customScale>[0]>, RegExp][] = [
    [{ min: 0.5 }, /^min is 0\.5; it must be a whole number/],
    [{ max: 0 }, /^max is 0; it must be a whole number from 1 to 100/],
    [{ max: 200 }, /^max is 200/],
    [{ easy: [3, 4], hard: [0] }, /^easy is \[3,4\]; it must be a run of ascending values that starts at 0/],
    [{ easy: [0, 2] }, /^easy/],
    [{ easy: [] }, /^easy/],
    [{ easy: undefined as never }, /^easy is undefined/],
    [{ hard: [1, 2, 3, 4] }, /^hard is \[1,2,3,4\]; it must be values that are not easy as well/],
    [{ direction: 'up' as 'high-is-easy' }, /^direction is 'up'; it must be high-is-easy or high-is-hard/],
    [{ family: 'mood' as 'effort' }, /^family is 'mood'/],
  ]
  assert.throws(() => customScale(undefined as never), { name: 'RangeError', message: /^parts is undefined/ })
  for (const [wrong, message] of refused) {
    assert.throws(() => customScale({ ...parts, ...wrong }), { name: 'RangeError', message })
  }
})

test('presets, rules and what is made of them cannot be changed', () => {
  const { rule } = summarize([1, 1, 1], 'ces-3')
  const kept: object[] = [scales, rules, metricNames, rule, rule.easy, rule.hard]
  for (const scale of [...Object.values(scales), customScale({ ...scales['ces-3'] })]) {
    kept.push(scale, scale.easy, scale.hard)
  }
  for (const list of Object.values(rules)) kept.push(list, ...list.flatMap((one) => [one, one.easy, one.hard]))
  assert.ok(kept.every(Object.isFrozen))
})

test('an unknown scale, rule or value is refused by name', () => {
  assert.throws(() => effortStep(1, 'ces-9' as ScaleId), { name: 'RangeError', message: /^scale is 'ces-9'/ })
  assert.throws(() => effortStep(1, 'ces-10', 'top'), { name: 'RangeError', message: /^rule is 'top'.*easiest-two/ })
  assert.throws(() => effortStep(0, 'ces-10'), { name: 'RangeError', message: /^value is 0; it must be from 1 to 10/ })
  assert.throws(() => effortStep(NaN, 'ces-10'), RangeError)
})
