import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import {
  createDayReader,
  createTally,
  formatDay,
  openTable,
  readWhole,
  type SkippedRow,
  type TallyResult,
} from './index.ts'
import { inPieces, rowsOf, tallyOf } from './testing.ts'

function filled(counts: Record<number, number>, size = 11): number[] {
  return Array.from({ length: size }, (_, value) => counts[value] ?? 0)
}

suite('counting scores', () => {
  test('answers, empty cells and bad values', async () => {
    const skipped: SkippedRow[] = []
    const text = 'id,score\n1,7\n2,\n3, 10 \n4,7.0\n5,"7,0"\n6,7.5\n7,abc\n8,11\n9,-1\n10,7,8\n11\n'
    const found = await tallyOf(inPieces(text), { score: 'score' }, { onSkip: (row) => skipped.push(row) })
    assert.deepEqual(found.counts, filled({ 7: 3, 10: 1 }))
    assert.deepEqual([found.rows, found.unanswered, found.skipped], [11, 2, 5])
    assert.deepEqual(skipped, [
      { line: 7, value: '7.5', reason: 'not-whole' },
      { line: 8, value: 'abc', reason: 'not-a-number' },
      { line: 9, value: '11', reason: 'outside-scale' },
      { line: 10, value: '-1', reason: 'outside-scale' },
      { line: 11, value: '', reason: 'too-many-cells' },
    ])
  })

  test('several tables add up', async () => {
    const tally = createTally({ min: 1, max: 5 })
    await tally.add(await openTable(inPieces('id,score\n1,5\n')), { score: 'score' })
    await tally.add(await openTable(inPieces('{"ocena": 4}\n{"ocena": 5}\n')), { score: 'ocena' })
    assert.deepEqual(tally.result().counts, [0, 0, 0, 1, 2])
  })

  test('a value inside another object', async () => {
    const found = await tallyOf(inPieces('{"answer":{"score":7}}\n{"answer":{"score":"8"}}\n{"answer":9}\n'), {
      score: 'answer.score',
    })
    assert.deepEqual(found.counts, filled({ 7: 1, 8: 1 }))
    assert.equal(found.unanswered, 1)
    const deeper = await tallyOf(inPieces('{"answer":{"score":7}}\n{"answer":{"score":{"of":8}}}\n'), {
      score: 'answer.score',
    })
    assert.deepEqual([deeper.counts[7], deeper.unanswered, deeper.skipped], [1, 0, 1])
  })

  test('a watched value is counted and told, also on the quick way', async () => {
    const seen: number[] = []
    const watch = { value: 0, onSeen: (row: SkippedRow) => seen.push(row.line) }
    const found = await tallyOf(inPieces('id,score\n1,7\n2,0\n3,8\n4,0\n'), { score: 'score' }, { watch })
    assert.deepEqual(found.counts, filled({ 0: 2, 7: 1, 8: 1 }))
    assert.deepEqual(seen, [3, 5])
  })

  test('what a callback throws ends the reading', async () => {
    const stop = (): never => {
      throw new Error('stop')
    }
    await assert.rejects(tallyOf(inPieces('id,score\n1,x\n'), { score: 'score' }, { onSkip: stop }), /stop/)
  })

  test('a range that cannot be counted', () => {
    assert.throws(() => createTally({ min: 1, max: 5000 }), RangeError)
    assert.throws(() => createTally({ min: 1, max: 5, timeZone: 'Europe/Nowhere' }), RangeError)
  })
})

suite('groups', () => {
  test('are keyed by trimmed text, quoted or not, in any encoding', async () => {
    const text = 'score;kraj\n7;Žalec\n8; Žalec \n9;"Žalec"\n6;"a ""b"""\n5;\n4\n'
    const wanted = [
      { key: 'Žalec', counts: filled({ 7: 1, 8: 1, 9: 1 }) },
      { key: 'a "b"', counts: filled({ 6: 1 }) },
      { key: '', counts: filled({ 4: 1, 5: 1 }) },
    ]
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      const found = await tallyOf(inPieces(bytes), { score: 'score', by: 'kraj' })
      assert.deepEqual(found.groups, wanted)
      assert.equal(found.other, null)
    }
  })

  test('the 10,001st and later ones are counted together', async () => {
    const lines = Array.from({ length: 10_001 }, (_, i) => `${i},7\n`).join('')
    const found = await tallyOf(inPieces(`team,score\n${lines}10000,8\n10002,9\n3,10\n`), {
      score: 'score',
      by: 'team',
    })
    assert.equal(found.groups.length, 10_000)
    assert.deepEqual(found.other, filled({ 7: 1, 8: 1, 9: 1 }))
    assert.deepEqual(found.groups[3], { key: '3', counts: filled({ 7: 1, 10: 1 }) })
  })

  test('long names are cut at a whole character', async () => {
    const found = await tallyOf(inPieces(`score,note\n7,a${'č'.repeat(300)}\n`), { score: 'score', by: 'note' })
    assert.equal(found.groups[0]!.key, `a${'č'.repeat(99)}`)
  })
})

