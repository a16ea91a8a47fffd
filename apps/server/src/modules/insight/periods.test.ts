import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addDays,
  endInSeries,
  isoWeek,
  lengthOf,
  periodHolding,
  periodsAround,
  runOfDays,
  startsOf,
  stretchesOf,
  type Grain,
} from './periods.ts'

test('a period is the one that holds the day', () => {
  const cases = [
    ['week', '2026-11-20', '2026-11-16', '2026-11-22'],
    ['week', '2026-11-22', '2026-11-16', '2026-11-22'],
    ['week', '2027-01-01', '2026-12-28', '2027-01-03'],
    ['month', '2028-02-10', '2028-02-01', '2028-02-29'],
    ['month', '2026-12-31', '2026-12-01', '2026-12-31'],
    ['day', '2026-11-20', '2026-11-20', '2026-11-20'],
  ] as const
  for (const [kind, at, from, to] of cases) assert.deepEqual(periodHolding(kind, at), { kind, from, to })
})

test('the first days of January may lie in week 53 of the year before', () => {
  assert.deepEqual(isoWeek('2027-01-03'), { week: 53, year: 2026 })
  assert.deepEqual(isoWeek('2027-01-04'), { week: 1, year: 2027 })
  assert.deepEqual(isoWeek('2025-12-29'), { week: 1, year: 2026 })
})

test('a week has twelve before it, its neighbours, and half a year of series', () => {
  const around = periodsAround(periodHolding('week', '2026-11-20'), '2026-11-20', '2024-01-01')
  assert.equal(around.finished, false)
  assert.equal(around.previous, '2026-11-09')
  assert.equal(around.next, null)
  assert.deepEqual(around.before, { from: '2026-08-24', to: '2026-11-15', periods: 12 })
  assert.deepEqual(around.series, { grain: 'week', from: '2026-05-25', to: '2026-11-22', since: '2024-01-01' })
  assert.equal(startsOf('week', around.series).length, 26)
})

test('of a long series its beginning is read, and what is shown with a run-up', () => {
  const stretches = (first: string) =>
    stretchesOf(periodsAround(periodHolding('day', '2026-11-20'), '2026-11-20', first).series)
  assert.deepEqual(stretches('2024-11-20'), [
    { from: '2024-11-20', to: '2024-12-29' },
    { from: '2026-09-02', to: '2026-11-20' },
  ])
  assert.deepEqual(stretches('2026-07-25'), [{ from: '2026-07-25', to: '2026-11-20' }])
  assert.deepEqual(stretches('2026-11-19'), [{ from: '2026-11-19', to: '2026-11-20' }])
})

test('a period is finished when its last day is over', () => {
  const week = periodHolding('week', '2026-11-20')
  assert.equal(periodsAround(week, '2026-11-22', null).finished, false)
  assert.equal(periodsAround(week, '2026-11-23', null).finished, true)
  assert.equal(periodsAround(week, '2026-11-23', null).next, '2026-11-23')
})

test('where answers are young, as many periods count as there are', () => {
  const week = periodHolding('week', '2026-11-20')
  const before = (first: string | null) => periodsAround(week, '2026-11-20', first).before
  assert.equal(before(null), null)
  assert.equal(before('2026-11-16'), null)
  assert.deepEqual(before('2026-11-15'), { from: '2026-11-09', to: '2026-11-15', periods: 1 })
  assert.deepEqual(before('2026-11-08'), { from: '2026-11-02', to: '2026-11-15', periods: 2 })
  assert.equal(periodsAround(week, '2026-11-20', '2026-11-16').previous, null)
  assert.equal(periodsAround(week, '2026-11-20', '2026-11-04').series.from, '2026-11-02')
})

test('a run of days is followed and preceded by runs of the same length', () => {
  const around = periodsAround(runOfDays('2026-11-01', '2026-11-14'), '2026-11-20', '2020-01-01')
  assert.deepEqual([around.previous, around.next], ['2026-10-18', '2026-11-15'])
  assert.deepEqual(around.before, { from: '2026-05-17', to: '2026-10-31', periods: 12 })
  assert.deepEqual(around.series, { grain: 'week', from: '2026-05-11', to: '2026-11-14', since: '2019-12-30' })
  assert.deepEqual(
    [endInSeries(around.series, '2026-11-02'), endInSeries(around.series, '2026-11-09')],
    ['2026-11-08', '2026-11-14'],
  )
})

test('the grain of a run’s series grows with its length', () => {
  const grainOf = (days: number) =>
    periodsAround(runOfDays('2026-01-01', addDays('2026-01-01', days - 1)), '2026-11-20', '2001-01-01').series.grain
  assert.deepEqual([1, 4, 5, 28, 29].map(grainOf), ['day', 'day', 'week', 'week', 'month'])
})

test('for any day: the twelve before end where the period begins, and the series ends where it ends', () => {
  const day = fc.integer({ min: 0, max: 12_000 }).map((days) => addDays('2000-01-01', days))
  const kind = fc.constantFrom<Grain>('day', 'week', 'month')
  fc.assert(
    fc.property(day, kind, day, (at, grain, first) => {
      const around = periodsAround(periodHolding(grain, at), '2030-01-01', first)
      const { period, before, series } = around
      assert.ok(period.from <= at && at <= period.to)
      assert.equal(series.to, period.to)
      assert.equal(startsOf(series.grain, series).at(-1), period.from)
      if (before) {
        assert.equal(addDays(before.to, 1), period.from)
        assert.ok(before.periods >= 1 && before.periods <= 12)
        assert.ok(first < period.from && (before.periods === 12 || before.from <= first))
        if (grain !== 'month') assert.equal(lengthOf(before), before.periods * lengthOf(period))
      }
    }),
  )
})
