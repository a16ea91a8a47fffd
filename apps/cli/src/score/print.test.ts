import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Counted } from './counting.ts'
import { readScoreOptions } from './options.ts'
import { widthOf } from './paper.ts'
import { printReport } from './print.ts'
import { makeReport } from './report.ts'

const names = ['mail', 'phone', 'chat', 'web', 'a very long name of a channel that nobody should give']

/** Forty days of answers from five channels. */
function counted(scale: 'ces-10' | 'ces-5' | 'nps-11'): Counted {
  const options = readScoreOptions(['x', '--scale', scale], 'UTC')
  const size = options.scale!.max - options.scale!.min + 1
  const counts = (more: number): number[] =>
    Array.from({ length: size }, (_, value) => 3 + ((value * 7 + more) % 11) + (value === more ? 30 : 0))
  const total = counts(0).map((_, value) => names.reduce((sum, _name, group) => sum + counts(group)[value]!, 0))
  return {
    columns: { score: 'score', by: 'channel', over: 'at' },
    otherScores: [],
    scale: options.scale!,
    assumed: false,
    rows: 400,
    unanswered: 0,
    skippedCount: 0,
    skipped: [],
    undatedCount: 0,
    undated: [],
    counts: total,
    groups: names.map((key, group) => ({ key, counts: counts(group), other: false })),
    days: Array.from({ length: 40 }, (_, day) => ({ day: 20_000 + day, counts: counts(day) })),
  }
}

function printed(scale: 'ces-10' | 'ces-5' | 'nps-11', width: number, colour = false, more: string[] = []): string[] {
  const flags = ['x', '--scale', scale, '--by', 'channel', '--over', 'at', '--every', 'day', ...more]
  const report = makeReport(counted(scale), readScoreOptions(flags, 'UTC'), new Date('2026-01-01T00:00:00Z'))
  return printReport(report, 'x', { width, colour })
}

test('every line fits the width', () => {
  for (const width of [60, 80, 100, 110]) {
    for (const line of printed('ces-10', width)) assert.ok(widthOf(line) <= width, `${width}: ${line}`)
  }
})

test('what a file calls its columns and groups is no command to the terminal', () => {
  const evil = '\x1b[2Jscore\x9b31m\u202e'
  const { groups, columns, ...rest } = counted('ces-10')
  const named = {
    ...rest,
    columns: { ...columns, score: evil, by: evil },
    groups: groups.map((group) => ({ ...group, key: `${group.key}${evil}` })),
  }
  const report = makeReport(named, readScoreOptions(['x', '--scale', 'ces-10', '--by', evil], 'UTC'), new Date(0))
  const text = printReport(report, evil, { width: 100, colour: false }).join('')
  assert.ok(text.includes('[2Jscore 31m'))
  assert.doesNotMatch(text, /\p{C}/u)
})

test('colour changes nothing but the colour', () => {
  const escape = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]+m`, 'g')
  const colourful = printed('ces-10', 100, true)
  assert.ok(colourful.some((line) => line.includes('\x1b[38;5;')))
  assert.deepEqual(
    colourful.map((line) => line.replace(escape, '')),
    printed('ces-10', 100),
  )
})

test('each family has its own words, and the easiest value is on top', () => {
  const recommendation = printed('nps-11', 100).join('\n')
  assert.match(recommendation, /net promoter score/)
  assert.match(recommendation, /promoters = 9–10, detractors = 0–6 of 0–10/)
  const values = printed('ces-5', 100).map((line) => /^ {2}(\d) {2}[█▏]/.exec(line)?.[1])
  assert.equal(values.filter(Boolean).join(''), '12345')
})

test('groups are sorted from the easiest to the hardest also where that is the lowest mean', () => {
  const report = makeReport(
    counted('ces-5'),
    readScoreOptions(['x', '--scale', 'ces-5', '--by', 'channel'], 'UTC'),
    new Date(0),
  )
  const means = report.groups!.map(({ ranking }) => ranking!.estimate!)
  assert.deepEqual(
    means,
    means.toSorted((a, b) => a - b),
  )
  assert.deepEqual(
    report.groups!.map(({ ranking }) => ranking!.rank),
    [1, 2, 3, 4, 5],
  )
})

test('a last period that still runs never signals', () => {
  const now = new Date((20_000 + 39) * 86_400_000 + 3_600_000)
  const flags = readScoreOptions(['x', '--scale', 'ces-10', '--over', 'at', '--every', 'day'], 'UTC')
  assert.equal(makeReport(counted('ces-10'), flags, now).periods!.at(-1)!.unfinished, true)
  const later = new Date(now.getTime() + 86_400_000)
  assert.equal(makeReport(counted('ces-10'), flags, later).periods!.at(-1)!.unfinished, false)
})
