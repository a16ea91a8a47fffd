import assert from 'node:assert/strict'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { scales, summarize } from '@lahko/effort'
import { file, folder, json, run } from '../testing.ts'

/** The column of scores that was found. */
async function columnOf(args: string[], input: string | Uint8Array): Promise<string | undefined> {
  const { out, err } = await run(['score', '--scale', 'nps-11', ...args], input)
  return /^standard input, column (.*)$/m.exec(out)?.[1] ?? err
}

suite('what cannot be read', () => {
  const cases: [name: string, content: string | Uint8Array, sentence: string][] = [
    ['empty.csv', '', 'empty.csv: The file is empty.'],
    ['numbers.csv', '7\n8\n', 'numbers.csv: The first line (7) looks like data; it should name the columns.'],
    [
      'picture.png',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13),
      'picture.png: This is not a text file: it holds zero bytes.',
    ],
    ['zeros.csv', 'id,score\n1,\0\n', 'zeros.csv: This is not a text file: it holds zero bytes.'],
    [
      'sheet.xlsx',
      'PK\x03\x04',
      'sheet.xlsx: This is a workbook or an archive, not a text file; save the sheet as CSV.',
    ],
    [
      'shifted.csv',
      'a,9,x,y\nb,8,x,z\nc,10,q,r\n',
      'shifted.csv: The first line (a 9 x y) looks like data; it should name the columns.',
    ],
    ['open.csv', 'score,note\n7,"a\n8,b\n', 'open.csv: The row on line 2 opens a quotation mark that is never closed.'],
  ]
  for (const [name, content, sentence] of cases) {
    test(name, async () => {
      assert.deepEqual(await run(['score', await file(name, content)]), { code: 1, out: '', err: `${sentence}\n` })
    })
  }

  test('a row of more than 1 MB, quoted or not, and what may be the reason', async () => {
    const long = '1,"line\n' + 'x'.repeat(1_300_000) + '",7\n'
    const { code, err } = await run(['score', await file('long.csv', `id,note,score\n${long}`)])
    assert.deepEqual(
      [code, err],
      [
        1,
        'long.csv: The row on line 2 passes 1 MB, the most that a row may have; perhaps a quotation mark in it is never closed.\n',
      ],
    )
  })

  test('names of files and columns are no commands to the terminal', async () => {
    const { err } = await run(['score', '\x1b[2J.csv'])
    assert.equal(err, 'There is no file  [2J.csv.\n')
    const column = await run(['score', '-', '--column', 'zzzzzzz'], 'a\x1b[2J,b\n7,8\n')
    assert.match(column.err, /a \[2J, b/)
    assert.ok(!column.err.includes('\x1b'))
    const bad = await run(['score', '-', '--json', '--scale', 'ces-10'], 'score\n7\n"\x1b[2J\x9b"\n')
    assert.ok(!bad.err.includes('\x1b'))
  })

  test('a missing file, a folder, a file of somebody else', async () => {
    await mkdir(join(folder, 'answers'))
    assert.deepEqual(await run(['score', 'nothing.csv']), { code: 1, out: '', err: 'There is no file nothing.csv.\n' })
    assert.deepEqual(await run(['score', 'answers']), {
      code: 1,
      out: '',
      err: 'answers is a folder; name a file in it.\n',
    })
    if (process.getuid?.() === 0) return
    await chmod(join(folder, await file('secret.csv', 'score\n8\n')), 0)
    assert.deepEqual(await run(['score', 'secret.csv']), {
      code: 1,
      out: '',
      err: 'This user may not read secret.csv.\n',
    })
  })
})