suite('days', () => {
  const read = createDayReader('Europe/Ljubljana')
  const cases: [text: string, day: string | null][] = [
    ['2026-01-31', '2026-01-31'],
    ['2026-01-31T23:30', '2026-01-31'],
    ['2026-01-31 23:30:15.123', '2026-01-31'],
    ['2026-01-31T22:59:59Z', '2026-01-31'],
    ['2026-01-31T23:00:00Z', '2026-02-01'],
    ['2026-07-31T21:59Z', '2026-07-31'],
    ['2026-07-31T22:00z', '2026-08-01'],
    ['2026-01-31T23:30:00+01:00', '2026-01-31'],
    ['2026-01-31 23:30:00 -0500', '2026-02-01'],
    ['2026-02-01T00:30:00+14', '2026-01-31'],
    ['2026-03-28T22:59:59Z', '2026-03-28'],
    ['2026-03-28T23:00:00Z', '2026-03-29'],
    ['2026-03-29T21:59:59Z', '2026-03-29'],
    ['2026-03-29T22:00:00Z', '2026-03-30'],
    ['2026-10-24T22:00:00Z', '2026-10-25'],
    ['2026-10-25T22:59:59Z', '2026-10-25'],
    ['2026-10-25T23:00:00Z', '2026-10-26'],
    ['31.1.2026', '2026-01-31'],
    ['1. 2. 2026', '2026-02-01'],
    ['01.02.2026 07:05', '2026-02-01'],
    ['1.2.2026, 7:05:09', '2026-02-01'],
    ['29.2.2024', '2024-02-29'],
    ['29.2.2026', null],
    ['2026-02-30', null],
    ['2026-13-01', null],
    ['2026-1-1', null],
    ['2026-01-31T24:00', null],
    ['2026-01-31T10', null],
    ['2026-01-31T10:00+19:00', null],
    ['2026-01-31T10:00:00+01:00x', null],
    ['1/2/2026', null],
    ['31.1.26', null],
    ['20x6-01-31', null],
    ['2026-01-', null],
    ['', null],
  ]
  for (const [text, wanted] of cases) {
    test(text || 'nothing', () => {
      const day = read(text)
      assert.equal(day === null ? null : formatDay(day), wanted)
    })
  }

  test('instants agree with the calendar in every zone', () => {
    const zones = ['Europe/Oslo', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC']
    const readers = new Map(zones.map((zone) => [zone, createDayReader(zone)]))
    const calendars = new Map(zones.map((timeZone) => [timeZone, new Intl.DateTimeFormat('sv', { timeZone })]))
    const instant = fc.date({ min: new Date('1971-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (at, zone) => {
        assert.equal(formatDay(readers.get(zone)!(at.toISOString())!), calendars.get(zone)!.format(at))
      }),
      { numRuns: 1000 },
    )
  })

  test('answers are counted on their days, those without one only in the whole', async () => {
    const skipped: SkippedRow[] = []
    const text = 'at,score\n2.1.2026,7\n2026-01-01T23:30:00Z,8\nsoon,9\n2026-01-01,x\n1.1.2026,10\n'
    const options = { timeZone: 'Europe/Ljubljana', onSkip: (row: SkippedRow) => skipped.push(row) }
    const found = await tallyOf(inPieces(text), { score: 'score', over: 'at' }, options)
    assert.deepEqual(
      found.days.map(({ day, counts }) => [formatDay(day), counts.indexOf(1)]),
      [
        ['2026-01-01', 10],
        ['2026-01-02', 7],
      ],
    )
    assert.deepEqual(found.days[1]!.counts, filled({ 7: 1, 8: 1 }))
    assert.deepEqual([found.undated, found.skipped, found.counts[9]], [1, 1, 1])
    assert.deepEqual(skipped[0], { line: 4, value: 'soon', reason: 'no-date' })
  })
})

test('readWhole', () => {
  const cases: [string, number | string][] = [
    ['7', 7],
    ['+7', 7],
    ['-0', 0],
    ['007', 7],
    ['7.', 7],
    ['7.000', 'not-whole'],
    ['7.0000', 7],
    ['7,00', 7],
    ['7,0', 7],
    ['7,000', 'not-whole'],
    ['7.5', 'not-whole'],
    ['7,5', 'not-whole'],
    ['1e1', 'not-whole'],
    ['7 of 10', 'not-a-number'],
    ['٧', 'not-a-number'],
    ['', 'not-a-number'],
  ]
  for (const [text, wanted] of cases) assert.equal(readWhole(text) === 0 ? 0 : readWhole(text), wanted, text)
})

/** The same counting, slowly, row by row. */
async function plainTally(bytes: Uint8Array | string, by: string | undefined): Promise<Omit<TallyResult, 'days'>> {
  const result = { rows: 0, unanswered: 0, skipped: 0, undated: 0, counts: filled({}) }
  const groups = new Map<string, number[]>()
  for (const { record, problem } of await rowsOf(inPieces(bytes))) {
    result.rows++
    const text = (record['score'] ?? '').trim()
    const value = problem ? 'bad' : text === '' ? null : readWhole(text)
    if (value === null) result.unanswered++
    else if (typeof value !== 'number' || value < 0 || value > 10) result.skipped++
    else {
      result.counts[value]!++
      const key = by === undefined ? '' : (record[by] ?? '').trim()
      if (!groups.has(key)) groups.set(key, filled({}))
      groups.get(key)![value]!++
    }
  }
  return {
    ...result,
    groups: by === undefined ? [] : [...groups].map(([key, counts]) => ({ key, counts })),
    other: null,
  }
}

suite('the quick ways count as the slow one does', () => {
  const score = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -1, max: 12 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', '7.0', '7,0', '07', 'x', '7x', ' 8', '٧', '100') },
  )
  const word = fc.constantFrom<string>('', 'a', ' a ', 'čš', '12', '-', 'a b')
  const end = fc.constantFrom('\n', '\r\n')
  const size = fc.integer({ min: 1, max: 20 })

  for (const place of [0, 1, 2]) {
    test(`unquoted text, the score in column ${place + 1} of 3`, async () => {
      const row = fc.tuple(score, word, word).map(([value, ...words]) => words.toSpliced(place, 0, value))
      const odd = fc.constantFrom([], ['7'], ['7', '7'], ['7', '7', '7', '7'], ['7', '7', '7', ''], ['"7"', '7', '7'])
      const rows = fc.array(fc.oneof({ weight: 8, arbitrary: row }, { weight: 1, arbitrary: odd }), { maxLength: 20 })
      const header = ['one', 'two'].toSpliced(place, 0, 'score')
      await fc.assert(
        fc.asyncProperty(rows, end, fc.boolean(), size, async (cells, newline, open, pieces) => {
          const text = [header, ...cells].map((line) => line.join(';')).join(newline) + (open ? '' : newline)
          for (const by of [undefined, 'one']) {
            const { days: _days, ...found } = await tallyOf(inPieces(text, pieces), { score: 'score', by })
            assert.deepEqual(found, await plainTally(text, by))
          }
        }),
      )
    })
  }

  test('NDJSON of any values, sound or broken', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 0 }),
      fc.constantFrom({}, [], { a: 7 }, [7]),
      fc.integer({ min: 0, max: 11 }),
      fc.constantFrom('7', ' 8 ', 'č"\\', -0, 1e20),
    )
    const object = fc.record(
      { score: value, one: value, other: fc.jsonValue({ maxDepth: 2, depthSize: 'small' }) },
      { requiredKeys: [] },
    )
    const sound = object.chain((one) =>
      fc.constantFrom(JSON.stringify(one), JSON.stringify(one, null, 1).replaceAll('\n', ' ')),
    )
    const broken = fc.constantFrom(
      '{"score":07}',
      '{"score":7',
      '{"score":7}}',
      '{"score":tru}',
      '{"score":7,}',
      '{,}',
      '{}',
      '{"score":-}',
      '{"score":7 8}',
      '{"score":"7\t"}',
      '{"score" 7}',
      '{"score":truex}',
      '{"score":3,"score":4}',
      '{"score":nul',
      '{"score":1.}',
      '{"sc\\u006fre":5}',
      '{"score":6.0,"one":1.50}',
      '{"one":123456789012345678}',
      '{"a":[1,{"b":[]}],"score":6}',
      '{"a":[1,],"score":6}',
      '{"a":[1 2],"score":6}',
      '{"a":[1}',
      '{"a":{"b"}}',
      '{"a":{"b":1,},"score":6}',
      '{"a":"\\x","score":6}',
      '{"a":"\\u12","score":6}',
      '{"a":"\\u12aB","score":6}',
      '{"a":1.,"score":6}',
      '{"a":1.5e+3,"score":6}',
      '{"a":1e,"score":6}',
      '{"a":-01,"score":6}',
      '{"score":-0}',
      '.repeat(40)}${',
      `{"a":${'['.repeat(40)}${']'.repeat(40)},"score":6}`,
    )
    const lines = fc.array(fc.oneof({ weight: 3, arbitrary: sound }, { weight: 1, arbitrary: broken }), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(lines, size, async (rest, pieces) => {
        const text = ['{"score":7,"one":"a"}', ...rest].join('\n')
        for (const by of [undefined, 'one']) {
          const { days: _days, ...found } = await tallyOf(inPieces(text, pieces), { score: 'score', by })
          assert.deepEqual(found, await plainTally(text, by))
        }
      }),
      { numRuns: 300 },
    )
  })
})
