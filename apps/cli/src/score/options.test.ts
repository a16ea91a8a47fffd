import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scales } from '@lahko/effort'
import { CommandError } from '../command-error.ts'
import { readScoreOptions, type ScoreOptions } from './options.ts'

function read(args: string[]): ScoreOptions {
  return readScoreOptions(args, 'Europe/Oslo')
}

function refusal(args: string[]): string {
  try {
    read(args)
  } catch (error) {
    assert.ok(error instanceof CommandError && error.exitCode === 2, String(error))
    return error.message
  }
  return assert.fail('it was accepted')
}

test('nothing but a file', () => {
  assert.deepEqual(read(['answers.csv']), {
    files: ['answers.csv'],
    column: null,
    scale: null,
    rule: null,
    metric: 'mean',
    level: 0.95,
    asked: null,
    by: null,
    over: null,
    json: false,
    strict: false,
  })
})

test('every flag, before and after the files', () => {
  const found = read(
    (
      '--column q1 a.csv --scale ces-7 --easy 6-7 --metric net-ease --level 99.5% --asked 1200 --by team ' +
      '--over at --every month --time-zone Asia/Tokyo --json --strict - --'
    ).split(' '),
  )
  assert.deepEqual(found, {
    files: ['a.csv', '-'],
    column: 'q1',
    scale: scales['ces-7'],
    rule: { id: 'custom', easy: [6, 7], hard: [1, 2, 3] },
    metric: 'netEase',
    level: 0.995,
    asked: 1200,
    by: 'team',
    over: { column: 'at', every: 'month', timeZone: 'Asia/Tokyo' },
    json: true,
    strict: true,
  })
})

test('defaults of --over, other ways to write values', () => {
  assert.deepEqual(read(['x', '--over', 'at']).over, { column: 'at', every: 'week', timeZone: 'Europe/Oslo' })
  assert.equal(read(['x', '--level', '0.9']).level, 0.9)
  assert.equal(read(['x', '--metric', 'easyShare']).metric, 'easyShare')
  const own = ['--min=-2', '--max', '2', '--direction', 'high-is-hard', '--easy', '-2--1', '--hard', '2,1']
  assert.deepEqual(read(['x', ...own]).scale, {
    id: 'custom',
    family: 'effort',
    min: -2,
    max: 2,
    direction: 'high-is-hard',
    easy: [-2, -1],
    hard: [1, 2],
  })
  assert.deepEqual(read(['--', '--odd name.csv']).files, ['--odd name.csv'])
})

test('a command line that makes no sense gets one sentence', () => {
  const cases: [args: string[], sentence: string][] = [
    [[], 'Name a file of answers, or - to read from another program.'],
    [['x', '--sclae', 'ces-7'], 'There is no flag --sclae. Did you mean --scale?'],
    [['x', '-q'], 'There is no flag -q. lahko help score lists them.'],
    [['x', '--by'], '--by needs a value.'],
    [['x', '--json=yes'], '--json takes no value.'],
    [['x', '--by', 'a', '--by', 'b'], '--by is given twice.'],
    [['-', '-'], '- stands for the one standard input; name it once.'],
    [['x', '--scale', 'ces7'], 'There is no scale ces7. Did you mean ces-7?'],
    [['x', '--scale', 'ces-7', '--min', '1'], '--scale says already what --min says; leave one away.'],
    [['x', '--min', '1', '--max', '4'], 'A scale of your own also needs --direction, --easy, --hard.'],
    [
      ['x', '--metric', 'easyness'],
      '--metric is one of mean, easy-share, hard-share, net-ease, ease-index, not easyness.',
    ],
    [['x', '--level', '100'], '--level is a per cent from 50 to below 100, not 100.'],
    [['x', '--asked', '0'], '--asked is a whole number of at least 1, not 0.'],
    [['x', '--every', 'day'], '--every goes with --over COLUMN.'],
    [['x', '--over', 'at', '--every', 'year'], '--every is day, week or month, not year.'],
    [
      ['x', '--over', 'at', '--time-zone', 'Ljubljana'],
      '--time-zone is a name such as Europe/Ljubljana, not Ljubljana.',
    ],
    [
      ['x', '--easy', '8-10', '--scale', 'ces-7'],
      'easy is [8,9,10]; it must be a run of ascending values that ends at 7.',
    ],
    [
      ['x', '--min', '0', '--max', '200', '--direction', 'high-is-easy', '--easy', '80-200', '--hard', '0-20'],
      '--max is from 1 to 100 where --min is 0, not 200: a scale has 2 to 101 values.',
    ],
    [['x', '--easy', 'high', '--scale', 'ces-7'], '--easy is a run of values such as 8-10, not high.'],
    [['x', '--by', '--json'], '--by needs a value.'],
  ]
  for (const [args, sentence] of cases) assert.equal(refusal(args), sentence)
})