suite('finding the column and the scale', () => {
  test('the column by name, by value, or by asking', async () => {
    assert.equal(await columnOf(['-'], 'order;Ocena (1–10)\n1;7\n2;9\n'), 'Ocena (1–10)')
    assert.equal(await columnOf(['-'], 'order,q1\n100,7\n200,9\n'), 'q1')
    assert.equal(await columnOf(['-', '--column', 'Q2'], 'q1,q2\n7,9\n7,8\n'), 'q2')
    const several = await run(['score', '-'], 'a,b\n7,9\n')
    assert.deepEqual(several, {
      code: 2,
      out: '',
      err: 'standard input: several columns could hold the score; name one with --column: a, b.\n',
    })
    const none = await run(['score', '-'], 'a,b\nx,y\n')
    assert.deepEqual(none, {
      code: 2,
      out: '',
      err: 'standard input: no column looks like a score; name one with --column: a, b.\n',
    })
    const wrong = await run(['score', '-', '--column', 'scor'], 'score,b\n7,y\n')
    assert.deepEqual(wrong, { code: 2, out: '', err: 'standard input has no column scor. Did you mean score?\n' })
  })

  test('a line of names may hold numbers where one of them is known or asked for', async () => {
    assert.equal(await columnOf(['-'], '2024,score\n5,7\n6,9\n'), 'score')
    assert.equal(await columnOf(['-'], 'score,1,2\n7,x,y\n9,x,y\n'), 'score')
    assert.equal(await columnOf(['-', '--column', '2'], '1,2\nx,7\ny,9\n'), '2')
    assert.equal((await run(['score', '-'], '1,2\nx,7\ny,9\n')).code, 1)
  })

  test('files whose scores stand in columns of other names are told', async () => {
    const { code, err } = await run([
      'score',
      '--scale',
      'ces-10',
      await file('one.csv', 'id,score\n1,8\n'),
      await file('two.csv', 'id,rating\n1,9\n'),
      await file('three.csv', 'id,Score\n1,9\n'),
    ])
    assert.equal(code, 0)
    assert.equal(err, 'two.csv: the scores are read from column rating, not score; --column names one.\n')
  })

  test('the first line says which scale is assumed', async () => {
    const ten = await run(['score', '-'], 'id,score\n1,8\n2,3\n')
    assert.match(
      ten.out,
      /^Scale assumed from the values: ces-10 \(1–10, 10 is easiest\)\. Name another with --scale\.\n/,
    )
    const eleven = await run(['score', '-'], 'id,score\n1,8\n2,0\n')
    assert.match(eleven.out, /^Scale assumed from the values: nps-11 /)
    const named = await run(['score', '-'], 'id,nps\n1,8\n2,3\n')
    assert.match(named.out, /^Scale assumed from the values: nps-11 /)
    const given = await run(['score', '-', '--scale', 'ces-10'], 'id,score\n1,8\n')
    assert.doesNotMatch(given.out, /assumed/)
    const program = await run(['score', '-', '--json'], 'id,score\n1,8\n')
    assert.match(program.err, /^Scale assumed/)
    assert.deepEqual(JSON.parse(program.out).scale, scales['ces-10'])
  })

  test('a stray zero among a hundred answers is a bad value, not another scale', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i},${i === 99 ? 0 : 8}\n`).join('')
    const found = await json(['-'], `id,score\n${rows}x,bad\n`)
    assert.equal(found.scale.id, 'ces-10')
    assert.deepEqual(found.skipped, [
      { line: 101, value: '0', reason: 'outside-scale' },
      { line: 202, value: 'bad', reason: 'not-a-number' },
    ])
    assert.deepEqual([found.n, found.rows, found.unanswered], [199, 201, 0])
    const strict = await run(['score', '-', '--strict'], `id,score\n${rows}`)
    assert.equal(strict.code, 2)
    assert.match(strict.err, /line 101: “0” is outside the scale/)
  })

  test('where the values do not tell, it asks', async () => {
    const low = await run(['score', '-'], 'id,score\n1,7\n')
    assert.equal(low.code, 2)
    assert.match(low.err, /^No value exceeds 7, .*--scale \(ces-10, ces-7, ces-5, ces-3, csat-5, nps-11\)\.\n$/)
    const high = await run(['score', '-', '--column', 'score'], 'id,score\n1,70\n2,80\n3,10\n')
    assert.equal(high.code, 2)
    assert.match(high.err, /outside 0–10; describe their scale with --min/)
    const bad = await run(['score', '-', '--column', 'score'], 'id,score\n1,\n2,80%\n')
    assert.match(
      bad.err,
      /^Column score holds no answers \(line 3: “80%” is not a number\), so its scale cannot be told/,
    )
    const titled = await run(['score', '-'], 'Report of May\n\nid,score\n1,7\n')
    assert.equal(titled.err, 'standard input: the first line should name the columns, and is “Report of May”.\n')
    const none = await run(['score', '-'], 'id,score\n1,\n')
    assert.equal(none.code, 2)
    assert.match(none.err, /holds no answers/)
  })

  test('a scale of your own, and another rule on a known one', async () => {
    const own = ['--min', '-2', '--max', '2', '--direction', 'high-is-hard', '--easy', '-2--1', '--hard', '1,2']
    const found = await json(['-', ...own], 'id,score\n1,-2\n2,0\n3,2\n4,3\n')
    assert.deepEqual(found.histogram, [1, 0, 1, 0, 1])
    assert.equal(found.easyShare?.value, 1 / 3)
    assert.equal(found.skipped.length, 1)
    const rule = await json(['-', '--scale', 'ces-7', '--easy', '6-7'], 'id,score\n1,5\n2,6\n')
    assert.deepEqual(rule.rule, { id: 'custom', easy: [6, 7], hard: [1, 2, 3] })
    assert.equal(rule.easyShare?.value, 0.5)
  })
})

suite('what is printed', () => {
  const answers = 'id,score\n1,7\n2,\n3,x\n4,9\n5,7.5\n'

  test('--json is exactly what summarize returns and how it came about, and what flags ask for', async () => {
    const wanted = {
      ...JSON.parse(JSON.stringify(summarize([0, 0, 0, 0, 0, 0, 1, 0, 1, 0], 'ces-10', { level: 0.9 }))),
      rows: 5,
      unanswered: 1,
      skipped: [
        { line: 4, value: 'x', reason: 'not-a-number' },
        { line: 6, value: '7.5', reason: 'not-whole' },
      ],
      scale: scales['ces-10'],
    }
    assert.deepEqual(await json(['-', '--level', '90'], answers), wanted)
    const asked = await json(['-', '--scale', 'ces-10', '--asked', '10', '--level', '90'], answers)
    assert.deepEqual(asked, { ...wanted, asked: 10, responseRate: 0.2 })
    const known = Object.keys(wanted)
    const more = async (flags: string[]) =>
      Object.keys(await json(['-', '--scale', 'ces-10', ...flags], answers)).filter((key) => !known.includes(key))
    assert.deepEqual(await more(['--by', 'id']), ['by', 'groups'])
    assert.deepEqual(await more(['--over', 'id']), ['over', 'periods'])
  })

  test('the table: figures, intervals, rule, histogram, response rate; bad values on stderr; exit code 0', async () => {
    const { code, out, err } = await run(['score', '-', '--scale', 'ces-10', '--asked', '10'], answers)
    assert.equal(code, 0)
    assert.match(
      out,
      /^standard input, column score\n2 answers in 5 rows · 1 unanswered · 2 skipped · asked 10, response rate 20\.0 % · small sample\n/,
    )
    assert.match(out, /\n {2}mean +8\.00 {2}\d\.\d\d – \d+\.\d\d\n/)
    assert.match(out, /median 8, standard deviation 1\.41; easy = 8–10, hard = 1–4 of 1–10\n/)
    assert.match(out, /\n {3}9 {2}█+ +1 +50\.0 %\n/)
    assert.ok(!out.includes('\x1b'))
    assert.equal(err, 'skipped: line 4: “x” is not a number\nskipped: line 6: “7.5” is not a whole number\n')
  })

  test('--strict stops at the first bad value with exit code 2 and no figures', async () => {
    const strict = await run(['score', '-', '--strict', '--scale', 'ces-10'], answers)
    assert.deepEqual(strict, {
      code: 2,
      out: '',
      err: 'standard input, line 4: “x” is not a number. Stopped there, as --strict asks.\n',
    })
  })

  test('--strict names the first bad value also where only the end tells that it is one', async () => {
    const strict = async (values: string[]) =>
      (await run(['score', '-', '--strict'], `score\n${values.join('\n')}\n`)).err
    const many = Array.from({ length: 200 }, () => '9')
    assert.match(await strict(['0', '9', 'abc', '10', ...many]), /line 2: “0” is outside the scale/)
    assert.match(await strict(['9', 'abc', '0', ...many]), /line 3: “abc” is not a number/)
    assert.match(await strict(['0', '9', 'abc', '10']), /line 4: “abc” is not a number/)
  })

  test('what may be thousands is no score, with a comma or a point', async () => {
    const { err } = await run(['score', '-', '--scale', 'ces-10'], 'id;score\n1;7.000\n2;8,000\n3;7.0\n4;8,00\n')
    assert.equal(err, 'skipped: line 2: “7.000” may be thousands\nskipped: line 3: “8,000” may be thousands\n')
  })

  test('an object where other rows have a score is a bad value', async () => {
    const lines = '{"score":7}\n{"score":{"value":9}}\n{"score":null}\n'
    const found = await json(['-', '--scale', 'ces-10'], lines)
    assert.deepEqual([found.rows, found.n, found.unanswered], [3, 1, 1])
    assert.deepEqual(found.skipped, [{ line: 2, value: '{"value":9}', reason: 'not-a-number' }])
    assert.equal((await run(['score', '-', '--strict', '--scale', 'ces-10'], lines)).code, 2)
  })

  test('only the first bad values are shown, and a thousand are listed', async () => {
    const bad = `id,score\n1,8\n${'2,x\n'.repeat(1500)}`
    const { out, err } = await run(['score', '-', '--json'], bad)
    assert.equal(JSON.parse(out).skipped.length, 1000)
    const { rows, n, unanswered } = JSON.parse(out)
    assert.equal(rows - n - unanswered, 1500)
    assert.match(err, /\n… and 1,495 more; --json lists the first 1,000\n$/)
  })

  test('no answers at all on a named scale', async () => {
    const { code, out } = await run(['score', '-', '--scale', 'ces-7', '--by', 'id'], 'id,score\n1,\n')
    assert.equal(code, 0)
    assert.match(out, /^standard input, column score\n0 answers in 1 row · 1 unanswered\n\nNo answers/)
    assert.equal((await json(['-', '--scale', 'ces-7'], 'id,score\n')).mean, null)
  })

  test('several files and standard input count as one; bad rows name their file', async () => {
    await file('a.csv', 'id,score\n1,8\n2,x\n')
    await file('b.ndjson', '{"rating":9}\n{"rating":10}\n')
    const found = await json(['a.csv', 'b.ndjson', '-'], 'ocena\n7\n')
    assert.deepEqual(found.histogram, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
    assert.deepEqual(found.skipped, [{ file: 'a.csv', line: 3, value: 'x', reason: 'not-a-number' }])
  })

  test('UTF-16, Windows-1250 and decimal commas', async () => {
    const utf16 = await json(['-'], Buffer.from('\ufeffid\tscore\r\n1\t7\r\n2\t9\r\n', 'utf16le'))
    assert.equal(utf16.mean?.value, 8)
    const central = Buffer.from('\x9aifra;te\x9eavnost \xe8ez vse\n1;7,0\n2;9,0\n', 'latin1')
    assert.equal(await columnOf(['-'], central), 'težavnost čez vse')
    assert.equal((await json(['-', '--column', 'težavnost čez vse'], central)).mean?.value, 8)
  })
})

suite('groups and time', () => {
  const channels = ['mail', 'phone', 'chat', 'web', 'fax']
  const rows = Array.from({ length: 500 }, (_, i) => {
    const channel = channels[i % 5]!
    return `${channel},${channel === 'phone' ? 1 + (i % 6) : 4 + (i % 7)},2026-0${1 + (i % 2)}-1${i % 7}\n`
  }).join('')
  const answers = `channel,score,at\n${rows}`

  test('five groups are ranked and compared by the verdict rule', async () => {
    const found = await json(['-', '--by', 'channel', '--metric', 'net-ease'], answers)
    assert.equal(found.groups!.length, 5)
    const phone = found.groups!.find(({ key }) => key === 'phone')!
    assert.equal(phone.n, 100)
    assert.equal(phone.hardShare?.value, 0.66)
    assert.equal(phone.ranking?.rank, 5)
    assert.deepEqual([phone.comparison.ease, phone.comparison.verdict], ['harder', 'more-than-noise'])
    assert.ok(found.by!.omnibus!.pValue < 0.001)
    const { out } = await run(['score', '-', '--by', 'CHANNEL', '--metric', 'net-ease'], answers)
    assert.match(out, /\n {4}5 {2}phone +100 +−66\.0 .* harder, more than noise\n/)
    assert.match(out, /By channel: net ease, each group against the rest/)
  })

  test('fewer than five groups are not ranked; small ones are marked', async () => {
    const found = await run(['score', '-', '--by', 'team', '--scale', 'ces-10'], 'team,score\na,8\na,9\nb,2\nb,3\n')
    assert.doesNotMatch(found.out, /rank/i)
    assert.match(found.out, /\n +a +2\* .*easier/)
    assert.match(found.out, /\* small sample, under 30 answers/)
  })

  test('10,001 groups: the last one is other, with a warning', async () => {
    const many = `team,score\n${Array.from({ length: 10_001 }, (_, i) => `t${i},${1 + (i % 10)}\n`).join('')}`
    const { code, out, err } = await run(['score', '-', '--by', 'team', '--json'], many)
    assert.equal(code, 0)
    const { groups, by } = JSON.parse(out)
    assert.equal(groups.length, 10_001)
    assert.equal(groups.filter(({ other }: { other?: boolean }) => other).length, 1)
    assert.equal(by.limited, true)
    assert.match(err, /team has more than 10,000 values/)
    const table = await run(['score', '-', '--by', 'team'], many)
    assert.ok(table.out.split('\n').length < 70)
    assert.match(table.out, /… 9,971 between; --json has them all/)
  })

  test('weeks begin on Monday in the time zone, over the change of the clock', async () => {
    const instants = ['2026-03-22T22:59:59Z', '2026-03-22T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z']
    const text = `at,score\n${instants.map((at) => `${at},8\n`.repeat(5)).join('')}30.3.2026 00:15,9\nsoon,9\n`
    const found = await json(['-', '--over', 'at', '--time-zone', 'Europe/Ljubljana'], text)
    assert.deepEqual(
      found.periods!.map(({ at, n }) => [at, n]),
      [
        ['2026-03-16', 5],
        ['2026-03-23', 10],
        ['2026-03-30', 6],
      ],
    )
    assert.equal(found.n, 22)
    assert.deepEqual(found.over, {
      column: 'at',
      metric: 'mean',
      every: 'week',
      timeZone: 'Europe/Ljubljana',
      undatedCount: 1,
      undated: [{ line: 23, value: 'soon', reason: 'no-date' }],
    })
    const utc = await json(['-', '--over', 'at', '--time-zone', 'UTC', '--every', 'day'], text)
    assert.deepEqual(
      utc.periods!.map(({ at, n }) => [at, n]),
      [
        ['2026-03-22', 10],
        ['2026-03-29', 10],
        ['2026-03-30', 1],
      ],
    )
  })

  test('dates that cannot be read are told with their line', async () => {
    const text = 'score,at\n8,1/2/2026\n9,2026-01-02\n7,\n'
    const { code, err } = await run(['score', '-', '--over', 'at', '--scale', 'ces-10'], text)
    assert.equal(code, 0)
    assert.equal(err, 'undated: line 2: “1/2/2026” is not a date\nundated: line 4: there is no date\n')
  })

  test('the control chart as a table; the running period is marked', async () => {
    const now = new Date().toISOString().slice(0, 10)
    const { out, code } = await run(
      ['score', '-', '--over', 'at', '--every', 'month'],
      `${answers}${`x,8,${now}\n`.repeat(6)}`,
    )
    assert.equal(code, 0)
    assert.match(out, /By month \(Europe\/Ljubljana\): mean and the limits of chance/)
    assert.match(out, /\n {2}2026-01 +250 +\d\.\d\d {2}\d\.\d\d – \d+\.\d\d +\[.*●/)
    assert.match(out, new RegExp(`\\n  ${now.slice(0, 7)} .* unfinished\\n`))
  })
})
